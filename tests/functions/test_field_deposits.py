"""A deposit from the booking to its end: asked, paid by hand, kept, lost, given back; by every door, in the write that
causes it, and taken back with it."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

import attendance_worker
import booking
import client_pages
import clients as clients_function
import front_desk
import my_appointment
from kept import clock
from kept.actor import KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Money
from kept.business.change_rules import AskedOf, ChangeRules, Charge, DepositRules
from kept.business.money_rules import MoneyRules
from kept.client_links import tokens
from kept.errors import KeyReused
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.balance import Balance
from kept.ledger.transaction import MoneyAct
from kept.storage import appointments, catalogs, follow_ups, ledger, messages
from kept.use_cases.booking import requests
from kept.use_cases.policy.deposits import DepositOutcome, NotTaken, deposit_received
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, a_client
from tests.functions.plain_browser import Browser, Page
from tests.money_recounted import money_differs
from tests.refusing import CUT, DESK, LI, MINE, is_problem
from tests.stopping import records

HOUR, MINUTE, SECOND, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
RULES = ChangeRules(
    late_fee=Charge(minor=12_000), missed_fee=Charge(minor=8_000), deposits=DepositRules(charge=Charge(minor=10_000))
)
BEGINS = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
HUNDRED = 10_000
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A salon that asks everybody for a deposit of 100 yuan; whatever becomes of one, its figures are those of its
    ledger."""
    at(monkeypatch, lotus.NOW)
    salon = lotus.the_salon()
    business = replace(
        salon.business, attendance=CHECKS_IN, changes=RULES, money=MoneyRules(3_000, None), deposit_text="By WeChat."
    )
    lotus.store(replace(salon, business=business))
    lotus.store(lotus.the_garage())
    yield
    assert money_differs() == []


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def book(starts: datetime = BEGINS, key: str = "", **changed: Any) -> Answer:
    body = {**CUT, "start": starts.isoformat(), **changed}
    return ask(booking.handler, "POST /v1/businesses/lotus/appointments", body, key=key)


def a_booking(starts: datetime = BEGINS) -> Appointment:
    answer = book(starts)
    assert answer.status == 201, answer.body
    return visit(answer.body["id"])


def visit(id: str) -> Appointment:
    return appointments.load("lotus", id)


def money(it: Appointment, what: str, **said: Any) -> Answer:
    key = said.pop("key", "")
    role = said.pop("role", "staff")
    return ask(clients_function.handler, f"POST /v1/desk/clients/{it.client}/money/{what}", said, role=role, key=key)


def pay(it: Appointment, minor: int = HUNDRED, means: str = "cash", **said: Any) -> Answer:
    return money(it, "deposits", **{"appointment": it.id, "minor": minor, "currency": "CNY", "means": means, **said})


def a_paid_booking(starts: datetime = BEGINS) -> Appointment:
    it = a_booking(starts)
    assert pay(it).status == 201
    return visit(it.id)


def balance(it: Appointment) -> Balance:
    return ledger.balance("lotus", it.client, "CNY")


def of(it: Appointment) -> tuple[int, int, int, int, int, int]:
    """Due, held, to be paid back, credit, lost, owed."""
    now = balance(it)
    return now.deposit_due, now.deposit, now.to_pay_back, now.credit, -now.of(LedgerAccount.FORFEITED), now.owed


def stages(it: Appointment) -> list[str]:
    return sorted(message.stage for message in messages.about("lotus", it.id) if message.recipient == it.client)


def mine(it: Appointment, act: str, body: object = None) -> Answer:
    bearer = tokens.manage_token(visit(it.id))
    return ask(my_appointment.handler, f"POST {MINE}/{act}", body or {}, bearer=bearer)


def desk(it: Appointment, act: str, body: object = None) -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/{it.id}/{act}", body or {}, role="staff")


def works(it: Appointment) -> None:
    attendance_worker.handler(records(("lotus", it.id)), None)


def test_what_is_booked_waits_for_its_deposit() -> None:
    """It holds its slot for a day, and nobody is told that it is booked."""
    it = a_booking()
    assert (it.status, it.held_until) == (Status.AWAITING_DEPOSIT, lotus.NOW + DAY)
    assert of(it) == (HUNDRED, 0, 0, 0, 0, 0)
    assert stages(it) == ["deposit_asked"]


def test_asked_twice_under_one_key_it_is_asked_once() -> None:
    first, again = book(key=KEY % 1), book(key=KEY % 1)
    assert first.body == again.body
    assert of(visit(first.body["id"]))[0] == HUNDRED


def test_with_its_deposit_it_is_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same write; the client is told that it is received."""
    it = a_booking()
    at(monkeypatch, lotus.NOW + HOUR)
    answer = pay(it)
    assert answer.status == 201, answer.body
    after = visit(it.id)
    assert (after.status, after.held_until) == (Status.BOOKED, None)
    assert of(it) == (0, HUNDRED, 0, 0, 0, 0)
    assert stages(it) == ["confirmation", "deposit_asked"]


def test_unpaid_it_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is due any more."""
    it = a_booking()
    at(monkeypatch, lotus.NOW + DAY)
    works(it)
    assert visit(it.id).status is Status.CANCELLED
    assert of(it) == (0, 0, 0, 0, 0, 0)
    assert stages(it) == ["declined", "deposit_asked"]


ENDS: dict[str, tuple[datetime, Callable[[Appointment], Any], tuple[int, int, int, int, int, int]]] = {
    "cancelled at exactly 48 hours": (BEGINS - 48 * HOUR, lambda it: mine(it, "cancel"), (0, 0, HUNDRED, 0, 0, 0)),
    "cancelled a second later": (
        BEGINS - 48 * HOUR + SECOND, lambda it: mine(it, "cancel"), (0, 0, 0, 0, HUNDRED, 2_000)
    ),
    "cancelled late by staff, for us": (
        BEGINS - HOUR, lambda it: desk(it, "cancel", {"reason": "other"}), (0, 0, HUNDRED, 0, 0, 0)
    ),
    "cancelled late by staff, for the client": (
        BEGINS - HOUR,
        lambda it: desk(it, "cancel", {"reason": "other", "for_client": True}),
        (0, 0, 0, 0, HUNDRED, 2_000),
    ),
    "missed, said by staff": (BEGINS + HOUR, lambda it: desk(it, "no-show"), (0, 0, 0, 0, HUNDRED, 0)),
    "missed, found": (BEGINS + HOUR, works, (0, 0, 0, 0, HUNDRED, 0)),
    "came": (BEGINS, lambda it: desk(it, "check-in"), (0, 0, 0, 0, 0, 0)),
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_what_becomes_of_it(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """Of the fee only what is more than the deposit that is lost is charged."""
    now, act, comes_to = ENDS[end]
    it = a_paid_booking()
    at(monkeypatch, now)
    act(it)
    assert of(it) == comes_to


def cancelled(now: datetime) -> Callable[[pytest.MonkeyPatch, Appointment], object]:
    def act(monkeypatch: pytest.MonkeyPatch, it: Appointment) -> None:
        pay(it)
        at(monkeypatch, now)
        mine(it, "cancel")

    return act


def came(monkeypatch: pytest.MonkeyPatch, it: Appointment) -> None:
    pay(it)
    at(monkeypatch, BEGINS)
    desk(it, "check-in")


def handed_back(monkeypatch: pytest.MonkeyPatch, it: Appointment) -> None:
    cancelled(BEGINS - 3 * DAY)(monkeypatch, it)
    hand_back(it)


def lapsed(monkeypatch: pytest.MonkeyPatch, it: Appointment) -> None:
    at(monkeypatch, lotus.NOW + DAY)
    works(it)


SHOWN: dict[str, tuple[Callable[[pytest.MonkeyPatch, Appointment], object], str]] = {
    "not paid yet": (lambda *_: None, "Please pay the deposit of CN¥100 by "),
    "paid": (lambda _, it: pay(it), "We have your deposit of CN¥100."),
    "came": (came, "Your deposit of CN¥100 went towards the price."),
    "cancelled too late": (cancelled(BEGINS - HOUR), "your deposit of CN¥100 is not given back."),
    "cancelled in time": (cancelled(BEGINS - 3 * DAY), "Your deposit of CN¥100 is yours again, and will be given back"),
    "handed back": (handed_back, "Your deposit of CN¥100 was given back to you."),
    "never paid": (lapsed, ""),
}


@pytest.mark.parametrize("case", SHOWN)
def test_a_client_s_own_page_says_how_their_deposit_stands(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """One sentence of it, and none where none was paid."""
    act, sentence = SHOWN[case]
    it = an_english_booking()
    act(monkeypatch, it)
    text = own_page(it).text
    assert sentence in text
    assert ("Your deposit" in text.replace(sentence, "")) is bool(sentence)


MOVED: dict[str, tuple[datetime, timedelta, str]] = {
    "by three days": (BEGINS - 5 * DAY, 3 * DAY, "Your deposit of CN¥100 goes along."),
    "in time, by four": (BEGINS - 5 * DAY, 4 * DAY, "your deposit of CN¥100 becomes credit"),
    "too late, by four": (BEGINS - HOUR, 4 * DAY, "your deposit of CN¥100 is lost. No other is asked."),
}


@pytest.mark.parametrize("case", MOVED)
def test_before_a_move_it_is_said_what_becomes_of_the_deposit(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """And of one that is not paid yet nothing is."""
    now, later, sentence = MOVED[case]
    it, unpaid = an_english_booking(), an_english_booking(BEGINS + HOUR)
    pay(it)
    at(monkeypatch, now)
    start = (BEGINS + later).isoformat()
    assert sentence in own_page(it, "/move", start).text
    assert "goes along" not in own_page(unpaid, "/move", start).text


def an_english_booking(starts: datetime = BEGINS) -> Appointment:
    return visit(book(starts, client={**LI, "locale": "en"}).body["id"])


def own_page(it: Appointment, of: str = "", start: str = "") -> Page:
    address = f"/a/{tokens.manage_token(visit(it.id))}{of}"
    return Browser(client_pages.handler, "en").get(f"{address}?{urlencode({'start': start})}" if start else address)


DAYS: dict[str, tuple[timedelta, int, bool]] = {
    "the same day": (2 * HOUR, 0, True),
    "a day sooner": (-DAY, 0, True),
    "three days later": (3 * DAY, 0, True),
    "three days later, at the end of the day": (3 * DAY + 8 * HOUR, 0, True),
    "four days later": (4 * DAY, 0, False),
    "four days later, in less than 96 hours": (4 * DAY - HOUR, 0, False),
    "four days later, once it was moved by three": (4 * DAY, 3, False),
    "three days later, once it was moved by two": (3 * DAY, 2, True),
}


@pytest.mark.parametrize("case", DAYS)
def test_it_goes_along_to_a_date_within_three_days_of_the_one_it_was_for(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """By the days of the place, from the first date, however often it was moved since; else it becomes credit, which
    pays for the new one at once."""
    later, first, goes_along = DAYS[case]
    it = a_paid_booking()
    at(monkeypatch, BEGINS - 5 * DAY)
    if first:
        assert mine(it, "reschedule", {"start": (BEGINS + first * DAY).isoformat()}).status == 200
    assert mine(it, "reschedule", {"start": (BEGINS + later).isoformat()}).status == 200
    assert (visit(it.id).status, of(it)) == (Status.BOOKED, (0, HUNDRED, 0, 0, 0, 0))
    means = [line.means for line in ledger.of_visit("lotus", it.client, it.id, "CNY") if line.what is MoneyAct.PAID]
    assert (len(means) == 1) is goes_along
    mine(it, "cancel")
    assert of(it) == (0, 0, HUNDRED, 0, 0, 0) if goes_along else (0, 0, 0, HUNDRED, 0, 0)


def test_moved_by_us_it_goes_along_wherever(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the new date is the one that it is for."""
    it = a_paid_booking()
    at(monkeypatch, BEGINS - HOUR)
    desk(it, "reschedule", {"start": (BEGINS + 10 * DAY).isoformat()})
    mine(it, "reschedule", {"start": (BEGINS + 13 * DAY).isoformat()})
    assert len(ledger.of_visit("lotus", it.client, it.id, "CNY")) == 2


def test_moved_too_late_and_too_far_it_is_lost_and_no_other_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever becomes of the visit then."""
    it = a_paid_booking()
    at(monkeypatch, BEGINS - HOUR)
    mine(it, "reschedule", {"start": (BEGINS + 6 * DAY).isoformat()})
    assert (visit(it.id).status, of(it)) == (Status.BOOKED, (0, 0, 0, 0, HUNDRED, 0))
    desk(it, "cancel", {"reason": "other"})
    assert of(it) == (0, 0, 0, 0, HUNDRED, 0)


def test_a_late_move_is_no_way_round_losing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes along within the days, and is lost all the same when the client then cancels in time; not when we do."""
    for ours, comes_to in ((False, (0, 0, 0, 0, HUNDRED, 0)), (True, (0, 0, HUNDRED, 0, HUNDRED, 0))):
        at(monkeypatch, lotus.NOW)
        it = a_paid_booking(BEGINS + ours * HOUR)
        at(monkeypatch, BEGINS - HOUR)
        mine(it, "reschedule", {"start": (BEGINS + 3 * DAY + ours * 2 * HOUR).isoformat()})
        assert of(it)[1] == HUNDRED
        if ours:
            desk(it, "cancel", {"reason": "other"})
        else:
            mine(it, "cancel")
        assert of(it) == comes_to


BACK: dict[str, tuple[datetime, list[Callable[[Appointment], Any]], tuple[int, int, int, int, int, int]]] = {
    "a no-show, by mistake": (BEGINS + HOUR, [lambda it: desk(it, "no-show"), lambda it: desk(it, "undo")],
        (0, HUNDRED, 0, 0, 0, 0)),
    "a no-show, came after all": (BEGINS + HOUR, [lambda it: desk(it, "no-show"),
        lambda it: desk(it, "reverse-no-show", {"reason": "came_after_all"})], (0, 0, 0, 0, 0, 0)),
    "a no-show, our fault": (BEGINS + HOUR, [lambda it: desk(it, "no-show"),
        lambda it: desk(it, "reverse-no-show", {"reason": "our_fault"})], (0, 0, HUNDRED, 0, 0, 0)),
    "a no-show let off, then our fault": (BEGINS + HOUR, [lambda it: desk(it, "no-show"),
        lambda it: money(it, "deposit-waivers", appointment=it.id, reason="goodwill", role="owner"),
        lambda it: desk(it, "reverse-no-show", {"reason": "our_fault"})], (0, 0, HUNDRED, 0, 0, 0)),
    "a no-show let off, then came after all": (BEGINS + HOUR, [lambda it: desk(it, "no-show"),
        lambda it: money(it, "deposit-waivers", appointment=it.id, reason="goodwill", role="owner"),
        lambda it: desk(it, "reverse-no-show", {"reason": "came_after_all"})], (0, 0, 0, 0, 0, 0)),
    "a no-show let off and handed back, then came after all": (BEGINS + HOUR, [lambda it: desk(it, "no-show"),
        lambda it: money(it, "deposit-waivers", appointment=it.id, reason="goodwill", role="owner"),
        lambda it: hand_back(it), lambda it: desk(it, "reverse-no-show", {"reason": "came_after_all"})],
        (0, 0, 0, 0, 0, 0)),
    "a late cancellation, undone": (BEGINS - HOUR, [lambda it: mine(it, "cancel"), lambda it: desk(it, "undo")],
        (0, HUNDRED, 0, 0, 0, 0)),
    "undone and cancelled again": (BEGINS - HOUR, [lambda it: mine(it, "cancel"), lambda it: desk(it, "undo"),
        lambda it: mine(it, "cancel")], (0, 0, 0, 0, HUNDRED, 2_000)),
    "in time, undone": (BEGINS - 3 * DAY, [lambda it: mine(it, "cancel"), lambda it: desk(it, "undo")],
        (0, HUNDRED, 0, 0, 0, 0)),
    "in time, handed back, undone": (BEGINS - 3 * DAY, [lambda it: mine(it, "cancel"), lambda it: hand_back(it),
        lambda it: desk(it, "undo")], (0, 0, 0, 0, 0, 0)),
    "came, undone, missed": (BEGINS + HOUR, [lambda it: desk(it, "check-in"), lambda it: desk(it, "undo"),
        lambda it: desk(it, "no-show")], (0, 0, 0, 0, HUNDRED, 0)),
}  # fmt: skip


def hand_back(it: Appointment, minor: int = HUNDRED, means: str = "cash", **said: Any) -> Answer:
    about = {"appointment": it.id, "minor": minor, "currency": "CNY", "means": means}
    return money(it, "deposit-returns", **about, **said)


@pytest.mark.parametrize("case", BACK)
def test_what_is_taken_back_takes_its_deposit_with_it(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """What was handed out stays so."""
    now, acts, comes_to = BACK[case]
    it = a_paid_booking()
    at(monkeypatch, now)
    for act in acts:
        answer = act(it)
        assert answer.status < 300, answer.body
    assert of(it) == comes_to
    after = visit(it.id)
    is_held = balance(it).deposit == HUNDRED
    assert not after.is_expected or bool(after.accepted and after.accepted.deposit) is is_held


def open_matters(it: Appointment) -> list[str]:
    found = (follow_ups.find("lotus", f"{it.id}-v{n}-deposit-returned") for n in (1, 2))
    return [f"{one.cause}: {one.status}" for one in found if one]


def test_paying_back_is_somebodys_to_do_until_they_say_that_it_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Part of it is not all of it; and taken back it is to do again."""
    it = a_paid_booking()
    at(monkeypatch, BEGINS - 3 * DAY)
    mine(it, "cancel")
    assert open_matters(it) == ["deposit_back: open"]
    hand_back(it, 4_000)
    assert (open_matters(it), of(it)[2]) == (["deposit_back: open"], 6_000)
    answer = hand_back(it, 6_000, key=KEY % 2)
    assert (open_matters(it), of(it)[2]) == (["deposit_back: resolved"], 0)
    assert hand_back(it, 6_000, key=KEY % 2).status == 201
    assert is_problem(hand_back(it, 1), 409, "above_balance")
    entry = answer.body["entries"][0]["id"]
    assert money(it, "corrections", entry=entry, reason="mistake", role="owner").status == 201
    assert of(it)[2] == 6_000


def test_undone_before_it_was_handed_back_nobody_has_to(monkeypatch: pytest.MonkeyPatch) -> None:
    it = a_paid_booking()
    at(monkeypatch, BEGINS - 3 * DAY)
    mine(it, "cancel")
    desk(it, "undo")
    assert open_matters(it) == ["deposit_back: resolved"]


def test_paid_from_credit_it_is_credit_again() -> None:
    """Nobody has to hand anything back."""
    it = a_booking()
    assert is_problem(pay(it, means="credit"), 409, "above_balance")
    assert money(it, "credits", minor=HUNDRED, currency="CNY", reason="goodwill", role="owner").status == 201
    assert pay(it, means="credit").status == 201
    assert of(it) == (0, HUNDRED, 0, 0, 0, 0)
    mine(it, "cancel")
    assert (of(it), open_matters(it)) == ((0, 0, 0, HUNDRED, 0, 0), [])


def test_a_policy_changed_since_changes_nothing_of_what_was_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its deposit, and how far it goes along."""
    it = a_paid_booking()
    salon = catalogs.load("lotus")
    harder = replace(RULES, deposits=DepositRules(charge=Charge(minor=90_000), moves=timedelta(0)))
    lotus.store(replace(salon, business=replace(salon.business, changes=harder, policy_version=2)))
    catalogs.forget()
    at(monkeypatch, BEGINS - 5 * DAY)
    mine(it, "reschedule", {"start": (BEGINS + 3 * DAY).isoformat()})
    mine(it, "cancel")
    assert of(it) == (0, 0, HUNDRED, 0, 0, 0)


def test_a_payment_recorded_by_mistake_is_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No visit is booked against a deposit that was not paid; the client is told until when."""
    it = a_booking()
    answer = pay(it)
    at(monkeypatch, lotus.NOW + MINUTE)
    entry = answer.body["entries"][0]["id"]
    assert money(it, "corrections", entry=entry, reason="mistake").status == 201
    after = visit(it.id)
    assert (after.status, after.held_until) == (Status.AWAITING_DEPOSIT, lotus.NOW + MINUTE + DAY)
    assert of(it) == (HUNDRED, 0, 0, 0, 0, 0)
    assert pay(it).status == 201
    assert visit(it.id).status is Status.BOOKED


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "nothing": ({"minor": 0}, 422, "invalid_amount"),
    "less than nothing": ({"minor": -1}, 422, "invalid_amount"),
    "a fraction": ({"minor": 99.5}, 422, "invalid_request"),
    "true": ({"minor": True}, 422, "invalid_request"),
    "in letters": ({"minor": "10000"}, 422, "invalid_request"),
    "more than anybody has": ({"minor": 10**13}, 422, "invalid_amount"),
    "another currency": ({"currency": "USD"}, 422, "another_currency"),
    "more than is asked": ({"minor": HUNDRED + 1}, 409, "above_balance"),
    "by Stripe, which a person cannot say": ({"means": "stripe"}, 422, "invalid_request"),
    "by barter": ({"means": "barter"}, 422, "invalid_request"),
    "of no visit": ({"appointment": "a-nobody"}, 404, "unknown_appointment"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_and_changes_nothing(case: str) -> None:
    said, status, code = BAD[case]
    it = a_booking()
    before = lotus.everything()
    assert is_problem(pay(it, **said), status, code)
    assert lotus.everything() == before


def test_another_businesss_or_another_clients_deposit_is_not_theirs() -> None:
    it = a_booking()
    before = lotus.everything()
    said = {"appointment": it.id, "minor": HUNDRED, "currency": "CNY", "means": "cash"}
    path = "POST /v1/desk/clients/%s/money/deposits"
    theirs = ask(clients_function.handler, path % it.client, said, role="staff", business="garage")
    assert is_problem(theirs, 404, "unknown_client")
    assert lotus.everything() == before
    lotus.known(replace(a_client(), email=None, consents=()))
    assert is_problem(ask(clients_function.handler, path % "c-1", said, role="staff"), 404, "unknown_appointment")
    assert is_problem(ask(clients_function.handler, path % it.client, said), 401, "sign_in_required")


def test_paid_in_parts_it_is_booked_with_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was paid of one that lapses goes back."""
    it, other = a_booking(), a_booking(BEGINS + 2 * HOUR)
    pay(it, 4_000)
    assert visit(it.id).status is Status.AWAITING_DEPOSIT
    pay(it, 6_000, "transfer")
    assert visit(it.id).status is Status.BOOKED
    pay(other, 4_000)
    at(monkeypatch, lotus.NOW + DAY)
    works(other)
    assert (visit(other.id).status, of(other)) == (Status.CANCELLED, (0, HUNDRED, 4_000, 0, 0, 0))


def test_paid_at_the_second_at_which_it_lapses_it_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second before it is in time, whether the clock has looked or not."""
    for late, code in ((-SECOND, None), (timedelta(0), "deposit_not_due")):
        at(monkeypatch, lotus.NOW)
        it = a_booking(BEGINS + (2 * HOUR if late else timedelta(0)))
        at(monkeypatch, lotus.NOW + DAY + late)
        assert pay(it).code == code


def test_paid_or_given_up_it_is_not_paid_again(monkeypatch: pytest.MonkeyPatch) -> None:
    it = a_paid_booking()
    assert pay(it).body["why"] == "paid"
    at(monkeypatch, lotus.NOW + HOUR)
    mine(it, "cancel")
    assert pay(it).body["why"] == "gone"


def test_a_payment_is_recorded_once_however_often_it_is_told() -> None:
    """By its own id; a second one of the same visit goes back."""
    it, salon = a_booking(), catalogs.load("lotus")

    def told(payment: str) -> DepositOutcome:
        change = Change(KEPT, clock.now())
        return deposit_received(salon, it.id, payment, Money(HUNDRED, "CNY"), Means.STRIPE, change).outcome

    assert [told("pi_1"), told("pi_1"), told("pi_2")] == [
        DepositOutcome.BOOKED,
        DepositOutcome.REPEATED,
        DepositOutcome.NOT_TAKEN,
    ]
    assert of(it)[1] == HUNDRED
    mine(it, "cancel")
    assert (told("pi_1"), of(it)[2], open_matters(it)) == (DepositOutcome.REPEATED, HUNDRED, [])


def test_another_sum_under_the_same_payment_is_refused() -> None:
    """Whoever tells of it has mixed something up; what was written down stays."""
    it, salon = a_booking(), catalogs.load("lotus")
    for minor, body in ((HUNDRED, "a"), (HUNDRED, "a"), (HUNDRED - 1, "b")):
        with nullcontext() if body == "a" else pytest.raises(KeyReused):
            change = Change(KEPT, clock.now(), key="k-1", body=body)
            deposit_received(salon, it.id, "pi_1", Money(minor, "CNY"), Means.STRIPE, change)
    assert of(it)[1] == HUNDRED


def test_let_off_once_also_when_what_remembers_answers_for_a_day_has_forgotten_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    it = a_paid_booking()
    at(monkeypatch, BEGINS + HOUR)
    desk(it, "no-show")
    said = {"appointment": it.id, "reason": "goodwill", "role": "owner", "key": KEY % 4}
    first = money(it, "deposit-waivers", **said)
    at(monkeypatch, BEGINS + 3 * DAY)
    again = money(it, "deposit-waivers", **said)
    assert (first.status, again.body["entries"]) == (201, first.body["entries"])
    assert of(it) == (0, 0, HUNDRED, 0, 0, 0)


def test_a_part_recorded_by_mistake_is_taken_back_and_the_visit_waits_as_it_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was not booked by a part; no more time is won, and it is taken back once under one key, however late."""
    it = a_booking()
    (line,) = pay(it, 4_000).body["entries"]
    before = visit(it.id)
    said = {"entry": line["id"], "reason": "mistake", "role": "manager", "key": KEY % 5}
    first = money(it, "corrections", **said)
    at(monkeypatch, lotus.NOW + 2 * DAY)
    again = money(it, "corrections", **said)
    assert (first.status, again.body["entries"]) == (201, first.body["entries"])
    assert visit(it.id) == before
    assert before.status is Status.AWAITING_DEPOSIT
    assert of(it) == (HUNDRED, 0, 0, 0, 0, 0)


def test_too_much_goes_back_whole() -> None:
    it, salon = a_booking(), catalogs.load("lotus")
    found = deposit_received(salon, it.id, "pi_1", Money(HUNDRED + 1, "CNY"), Means.STRIPE, Change(KEPT, clock.now()))
    assert (found.outcome, found.why, found.due) == (DepositOutcome.NOT_TAKEN, NotTaken.TOO_MUCH, HUNDRED)


def test_staff_book_without_one_where_they_say_why() -> None:
    """With one whatever the rules, and without one where these ask for none."""

    def desk_books(hour: int, **said: Any) -> Answer:
        body = {"service": "cut", "start": (BEGINS + hour * HOUR).isoformat(), "client": {"name": "Wu"}, **said}
        return ask(front_desk.handler, f"POST {DESK}", body, role="staff")

    assert desk_books(0).body["status"] == "awaiting_deposit"
    assert is_problem(desk_books(1, deposit=False), 422, "reason_required")
    assert desk_books(1, deposit=False, no_deposit_because="goodwill").body["status"] == "booked"
    salon, few = catalogs.load("lotus"), replace(RULES.deposits, of=AskedOf.STANDING)
    lotus.store(replace(salon, business=replace(salon.business, changes=replace(RULES, deposits=few))))
    catalogs.forget()
    assert [desk_books(2).body["status"], desk_books(3, deposit=True).body["status"]] == ["booked", "awaiting_deposit"]


def test_whoever_stands_before_the_desk_is_asked_for_none() -> None:
    body = {"service": "cut", "walk_in": True, "client": {"name": "Wu"}}
    assert ask(front_desk.handler, f"POST {DESK}", body, role="staff").body["status"] == "arrived"


def test_let_off_it_is_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """By anybody of the staff; what is lost only within their limit."""
    it = a_booking()
    assert money(it, "deposit-waivers", appointment=it.id, reason="goodwill").status == 201
    assert (visit(it.id).status, of(it)) == (Status.BOOKED, (0, 0, 0, 0, 0, 0))
    assert is_problem(money(it, "deposit-waivers", appointment=it.id, reason="goodwill"), 409, "deposit_not_lost")
    paid = a_paid_booking(BEGINS + 2 * HOUR)
    at(monkeypatch, BEGINS + 3 * HOUR)
    desk(paid, "no-show")
    assert is_problem(money(paid, "deposit-waivers", appointment=paid.id, reason="goodwill"), 403, "waiver_above_limit")
    said = money(paid, "deposit-waivers", appointment=paid.id, reason="goodwill", role="manager", key=KEY % 3)
    again = money(paid, "deposit-waivers", appointment=paid.id, reason="goodwill", role="manager", key=KEY % 3)
    assert (said.status, again.body["entries"]) == (201, said.body["entries"])
    assert of(paid) == (0, 0, HUNDRED, 0, 0, 0)


def test_the_notice_counts_real_hours_over_a_change_of_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In New York, where the clocks go forward in the night of 8 March 2026: 48 hours before Monday noon it is
    Saturday, 11:00."""
    garage = lotus.the_garage()
    lotus.store(replace(garage, business=replace(garage.business, changes=RULES)))
    noon = datetime.fromisoformat("2026-03-09T12:00:00-04:00")
    for late, comes_to in ((timedelta(0), (0, HUNDRED)), (SECOND, (HUNDRED, HUNDRED))):
        at(monkeypatch, lotus.NOW)
        body = {**CUT, "service": "brakes", "start": (noon + bool(late) * 2 * HOUR).isoformat()}
        answer = ask(booking.handler, "POST /v1/businesses/garage/appointments", body)
        assert answer.status == 201, answer.body
        it = appointments.load("garage", answer.body["id"])
        change = Change(KEPT, clock.now())
        deposit_received(catalogs.load("garage"), it.id, f"p-{late}", Money(HUNDRED, "USD"), Means.CASH, change)
        at(monkeypatch, it.starts - 48 * HOUR + late)
        bearer = tokens.manage_token(appointments.load("garage", it.id))
        assert ask(my_appointment.handler, f"POST {MINE}/cancel", {}, bearer=bearer).status == 200
        now = ledger.balance("garage", it.client, "USD")
        assert (-now.of(LedgerAccount.FORFEITED), now.to_pay_back) == comes_to


def test_what_staff_have_to_approve_waits_for_its_deposit_once_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked before they say yes, and nothing is booked before it is paid."""
    salon = catalogs.load("lotus")
    catalogs.put("lotus", [replace(salon.services["cut"], approval=True)])
    catalogs.forget()
    it = visit(book().body["id"])
    assert (it.status, of(it), stages(it)) == (Status.ASKED_FOR, (0, 0, 0, 0, 0, 0), ["asked_for"])
    at(monkeypatch, lotus.NOW + HOUR)
    requests.approve(catalogs.load("lotus"), it.id, Change(Actor("staff", "mei"), clock.now()))
    after = visit(it.id)
    assert (after.status, after.held_until) == (Status.AWAITING_DEPOSIT, lotus.NOW + HOUR + DAY)
    assert (of(it)[0], stages(it)) == (HUNDRED, ["asked_for", "deposit_asked"])
    assert pay(it).status == 201
    assert (visit(it.id).status, stages(it)) == (Status.BOOKED, ["asked_for", "confirmation", "deposit_asked"])


ASKED, FIRST = BEGINS - HOUR, BEGINS + 3 * DAY
UNPAID_MOVES: dict[str, tuple[timedelta, bool, datetime, datetime]] = {
    "by its client, further away": (HOUR, True, FIRST + 3 * DAY, ASKED + DAY),
    "by its client, nearer": (HOUR, True, BEGINS + 4 * HOUR, BEGINS + 2 * HOUR),
    "by its client, so near that a quarter of an hour is left": (HOUR, True, BEGINS + 2 * HOUR, BEGINS + 15 * MINUTE),
    "by its client, in its last second": (DAY - SECOND, True, FIRST + DAY, ASKED + DAY - SECOND + 15 * MINUTE),
    "by us, who give another day": (HOUR, False, FIRST + 3 * DAY, BEGINS + DAY),
    "by us, nearer": (HOUR, False, BEGINS + 4 * HOUR, BEGINS + 2 * HOUR),
}


@pytest.mark.parametrize("case", UNPAID_MOVES)
def test_what_waits_for_its_deposit_is_moved_with_it(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """The slot and what is due go along; the time to pay counts from when it was asked, so no move wins another day,
    but for one of ours. The desk reads it before it moves. The client is told, and paying books the new time."""
    later, by_client, starts, until = UNPAID_MOVES[case]
    at(monkeypatch, ASKED)
    it = a_booking(FIRST)
    at(monkeypatch, ASKED + later)
    would = desk(it, "move-preview", {"start": starts.isoformat(), "for_client": by_client}).body
    assert (datetime.fromisoformat(would["pay_until"]), would["deposit"]) == (until, None)
    answer = (mine if by_client else desk)(it, "reschedule", {"start": starts.isoformat()})
    assert answer.status == 200, answer.body
    after = visit(it.id)
    assert (after.status, after.starts, after.held_until) == (Status.AWAITING_DEPOSIT, starts, until)
    assert (of(it), after.late, after.version) == ((HUNDRED, 0, 0, 0, 0, 0), False, 2)
    assert stages(it) == ["deposit_asked", "rescheduled"]
    at(monkeypatch, until - SECOND)
    assert pay(it).status == 201
    assert (visit(it.id).status, visit(it.id).starts, of(it)[:2]) == (Status.BOOKED, starts, (0, HUNDRED))
    assert book(FIRST).status == 201


def test_moved_and_unpaid_it_lapses_at_its_new_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    it = a_booking()
    at(monkeypatch, lotus.NOW + HOUR)
    assert desk(it, "reschedule", {"start": (BEGINS + DAY).isoformat()}).status == 200
    for late, status in ((-SECOND, Status.AWAITING_DEPOSIT), (timedelta(0), Status.CANCELLED)):
        at(monkeypatch, lotus.NOW + HOUR + DAY + late)
        works(it)
        assert visit(it.id).status is status
    assert of(it) == (0, 0, 0, 0, 0, 0)


def test_once_its_time_to_pay_is_over_it_is_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the clock has looked or not; and by its client no more often than any other."""
    it = a_booking()
    for n in range(1, 4):
        assert mine(it, "reschedule", {"start": (BEGINS + n * DAY).isoformat()}).status == 200
    assert is_problem(mine(it, "reschedule", {"start": BEGINS.isoformat()}), 409, "reschedule_limit")
    at(monkeypatch, lotus.NOW + DAY)
    assert is_problem(desk(it, "reschedule", {"start": BEGINS.isoformat()}), 409, "answered_too_late")


def test_a_deposit_is_for_the_date_for_which_it_was_paid() -> None:
    """What was moved before it was paid counts from there: three days from that date it goes along."""
    it = a_booking()
    assert mine(it, "reschedule", {"start": (BEGINS + 2 * DAY).isoformat()}).status == 200
    assert pay(it).status == 201
    assert mine(it, "reschedule", {"start": (BEGINS + 5 * DAY).isoformat()}).status == 200
    mine(it, "cancel")
    assert of(it) == (0, 0, HUNDRED, 0, 0, 0)
