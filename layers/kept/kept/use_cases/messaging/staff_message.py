"""What a message to the business's own people is about, read afresh, and the parcel made of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.booking.states import OPEN
from kept.business.absence import is_away, is_off, there
from kept.business.catalog import Catalog
from kept.business.text_names import FLOODED, TRIAL, WEBHOOK_OFF, WEEK_FIGURES
from kept.client_links.links import follow_up_page
from kept.clients.client import Client
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, clocks
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.notices import is_at_any_hour
from kept.follow_up.shown import shown
from kept.follow_up.staff_hours import StaffHours
from kept.follow_up.staff_notice import notice
from kept.messaging.channels import Parcel
from kept.messaging.decision import StaffMatter
from kept.messaging.digest import Digest
from kept.messaging.letter import DayList, StaffNotice, day_list
from kept.messaging.message import Message
from kept.messaging.outgoing import DAY_END, DAY_LIST, NOTICE_DIGEST, STAFF_CHANGES
from kept.messaging.texts import render
from kept.messaging.week_figures import WeekFigures
from kept.settings import setting
from kept.storage import appointments, clients, follow_ups
from kept.use_cases.booking.day import of_day, on_day
from kept.use_cases.follow_ups.late_list import late_list
from kept.use_cases.messaging.addressees import addressee_of, all_as_shown
from kept.use_cases.replies.their_words import their_words


@dataclass(frozen=True, slots=True)
class ToStaff:
    """About a follow-up, a visit, the whole day, or all that fell due while they were not at work.

    `reader` is whoever is there now of those it was written for: whoever is away is neither told nor asked. `back` is
    when they are at work again, where it has to wait for that.
    """

    message: Message
    catalog: Catalog
    reader: str
    told: StaffNotice | DayList | Digest | WeekFigures
    back: datetime | None = None

    @property
    def matter(self) -> StaffMatter:
        answered = self.message.stage == DAY_END and isinstance(self.told, DayList) and not self.told.visits
        is_over = answered or (isinstance(self.told, Digest) and not self.told.lines)
        return StaffMatter(is_over=is_over, back=self.back)

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
    reader = there(
        message.recipient, catalog, now=now, away=is_off if message.stage in (DAY_LIST, DAY_END) else is_away
    )
    if message.stage == DAY_LIST:
        return ToStaff(message, catalog, reader, _day(message, catalog, reader))
    if message.stage == DAY_END:
        return ToStaff(message, catalog, reader, _who_came(message, catalog, reader))
    if message.stage == WEEK_FIGURES:
        from kept.use_cases.insight.weekly_letter import letter  # at first use

        return ToStaff(message, catalog, reader, letter(catalog, date.fromordinal(message.version)))
    if message.stage in (FLOODED, WEBHOOK_OFF, TRIAL):
        return ToStaff(message, catalog, reader, _nothing_of(message, catalog, reader))
    back = StaffHours.of(reader, catalog).opening(now).astimezone(catalog.business.zone)
    if message.stage == NOTICE_DIGEST:
        digest, told = late_list(reader, catalog, now=now)
        return ToStaff(replace(message, detail=told), catalog, reader, digest, back)
    addressed = replace(message, recipient=reader)
    if message.stage in STAFF_CHANGES.values():
        visit = appointments.load(message.business, message.about)
        said = notice(addressed, catalog, client=addressee_of(visit), follow_up=None, visit=visit)
        return ToStaff(message, catalog, reader, said)
    follow_up = follow_ups.load(message.business, message.about)
    policies = follow_ups.policies(follow_up)
    at_once = is_at_any_hour(message.stage, follow_up, policies)
    return ToStaff(
        message, catalog, reader, _notice(addressed, follow_up, policies, catalog), None if at_once else back
    )


def _notice(message: Message, follow_up: FollowUp, policies: Policies, catalog: Catalog) -> StaffNotice:
    business = message.business
    about = appointments.find(business, follow_up.about) if follow_up.about else None
    client, clock = clients.load(business, follow_up.client), _clock(follow_up, message, policies)
    return notice(
        message,
        catalog,
        client=addressee(client, about) if about else client,
        follow_up=follow_up,
        visit=about,
        clock=clock,
        answer_by=shown(clock, StaffHours.of_business(catalog)) if clock else None,
        words=their_words(follow_up),
        link=follow_up_page(setting("PUBLIC_URL"), follow_up.id),
    )


def _clock(follow_up: FollowUp, message: Message, policies: Policies) -> Clock | None:
    """The one that this notice was told by; None where it has no target any more."""
    found = clocks(follow_up.history, policies, max(follow_up.last.at, follow_up.processed_until))
    return next((clock for clock in found if clock.run.name in message.detail[:1]), None)


def _nothing_of(message: Message, catalog: Catalog, reader: str) -> DayList:
    """The day alone; to the business's own address where the reader is none of its people."""
    business, name = catalog.business, catalog.staff_here(reader) or catalog.business.name
    return DayList(business.locale, business.name, name, date.fromordinal(message.version), ())


def _day(message: Message, catalog: Catalog, reader: str) -> DayList:
    """As it stands when it is sent, not when it was due; of one who is off that day their stand-in gets it."""
    day, whose = date.fromordinal(message.version), message.recipient
    theirs = [visit for visit in on_day(catalog, day) if visit.slot.staff == whose]
    return day_list(reader, day, _named(theirs), catalog, whose=whose)


def _who_came(message: Message, catalog: Catalog, reader: str) -> DayList:
    """Of whom nobody has said it yet, and where it is said."""
    day, whose = date.fromordinal(message.version), message.recipient
    still = [visit for visit in of_day(catalog, whose, day) if visit.status in OPEN]
    asked = day_list(reader, day, _named(still), catalog, whose=whose)
    where = urlencode({"on": day.isoformat(), "end": whose})
    return replace(asked, link=f"{setting('PUBLIC_URL')}/desk?{where}")


def _named(visits: list[Appointment]) -> list[tuple[Appointment, Client]]:
    return [(visit, client) for visit, (client, _) in zip(visits, all_as_shown(visits), strict=True)]
