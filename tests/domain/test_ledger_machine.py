"""Whatever is done to a client's ledger, in whatever order and however often, it balances, and nobody gets what is not
theirs.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kept.business.catalog import Money
from kept.errors import Refusal
from kept.ledger import acts
from kept.ledger.accounts import MONEY, LedgerAccount, Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance, Statement, statement
from kept.ledger.taking_back import not_reversed, taken_back
from kept.ledger.transaction import MoneyAct, Transaction
from kept.reasons import Code, because
from tests.builders import STARTS

visits, amounts = st.sampled_from(("a-1", "a-2")), st.integers(1, 60)
means = st.sampled_from((Means.CASH, Means.CASH, Means.TERMINAL, Means.CREDIT))
parts = st.sampled_from((1, 1, 2, 0))
"""Of what there is all, half, or (0) a little more than that."""


class LedgerMachine(RuleBasedStateMachine):
    """One client with two visits; each command is decided on what stands, and written on the condition that its
    lines are not there yet."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, Transaction] = {}
        self.balance = Balance("lotus", "c-1", "CNY")
        self.last: Callable[[], tuple[Transaction, ...]] | None = None
        self.now = STARTS

    def how(self, act: str, visit: str | None = None) -> Occasion:
        self.now += timedelta(seconds=1)
        name = f"c-1#{visit or '-'}#{act}"
        return Occasion(name, "staff:mei", self.now, self.now.date(), visit, because(Code.MONEY_GOODWILL))

    def next(self, act: str, visit: str | None = None) -> Occasion:
        return self.how(f"{act}-{len(self.lines)}", visit)

    def before(self, visit: str | None = None) -> Statement:
        return statement(self.balance, self.of(visit) if visit else None)

    def of(self, visit: str) -> list[Transaction]:
        return [line for line in self.lines.values() if line.appointment == visit]

    def done(self, command: Callable[[], tuple[Transaction, ...]]) -> None:
        """As a write does it: all or nothing, and what is there already is not written again."""
        was = self.balance
        try:
            made = command()
        except Refusal:
            assert self.balance == was
            return
        if any(line.id in self.lines for line in made):
            return
        self.lines |= {line.id: line for line in made}
        self.balance = self.balance.after(*made)
        self.last = lambda: made

    @initialize(visit=visits, minor=amounts)
    def begin(self, visit: str, minor: int) -> None:
        """A fee, paid, and a deposit, paid: what most else is about."""
        for act, amount in ((self.charge, minor), (self.ask_deposit, minor)):
            act(visit, amount)
        self.pay(visit, 1, Means.CASH)
        self.pay_deposit(visit, 1, Means.TERMINAL)

    @rule(visit=visits, minor=amounts)
    def charge(self, visit: str, minor: int) -> None:
        how = self.next("fee", visit)
        self.done(lambda: (acts.fee(self.before(visit), how, money(minor)),))

    @precondition(lambda self: self.balance.earned > 0)
    @rule(visit=visits)
    def take_back(self, visit: str) -> None:
        """Never refused, whatever was paid, let go of and given back; and no more is let go of then than was earned."""
        made = taken_back(
            self.balance, self.of(visit), lambda _: True, lambda line: self.how(f"{short(line)}-back", visit)
        )
        self.done(lambda: made)
        left = own(self.before(visit))
        assert left.of(LedgerAccount.FEES) == 0 <= left.waived <= left.earned

    @precondition(lambda self: self.balance.owed > 0)
    @rule(visit=st.none() | visits, part=parts, by=means)
    def pay(self, visit: str | None, part: int, by: Means) -> None:
        amount = some(self.before(visit).owed, part)
        how = self.next("paid", visit)
        self.done(lambda: (acts.paid(self.before(visit), how, amount, by),))

    @precondition(lambda self: self.balance.owed > 0)
    @rule(visit=visits, part=parts)
    def waive(self, visit: str, part: int) -> None:
        amount = some(self.before(visit).owed, part)
        how = self.next("waived", visit)
        self.done(lambda: (acts.waived(self.before(visit), how, amount),))

    @precondition(lambda self: self.balance.collected + self.balance.overpaid > 0)
    @rule(visit=visits, part=parts, by=means)
    def refund(self, visit: str, part: int, by: Means) -> None:
        amount = some(acts.refundable(self.before(visit), by), part)
        how = self.next("refunded", visit)
        self.done(lambda: (acts.refunded(self.before(visit), how, amount, by),))

    @rule(minor=amounts)
    def credit(self, minor: int) -> None:
        how = self.next("credit")
        self.done(lambda: (acts.credited(self.before(), how, money(minor)),))

    @rule(count=amounts)
    def points(self, count: int) -> None:
        how = self.next("points")
        self.done(lambda: (acts.points(self.before(), how, count),))

    @precondition(lambda self: self.balance.points > 0)
    @rule(part=parts, minor=st.none() | amounts)
    def exchange(self, part: int, minor: int | None) -> None:
        count, how = some(self.balance.points, part).minor, self.next("exchanged")
        self.done(lambda: (acts.exchanged(self.before(), how, count, money(minor) if minor else None),))

    @precondition(lambda self: self.balance.points > 0)
    @rule(n=st.integers(0, 40))
    def lose_points(self, n: int) -> None:
        """With the visit that earned them, as many as there still are."""
        known = [line for line in not_reversed(self.lines.values()) if line.what is MoneyAct.POINTS]
        if known:
            line = known[n % len(known)]
            count, how = min(line.minor, self.balance.points), self.how(f"{short(line)}-back")
            self.done(lambda: (acts.points_lost(self.before(), how, line, count),))

    @rule(visit=visits, minor=amounts)
    def ask_deposit(self, visit: str, minor: int) -> None:
        how = self.next("asked", visit)
        self.done(lambda: (acts.deposit_asked(self.before(visit), how, money(minor)),))

    @precondition(lambda self: self.balance.deposit_due > 0)
    @rule(visit=visits, part=parts, by=means)
    def pay_deposit(self, visit: str, part: int, by: Means) -> None:
        amount = some(own(self.before(visit)).deposit_due, part)
        how = self.next("deposit", visit)
        self.done(lambda: (acts.deposit_paid(self.before(visit), how, amount, by),))

    @precondition(lambda self: self.balance.deposit > 0)
    @rule(visit=visits, part=parts, came=st.booleans())
    def keep_deposit(self, visit: str, part: int, came: bool) -> None:
        amount = some(own(self.before(visit)).deposit, part)
        how, act = self.next("kept", visit), acts.deposit_kept if came else acts.deposit_forfeited
        self.done(lambda: (act(self.before(visit), how, amount),))

    @precondition(lambda self: self.balance.deposit > 0)
    @rule(visit=visits, part=parts, as_credit=st.booleans())
    def return_deposit(self, visit: str, part: int, as_credit: bool) -> None:
        amount = some(own(self.before(visit)).deposit, part)
        how = self.next("returned", visit)
        self.done(lambda: (acts.deposit_returned(self.before(visit), how, amount, as_credit=as_credit),))

    @precondition(lambda self: self.balance.to_pay_back > 0)
    @rule(visit=visits, part=parts, by=means)
    def pay_deposit_back(self, visit: str, part: int, by: Means) -> None:
        amount = some(acts.payable(self.before(visit), by), part)
        how = self.next("back", visit)
        self.done(lambda: (acts.paid_back(self.before(visit), how, amount, by),))

    @precondition(lambda self: self.lines)
    @rule(n=st.integers(0, 40))
    def reverse(self, n: int) -> None:
        """Any line but a fee, which is taken back with what hangs on it."""
        known = [line for line in self.lines.values() if line.what is not MoneyAct.FEE]
        if known:
            line = known[n % len(known)]
            how = self.how(f"{short(line)}-back", line.appointment)
            is_reversed = any(one.reverses == line.id for one in self.lines.values())
            self.done(lambda: (acts.reverse(self.before(line.appointment), line, how, is_reversed=is_reversed),))

    @precondition(lambda self: self.last)
    @rule()
    def repeat(self) -> None:
        """The last that was written, once more: it changes nothing."""
        assert self.last
        was = (dict(self.lines), self.balance)
        self.done(self.last)
        assert (self.lines, self.balance) == was

    @invariant()
    def every_line_sums_to_nothing(self) -> None:
        for line in self.lines.values():
            assert sum(entry.minor for entry in line.entries) == 0
            for coin in (acts.POINTS, "CNY"):
                assert sum(entry.minor for entry in line.entries if entry.currency == coin) == 0

    @invariant()
    def the_balance_is_what_the_lines_come_to(self) -> None:
        afresh = replace(self.balance, totals={}).after(*self.lines.values())
        assert afresh.totals == self.balance.totals
        assert sum(self.balance.totals.values()) == 0

    @invariant()
    def nobody_got_what_is_not_theirs(self) -> None:
        """No negative cash, credit or deposit, nothing halfway between two bookings, and no more let go of than was
        earned."""
        assert self.balance.is_sound
        assert all(self.balance.of(account) >= 0 for account in MONEY)
        assert all(own(self.before(visit)).is_sound_for_a_visit for visit in ("a-1", "a-2"))

    @invariant()
    def nothing_is_taken_back_twice(self) -> None:
        gone = [line.reverses for line in self.lines.values() if line.reverses]
        assert len(gone) == len(set(gone))
        assert len(not_reversed(self.lines.values())) == len(self.lines) - 2 * len(gone)


def money(minor: int) -> Money:
    return Money(minor, "CNY")


def some(room: int, part: int) -> Money:
    return money(room + 1 if part == 0 else max(room // part, 1))


def own(before: Statement) -> Balance:
    assert before.visit
    return before.visit


def short(line: Transaction) -> str:
    return line.id.rpartition("#")[2]


LedgerMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
"""A run that fails is told as it was: to shorten it takes minutes."""
test_the_ledger = LedgerMachine.TestCase


def test_what_was_given_back_about_another_visit_is_not_owed_for_that() -> None:
    """What was paid for nothing may be given back about any visit; that one cost nothing, and is let off nothing."""
    it = LedgerMachine()
    it.begin("a-1", 1)
    it.take_back("a-1")
    it.refund("a-2", 1, Means.CASH)
    it.charge("a-1", 1)
    it.waive("a-2", 1)
    assert own(it.before("a-2")).waived == 0
    it.take_back("a-1")
    assert it.balance.owed == it.balance.overpaid == 0
