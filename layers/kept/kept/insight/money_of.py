"""What a line of the ledger is to figures: of which kind, how much by now, and why or by what."""

from dataclasses import dataclass

from kept.insight.fact import MoneyKind
from kept.ledger.accounts import LedgerAccount
from kept.ledger.day_sums import MEANS
from kept.ledger.transaction import MoneyAct, Transaction

TOLD = {
    MoneyAct.FEE: (MoneyKind.FEE, -1, (LedgerAccount.FEES,)),
    MoneyAct.WAIVER: (MoneyKind.WAIVED, 1, (LedgerAccount.WAIVED,)),
    MoneyAct.CREDIT: (MoneyKind.CREDITED, 1, (LedgerAccount.GIVEN,)),
    MoneyAct.PAID: (MoneyKind.PAID, -1, (LedgerAccount.RECEIVABLE,)),
    MoneyAct.REFUNDED: (MoneyKind.REFUNDED, -1, MEANS),
    MoneyAct.DEPOSIT_ASKED: (MoneyKind.DEPOSIT_ASKED, 1, (LedgerAccount.DEPOSITS_DUE,)),
    MoneyAct.KEPT: (MoneyKind.DEPOSIT_KEPT, 1, (LedgerAccount.DEPOSITS,)),
    MoneyAct.FORFEITED: (MoneyKind.DEPOSIT_FORFEITED, 1, (LedgerAccount.DEPOSITS,)),
}
"""Its kind, and the accounts that say how much, by their sign. Points are no figure."""
OF_DEPOSITS = {
    MoneyAct.PAID: (MoneyKind.DEPOSIT_PAID, -1, (LedgerAccount.DEPOSITS,)),
    MoneyAct.REFUNDED: (MoneyKind.DEPOSIT_REFUNDED, 1, (LedgerAccount.DEPOSITS,)),
}
BY_MEANS = frozenset({MoneyKind.PAID, MoneyKind.REFUNDED, MoneyKind.DEPOSIT_PAID, MoneyKind.DEPOSIT_REFUNDED})


@dataclass(frozen=True, slots=True)
class LineTold:
    """In minor units of the line's own currency."""

    what: MoneyKind
    minor: int
    cause: str


def told(line: Transaction, back: Transaction | None = None) -> LineTold | None:
    """Less what `back` took of it; what is given back of a fee that was let off since stays given back."""
    is_deposit = line.what in OF_DEPOSITS and line.of(LedgerAccount.DEPOSITS) != 0
    found = OF_DEPOSITS[line.what] if is_deposit else TOLD.get(line.what)
    if found is None:
        return None
    what, sign, accounts = found
    known = [line] if back is None else [line, back]
    minor = sign * sum(one.of(account) for one in known for account in accounts)
    why = line.why.code if line.why else ""
    return LineTold(what, minor, (line.means or "") if what in BY_MEANS else why)
