"""What the lines of a client, or of one visit, come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kept.ledger.accounts import MONEY, LedgerAccount
from kept.ledger.transaction import MoneyAct, Transaction
from kept.reasons import Code, is_because

BY_A_PERSON = (Code.MONEY_EMERGENCY, Code.MONEY_OUR_FAULT, Code.MONEY_GOODWILL)
EARNED = (LedgerAccount.FEES, LedgerAccount.FORFEITED, LedgerAccount.APPLIED)


@dataclass(frozen=True, slots=True)
class Balance:
    """By account, in minor units of one currency; `revision` is the optimistic lock of the client's own.

    Every line of a client moves that, so whoever decides on it decides on all of their lines as they are.
    """

    business: str
    client: str
    currency: str
    totals: Mapping[LedgerAccount, int] = field(default_factory=dict)
    revision: int = 0

    def of(self, account: LedgerAccount) -> int:
        return self.totals.get(account, 0)

    @property
    def owed(self) -> int:
        """Fees and the like, without deposits that are only asked."""
        return max(self.of(LedgerAccount.RECEIVABLE), 0)

    @property
    def overpaid(self) -> int:
        """Paid for what is not owed any more."""
        return max(-self.of(LedgerAccount.RECEIVABLE), 0)

    @property
    def deposit_due(self) -> int:
        return self.of(LedgerAccount.DEPOSITS_DUE)

    @property
    def deposit(self) -> int:
        return -self.of(LedgerAccount.DEPOSITS)

    @property
    def to_pay_back(self) -> int:
        """Of deposits that are the client's again, and nobody has handed to them yet."""
        return -self.of(LedgerAccount.PAYABLE)

    @property
    def credit(self) -> int:
        return -self.of(LedgerAccount.CREDITS)

    @property
    def points(self) -> int:
        return -self.of(LedgerAccount.POINTS)

    @property
    def waived(self) -> int:
        return self.of(LedgerAccount.WAIVED)

    @property
    def earned(self) -> int:
        """Also what is owed still, or was let go of."""
        return -sum(self.of(account) for account in EARNED)

    @property
    def collected(self) -> int:
        """Of all that was earned what has been paid, by money or credit, and not been let go of."""
        return self.earned - self.owed - self.waived

    @property
    def is_sound(self) -> bool:
        """Nobody got back more than they paid, or spent what they did not have."""
        held = (*(self.of(account) for account in MONEY), self.credit, self.collected, self.points)
        return min(held) >= 0 and self.is_sound_for_a_visit

    @property
    def is_sound_for_a_visit(self) -> bool:
        """Each has deposits of its own, and no more of it is let go of than it cost."""
        return min(self.deposit, self.deposit_due, self.to_pay_back, self.earned - self.waived) >= 0

    def after(self, *transactions: Transaction) -> "Balance":
        moved = ((entry.account, entry.minor) for one in transactions for entry in one.entries)
        return replace(self, totals=_summed((*self.totals.items(), *moved)))


@dataclass(frozen=True, slots=True)
class Statement:
    """What an act is decided on: the client's balance, and of the visit that it is about that visit's own, with all
    that they were `let_off` of it: what it cost, and deposits that were lost."""

    client: Balance
    visit: Balance | None = None
    let_off: int = 0

    @property
    def owed(self) -> int:
        """For the visit never more than the client owes at all, for they may have paid without saying for what; nor
        than it cost: money given back about it may have been for another."""
        if self.visit is None:
            return self.client.owed
        return min(self.client.owed, self.visit.owed, self.visit.earned - self.visit.waived)

    @property
    def collected(self) -> int:
        """For the visit no more than it cost, less what of that was let go of or is owed still."""
        if self.visit is None:
            return self.client.collected
        return min(self.client.collected, self.visit.earned - self.visit.waived - self.owed)


def summed(balances: Iterable[Balance], of: Balance) -> Balance:
    """Of all records of one client, as if there were `of` alone; for looking at."""
    return replace(of, totals=_summed(pair for one in balances for pair in one.totals.items()), revision=0)


def statement(client: Balance, of_visit: Iterable[Transaction] | None = None) -> Statement:
    if of_visit is None:
        return Statement(client)
    lines = list(of_visit)
    visit = replace(client, totals={}, revision=0).after(*lines)
    return Statement(client, visit, visit.waived + deposits_let_off(lines))


def deposits_let_off(lines: Iterable[Transaction]) -> int:
    """What was lost, and given up by a person's word, less what of that was taken back."""
    known = list(lines)
    ids = {it.id for it in known if it.what is MoneyAct.RETURNED and is_because(it.why, *BY_A_PERSON)}
    return sum(it.of(LedgerAccount.DEPOSITS) for it in known if it.id in ids or it.reverses in ids)


def _summed(moved: Iterable[tuple[LedgerAccount, int]]) -> dict[LedgerAccount, int]:
    totals: dict[LedgerAccount, int] = {}
    for account, minor in moved:
        totals[account] = totals.get(account, 0) + minor
    return {account: minor for account, minor in totals.items() if minor}
