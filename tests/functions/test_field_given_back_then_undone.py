"""Part of a deposit that was lost or kept is given back, and then the step that lost or kept it is taken back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kept.booking.appointment import Appointment
from kept.business.catalog import Money
from kept.storage import catalogs
from tests import lotus
from tests.asking import Answer
from tests.builders import CHECKS_IN, CUT
from tests.functions.test_field_deposits import (
    BEGINS,
    HOUR,
    HUNDRED,
    RULES,
    a_paid_booking,
    at,
    balance,
    desk,
    mine,
    money,
    visit,
)  # fmt: skip
from tests.money_recounted import money_differs

Act = Callable[[Appointment], Answer]


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    at(monkeypatch, lotus.NOW)
    a_salon_at(None)
    yield
    assert money_differs() == []


def a_salon_at(price: Money | None) -> None:
    salon = lotus.the_salon()
    business = replace(salon.business, attendance=CHECKS_IN, changes=RULES)
    lotus.store(replace(salon, business=business, services={**salon.services, "cut": replace(CUT, price=price)}))
    catalogs.forget()


def given(minor: int, means: str = "cash") -> Act:
    """Of what was lost or kept, by an owner."""
    said: dict[str, Any] = {"minor": minor, "currency": "CNY", "means": means, "reason": "goodwill", "role": "owner"}
    return lambda it: money(it, "refunds", appointment=it.id, **said)


def handed(minor: int) -> Act:
    """Of what is theirs again."""
    said: dict[str, Any] = {"minor": minor, "currency": "CNY", "means": "cash"}
    return lambda it: money(it, "deposit-returns", appointment=it.id, **said)


def back(why: str) -> Act:
    return lambda it: desk(it, "reverse-no-show", {"reason": why})


def undo(it: Appointment) -> Answer:
    return desk(it, "undo")


def cancel(it: Appointment) -> Answer:
    return mine(it, "cancel")


def missed(it: Appointment) -> Answer:
    return desk(it, "no-show")


def came(it: Appointment) -> Answer:
    return desk(it, "check-in")


def of(it: Appointment) -> tuple[int, int, int, int]:
    """Held, to be paid back, lost or kept less what was given back, owed."""
    now = balance(it)
    return now.deposit, now.to_pay_back, now.earned - now.waived, now.owed


CASES: dict[str, tuple[timedelta, list[Act], tuple[int, int, int, int]]] = {
    "lost by a late cancellation, undone": (-HOUR, [cancel, given(2_000), undo], (8_000, 0, 0, 0)),
    "given as credit": (-HOUR, [cancel, given(2_000, "credit"), undo], (8_000, 0, 0, 0)),
    "given in slices": (-HOUR, [cancel, given(500), given(1_500), undo], (8_000, 0, 0, 0)),
    "a fen": (-HOUR, [cancel, given(1), undo], (HUNDRED - 1, 0, 0, 0)),
    "all but a fen": (-HOUR, [cancel, given(HUNDRED - 1), undo], (1, 0, 0, 0)),
    "all of it": (-HOUR, [cancel, given(HUNDRED), undo], (0, 0, 0, 0)),
    "missed, and our fault": (HOUR, [missed, given(2_000), back("our_fault")], (0, 8_000, 0, 0)),
    "missed, and an emergency": (HOUR, [missed, given(2_000), back("emergency")], (0, 8_000, 0, 0)),
    "missed, and came after all": (HOUR, [missed, given(2_000), back("came_after_all")], (0, 0, 8_000, 0)),
    "missed by mistake": (HOUR, [missed, given(2_000), undo], (8_000, 0, 0, 0)),
    "missed by mistake, and missed": (HOUR, [missed, given(2_000), undo, missed], (0, 0, 8_000, 0)),
    "came, by mistake": (HOUR, [came, given(2_000), undo], (8_000, 0, 0, 0)),
    "came, by mistake, and missed": (HOUR, [came, given(2_000), undo, missed], (0, 0, 8_000, 0)),
    "came, by mistake, and came": (HOUR, [came, given(2_000), undo, came], (0, 0, 8_000, 0)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_not_given_back_goes_with_the_visit(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """And the visit stands with as much as is held, which is what its client reads of it."""
    when, acts, stands = CASES[case]
    it = a_paid_booking()
    at(monkeypatch, BEGINS + when)
    assert [act(it).status // 100 for act in acts] == [2] * len(acts)
    assert of(it) == stands
    after = visit(it.id)
    if after.is_expected:
        assert after.accepted is not None
        assert after.accepted.deposit == stands[0]


REST: dict[str, tuple[list[Act], int]] = {
    "not handed back yet": ([came, undo], HUNDRED),
    "handed back": ([came, handed(4_000), undo], 6_000),
    "handed back, and there again": ([came, handed(4_000), undo, came, undo], 6_000),
}


@pytest.mark.parametrize("case", REST)
def test_what_was_more_than_the_price_and_handed_back_is_not_held_again(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """A visit of 60 yuan, for which 100 were paid."""
    acts, held = REST[case]
    a_salon_at(Money(6_000, "CNY"))
    it = a_paid_booking()
    at(monkeypatch, BEGINS)
    assert [act(it).status // 100 for act in acts] == [2] * len(acts)
    after = visit(it.id)
    assert after.accepted is not None
    assert (balance(it).deposit, after.accepted.deposit) == (held, held)
