"""What a day's lines come to: what was taken and given back by which means, what was asked and let go of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kept.ledger.accounts import MONEY, LedgerAccount
from kept.ledger.transaction import MoneyAct, Transaction

MEANS = (*MONEY, LedgerAccount.CREDITS)
FOR_WAITING = "made-good"
"""With this end the ids of lines begin that make good a wait; what takes one back names it."""


@dataclass(frozen=True, slots=True)
class DaySums:
    """In minor units of one currency, less what was taken back on that day: of an earlier day's line it is less than
    nothing. `taken` and `given_back` by means, `charged` in fees, `waived` of these, `credited` for later, of
    which `made_good` for having waited."""

    taken: Mapping[LedgerAccount, int] = field(default_factory=dict)
    given_back: Mapping[LedgerAccount, int] = field(default_factory=dict)
    charged: int = 0
    waived: int = 0
    credited: int = 0
    made_good: int = 0


def day_sums(lines: Iterable[Transaction]) -> Mapping[str, DaySums]:
    """Of each currency by itself; points are none."""
    by_currency: dict[str, list[Transaction]] = defaultdict(list)
    for line in lines:
        if line.what is not MoneyAct.POINTS:
            by_currency[line.currency].append(line)
    return {currency: _of_one(some) for currency, some in sorted(by_currency.items())}


def _of_one(lines: list[Transaction]) -> DaySums:
    def moved(what: MoneyAct, account: LedgerAccount) -> int:
        return sum(line.of(account) for line in lines if line.what is what)

    def by_means(what: MoneyAct, sign: int) -> dict[LedgerAccount, int]:
        return {means: minor * sign for means in MEANS if (minor := moved(what, means))}

    return DaySums(
        by_means(MoneyAct.PAID, 1),
        by_means(MoneyAct.REFUNDED, -1),
        -moved(MoneyAct.FEE, LedgerAccount.FEES),
        moved(MoneyAct.WAIVER, LedgerAccount.WAIVED),
        moved(MoneyAct.CREDIT, LedgerAccount.GIVEN),
        sum(line.of(LedgerAccount.GIVEN) for line in lines if is_for_waiting(line)),
    )


def is_for_waiting(line: Transaction) -> bool:
    """Or takes back one that is."""
    return (line.reverses or line.id).rpartition("#")[2].startswith(FOR_WAITING)
