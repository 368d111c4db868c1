"""What was accepted in one currency is charged, held, paid and let go of in that, whatever the business counts in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import clients as clients_function
from kept.booking.appointment import Appointment
from kept.business.catalog import Money
from kept.business.money_rules import MoneyRules
from kept.ledger.balance import Balance
from kept.storage import catalogs, ledger
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, CUT
from tests.functions.test_field_deposits import BEGINS, DAY, HOUR, HUNDRED, RULES, a_booking, at, desk, mine, pay, visit
from tests.money_recounted import money_differs

FEE = 12_000


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    at(monkeypatch, lotus.NOW)
    yield
    assert money_differs() == []


def a_salon(currency: str = "CNY", price: Money | None = None) -> None:
    salon = lotus.the_salon()
    business = replace(salon.business, attendance=CHECKS_IN, changes=RULES, money=MoneyRules(3_000, None))
    services = {**salon.services, "cut": replace(CUT, price=price)}
    lotus.store(replace(salon, business=replace(business, currency=currency), services=services))
    catalogs.forget()


def balance(it: Appointment, currency: str) -> Balance:
    return ledger.balance("lotus", it.client, currency)


def money(it: Appointment, what: str, **said: Any) -> Answer:
    route = f"POST /v1/desk/clients/{it.client}/money/{what}"
    return ask(clients_function.handler, route, {"appointment": it.id} | said, role="owner")


def owed(it: Appointment) -> dict[str, int]:
    """By currency, where there is any."""
    return {coin: minor for coin in ("CNY", "USD", "JPY", "KWD") if (minor := balance(it, coin).owed)}


def cancel_late(monkeypatch: pytest.MonkeyPatch, it: Appointment) -> None:
    at(monkeypatch, BEGINS - HOUR)
    assert mine(it, "cancel").status == 200


def dear(currency: str) -> Money:
    return Money(50_000, currency)


FEES: dict[str, tuple[tuple[str, Money | None], str | None, dict[str, int]]] = {
    "the business's own": (("CNY", None), None, {"CNY": FEE}),
    "a price in its own": (("CNY", dear("CNY")), None, {"CNY": FEE}),
    "a price in dollars": (("CNY", dear("USD")), None, {"USD": FEE}),
    "a price in yen, which has no smaller coin": (("CNY", dear("JPY")), None, {"JPY": FEE}),
    "a price in dinars of thousand fils": (("CNY", dear("KWD")), None, {"KWD": FEE}),
    "the business counts in yen by then": (("CNY", None), "JPY", {"CNY": FEE}),
    "the business counts in dinars by then": (("CNY", None), "KWD", {"CNY": FEE}),
    "priced, and it counts in yen by then": (("CNY", dear("CNY")), "JPY", {"CNY": FEE}),
    "priced in dollars, and it counts in dollars by then": (("CNY", dear("USD")), "USD", {"USD": FEE}),
    "it counts in dollars, priced in its own of before": (("USD", dear("CNY")), None, {"CNY": FEE}),
}


@pytest.mark.parametrize("case", FEES)
def test_a_fee_is_owed_in_the_currency_in_which_it_was_accepted(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """And taken back in that; never the same figure in another."""
    (currency, price), later, fees = FEES[case]
    a_salon(currency, price)
    it = a_booking()
    if it.accepted and it.accepted.deposit:
        assert money(it, "deposit-waivers", reason="goodwill").status == 201
    if later:
        a_salon(later)
    cancel_late(monkeypatch, it)
    assert owed(it) == fees
    assert desk(it, "undo").status == 200
    assert owed(it) == {}


PAID: dict[str, tuple[str, dict[str, Any], dict[str, int]]] = {
    "paid in that": ("payments", {"minor": FEE, "currency": "USD", "means": "cash"}, {}),
    "paid in part": ("payments", {"minor": 5_000, "currency": "USD", "means": "transfer"}, {"USD": 7_000}),
    "paid in the business's": ("payments", {"minor": FEE, "currency": "CNY", "means": "cash"}, {"USD": FEE}),
    "paid in a third": ("payments", {"minor": FEE, "currency": "JPY", "means": "cash"}, {"USD": FEE}),
    "more than it was": ("payments", {"minor": FEE + 1, "currency": "USD", "means": "cash"}, {"USD": FEE}),
    "by a credit of another": ("payments", {"minor": 100, "currency": "USD", "means": "credit"}, {"USD": FEE}),
    "let go of": ("waivers", {"minor": FEE, "currency": "USD", "reason": "goodwill"}, {}),
    "let go of in the business's": ("waivers", {"minor": FEE, "currency": "CNY", "reason": "goodwill"}, {"USD": FEE}),
    "let go of in part": ("waivers", {"minor": 1, "currency": "USD", "reason": "emergency"}, {"USD": FEE - 1}),
    "given back before it was paid": (
        "refunds",
        {"minor": 1, "currency": "USD", "reason": "goodwill", "means": "cash"},
        {"USD": FEE},
    ),
}


@pytest.mark.parametrize("case", PAID)
def test_what_is_owed_for_a_visit_is_settled_in_its_own_currency(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """What is said in another is refused, and changes nothing."""
    what, said, left = PAID[case]
    a_salon("CNY", dear("USD"))
    it = a_booking()
    given = ask(
        clients_function.handler,
        f"POST /v1/desk/clients/{it.client}/money/credits",
        {"minor": 500, "currency": "CNY", "reason": "goodwill"},
        role="owner",
    )
    assert given.status == 201
    cancel_late(monkeypatch, it)
    before = lotus.everything()
    answer = money(it, what, **said)
    assert owed(it) == left
    if left == {"USD": FEE}:
        assert answer.code in ("another_currency", "above_balance")
        assert lotus.everything() == before
    shown = ask(clients_function.handler, f"GET /v1/desk/clients/{it.client}/money/visits/{it.id}", role="staff").body
    assert (shown["owed"], shown["balance"]["currency"]) == (left.get("USD", 0), "USD")


ENDS: dict[str, tuple[timedelta, Callable[[Appointment], Answer], tuple[int, int, int]]] = {
    "cancelled in time": (-3 * DAY, lambda it: mine(it, "cancel"), (0, HUNDRED, 0)),
    "cancelled too late": (-HOUR, lambda it: mine(it, "cancel"), (0, 0, FEE - HUNDRED)),
    "cancelled by us": (-HOUR, lambda it: desk(it, "cancel", {"reason": "other"}), (0, HUNDRED, 0)),
    "missed": (HOUR, lambda it: desk(it, "no-show"), (0, 0, 0)),
    "came": (0 * HOUR, lambda it: desk(it, "check-in"), (0, 0, 0)),
}


@pytest.mark.parametrize("case", ENDS)
@pytest.mark.parametrize("later", ["JPY", "KWD"])
def test_a_deposit_ends_in_the_currency_in_which_it_was_paid(
    monkeypatch: pytest.MonkeyPatch, later: str, case: str
) -> None:
    """Nothing of it is left held because the business counts in another by then; nothing is written in that."""
    when, act, stands = ENDS[case]
    a_salon()
    it = a_booking()
    assert pay(it).status == 201
    a_salon(later)
    at(monkeypatch, BEGINS + when)
    assert act(visit(it.id)).status == 200
    now = balance(it, "CNY")
    assert (now.deposit, now.to_pay_back, now.owed) == stands
    assert balance(it, later).totals == {}


@pytest.mark.parametrize(("currency", "status"), [("CNY", 201), ("JPY", 422)])
def test_a_deposit_that_is_due_is_paid_in_the_currency_in_which_it_was_asked(currency: str, status: int) -> None:
    """Though the business counts in yen by then."""
    a_salon()
    it = a_booking()
    a_salon("JPY")
    assert pay(it, currency=currency).status == status
    assert balance(it, "CNY").deposit == (HUNDRED if status == 201 else 0)
