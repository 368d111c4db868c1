"""A deposit goes towards the price: of one that is more than it the client has the rest back once they came."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from kept.booking.appointment import Appointment
from kept.business.catalog import Money
from kept.business.money_rules import MoneyRules
from kept.ledger.accounts import LedgerAccount
from kept.storage import catalogs, follow_ups
from tests import lotus
from tests.builders import CHECKS_IN, CUT
from tests.functions.test_field_deposits import BEGINS, HUNDRED, RULES, a_booking, at, balance, desk, money, pay, visit
from tests.money_recounted import money_differs


@pytest.fixture(autouse=True)
def _sound() -> Iterator[None]:
    yield
    assert money_differs() == []


def a_salon_at(price: Money | None) -> None:
    """That asks everybody for 100 yuan, whatever a cut costs."""
    salon = lotus.the_salon()
    business = replace(salon.business, attendance=CHECKS_IN, changes=RULES, money=MoneyRules(3_000, None))
    services = {**salon.services, "cut": replace(CUT, price=price)}
    lotus.store(replace(salon, business=business, services=services))
    catalogs.forget()


def came(it: Appointment) -> Any:
    return desk(it, "check-in")


def of(it: Appointment) -> tuple[int, int, int, int]:
    """Went towards the price, to be paid back, credit, still held."""
    now = balance(it)
    return -now.of(LedgerAccount.APPLIED), now.to_pay_back, now.credit, now.deposit


PRICES: dict[str, tuple[Money | None, tuple[int, int, int, int]]] = {
    "no price is known": (None, (HUNDRED, 0, 0, 0)),
    "it costs more": (Money(12_800, "CNY"), (HUNDRED, 0, 0, 0)),
    "it costs as much": (Money(HUNDRED, "CNY"), (HUNDRED, 0, 0, 0)),
    "a fen more": (Money(HUNDRED + 1, "CNY"), (HUNDRED, 0, 0, 0)),
    "a fen less": (Money(HUNDRED - 1, "CNY"), (HUNDRED - 1, 1, 0, 0)),
    "half of it": (Money(5_000, "CNY"), (5_000, 5_000, 0, 0)),
    "a fen": (Money(1, "CNY"), (1, HUNDRED - 1, 0, 0)),
    "nothing": (Money(0, "CNY"), (0, HUNDRED, 0, 0)),
}


@pytest.mark.parametrize("case", PRICES)
def test_no_more_of_a_deposit_is_kept_than_the_visit_costs(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """The rest is somebody's to hand back."""
    price, stands = PRICES[case]
    at(monkeypatch, lotus.NOW)
    a_salon_at(price)
    it = a_booking()
    assert pay(it).status == 201
    at(monkeypatch, BEGINS)
    assert came(it).status == 200
    assert of(it) == stands
    assert len([one for one in follow_ups.board("lotus").follow_ups if one.cause == "deposit_back"]) == (stands[1] > 0)


def a_fee_less_visit(monkeypatch: pytest.MonkeyPatch, **paid: int) -> Appointment:
    """At 60 yuan, with 100 paid, and its client there."""
    at(monkeypatch, lotus.NOW)
    a_salon_at(Money(6_000, "CNY"))
    it = a_booking()
    if "credit" in paid:
        given = money(it, "credits", minor=paid["credit"], currency="CNY", reason="goodwill", role="owner")
        assert given.status == 201
    for means, minor in paid.items():
        assert pay(it, minor, means).status == 201
    at(monkeypatch, BEGINS)
    assert came(it).status == 200
    return visit(it.id)


def hand_back(it: Appointment, minor: int, means: str = "cash") -> int:
    return money(it, "deposit-returns", appointment=it.id, minor=minor, currency="CNY", means=means).status


AFTER: dict[str, tuple[dict[str, int], list[Callable[[Appointment], object]], tuple[int, int, int, int]]] = {
    "paid from credit the rest is credit": ({"credit": HUNDRED}, [], (6_000, 0, 4_000, 0)),
    "paid in two ways credit comes first": ({"credit": 3_000, "cash": 7_000}, [], (6_000, 1_000, 3_000, 0)),
    "handed back": ({"cash": HUNDRED}, [lambda it: hand_back(it, 4_000)], (6_000, 0, 0, 0)),
    "handed back as credit": ({"cash": HUNDRED}, [lambda it: hand_back(it, 4_000, "credit")], (6_000, 0, 4_000, 0)),
    "no more than the rest": ({"cash": HUNDRED}, [lambda it: hand_back(it, 4_001)], (6_000, 4_000, 0, 0)),
    "they were not there after all": (
        {"cash": HUNDRED},
        [lambda it: desk(it, "undo")],
        (0, 0, 0, HUNDRED),
    ),
    "there, not there, and there": (
        {"cash": HUNDRED},
        [lambda it: desk(it, "undo"), came],
        (6_000, 4_000, 0, 0),
    ),
}


@pytest.mark.parametrize("case", AFTER)
def test_the_rest_is_theirs_whatever_comes_then(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """And a step that is taken back takes it along."""
    paid, acts, stands = AFTER[case]
    it = a_fee_less_visit(monkeypatch, **paid)
    for act in acts:
        act(it)
    assert of(it) == stands
