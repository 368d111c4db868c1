"""What a late cancellation or a missed visit costs, charged and taken back in the very write that causes it.

The caller retries what is Lost, so whatever is decided here is decided on the ledger as it then is.
"""

from collections.abc import Iterable
from itertools import count

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Business, Money
from kept.ledger import acts
from kept.ledger.acts import Occasion
from kept.ledger.balance import statement
from kept.ledger.taking_back import not_reversed, taken_back
from kept.ledger.transaction import MoneyAct, Transaction
from kept.reasons import Code, Reason, is_because
from kept.storage import ledger


def charge_fee(
    business: Business, visit: Appointment, minor: int, why: Reason, transaction: TransactWrite, change: Change
) -> Transaction | None:
    """None, and nothing is written, where one stands already for this version of the visit and this reason.

    Its id is drawn from the visit, its version and which of its fees it is, so that no repeat and no race charges
    twice. Raises InvalidAmount, UnknownReason.
    """
    lines = ledger.of_visit(business.id, visit.client, visit.id, business.currency)
    act = f"v{visit.version}-fee"
    if _standing(lines, act, why):
        return None
    balance = ledger.balance(business.id, visit.client, business.currency)
    taken = {line.id for line in lines}
    free = (ledger.line_id(visit.client, visit.id, act if n == 1 else f"{act}-{n}") for n in count(1))
    how = occasion(business, next(id for id in free if id not in taken), change, visit.id, why)
    line = acts.fee(statement(balance, lines), how, Money(minor, business.currency))
    ledger.put(balance, (line,), transaction)
    return line


def take_back_fee(
    business: Business, visit: Appointment, asked: Code, why: Reason, transaction: TransactWrite, change: Change
) -> tuple[Transaction, ...]:
    """The fee of the visit that was `asked` for this and stands, and before it what the client was let off of it; what
    they had paid, and did not get back, is then theirs. () where there is none, and nothing is written. Raises
    UnknownReason."""
    lines = ledger.of_visit(business.id, visit.client, visit.id, business.currency)
    before = ledger.balance(business.id, visit.client, business.currency)
    backs = taken_back(
        before,
        lines,
        lambda line: is_because(line.why, asked),
        lambda line: occasion(business, reversal_id(line), change, visit.id, why),
    )
    if backs:
        ledger.put(before, backs, transaction)
    return backs


def reversal_id(line: Transaction) -> str:
    """There is one for each line."""
    return f"{line.id}-back"


def occasion(
    business: Business, id: str, change: Change, appointment: str | None, why: Reason | None = None
) -> Occasion:
    day = change.at.astimezone(business.zone).date()
    request = ids.digest(f"{change.key}\n{change.body}") if change.key else ""
    return Occasion(id, str(change.by), change.at, day, appointment, why, request)


def _standing(lines: Iterable[Transaction], act: str, why: Reason) -> bool:
    fees = (it for it in not_reversed(lines) if it.what is MoneyAct.FEE and is_because(it.why, Code(why.code)))
    return any(line.id.rpartition("#")[2].startswith(act) for line in fees)
