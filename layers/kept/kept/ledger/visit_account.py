"""One visit's lines with those that a write is about to add, and what they come to."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count

from kept.ledger.accounts import LedgerAccount
from kept.ledger.balance import Balance, Statement
from kept.ledger.taking_back import not_reversed
from kept.ledger.transaction import MoneyAct, Transaction

LEFT = "-left-"
"""In the ids of lines by which a deposit ended with the date that it was for, though the visit goes on."""


class Fate(StrEnum):
    """Waited for; paid and held; kept, for they came; forfeited; or the client's again."""

    DUE = "due"
    HELD = "held"
    KEPT = "kept"
    FORFEITED = "forfeited"
    RETURNED = "returned"


ENDS = {MoneyAct.KEPT: Fate.KEPT, MoneyAct.FORFEITED: Fate.FORFEITED, MoneyAct.RETURNED: Fate.RETURNED}


@dataclass(slots=True)
class VisitAccount:
    """One visit's lines with those that a write is about to add; `client` is the balance as it was read."""

    client: Balance
    lines: list[Transaction]
    made: list[Transaction] = field(default_factory=list)

    @property
    def now(self) -> Statement:
        return Statement(self.client.after(*self.made), self.visit)

    @property
    def visit(self) -> Balance:
        return replace(self.client, totals={}).after(*self.lines, *self.made)

    @property
    def standing(self) -> list[Transaction]:
        return not_reversed([*self.lines, *self.made])

    @property
    def ended(self) -> list[Transaction]:
        """The lines by which its deposit came to an end, without those of a date that it was moved away from."""
        ends = (it for it in self.standing if it.what in ENDS and it.of(LedgerAccount.DEPOSITS) > 0)
        return [it for it in ends if LEFT not in it.id]

    @property
    def fate(self) -> Fate | None:
        """How it ended, or most of it; None while it is due or held, or where none was paid."""
        ends = [ENDS[it.what] for it in self.ended]
        return Fate.KEPT if Fate.KEPT in ends else next(reversed(ends), None)

    @property
    def to_hand_back(self) -> int:
        """Of what is to be paid back what did not come by Stripe, which gives back by itself."""
        of_deposit = (it for it in self.standing if it.of(LedgerAccount.DEPOSITS) or it.of(LedgerAccount.PAYABLE))
        return max(self.visit.to_pay_back - max(sum(it.of(LedgerAccount.STRIPE) for it in of_deposit), 0), 0)

    @property
    def asked(self) -> Transaction | None:
        """The last that asked for it, if that stands."""
        return next((it for it in reversed(self.standing) if it.what is MoneyAct.DEPOSIT_ASKED), None)

    @property
    def forfeited_now(self) -> int:
        """By this very write."""
        lines = (it for it in self.made if it.what is MoneyAct.FORFEITED and not it.reverses)
        return sum(it.of(LedgerAccount.DEPOSITS) for it in lines)

    def free(self, name: str) -> str:
        """An end of an id that no line has: a step that is done, taken back and done again is a line each time."""
        taken = {line.id.rpartition("#")[2] for line in (*self.lines, *self.made)}
        return next(it for it in (name if n == 1 else f"{name}-{n}" for n in count(1)) if it not in taken)

    def add(self, *lines: Transaction) -> None:
        self.made.extend(lines)
