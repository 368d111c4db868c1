"""Their place in words, what they have on offer until when, and what they may do: take it, let it pass, change what
they wait for, or leave. Opening the page changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.whose_time import ToldTime
from kept.business.catalog import Catalog
from kept.business.names import in_language
from kept.client_links.links import appointment_page
from kept.client_links.refusals import LinkExpired
from kept.client_links.tokens import manage_token, read_wait
from kept.clients.client import Client
from kept.clients.refusals import UnknownClient
from kept.errors import InvalidRequest
from kept.pages.page_request import PageRequest
from kept.pages.reader import Reader
from kept.pages.render import page, see_other
from kept.pages.waitlist.wishing import A_WEEK, how, wished
from kept.settings import setting
from kept.storage import appointments, catalogs, clients, waitlist
from kept.use_cases.waitlist import joining
from kept.use_cases.waitlist.answering import accept, decline
from kept.use_cases.waitlist.other_times import other_times
from kept.waitlist.entry import Offer, OfferAnswer, WaitlistEntry
from kept.waitlist.order import in_order
from kept.waitlist.refusals import EntryOver, OfferOver, UnknownWait

FEW = 3
"""So many before them are told as a few, for who is just coming may be served before."""


@dataclass(frozen=True)
class Mine:
    """The link may have been forwarded, so no name is shown and nothing of the record."""

    reader: Reader
    catalog: Catalog
    entry: WaitlistEntry
    client: Client
    stored: Catalog
    token: str

    def at(self, path: str = "", **query: object) -> str:
        return self.reader.to(f"/w/{self.token}{path}", **query)

    @property
    def services(self) -> str:
        names = (self.catalog.services[it].name for it in self.offered)
        return self.reader.language.says("comma").join(names)

    @property
    def offer(self) -> Offer | None:
        it = self.entry.offer
        return it if it and it.is_open(now=self.reader.visit.now) else None

    @property
    def offered_service(self) -> str:
        it = self.offer
        return self.catalog.services[it.service].name if it and it.service in self.catalog.services else ""

    def told(self, at: datetime) -> ToldTime:
        return self.reader.told(at, self.catalog.services[self.offered[0]].mode)

    @property
    def offered(self) -> list[str]:
        """Of what they wait for what is offered still: one at the least, see `opened`."""
        return _offered(self.catalog, self.entry)

    @property
    def place(self) -> str:
        """In words, never a number that the next moment makes untrue."""
        business = self.catalog.business
        waits = waitlist.waiting(business.id)
        now = self.reader.visit.now
        places = in_order(waits, zone=business.zone, passed_by=business.waitlist.passed_by, now=now)
        number = next((it.number for it in places if it.entry.id == self.entry.id), 0)
        return "first" if number == 1 else "few" if number <= 1 + FEW else "some"

    @property
    def came_too_late_for(self) -> Offer | None:
        """What they had on offer last, where it is over without their word."""
        last = next(reversed(self.entry.offers), None)
        is_over = last is not None and last.answer in TOO_LATE and not last.is_open(now=self.reader.visit.now)
        return last if self.entry.is_live and is_over else None

    @property
    def free(self) -> list[datetime]:
        """Other times that they wish for and can have at once, for whoever came too late for one."""
        gone = self.came_too_late_for
        return other_times(self.catalog, self.entry, gone, now=self.reader.visit.now) if gone else []

    @property
    def choosing(self) -> tuple[str, str, dict[str, str]]:
        """How one of these is chosen: the form's method, where it leads, and what goes along."""
        gone, staff = self.came_too_late_for, next(iter(self.entry.wish.staff), "")
        theirs = {"staff": staff if len(self.entry.wish.staff) == 1 else ""}
        if self.entry.wish.sooner_than:
            visit = appointments.load(self.entry.business, self.entry.wish.sooner_than)
            return "get", f"{appointment_page(setting('PUBLIC_URL'), manage_token(visit))}/move", theirs
        service = gone.service if gone else self.offered[0]
        return "post", self.reader.to(f"/b/{self.catalog.business.id}/hold"), {"service": service, **theirs}

    @property
    def book(self) -> str:
        """Where other times are."""
        service = self.offer.service if self.offer else self.offered[0]
        return self.reader.to(f"/b/{self.catalog.business.id}", service=service)

    @cached_property
    def visit(self) -> Appointment | None:
        """What it came to."""
        return appointments.find(self.entry.business, self.entry.booked) if self.entry.booked else None

    @property
    def booked(self) -> str:
        """The page of that."""
        return appointment_page(setting("PUBLIC_URL"), manage_token(visit)) if (visit := self.visit) else ""

    @property
    def is_kept_only(self) -> bool:
        """It is no appointment yet: staff have to say yes, or a deposit is to be paid."""
        return bool((visit := self.visit) and visit.is_tentative)


def show(visit: PageRequest, token: str) -> Response[str]:
    return _page(opened(visit, token))


def take(visit: PageRequest, token: str) -> Response[str]:
    """It is theirs; who comes too late is told so kindly, and led to other times."""
    return _answered(visit, token, accept, done="taken")


def let_pass(visit: PageRequest, token: str) -> Response[str]:
    return _answered(visit, token, decline, done="passed")


def leave(visit: PageRequest, token: str) -> Response[str]:
    mine = opened(visit, token)
    joining.leave(mine.stored, mine.entry.id, Change(CLIENT, visit.now))
    return see_other(mine.at(done="left"))


def change(visit: PageRequest, token: str) -> Response[str]:
    """Days and hours; the service and who does it stay, and so does their place."""
    mine, form = opened(visit, token), visit.typed()
    try:
        wish = wished(replace(mine.entry.wish, services=tuple(mine.offered)), form)
        joining.change_wish(
            mine.stored,
            mine.entry.id,
            wish,
            Change(CLIENT, visit.now),
            client=mine.client,
            **how(form, mine.entry.note),
        )
    except (InvalidRequest, ValueError):
        return _page(mine, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=True)
    except EntryOver as refusal:
        return _page(mine, refusal.status)
    return see_other(mine.at(done="changed"))


def _answered(
    visit: PageRequest, token: str, answer: Callable[[Catalog, str, str, Change], object], *, done: str
) -> Response[str]:
    mine, form = opened(visit, token), visit.typed()
    try:
        answer(mine.stored, mine.entry.id, form.one("offer"), Change(CLIENT, visit.now))
    except OfferOver as refusal:
        return _page(mine, refusal.status, late=True)
    return see_other(mine.at(done=done))


def opened(visit: PageRequest, token: str) -> Mine:
    """Raises LinkInvalid, and LinkExpired also where the wait, its client or all that it is for is gone."""
    link = read_wait(token, now=visit.now)
    stored = catalogs.load(link.business)
    try:
        entry = waitlist.load(link.business, link.subject)
        client = clients.load(link.business, entry.client)
    except (UnknownWait, UnknownClient) as error:
        raise LinkExpired(business=link.business) from error
    if not _offered(stored, entry):
        raise LinkExpired(business=link.business)
    language = visit.language(client.locale)
    catalog = in_language(stored, language.tag)
    return Mine(Reader(visit, language, client.zone, catalog), catalog, entry, client, stored, token)


def _offered(catalog: Catalog, entry: WaitlistEntry) -> list[str]:
    return [it for it in entry.wish.services if it in catalog.services]


def _page(mine: Mine, status: HTTPStatus = HTTPStatus.OK, *, late: bool = False, wrong: bool = False) -> Response[str]:
    done = mine.reader.visit.asked.get("done", "")
    return page(
        mine.reader,
        "waiting",
        status,
        mine=mine,
        late=late,
        wrong=wrong,
        done=done if done in DONE else "",
        week=A_WEEK,
    )


TOO_LATE = (None, OfferAnswer.EXPIRED, OfferAnswer.WITHDRAWN)
"""What became of an offer that its client did not answer; None where its end was not noted yet."""
DONE = ("taken", "passed", "left", "changed")
"""What was just done, said once more above the page."""
