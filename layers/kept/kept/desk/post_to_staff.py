"""The same for what the business's own people are told."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from kept.attendance.no_show import Check
from kept.booking.absence import is_away, is_off, there
from kept.booking.catalog import Catalog
from kept.clients.addressee import addressee
from kept.desk.addressees import addressee_of, all_as_shown
from kept.desk.day import on_day
from kept.desk.late_list import late_list
from kept.follow_up.clocks import Clock, clocks
from kept.follow_up.follow_up import FollowUp
from kept.messaging.channels import Parcel
from kept.messaging.decision import StaffMatter
from kept.messaging.digest import Digest
from kept.messaging.letter import DayList, Notice, day_list, notice
from kept.messaging.message import Message
from kept.messaging.outgoing import DAY_LIST, NOTICE_DIGEST, STAFF_CHANGES
from kept.messaging.text_names import FLOODED
from kept.messaging.texts import render
from kept.storage import appointments, clients, follow_ups


@dataclass(frozen=True, slots=True)
class ToStaff:
    """About a follow-up, a visit, the whole day, or all that became late while nobody looked.

    `reader` is whoever is there now of those it was written for: whoever is away is neither told nor asked.
    """

    message: Message
    catalog: Catalog
    reader: str
    told: Notice | DayList | Digest

    @property
    def matter(self) -> StaffMatter:
        return StaffMatter(is_over=isinstance(self.told, Digest) and not self.told.lines)

    @property
    def address(self) -> str:
        """Theirs, or where nobody is there the business's own."""
        member = self.catalog.staff.get(self.reader)
        return (member.email if member else "") or self.catalog.business.email

    def parcel(self, *, now: datetime) -> Parcel:  # noqa: ARG002  # the client's has a calendar file with its time
        message, business = self.message, self.catalog.business
        rendered = render(message.stage, message.channel, self.told, self.catalog.texts)
        return Parcel(
            message.business, message.id, self.address, rendered, sender=business.name, reply_to=business.email
        )


def to_staff(message: Message, catalog: Catalog, *, now: datetime) -> ToStaff:
    """Raises UnknownAppointment, UnknownClient, UnknownFollowUp."""
    reader = there(message.recipient, catalog, now=now, away=is_off if message.stage == DAY_LIST else is_away)
    if message.stage == DAY_LIST:
        return ToStaff(message, catalog, reader, _day(message, catalog, reader))
    if message.stage == FLOODED:
        return ToStaff(message, catalog, reader, _nothing_of(message, catalog))
    if message.stage == NOTICE_DIGEST:
        return ToStaff(message, catalog, reader, late_list(reader, catalog, now=now))
    return ToStaff(message, catalog, reader, _notice(replace(message, recipient=reader), catalog))


def _notice(message: Message, catalog: Catalog) -> Notice:
    business = message.business
    if message.stage == Check.ASK_STAFF or message.stage in STAFF_CHANGES.values():
        visit = appointments.load(business, message.about)
        return notice(message, catalog, client=addressee_of(visit), follow_up=None, visit=visit)
    follow_up = follow_ups.load(business, message.about)
    about = appointments.find(business, follow_up.about) if follow_up.about else None
    client = clients.load(business, follow_up.client)
    named = addressee(client, about) if about else client
    return notice(message, catalog, client=named, follow_up=follow_up, visit=about, clock=_clock(follow_up, message))


def _clock(follow_up: FollowUp, message: Message) -> Clock | None:
    """The one that this notice was told by; None where it has no target any more."""
    now = max(follow_up.last.at, follow_up.looked_until)
    found = clocks(follow_up.history, follow_ups.policies(follow_up), now)
    return next((clock for clock in found if clock.run.name in message.detail[:1]), None)


def _nothing_of(message: Message, catalog: Catalog) -> DayList:
    """The day alone, to the business's own address."""
    business = catalog.business
    return DayList(business.locale, business.name, business.name, date.fromordinal(message.version), ())


def _day(message: Message, catalog: Catalog, reader: str) -> DayList:
    """As it stands when it is sent, not when it was due; of one who is off that day their stand-in gets it."""
    day, whose = date.fromordinal(message.version), message.recipient
    theirs = [visit for visit in on_day(catalog, day) if visit.slot.staff == whose]
    told = [(visit, client) for visit, (client, _) in zip(theirs, all_as_shown(theirs), strict=True)]
    return day_list(reader, day, told, catalog, whose=whose)
