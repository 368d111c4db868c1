"""The appointment's own page, for whoever holds its link: what it is, what may be done, and the acts of one button."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.attendance.no_show import wait_for
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.business.names import in_language
from kept.channels import TYPED
from kept.client_links.links import appointment_page, booking_page
from kept.client_links.tokens import manage_token, read_manage
from kept.clients.client import Client
from kept.clients.held import ContactKind
from kept.clients.subscriptions import TapKind
from kept.clients.written_number import as_written
from kept.errors import InvalidRequest
from kept.messaging.ical import invitation
from kept.messaging.letter import Letter, Links, letter
from kept.messaging.words import words_in
from kept.pages.appointment.deposit import deposit_now
from kept.pages.appointment.offers import MINUTES, happened, offers
from kept.pages.appointment.tapping import has_tapped, may_tap, tapped
from kept.pages.page_request import PageRequest
from kept.pages.reader import Reader
from kept.pages.render import PRIVATE, page, see_other
from kept.policy.winning_back import CALLS, WayBack, winning_back
from kept.settings import setting
from kept.storage import appointments, catalogs, policy_versions
from kept.use_cases.booking import delays
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.delays import later_times
from kept.use_cases.clients.proving import proved_by_link
from kept.use_cases.clients.starting_again import Way, our_number, ways_to_start
from kept.use_cases.follow_ups.asked_to_call import ask_for_call
from kept.use_cases.messaging.addressees import addressee_of
from kept.use_cases.payments.payable import came_too_late, payable


@dataclass(frozen=True)
class AppointmentPage:
    """An appointment in the hands of whoever holds its link; `path` is its page on this site.

    `client` is as that booking was made. Whoever holds the link may have typed another person's number, so nothing of
    the client's record is shown here.
    """

    reader: Reader
    path: str
    catalog: Catalog
    client: Client
    appointment: Appointment
    sent_to: ContactKind | None

    @cached_property
    def letter(self) -> Letter:
        """What the messages say of it as well, in the reader's language and zone."""
        reader = replace(self.client, locale=self.reader.language.tag, tz=self.reader.zone.key)
        public_url, it = setting("PUBLIC_URL"), self.appointment
        links = Links(
            manage=appointment_page(public_url, manage_token(it)),
            book=booking_page(public_url, it.business, self.offered),
            preferences="",
        )
        accepted = policy_versions.words_of(self.catalog.business, it.policy_version, reader.locale)
        return letter(it, reader, self.catalog, stage=None, links=links, policy=accepted)

    @property
    def offered(self) -> str:
        """The service to book again; "" for one that is offered no more."""
        return self.appointment.service if self.catalog.offers(self.appointment.service) else ""

    @property
    def place(self) -> str:
        return words_in(self.reader.language.tag).place(self.letter).strip()

    @property
    def taps(self) -> tuple[TapKind, ...]:
        """What can be asked for on WeChat by whoever holds this link."""
        return may_tap(self.appointment, self.catalog.business, self.sent_to)

    def acted(self) -> None:
        """They pressed a button on the page of a link that was sent to them, so that address is theirs."""
        proved_by_link(self.catalog, self.appointment.id, self.sent_to, now=self.reader.visit.now)

    def at(self, path: str = "", **query: object) -> str:
        return self.reader.to(self.path + path, **query)


def opened(visit: PageRequest, token: str) -> AppointmentPage:
    """Raises LinkInvalid, LinkExpired, UnknownAppointment."""
    link = read_manage(token, now=visit.now)
    catalog = catalogs.load(link.business)
    appointment = appointments.load(link.business, link.subject)
    client = addressee_of(appointment)
    language = visit.language(client.locale)
    catalog = in_language(catalog, language.tag)
    reader = Reader(visit, language, visit.zone(client.tz), catalog)
    return AppointmentPage(reader, f"/a/{token}", catalog, client, appointment, link.sent_to)


def show(visit: PageRequest, token: str) -> Response[str]:
    mine = opened(visit, token)
    may = offers(mine.appointment, mine.catalog, now=visit.now)
    done = happened(visit.asked.get("done", ""), mine.appointment, now=visit.now)
    if done == "paid_too_late" and not came_too_late(mine.appointment):
        done = ""
    later = later_times(mine.catalog, mine.appointment, now=visit.now) if may.wait else []
    to_pay = payable(mine.catalog, mine.appointment, now=visit.now)
    return page(
        mine.reader,
        "appointment",
        mine=mine,
        may=may,
        done=done,
        deposit=deposit_now(mine.appointment, mine.catalog.business, mine.reader),
        ways=_ways_to_start(visit) if done == "booked" else (),
        number=as_written(our_number(), mine.catalog.business.country),
        way_minutes=MINUTES,
        key=ids.new("k"),
        back=winning_back(mine.appointment, mine.catalog),
        taps=mine.taps,
        tapped=has_tapped(mine.appointment, mine.client),
        to_pay=to_pay,
        later=[mine.reader.told(at, may.mode) for at in later],
    )


def _ways_to_start(visit: PageRequest) -> tuple[Way, ...]:
    """For the channels that were ticked, by the page's own address: nothing that is known of anybody comes into it."""
    ticked = visit.asked.get("over", "").split(",")
    return ways_to_start(channel for channel in TYPED if channel in ticked)


def calendar(visit: PageRequest, token: str) -> Response[bytes]:
    """The file that takes it into, or out of, the client's own calendar; it names nobody but the business."""
    mine = opened(visit, token)
    stage = "cancelled" if mine.appointment.status is Status.CANCELLED else "confirmation"
    organizer = mine.catalog.business.email or setting("SENDER_EMAIL")
    file = invitation(stage, mine.appointment, mine.letter, organizer=organizer, attendee=None, now=visit.now)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(int(HTTPStatus.OK), "text/calendar; charset=utf-8", file.content if file else b"", headers=headers)


def confirm(visit: PageRequest, token: str) -> Response[str]:
    mine, form = opened(visit, token), visit.typed()
    change = visit.change_by(form)
    apply_change(mine.catalog, mine.appointment.id, lambda it: it.confirm(change), change, version=form.version())
    mine.acted()
    return see_other(mine.at(done="confirmed"))


def tap(visit: PageRequest, token: str) -> Response[str]:
    """One message more on WeChat."""
    mine, form = opened(visit, token), visit.typed()
    kinds = [kind for kind in mine.taps if kind == form.one("kind")]
    if not kinds:
        raise InvalidRequest(fields=[{"field": "kind", "reason": "one of those on the page"}])
    tapped(mine.appointment, kinds, mine.reader, source="appointment page")
    mine.acted()
    return see_other(mine.at())


def cannot_come(visit: PageRequest, token: str) -> Response[str]:
    mine, form = opened(visit, token), visit.typed()
    change = visit.change_by(form)
    apply_change(mine.catalog, mine.appointment.id, lambda it: it.cannot_come(change), change, version=form.version())
    return see_other(mine.at(done="cancelled"))


def wait(visit: PageRequest, token: str) -> Response[str]:
    """They keep their place though we run late."""
    mine, form = opened(visit, token), visit.typed()
    delays.wait(mine.catalog, mine.appointment.id, visit.change_by(form), version=form.version())
    mine.acted()
    return see_other(mine.at(done="waits"))


def call_me(visit: PageRequest, token: str) -> Response[str]:
    """Somebody gets in touch with who has cancelled: about it, or in two weeks."""
    mine, form = opened(visit, token), visit.typed()
    if (answer := form.one("answer")) not in CALLS:
        raise InvalidRequest(fields=[{"field": "answer", "reason": "one of those on the page"}])
    ask_for_call(mine.appointment, mine.catalog, WayBack(answer), visit.change_by(form))
    mine.acted()
    return see_other(mine.at(done="asked_to_call_later" if answer == WayBack.LATER else "asked_to_call"))


def on_my_way(visit: PageRequest, token: str) -> Response[str]:
    """They are waited for a little longer, within the business's limit."""
    mine, form = opened(visit, token), visit.typed()
    change, rules = visit.change_by(form), mine.catalog.business.attendance
    if form.one("minutes") not in map(str, MINUTES):
        raise InvalidRequest(fields=[{"field": "minutes", "reason": "one of those on the page"}])
    needs = timedelta(minutes=int(form.one("minutes")))

    def act(it: Appointment) -> Appointment:
        return it.wait_for_client(wait_for(it, rules, now=change.at, needs=needs), change)

    apply_change(mine.catalog, mine.appointment.id, act, change, version=form.version())
    mine.acted()
    return see_other(mine.at(done="on_my_way"))
