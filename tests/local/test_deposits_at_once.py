"""A deposit is received once, and its visit booked by it or given up, whoever comes at once or is killed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.history import AWAITING_DEPOSIT
from kept.booking.states import Status
from kept.business.change_rules import Terms
from tests.asking import Answer
from tests.builders import STARTS, a_catalog, a_client, an_appointment
from tests.local.processes import Lab, Stop

pytestmark = pytest.mark.stack

COMMIT = "TransactWriteItems"
CALLERS = 4
UNTIL = STARTS - timedelta(hours=24)
NOW = UNTIL - timedelta(seconds=1)
TERMS = Terms(timedelta(hours=48), timedelta(minutes=15), currency="CNY", deposit=10_000)
PAID = [("deposit_asked", 10_000), ("paid", 10_000)]


@pytest.fixture(autouse=True)
def _waits(lab: Lab) -> None:
    """Li Na's visit waits for 100 yuan until a day before it starts."""
    booked = an_appointment("a-1")
    visit = replace(booked, accepted=TERMS, status=Status.AWAITING_DEPOSIT, held_until=UNTIL, history=())
    visit = visit.noted(AWAITING_DEPOSIT, Change(CLIENT, booked.booked_at))
    lab.run("anew", a_catalog(), a_client(), visit)
    lab.run("ask_deposit", visit, booked.booked_at)


def pays(key: str, minor: int = 10_000, now: Any = NOW) -> tuple[Any, ...]:
    told = {"currency": "CNY", "appointment": "a-1", "means": "cash", "minor": minor}
    route = "POST /v1/desk/clients/c-1/money/deposits"
    return "request", "clients", now, route, told, key, "", "10.0.3.1", "staff"


def lapses() -> tuple[Any, ...]:
    return "work", "attendance_worker", UNTIL, ("lotus", "a-1")


def codes(answers: Iterable[Answer]) -> Counter[tuple[int, str | None]]:
    return Counter((answer.status, answer.code) for answer in answers)


def lines(lab: Lab) -> list[tuple[str, int]]:
    return sorted(lab.run("money", "c-1")[2])


def visit(lab: Lab) -> Appointment:
    (found,) = lab.run("everything")[0]
    assert isinstance(found, Appointment)
    return found


def told(lab: Lab) -> list[str]:
    return sorted(message.stage for message in lab.run("everything")[1])


def test_one_payment_under_one_key_is_one_line_however_many_send_it_at_once(lab: Lab) -> None:
    answers = lab.together([pays("the-same-payment")] * CALLERS)
    assert {answer.status for answer in answers} == {201}
    assert (visit(lab).status, lines(lab), told(lab)) == (Status.BOOKED, PAID, ["confirmation"])


def test_of_many_payments_one_is_taken(lab: Lab) -> None:
    """The others are told that it is paid, and whoever took the money gives it back."""
    with lab.wire.meeting(COMMIT, of=CALLERS):
        answers = lab.together([pays(f"payment-{n}") for n in range(CALLERS)])
    assert codes(answers) == {(201, None): 1, (409, "deposit_not_due"): CALLERS - 1}
    assert (visit(lab).status, lines(lab), told(lab)) == (Status.BOOKED, PAID, ["confirmation"])


def test_in_parts_at_once_the_last_one_books(lab: Lab) -> None:
    with lab.wire.meeting(COMMIT, of=2):
        answers = lab.together([pays("half-payment-1", 5_000), pays("half-payment-2", 5_000)])
    assert codes(answers) == {(201, None): 2}
    assert (visit(lab).status, told(lab)) == (Status.BOOKED, ["confirmation"])


def test_of_a_payment_and_the_lapse_at_the_same_instant_exactly_one_wins(lab: Lab) -> None:
    """Nobody has paid for a slot that is gone, and no slot is gone that was paid for."""
    with lab.wire.meeting(COMMIT, of=2):
        paid, _ = lab.together([pays("a-payment"), lapses()])
    if paid.status == 201:
        assert (visit(lab).status, lines(lab), told(lab)) == (Status.BOOKED, PAID, ["confirmation"])
    else:
        assert paid.code == "deposit_not_due"
        assert (visit(lab).status, lab.run("money", "c-1")[0], told(lab)) == (Status.CANCELLED, 0, ["declined"])
        assert ("paid", 10_000) not in lines(lab)


@pytest.mark.parametrize("reached", [False, True], ids=["before the write", "after it"])
def test_a_payment_that_is_killed_is_there_once_when_it_is_sent_again(lab: Lab, reached: bool) -> None:
    """With its booking and its confirmation, or not at all."""
    lab.killed(Stop(COMMIT, 1, reached), *pays("killed-payment", now=NOW - timedelta(minutes=5)))
    assert (visit(lab).status is Status.BOOKED) is reached
    (answer,) = lab.together([pays("killed-payment")])
    assert answer.status == 201
    assert (visit(lab).status, lines(lab), told(lab)) == (Status.BOOKED, PAID, ["confirmation"])
