"""What no line of a ledger can be made of: a table of sums, reasons and visits, whoever asks for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kept.business.catalog import Money
from kept.business.money_rules import MOST
from kept.errors import ReasonRequired
from kept.ledger import acts
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance, Statement, statement
from kept.ledger.refusals import AboveBalance, AnotherCurrency, InvalidAmount, UnknownReason
from kept.ledger.transaction import MoneyAct, Posting, Transaction
from kept.reasons import Code, Reason, because
from tests.builders import STARTS

HOW = Occasion("c-1#a-1#fee", "staff:mei", STARTS, STARTS.date(), "a-1", because(Code.MONEY_GOODWILL))
NOTHING = statement(Balance("lotus", "c-1", "CNY"), None)


def owing(minor: int) -> Statement:
    """Of a client alone, without a visit."""
    line = acts.fee(NOTHING, HOW, Money(minor, "CNY"))
    return statement(NOTHING.client.after(line), None)


SUMS: dict[str, tuple[Any, type[Exception]]] = {
    "nothing": (Money(0, "CNY"), InvalidAmount),
    "less than nothing": (Money(-1, "CNY"), InvalidAmount),
    "more than any business takes": (Money(MOST + 1, "CNY"), InvalidAmount),
    "half a cent": (Money(0.5, "CNY"), InvalidAmount),  # type: ignore[arg-type]
    "a whole number of another kind": (Money(5.0, "CNY"), InvalidAmount),  # type: ignore[arg-type]
    "yes": (Money(True, "CNY"), InvalidAmount),
    "words": (Money("5", "CNY"), InvalidAmount),  # type: ignore[arg-type]
    "another currency": (Money(5, "USD"), AnotherCurrency),
    "a currency in small letters": (Money(5, "cny"), AnotherCurrency),
    "points": (Money(5, acts.POINTS), AnotherCurrency),
}
ACTS: dict[str, Callable[[Money], object]] = {
    "a fee": lambda it: acts.fee(NOTHING, HOW, it),
    "a credit": lambda it: acts.credited(NOTHING, HOW, it),
    "a payment": lambda it: acts.paid(owing(MOST), HOW, it, Means.CASH),
    "a waiver": lambda it: acts.waived(owing(MOST), HOW, it),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("case", SUMS)
def test_only_a_whole_sum_in_the_business_s_own_money_is_written(act: str, case: str) -> None:
    money, refusal = SUMS[case]
    with pytest.raises(refusal):
        ACTS[act](money)


WHY: dict[str, tuple[Reason | None, type[Exception]]] = {
    "without one": (None, ReasonRequired),
    "with one that nobody knows": (Reason("because_i_say_so"), UnknownReason),
    "with nothing in it": (Reason(""), UnknownReason),
}


@pytest.mark.parametrize("act", ["a fee", "a credit", "a waiver"])
@pytest.mark.parametrize("case", WHY)
def test_what_changes_what_a_client_owes_says_why(act: str, case: str) -> None:
    why, refusal = WHY[case]
    made = {"a fee": acts.fee, "a credit": acts.credited, "a waiver": acts.waived}[act]
    with pytest.raises(refusal):
        made(owing(100), replace(HOW, why=why), Money(5, "CNY"))


def test_nobody_gets_back_more_than_they_paid_at_all() -> None:
    """Asked without a visit, what counts is all that the client has paid; how much there was is said."""
    paid = acts.paid(owing(100), HOW, Money(60, "CNY"), Means.CASH)
    before = statement(owing(100).client.after(paid), None)
    back = acts.refunded(before, HOW, Money(60, "CNY"), Means.CASH)
    assert before.client.after(back).of(LedgerAccount.CASH) == 0
    with pytest.raises(AboveBalance) as refused:
        acts.refunded(before, HOW, Money(61, "CNY"), Means.CASH)
    assert refused.value.facts["most"] == 60


def test_a_deposit_is_always_a_visit_s() -> None:
    """Whoever asks without one has made a mistake of ours, not of theirs: no refusal, and nothing is made."""
    with pytest.raises(ValueError, match="no visit"):
        acts.deposit_forfeited(owing(100), HOW, Money(5, "CNY"))


ENTRIES = {
    "none": (),
    "one side": (Posting(LedgerAccount.CASH, 5, "CNY"),),
    "two sums": (Posting(LedgerAccount.CASH, 5, "CNY"), Posting(LedgerAccount.FEES, -4, "CNY")),
    "two currencies": (Posting(LedgerAccount.CASH, 5, "CNY"), Posting(LedgerAccount.FEES, -5, "USD")),
}


@pytest.mark.parametrize("case", ENTRIES)
def test_a_line_that_does_not_balance_cannot_be_made(case: str) -> None:
    """In each currency by itself."""
    with pytest.raises(ValueError, match="c-1#fee does not sum to nothing"):
        Transaction("lotus", "c-1#fee", "c-1", MoneyAct.FEE, STARTS, STARTS.date(), "kept", ENTRIES[case])
