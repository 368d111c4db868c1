"""Money moves once: the same request from many at once, many requests for the same money, and one killed in between."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kept.business.loyalty_rules import PointsRules
from kept.business.money_rules import MoneyRules
from tests.asking import Answer
from tests.builders import STARTS, a_catalog, a_client, an_appointment
from tests.local.processes import Lab, Stop

pytestmark = pytest.mark.stack

NOW = STARTS + timedelta(hours=1)
COMMIT = "TransactWriteItems"
CALLERS = 5


@pytest.fixture(autouse=True)
def _owes(lab: Lab) -> None:
    """Li Na owes 100 yuan for a-1, of which staff may let go of 30."""
    salon = a_catalog()
    salon = replace(salon, business=replace(salon.business, money=MoneyRules(staff_waives=3_000)))
    lab.run("anew", salon, a_client(), an_appointment("a-1"))
    assert lab.run("charge", an_appointment("a-1"), 10_000, NOW)


def asks(what: str, *, key: str, now: Any = NOW, **said: Any) -> tuple[Any, ...]:
    told = {"currency": "CNY"} | said
    route = f"POST /v1/desk/clients/c-1/money/{what}"
    return "request", "clients", now, route, told, key, "", "10.0.3.1", "staff"


def codes(answers: Iterable[Answer]) -> Counter[tuple[int, str | None]]:
    return Counter((answer.status, answer.code) for answer in answers)


def paid(key: str, minor: int = 4_000, **more: Any) -> tuple[Any, ...]:
    return asks("payments", key=key, minor=minor, means="cash", **more)


def test_one_payment_under_one_key_is_one_line_however_many_send_it_at_once(lab: Lab) -> None:
    answers = lab.together([paid("the-same-payment")] * CALLERS)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["entries"][0]["id"] for answer in answers}) == 1
    assert lab.run("money", "c-1") == (6_000, 0, [("paid", 4_000), ("fee", 10_000)])


def test_of_many_payments_for_what_is_owed_no_more_are_taken_than_is_owed(lab: Lab) -> None:
    """All have found room for theirs before one of them writes."""
    with lab.wire.meeting(COMMIT, of=CALLERS):
        answers = lab.together([paid(f"payment-{n}") for n in range(CALLERS)])
    assert codes(answers) == {(201, None): 2, (409, "above_balance"): 3}
    owed, _, lines = lab.run("money", "c-1")
    assert (owed, Counter(what for what, _ in lines)) == (2_000, {"paid": 2, "fee": 1})


def test_of_two_waivers_that_are_too_much_together_one_is_refused(lab: Lab) -> None:
    waives = [asks("waivers", key=f"waiver-{n}", minor=2_000, appointment="a-1", reason="goodwill") for n in range(2)]
    with lab.wire.meeting(COMMIT, of=2):
        answers = lab.together(waives)
    assert codes(answers) == {(201, None): 1, (403, "waiver_above_limit"): 1}
    assert lab.run("money", "c-1")[:2] == (8_000, 2_000)


def test_a_visit_is_charged_once_by_whoever_finds_it_missed_first(lab: Lab) -> None:
    moved = replace(an_appointment("a-1"), version=2)
    with lab.wire.meeting(COMMIT, of=2):
        charged = lab.together([("charge", moved, 500, NOW)] * 2)
    assert sorted(charged) == [False, True]
    assert lab.run("charge", moved, 500, NOW) is False
    assert lab.run("money", "c-1")[0] == 10_500


@pytest.mark.parametrize("reached", [False, True], ids=["before the write", "after it"])
def test_a_payment_that_is_killed_is_there_once_when_it_is_sent_again(lab: Lab, reached: bool) -> None:
    """By then nobody waits any more for the answer of the first."""
    lab.killed(Stop(COMMIT, 1, reached), *paid("killed-payment"))
    assert len(lab.run("money", "c-1")[2]) == (2 if reached else 1)
    (answer,) = lab.together([paid("killed-payment", now=NOW + timedelta(minutes=2))])
    assert answer.status == 201
    assert lab.run("money", "c-1") == (6_000, 0, [("paid", 4_000), ("fee", 10_000)])


OFFER = {"points": 20, "minor": 500}


def bought(key: str, **more: Any) -> tuple[Any, ...]:
    return asks("points", key=key, **(OFFER | more))


@pytest.fixture
def _has_points(lab: Lab) -> None:
    """Fifty, of which twenty buy five yuan."""
    salon = a_catalog()
    rules = PointsRules(per_visit=10, price=20, credit=500)
    lab.run("anew", replace(salon, business=replace(salon.business, points=rules)), a_client(), an_appointment("a-1"))
    lab.run("give_points", "c-1", 50, NOW)


@pytest.mark.usefixtures("_has_points")
def test_points_buy_once_under_one_key_however_many_send_it_at_once(lab: Lab) -> None:
    answers = lab.together([bought("the-same-exchange")] * CALLERS)
    assert {answer.status for answer in answers} == {201}
    assert lab.run("points", "c-1") == (30, 500)


@pytest.mark.usefixtures("_has_points")
def test_of_many_exchanges_no_more_are_made_than_there_are_points(lab: Lab) -> None:
    """All have found enough before one of them writes."""
    with lab.wire.meeting(COMMIT, of=CALLERS):
        answers = lab.together([bought(f"exchange-{n}") for n in range(CALLERS)])
    assert codes(answers) == {(201, None): 2, (409, "above_balance"): 3}
    assert lab.run("points", "c-1") == (10, 1_000)


@pytest.mark.usefixtures("_has_points")
@pytest.mark.parametrize("reached", [False, True], ids=["before the write", "after it"])
def test_an_exchange_that_is_killed_is_there_once_when_it_is_sent_again(lab: Lab, reached: bool) -> None:
    lab.killed(Stop(COMMIT, 1, reached), *bought("killed-exchange"))
    (answer,) = lab.together([bought("killed-exchange", now=NOW + timedelta(minutes=2))])
    assert answer.status == 201
    assert lab.run("points", "c-1") == (30, 500)
