"""A visit stays with whoever it was booked with, and is what was booked, though neither is offered any more.

As long as they are here it may be moved with them, by the client and by staff, within their hours. Where they left,
that is said, with who does the same. A service that was given up is still confirmed, moved, cancelled and reminded of.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import client_pages
import front_desk
import message_sender
import my_appointment
import reminder_worker
from kept import clock
from kept.booking.states import Status
from kept.business.catalog import Catalog, Service, StaffMember
from kept.business.refusals import StaffLeft
from kept.channels import Channel, Purpose
from kept.client_links.tokens import manage_token
from kept.messaging.message import MessageStatus
from kept.messaging.replies.reading import RequestedTime
from kept.storage import appointments, catalogs, clients, messages
from kept.storage.tables import CatalogItem
from kept.timekeeping.weekly_hours import TimeOff
from kept.use_cases.messaging import provider_clients
from kept.use_cases.replies.requested_times import wished_times
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_member, an_appointment
from tests.functions.outbox import Providers, an_invitation, reached_by
from tests.functions.plain_browser import Browser, Page
from tests.reasons import why
from tests.refusing import DESK
from tests.stopping import records

NOW = STARTS - timedelta(days=1, hours=3)
"""Sunday, 14:00 in Shanghai."""
THEN = "2026-03-02T18:15:00+08:00"
Change = Callable[[Catalog], Catalog]


def off_the_service(catalog: Catalog) -> Catalog:
    """Mei does not cut any more."""
    return with_service(catalog, replace(catalog.services["cut"], staff=("jun",)))


def with_service(catalog: Catalog, service: Service) -> Catalog:
    return replace(catalog, services={**catalog.services, service.id: service})


def given_up(catalog: Catalog) -> Catalog:
    return replace(catalog, services={id: it for id, it in catalog.services.items() if id != "cut"})


def with_member(catalog: Catalog, member: StaffMember) -> Catalog:
    return replace(catalog, staff={**catalog.staff, member.id: member})


def has_left(catalog: Catalog) -> Catalog:
    return replace(catalog, staff={id: it for id, it in catalog.staff.items() if id != "mei"})


def away(catalog: Catalog) -> Catalog:
    """Mei has Monday off; she is asked for all the same."""
    mei = catalog.staff["mei"]
    off = TimeOff(STARTS - timedelta(hours=9), STARTS + timedelta(hours=9))
    return with_member(off_the_service(catalog), replace(mei, hours=replace(mei.hours, time_off=(off,))))


def without_anybody(catalog: Catalog) -> Catalog:
    return given_up(has_left(catalog))


def longer(catalog: Catalog) -> Catalog:
    return with_service(off_the_service(catalog), replace(off_the_service(catalog).services["cut"], duration=90))


def renamed(catalog: Catalog) -> Catalog:
    return with_member(off_the_service(catalog), replace(a_member("mei"), name="Mei Li", email=""))


def set_to(change: Change) -> None:
    """The catalog as it is after that, with nothing left of what was taken out."""
    for item in list(CatalogItem.query("lotus")):
        item.delete()
    lotus.store(change(lotus.the_salon()))
    catalogs.forget()


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())
    found = Providers()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def by_staff(**body: Any) -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/reschedule", {"start": THEN} | body, role="staff")


def by_her(**body: Any) -> Answer:
    return ask(my_appointment.handler, "POST /v1/appointment/reschedule", {"start": THEN} | body, bearer=link())


def opened(address: str) -> Page:
    return Browser(client_pages.handler).get(address)


def link() -> str:
    return manage_token(appointments.load("lotus", "a-1"))


MOVERS: dict[str, Callable[..., Answer]] = {"by staff": by_staff, "by the client": by_her}
STAYS: dict[str, Change] = {
    "nothing changed": lambda book: book,
    "she is off the service": off_the_service,
    "the service is given up": given_up,
    "the service is longer now": longer,
    "she has another name and no address": renamed,
}


@pytest.mark.parametrize("move", MOVERS.values(), ids=MOVERS)
@pytest.mark.parametrize("named", [{}, {"staff": "mei"}], ids=["nobody named", "she is named"])
@pytest.mark.parametrize("change", STAYS.values(), ids=STAYS)
def test_a_move_keeps_the_person(change: Change, named: dict[str, str], move: Callable[..., Answer]) -> None:
    set_to(change)
    answer = move(**named)
    assert (answer.status, answer.body.get("staff")) == (200, "mei")
    assert appointments.load("lotus", "a-1").starts == datetime.fromisoformat(THEN)
    assert [entry.ref for entry in lotus.on_page("mei")] == ["a-1"]


@pytest.mark.parametrize("move", MOVERS.values(), ids=MOVERS)
def test_somebody_who_does_it_may_be_asked_for_instead(move: Callable[..., Answer]) -> None:
    set_to(off_the_service)
    assert move(staff="jun").body["staff"] == "jun"
    assert lotus.on_page("mei") == []


REFUSED: dict[str, tuple[Change, dict[str, str], int, str]] = {
    "she is away": (away, {}, 422, "not_offered"),
    "she has left": (has_left, {}, 409, "staff_left"),
    "she has left and is named": (has_left, {"staff": "mei"}, 409, "staff_left"),
    "she has left with the service": (without_anybody, {}, 409, "staff_left"),
    "somebody who never did it": (off_the_service, {"staff": "bo"}, 404, "unknown_staff"),
    "somebody unknown": (off_the_service, {"staff": "zoe"}, 404, "unknown_staff"),
    "somebody else for what is given up": (given_up, {"staff": "jun"}, 404, "unknown_staff"),
}


@pytest.mark.parametrize("move", MOVERS.values(), ids=MOVERS)
@pytest.mark.parametrize(("change", "named", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_where_it_cannot_stay_that_is_said(
    change: Change, named: dict[str, str], status: int, code: str, move: Callable[..., Answer]
) -> None:
    set_to(change)
    before = lotus.everything()
    answer = move(**named)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


def test_of_who_has_left_it_is_said_who_does_the_same() -> None:
    set_to(has_left)
    assert by_her().body["staff"] == {"jun": "Jun"}
    assert by_her(staff="jun").body["staff"] == "jun"


@pytest.mark.parametrize("change", STAYS.values(), ids=STAYS)
def test_on_the_page_the_person_is_the_first_choice(change: Change) -> None:
    set_to(change)
    page = opened(f"/a/{link()}/move?lang=en")
    assert page.status == 200
    assert "Mei" in page.text
    people = opened(f"/a/{link()}/move?lang=en&people=1")
    assert people.text.index("Mei") < people.text.index("Jun") if "Jun" in people.text else "Mei" in people.text


def test_on_the_page_who_has_left_is_said_to_have_left() -> None:
    set_to(has_left)
    english, chinese = (opened(f"/a/{link()}/move?lang={lang}").text for lang in ("en", "zh-Hans"))
    assert "The person you booked with has left" in english
    assert "您预约的这一位已离职" in chinese
    assert "Jun" in english


def test_on_the_page_where_nobody_is_left_the_refusal_says_so() -> None:
    set_to(without_anybody)
    page = opened(f"/a/{link()}/move?lang=en")
    assert (page.status, "The person you booked with has left" in page.text) == (409, True)


@pytest.mark.parametrize("change", [off_the_service, given_up, longer], ids=["off it", "given up", "longer"])
def test_a_reply_that_wishes_for_another_time_is_offered_hers(change: Change) -> None:
    set_to(change)
    visit, client = appointments.load("lotus", "a-1"), clients.load("lotus", "c-1")
    assert len(wished_times(visit, client, catalogs.load("lotus"), RequestedTime(), now=NOW)) == 3


def test_a_reply_about_who_has_left_is_for_a_person() -> None:
    set_to(has_left)
    visit, client = appointments.load("lotus", "a-1"), clients.load("lotus", "c-1")
    with pytest.raises(StaffLeft):
        wished_times(visit, client, catalogs.load("lotus"), RequestedTime(), now=NOW)


GONE: dict[str, Change] = {"the service": given_up, "the person": has_left, "both": without_anybody}


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
@pytest.mark.parametrize(
    ("act", "status"), [("confirm", Status.CONFIRMED), ("cancel", Status.CANCELLED)], ids=["confirm", "cancel"]
)
def test_what_is_gone_is_still_confirmed_and_cancelled(change: Change, act: str, status: Status) -> None:
    set_to(change)
    answer = ask(my_appointment.handler, f"POST /v1/appointment/{act}", {}, bearer=link())
    assert (answer.status, answer.body["status"]) == (200, status)


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
def test_what_is_gone_is_still_seen(change: Change) -> None:
    set_to(change)
    for path in ("", "/cancel"):
        assert opened(f"/a/{link()}{path}").status == 200
    assert Browser(client_pages.handler).ask(f"GET /a/{link()}/calendar.ics")["statusCode"] == 200
    assert ask(front_desk.handler, f"GET {DESK}/a-1", role="staff").status == 200


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
def test_what_is_gone_is_still_reminded_of(
    change: Change, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing ends with the dead letters."""
    set_to(change)
    monkeypatch.setattr(clock, "now", lambda: STARTS - timedelta(hours=3))
    assert reminder_worker.handler(records(("lotus", "a-1")), None) == {"batchItemFailures": []}
    owed = [it for it in messages.about("lotus", "a-1") if it.is_owed]
    assert message_sender.handler(records(*(("lotus", it.id) for it in owed)), None) == {"batchItemFailures": []}
    assert providers.taken == [Channel.EMAIL]


def test_an_invitation_to_what_is_given_up_is_skipped(providers: Providers) -> None:
    client = clients.load("lotus", "c-1")
    agreed = reached_by(Channel.EMAIL, invited_by=(Channel.EMAIL,)).consents
    clients.put_alone(replace(client, consents=agreed))
    invitation = an_invitation(Channel.EMAIL)
    assert invitation.purpose is Purpose.PROMOTIONAL
    set_to(given_up)
    assert message_sender.handler(records(("lotus", invitation.id)), None) == {"batchItemFailures": []}
    found = messages.find("lotus", invitation.id)
    assert found
    assert (found.status, why(found)) == (MessageStatus.SKIPPED, "skipped: not_offered")
    assert providers.taken == []
