"""A deposit from the booking to its end: asked, paid by hand, kept, lost, given back; by every door, in the write that
causes it, and taken back with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import attendance_worker
import booking
import clients as clients_function
import front_desk
import my_appointment
from kept import clock
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.change_rules import ChangeRules, Charge, DepositRules
from kept.business.money_rules import MoneyRules
from kept.client_links import tokens
from kept.ledger.balance import Balance
from kept.storage import appointments, ledger, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN
from tests.refusing import CUT, DESK, MINE
from tests.stopping import records

HOUR, MINUTE, SECOND, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
RULES = ChangeRules(
    late_fee=Charge(minor=12_000), missed_fee=Charge(minor=8_000), deposits=DepositRules(charge=Charge(minor=10_000))
)
BEGINS = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
HUNDRED = 10_000
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A salon that asks everybody for a deposit of 100 yuan."""
    at(monkeypatch, lotus.NOW)
    salon = lotus.the_salon()
    business = replace(
        salon.business, attendance=CHECKS_IN, changes=RULES, money=MoneyRules(3_000, None), deposit_text="By WeChat."
    )
    lotus.store(replace(salon, business=business))
    lotus.store(lotus.the_garage())


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
    from kept.ledger.accounts import LedgerAccount

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
