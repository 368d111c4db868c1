"""Whatever is done to visits with deposits, in whatever order: no deposit without its visit, no visit that is booked
against one that is not paid, and the ledger balances."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.history import AWAITING_DEPOSIT, DEPOSIT_LET_OFF, DEPOSIT_PAID
from kept.booking.states import GONE, ReversalReason, Status
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRules, Charge, DepositRules, Terms
from kept.errors import Refusal
from kept.ledger import acts, deposits
from kept.ledger.accounts import Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance
from kept.ledger.transaction import Transaction
from kept.ledger.visit_account import VisitAccount
from kept.policy.cost import explain
from kept.policy.deposit import stands
from kept.policy.deposit_step import as_held, secured, step
from kept.reasons import Code, because
from tests.builders import STARTS, a_catalog, an_appointment

MEI = Actor("staff", "mei")
SALON = replace(
    a_catalog().business,
    changes=ChangeRules(
        late_fee=Charge(minor=50), missed_fee=Charge(minor=150), deposits=DepositRules(charge=Charge(minor=100))
    ),
)
TERMS = Terms(timedelta(hours=48), timedelta(0), late_fee=50, missed_fee=150, currency="CNY", deposit=100)
whose = st.sampled_from((CLIENT, MEI))
hours = st.sampled_from((-200, -100, -49, -47, -1, 1))
"""From the start, at which something is done."""


class DepositMachine(RuleBasedStateMachine):
    """One client with one visit after the other; each step is decided as the product's writes decide it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, Transaction] = {}
        self.balance = Balance("lotus", "c-1", "CNY")
        self.visits: list[Appointment] = []

    @property
    def visit(self) -> Appointment:
        return self.visits[-1]

    def account(self) -> VisitAccount:
        of = [line for line in self.lines.values() if line.appointment == self.visit.id]
        return VisitAccount(self.balance, of)

    def put(self, account: VisitAccount, after: Appointment) -> None:
        """All or nothing, as a write is."""
        assert not {line.id for line in account.made} & self.lines.keys()
        self.lines |= {line.id: line for line in account.made}
        self.balance = self.balance.after(*account.made)
        self.visits[-1] = after

    def step(self, act: Callable[[Appointment], Appointment], change: Change) -> None:
        before = self.visit
        try:
            after = act(before)
        except Refusal:
            return
        account = self.account()
        if after.is_expected and before.status in GONE:
            tried = self.account()
            after = secured(tried, after, self.how(tried, after, change))
        if before.accepted and before.accepted.deposit:
            step(account, before, after, change, self.how(account, after, change))
        self.put(account, after)

    def how(self, account: VisitAccount, visit: Appointment, change: Change) -> deposits.Name:
        def named(name: str) -> Occasion:
            id = f"c-1#{visit.id}#{account.free(f'v{visit.version}-{name}')}"
            return Occasion(id, str(change.by), change.at, change.at.date(), visit.id, because(Code.MONEY_GOODWILL))

        return named

    def change(self, by: Actor, at: int) -> Change:
        return Change(by, self.visit.starts + timedelta(hours=at))

    @precondition(lambda self: not self.visits or not self.visit.is_to_come)
    @rule()
    def book(self) -> None:
        booked = an_appointment(f"a-{len(self.visits)}", starts=STARTS + timedelta(days=30))
        waits = replace(booked, accepted=TERMS, status=Status.AWAITING_DEPOSIT, history=(), held_until=STARTS)
        change = Change(CLIENT, booked.booked_at)
        self.visits.append(waits.noted(AWAITING_DEPOSIT, change))
        account = self.account()
        deposits.ask(account, TERMS.deposit, self.how(account, waits, change))
        self.put(account, self.visit)

    @precondition(lambda self: self.visits and self.visit.status is Status.AWAITING_DEPOSIT)
    @rule(minor=st.sampled_from((100, 100, 40, 60, 101)), means=st.sampled_from((Means.CASH, Means.CREDIT)))
    def pay(self, minor: int, means: Means) -> None:
        account, change = self.account(), Change(MEI, STARTS - timedelta(hours=1))
        how = self.how(account, self.visit, change)(f"deposit-paid-{len(self.lines)}")
        try:
            account.add(acts.deposit_paid(account.now, how, Money(minor, "CNY"), means))
        except Refusal:
            return
        after = self.visit if account.visit.deposit_due else self.visit.secure(DEPOSIT_PAID, change)
        self.put(account, after)

    @precondition(lambda self: self.visits and self.visit.status is Status.AWAITING_DEPOSIT)
    @rule()
    def let_off(self) -> None:
        account, change = self.account(), Change(MEI, STARTS - timedelta(hours=1))
        deposits.unask(account, self.how(account, self.visit, change))
        self.put(account, as_held(account, self.visit.secure(DEPOSIT_LET_OFF, change)))

    @precondition(lambda self: self.visits)
    @rule(by=whose, at=hours)
    def cancel(self, by: Actor, at: int) -> None:
        change = self.change(by, at)
        self.step(lambda it: it.cancel(change, rules=SALON.changes), change)

    @precondition(lambda self: self.visits)
    @rule(by=whose, at=hours, days=st.sampled_from((1, 3, 4, -2, -5)))
    def move(self, by: Actor, at: int, days: int) -> None:
        change, slot = self.change(by, at), self.visit.slot
        to = Slot(slot.starts + timedelta(days=days), slot.ends + timedelta(days=days), slot.staff)
        self.step(lambda it: it.reschedule(to, change, rules=SALON.changes), change)

    @precondition(lambda self: self.visits)
    @rule()
    def lapse(self) -> None:
        self.step(lambda it: it.lapse(Change(KEPT, STARTS)), Change(KEPT, STARTS))

    @precondition(lambda self: self.visits)
    @rule()
    def come(self) -> None:
        self.step(lambda it: it.check_in(self.change(MEI, 0)), self.change(MEI, 0))

    @precondition(lambda self: self.visits)
    @rule()
    def miss(self) -> None:
        self.step(lambda it: it.mark_no_show(self.change(MEI, 1), evidence=()), self.change(MEI, 1))

    @precondition(lambda self: self.visits)
    @rule()
    def undo(self) -> None:
        self.step(lambda it: it.undo(self.change(MEI, 1)), self.change(MEI, 1))

    @precondition(lambda self: self.visits)
    @rule(why=st.sampled_from(list(ReversalReason)))
    def reverse(self, why: ReversalReason) -> None:
        self.step(lambda it: it.reverse_no_show(why, self.change(MEI, 1)), self.change(MEI, 1))

    @precondition(lambda self: self.visits and self.balance.to_pay_back > 0)
    @rule(means=st.sampled_from((Means.CASH, Means.CREDIT)))
    def hand_back(self, means: Means) -> None:
        account = self.account()
        if owed := acts.payable(account.now, means):
            how = self.how(account, self.visit, self.change(MEI, 2))(f"handed-back-{len(self.lines)}")
            account.add(acts.paid_back(account.now, how, Money(owed, "CNY"), means))
            self.put(account, self.visit)

    @invariant()
    def the_ledger_balances_and_is_sound(self) -> None:
        assert self.balance.is_sound
        assert sum(self.balance.totals.values()) == 0

    @invariant()
    def no_visit_is_booked_against_a_deposit_that_is_not_paid(self) -> None:
        """And what it is said to hold it does."""
        if not self.visits:
            return
        it, account = self.visit, self.account()
        if it.is_expected or it.has_come:
            assert account.visit.deposit_due == 0
        if it.is_expected:
            assert account.visit.deposit == (it.accepted.deposit if it.accepted and stands(it) == "held" else 0)
        if it.status is Status.AWAITING_DEPOSIT:
            assert account.visit.deposit_due + account.visit.deposit == 100

    @invariant()
    def no_deposit_is_held_or_due_without_a_visit_to_come(self) -> None:
        held = due = 0
        if self.visits and self.visit.is_to_come:
            held, due = self.account().visit.deposit, self.account().visit.deposit_due
        assert (self.balance.deposit, self.balance.deposit_due) == (held, due)

    @invariant()
    def what_is_said_before_a_cancellation_is_what_it_does(self) -> None:
        if not (self.visits and self.visit.is_expected):
            return
        for at in (-49, -1):
            change = self.change(CLIENT, at)
            cost = explain(self.visit, SALON, now=change.at)
            try:
                after = self.visit.cancel(change, rules=SALON.changes)
            except Refusal:
                continue
            account = self.account()
            if stands(self.visit) == "held":
                step(account, self.visit, after, change, self.how(account, after, change))
            assert bool(account.forfeited_now) is (stands(self.visit) == "held" and cost.loses)


TestDeposits = DepositMachine.TestCase
TestDeposits.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
