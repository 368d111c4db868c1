"""A fee that is taken back, with all that hangs on it: which lines still stand, and what is written against them."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from kept.ledger import acts
from kept.ledger.accounts import LedgerAccount
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance, Statement
from kept.ledger.transaction import MoneyAct, Transaction


def not_reversed(lines: Iterable[Transaction]) -> list[Transaction]:
    """Those that stand, without what took others back."""
    known = list(lines)
    gone = {line.reverses for line in known}
    return [line for line in known if not line.reverses and line.id not in gone]


def taken_back(
    client: Balance,
    of_visit: Iterable[Transaction],
    which: Callable[[Transaction], bool],
    how: Callable[[Transaction], Occasion],
) -> tuple[Transaction, ...]:
    """Those of the visit's fees, and before them as much of what the client was let off as it then cost no more; ()
    where none stands. Money given back stays given back. Raises UnknownReason."""
    lines = list(of_visit)
    standing = not_reversed(lines)
    fees = [line for line in standing if line.what is MoneyAct.FEE and which(line)]
    visit = replace(client, totals={}).after(*lines)
    excess = visit.waived - (visit.earned - sum(line.minor for line in fees)) if fees else 0
    backs: list[Transaction] = []
    for line in standing:
        if (minor := min(line.of(LedgerAccount.WAIVED), excess)) > 0:
            backs.append(acts.claimed_again(Statement(client.after(*backs)), line, how(line), minor))
            excess -= minor
    for line in fees:
        backs.append(acts.reverse(Statement(client.after(*backs)), line, how(line), is_reversed=False))
    return tuple(backs)
