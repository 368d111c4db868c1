"""Who waits elsewhere is told once, about ten minutes before their turn, where they asked for it on their page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import client_pages
import due_worker
import message_sender
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.channels import Channel
from kept.client_links.links import LinkPurpose
from kept.client_links.tokens import queue_token
from kept.due_work.sweeping import due
from kept.lanes import Lane
from kept.messaging.message import Message, MessageStatus
from kept.storage import appointments, catalogs, clients, messages, tables, tickets
from kept.use_cases.messaging.client_message import to_client
from kept.use_cases.waiting import arrivals, near, record
from kept.use_cases.waiting.line import line
from kept.waiting_room.ticket import Ticket
from tests import lotus
from tests.asking import an_http_event
from tests.builders import an_appointment
from tests.functions.waitlisting import called_off
from tests.refusing import link
from tests.stopping import is_killed, records

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Monday, twelve o'clock in Shanghai; Mei has Li Na from half past to half past one."""
MEI = Actor("staff", "mei")
MINUTE = timedelta(minutes=1)
BOOKED = an_appointment(starts=NOON + 30 * MINUTE)
ADDRESS = "anna@example.com"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    set_up()


def set_up() -> None:
    lotus.open_both()
    lotus.known()
    lotus.put(BOOKED)
    record.forget()


def at(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + minutes * MINUTE)


def change() -> Change:
    return Change(MEI, clock.now())


def comes(name: str = "") -> Ticket:
    return arrivals.walk_in(catalogs.load("lotus"), "cut", "mei", name, change())


def opened(ticket: Ticket, step: str = "", form: str = "", language: str = "en") -> tuple[int, str]:
    path = f"/q/{queue_token('lotus', ticket.id, now=ticket.came_at)}{step}"
    event = an_http_event(f"{'POST' if step else 'GET'} {path}", None) | {"body": form, "isBase64Encoded": False}
    event["headers"] |= {"accept-language": language}
    answer = client_pages.handler(event, None)
    return answer["statusCode"], answer.get("body") or ""


def asks(ticket: Ticket, contact: str = ADDRESS) -> Ticket:
    assert opened(ticket, "/tell", f"contact={contact}")[0] == 303
    return tickets.load("lotus", ticket.id)


def swept() -> None:
    """What is due of the queue, as the sweep hands it over."""
    keys = [(key.business, key.id) for key, _ in due(Lane.EVENT, until=clock.now()) if key.id.startswith("ticket#")]
    for key in keys:
        assert due_worker.handler(records(key, lane="event"), None) == {"batchItemFailures": []}


def told() -> list[Message]:
    return [it for item in tables.MessageItem.scan() if (it := messages.as_message(item)).stage == "turn_near"]


def minute_told(monkeypatch: pytest.MonkeyPatch, until: int = 240) -> int | None:
    for minute in range(until):
        at(monkeypatch, minute)
        swept()
        if told():
            return minute
    return None


def test_they_are_told_once_when_the_early_end_comes_to_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """And by then their page has told them no less than that."""
    one = asks(comes("Anna"))
    lowest = []
    for minute in range(60):
        at(monkeypatch, minute)
        place = line(catalogs.load("lotus"), now=clock.now()).of(one).told
        assert place
        lowest.append(place.lower)
        swept()
        if told():
            break
    assert lowest[-1] <= 10 < min(lowest[:-6])
    (message,) = told()
    assert (message.channel, message.recipient) == (Channel.EMAIL, one.tell)
    assert clients.load("lotus", one.tell).email == ADDRESS
    for later in range(len(lowest), 120, 5):
        at(monkeypatch, later)
        swept()
    assert len(told()) == 1
    assert "We wrote to you at" in opened(one)[1]


NOT_TOLD: dict[str, Callable[[Ticket], object]] = {
    "they do not want it any more": lambda it: opened(it, "/tell", "no=1"),
    "they left": lambda it: opened(it, "/leave"),
    "they left, told so at the desk": lambda it: arrivals.leave(catalogs.load("lotus"), it.id, change()),
    "they were begun": lambda it: arrivals.begin(catalogs.load("lotus"), it.id, "jun", change()),
    "they were forgotten": lambda it: tables.ClientItem("lotus", tickets.load("lotus", it.id).tell).delete(),
}


@pytest.mark.parametrize("act", NOT_TOLD.values(), ids=NOT_TOLD)
def test_who_does_not_wait_for_it_any_more_is_not_told(
    act: Callable[[Ticket], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replace(comes("Anna"), staff=None)
    before = tickets.load("lotus", one.id)
    tickets.put(one, over=before)
    monkeypatch.setattr(near, "is_near", lambda *_, **__: False)
    asks(one)
    swept()
    act(tickets.load("lotus", one.id))
    monkeypatch.setattr(near, "is_near", lambda *_, **__: True)
    for minute in (1, 30, 60):
        at(monkeypatch, minute)
        swept()
    assert told() == []
    assert [key for key, _ in due(Lane.EVENT, until=clock.now()) if key.id.startswith("ticket#")] == []


def test_it_dies_with_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    asks(comes("Anna"))
    at(monkeypatch, 24 * 60)
    swept()
    assert told() == []
    assert list(due(Lane.EVENT, until=clock.now())) == []


def test_who_was_called_is_told_at_once() -> None:
    one = asks(comes("Anna"))
    swept()
    assert told() == []
    arrivals.call(catalogs.load("lotus"), one.id, change())
    swept()
    assert [it.detail[2] for it in told()] == [NOON.isoformat()]


def test_who_is_begun_by_mistake_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    one = asks(comes("Anna"))
    tickets.put(replace(one, staff=None), over=one)
    arrivals.begin(catalogs.load("lotus"), one.id, "jun", change())
    arrivals.back(catalogs.load("lotus"), one.id, "waiting", change())
    assert minute_told(monkeypatch) is not None


def test_a_gap_before_them_that_opens_is_found_by_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody at the desk did anything with the queue: the appointment before them was called off."""
    asks(comes("Anna"))
    swept()
    called_off(NOON, BOOKED.id, tell=False)
    at(monkeypatch, 5)
    swept()
    assert len(told()) == 1


def test_whoever_has_an_appointment_is_told_over_what_they_agreed_to_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = arrivals.arrived(catalogs.load("lotus"), BOOKED.id, change())
    page = opened(one)[1]
    assert "Write to me ten minutes before" in page
    assert 'name="contact"' not in page
    assert opened(one, "/tell")[0] == 303
    assert minute_told(monkeypatch) is not None
    (message,) = told()
    assert message.recipient == appointments.load("lotus", BOOKED.id).client


def test_it_says_by_when_and_leads_to_their_page() -> None:
    """In quiet hours as well: see tests/domain/test_decision_matrix.py."""
    one = asks(comes("Anna"))
    arrivals.call(catalogs.load("lotus"), one.id, change())
    swept()
    (message,) = told()
    about = to_client(message, catalogs.load("lotus"), now=clock.now())
    assert about
    text = about.parcel(now=clock.now()).rendered.text
    assert "12 PM" in text or "12:00" in text
    assert f"/q/{queue_token('lotus', one.id, now=NOON)}" in text


def test_who_has_left_meanwhile_is_not_called_back() -> None:
    one = asks(comes("Anna"))
    arrivals.call(catalogs.load("lotus"), one.id, change())
    swept()
    (message,) = told()
    arrivals.leave(catalogs.load("lotus"), one.id, change())
    message_sender.handler(records(("lotus", message.id), lane="message"), None)
    after = messages.find("lotus", message.id)
    assert after
    assert (after.status, after.reason and after.reason.code) == (MessageStatus.SKIPPED, "turn_over")


WRONG: dict[str, tuple[str, str]] = {
    "nothing": ("", "Please enter a phone number or an e-mail address"),
    "no number": ("call me", "This does not look like a phone number"),
    "no address": ("anna@", "This does not look like an e-mail address"),
}


@pytest.mark.parametrize(("typed", "says"), WRONG.values(), ids=WRONG)
def test_what_reaches_nobody_is_said_beside_the_field_and_changes_nothing(typed: str, says: str) -> None:
    one = comes()
    before = lotus.everything()
    status, body = opened(one, "/tell", f"contact={typed}")
    assert (status, says in body, "refresh" in body) == (422, True, False)
    assert lotus.everything() == before


REFUSED = {
    "of yesterday": (LinkPurpose.QUEUE, "2026-03-01-001", 410),
    "never given": (LinkPurpose.QUEUE, "2026-03-02-009", 403),
    "the wall's": (LinkPurpose.WALL, "house", 403),
    "an appointment's": (LinkPurpose.MANAGE, "a-1", 403),
}


@pytest.mark.parametrize(("purpose", "subject", "status"), REFUSED.values(), ids=REFUSED)
def test_what_no_link_asks_for(purpose: LinkPurpose, subject: str, status: int) -> None:
    arrivals.walk_in(catalogs.load("lotus"), "cut", "mei", "", Change(MEI, NOON - timedelta(days=1)))
    before = lotus.everything()
    event = an_http_event(f"POST /q/{link(subject, purpose=purpose)}/tell", None)
    answer = client_pages.handler(event | {"body": f"contact={ADDRESS}", "isBase64Encoded": False}, None)
    assert answer["statusCode"] == status
    assert lotus.everything() == before


def test_who_is_in_the_chair_or_gone_asks_for_nothing() -> None:
    one = comes()
    arrivals.leave(catalogs.load("lotus"), one.id, change())
    assert "ten minutes before" not in opened(one)[1]
    assert opened(one, "/tell", f"contact={ADDRESS}")[0] == 409


def test_asked_twice_it_is_one_and_taken_back_it_may_be_asked_for_again() -> None:
    one = comes()
    first, again = asks(one), asks(one, "other@example.com")
    assert first == again
    assert "不必在店里等" in opened(one, language="zh-CN")[1]
    opened(one, "/tell", "no=1")
    assert tickets.load("lotus", one.id).tell == ""
    assert clients.load("lotus", asks(one, "other@example.com").tell).email == "other@example.com"


Act = Callable[[], object]


def is_asked_for() -> Act:
    one = comes("Anna")
    return lambda: opened(one, "/tell", f"contact={ADDRESS}")


def is_told() -> Act:
    one = asks(comes("Anna"))
    arrivals.call(catalogs.load("lotus"), one.id, change())
    return swept


def is_taken_back() -> Act:
    one = asks(comes("Anna"))
    return lambda: near.take_back(catalogs.load("lotus"), one.id, Change(CLIENT, clock.now()))


WORKS = {"asked for": is_asked_for, "told": is_told, "taken back": is_taken_back}


@pytest.mark.parametrize("set_up_act", WORKS.values(), ids=WORKS)
def test_killed_before_any_of_its_writes_and_begun_again_it_ends_the_same(set_up_act: Callable[[], Act]) -> None:
    expected = ended(set_up_act, None)
    for write in range(20):
        done = ended(set_up_act, write)
        assert done | {"killed": False} == expected, f"killed before write {write}"
        if not done["killed"]:
            assert write > 0
            return
    raise AssertionError("it writes for ever")


def ended(set_up_act: Callable[[], Act], write: int | None) -> dict[str, Any]:
    for model in tables.TABLES:
        for item in model.scan():
            item.delete()
    catalogs.forget()
    set_up()
    act = set_up_act()
    killed = write is not None and is_killed(act, write)
    act()
    return {
        "tickets": tickets.of_day("lotus", NOON.date()),
        "clients": sorted(it.id for it in tables.ClientItem.scan()),
        "told": [(it.recipient, it.status) for it in told()],
        "killed": killed,
    }
