"""What late changes and missed visits cost by the terms that were accepted: charged by every door that causes it, once,
in the write that causes it, and taken back with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import attendance_worker
import client_pages
import front_desk
import my_appointment
from kept import clock
from kept.booking.appointment import Appointment
from kept.business.change_rules import ChangeRules, Charge, Terms
from kept.channels import Channel
from kept.client_links import tokens
from kept.ledger.balance import Balance
from kept.ledger.transaction import MoneyAct
from kept.messaging.outgoing import to_client
from kept.storage import appointments, catalogs, clients, ledger, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.functions.answering import PHONE, brought, take
from tests.functions.plain_browser import Browser
from tests.refusing import DESK, EVENING, MINE, link
from tests.stopping import records

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FEES = Terms(48 * HOUR, 15 * MINUTE, late_fee=2000, move_fee=500, missed_fee=3000, currency="CNY")
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"
EVENING_MISSED = datetime.fromisoformat(EVENING) + HOUR
LATE, MISSED = STARTS - 5 * HOUR, STARTS + 30 * MINUTE


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na booked a-1 ten days ahead, under terms with fees that the salon has no more."""
    at(monkeypatch, LATE)
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, attendance=CHECKS_IN)))
    lotus.store(lotus.the_garage())
    lotus.known(replace(a_client(), locale="en", phone=PHONE))
    lotus.put(replace(an_appointment(), accepted=FEES))


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def visit() -> Appointment:
    return appointments.load("lotus", "a-1")


def lines() -> list[tuple[str, str, int]]:
    """What stands in her ledger, by what it was and why."""
    found = ledger.of_visit("lotus", "c-1", "a-1", "CNY")
    return [(it.what, it.why.code if it.why else "", it.minor) for it in sorted(found, key=lambda it: it.at)]


def balance() -> Balance:
    return ledger.balance("lotus", "c-1", "CNY")


def mine(act: str, body: object = None, key: str = "") -> Answer:
    return ask(my_appointment.handler, f"POST {MINE}/{act}", body or {}, bearer=link(), key=key)


def desk(act: str, body: object = None, key: str = "") -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body or {}, role="staff", key=key)


def page_cancels() -> None:
    browser = Browser(client_pages.handler, "en")
    form = browser.get(f"/a/{tokens.manage_token(visit())}/cancel").form("/cancel")
    browser.press(form, reason="time")


def page_says_they_cannot_come() -> None:
    browser = Browser(client_pages.handler, "en")
    form = browser.get(f"/a/{tokens.manage_token(visit())}").form("/cannot-come")
    browser.press(form)


LATE_FEE, MOVE_FEE = ("fee", "fee_late_cancellation", 2000), ("fee", "fee_late_move", 500)
MISSED_FEE = ("fee", "fee_no_show", 3000)


@pytest.mark.parametrize(
    ("now", "act", "costs"),
    [
        pytest.param(LATE, lambda: mine("cancel", {"reason": "time"}), LATE_FEE, id="by the API"),
        pytest.param(LATE, page_cancels, LATE_FEE, id="by the page"),
        pytest.param(STARTS + 6 * MINUTE, page_says_they_cannot_come, LATE_FEE, id="after the start, by the page"),
        pytest.param(LATE, lambda: mine("reschedule", {"start": EVENING, "version": 1}), MOVE_FEE, id="a late move"),
        pytest.param(MISSED, lambda: desk("no-show"), MISSED_FEE, id="missed, said by staff"),
        pytest.param(
            MISSED, lambda: attendance_worker.handler(records(("lotus", "a-1")), None), MISSED_FEE, id="missed, found"
        ),
    ],
)
def test_every_door_charges_what_was_accepted(
    monkeypatch: pytest.MonkeyPatch, now: datetime, act: Callable[[], Any], costs: tuple[str, str, int]
) -> None:
    at(monkeypatch, now)
    act()
    assert lines() == [costs]
    assert balance().owed == costs[2]


def test_a_reply_charges_as_well() -> None:
    """The client presses the key of a reminder too late for a free change."""
    business, client = catalogs.load("lotus"), clients.load("lotus", "c-1")
    said = to_client(visit(), client, business.business, "two_days", now=LATE - HOUR, over=Channel.SMS)
    lotus.say(said.claimed(until=LATE - HOUR).sent(at=LATE - HOUR, provider_id="p"))
    take(brought("3", over=Channel.SMS, id="in-1", now=LATE), now=LATE)
    assert lines() == [LATE_FEE]


@pytest.mark.parametrize(
    ("now", "act"),
    [
        pytest.param(STARTS - 48 * HOUR, lambda: mine("cancel"), id="cancelled in time"),
        pytest.param(STARTS - 49 * HOUR, lambda: mine("reschedule", {"start": EVENING}), id="moved in time"),
        pytest.param(LATE, lambda: desk("cancel", {"reason": "other"}), id="cancelled by us"),
        pytest.param(LATE, lambda: desk("reschedule", {"start": EVENING}), id="moved by us"),
        pytest.param(LATE, lambda: mine("confirm"), id="confirmed"),
        pytest.param(STARTS, lambda: desk("check-in"), id="came"),
    ],
)
def test_what_costs_nothing_writes_no_line(
    monkeypatch: pytest.MonkeyPatch, now: datetime, act: Callable[[], Answer]
) -> None:
    at(monkeypatch, now)
    assert act().status == 200
    assert lines() == []


def test_what_was_booked_without_terms_costs_nothing() -> None:
    """Nobody was told of a fee then, whatever the rules say by now."""
    business = catalogs.load("lotus").business
    catalogs.put("lotus", [replace(business, changes=ChangeRules(late_fee=Charge(minor=9900)))])
    of_before = lotus.put(an_appointment("a-2", starts=STARTS + 2 * HOUR))
    answer = ask(my_appointment.handler, f"POST {MINE}/cancel", {}, bearer=tokens.manage_token(of_before))
    assert (answer.body["late"], answer.body["costs"]) == (True, None)
    assert ledger.of_visit("lotus", "c-1", "a-2", "CNY") == []


def test_pressed_twice_it_costs_once() -> None:
    first = mine("cancel", {"reason": "time"}, key=KEY % 1)
    assert mine("cancel", {"reason": "time"}, key=KEY % 1).body == first.body
    assert lines() == [LATE_FEE]


def test_a_late_move_and_then_a_late_cancellation_cost_each() -> None:
    mine("reschedule", {"start": EVENING, "version": 1})
    mine("cancel", {"reason": "time"})
    assert {line[1] for line in lines()} == {"fee_late_move", "fee_late_cancellation"}
    assert balance().owed == 2500


@pytest.mark.parametrize(
    ("charges", "takes_back"),
    [
        pytest.param(
            lambda: desk("no-show"), lambda: desk("reverse-no-show", {"reason": "our_fault"}), id="a no-show, our fault"
        ),
        pytest.param(
            lambda: desk("no-show"),
            lambda: desk("reverse-no-show", {"reason": "came_after_all"}),
            id="a no-show, came after all",
        ),
        pytest.param(lambda: desk("no-show"), lambda: desk("undo"), id="a no-show, by mistake"),
    ],
)
def test_what_is_taken_back_costs_nothing_any_more(
    monkeypatch: pytest.MonkeyPatch, charges: Callable[[], Answer], takes_back: Callable[[], Answer]
) -> None:
    """By a line that says the opposite: nothing that was written is changed."""
    at(monkeypatch, MISSED)
    charges()
    assert takes_back().status == 200
    assert balance().owed == 0
    assert [line[0] for line in lines()][:1] == [MoneyAct.FEE]
    assert len(lines()) == 2


def test_a_late_cancellation_that_is_undone_costs_nothing_and_cancelled_again_it_does() -> None:
    mine("cancel", {"reason": "time"})
    assert desk("undo").status == 200
    assert balance().owed == 0
    mine("cancel", {"reason": "time"})
    assert balance().owed == 2000


@pytest.mark.parametrize(
    ("then", "now", "back"),
    [
        pytest.param(lambda: mine("cancel"), LATE, lambda: desk("undo"), id="a late cancellation, undone"),
        pytest.param(
            lambda: desk("no-show"), EVENING_MISSED, lambda: desk("undo"), id="a missed visit, marked by mistake"
        ),
        pytest.param(
            lambda: desk("no-show"),
            EVENING_MISSED,
            lambda: desk("reverse-no-show", {"reason": "came_after_all"}),
            id="a missed visit, came after all",
        ),
    ],
)
def test_what_is_taken_back_takes_its_own_fee_alone(
    monkeypatch: pytest.MonkeyPatch, then: Callable[[], Answer], now: datetime, back: Callable[[], Answer]
) -> None:
    """The late move before it was one, and costs what it cost."""
    mine("reschedule", {"start": EVENING, "version": 1})
    at(monkeypatch, now)
    then()
    assert balance().owed > 500
    assert back().status == 200
    assert (balance().owed, visit().late) == (500, True)


@pytest.mark.parametrize(
    ("language", "body", "why", "code"),
    [
        pytest.param("en", {"reason": "illness"}, "Illness or an emergency", "given_up_for_illness", id="English"),
        pytest.param("zh-Hans", {"reason": "illness"}, "生病或突发情况", "given_up_for_illness", id="Chinese"),
        pytest.param(
            "en",
            {"reason": "time", "note": "time: late"},
            "The time does not suit: time: late",
            "given_up_for_time",
            id="with a note",
        ),
        pytest.param(
            "en", {"reason": "other", "note": "Snow"}, "Snow", "given_up_for_other", id="another, with a note"
        ),
        pytest.param("en", {"reason": "other"}, "", "given_up_for_other", id="another, without"),
        pytest.param("en", {"note": "Snow"}, "Snow", "given_up_for_other", id="a note alone"),
        pytest.param("en", {}, "", "", id="none"),
    ],
)
@pytest.mark.parametrize("whose", [True, False], ids=["asked for", "ours"])
def test_why_it_was_cancelled_is_told_in_words(
    language: str, body: dict[str, str], why: str, code: str, whose: bool
) -> None:
    """Chosen at the desk as by the client: nobody reads a code in the history."""
    desk("cancel", {**body, "for_client": whose})
    told = ask(front_desk.handler, f"GET {DESK}/a-1", role="staff", language=language).body["history"][-1]
    assert (told["what"], told["why"], told["why_code"]) == ("cancelled", why, code)


@pytest.mark.parametrize(
    ("now", "who", "count"),
    [
        pytest.param(LATE, lambda: mine("cancel"), 3, id="late, by the client"),
        pytest.param(LATE, lambda: desk("cancel", {"for_client": True}), 3, id="late, by telephone"),
        pytest.param(STARTS - 49 * HOUR, lambda: mine("cancel"), 0, id="in time"),
        pytest.param(LATE, lambda: desk("cancel"), 0, id="by us"),
    ],
)
def test_other_times_are_offered_in_the_message_that_says_it_is_cancelled_late(
    monkeypatch: pytest.MonkeyPatch, now: datetime, who: Callable[[], Answer], count: int
) -> None:
    """And none of them is the one they gave up."""
    at(monkeypatch, now)
    assert who().status == 200
    (told,) = (it for it in messages.about("lotus", "a-1") if it.stage == "cancelled")
    assert len(told.detail) == count
    assert STARTS.isoformat() not in told.detail
