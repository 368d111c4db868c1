"""The points of a kept visit, earned in the very write that completes it and taken back with that.

What a visit has earned is what its lines come to, so no repeat earns twice. Of points that are spent already none are
taken back: nobody has fewer than none, and the business loses them.
"""

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Business
from kept.ledger import acts
from kept.ledger.acts import POINTS
from kept.ledger.balance import Balance, Statement
from kept.ledger.transaction import MoneyAct, Transaction
from kept.reasons import Code, because
from kept.storage import ledger
from kept.use_cases.money.fees import occasion, reversal_id


def earn(
    business: Business, before: Appointment, after: Appointment, transaction: TransactWrite, change: Change
) -> None:
    """Nothing is read or written where nothing is earned, but where a completed visit is taken back."""
    was, is_ = (it.status is Status.COMPLETED for it in (before, after))
    if was == is_ or (is_ and not business.points.per_visit):
        return
    lines = ledger.of_visit(business.id, after.client, after.id, POINTS)
    balance = ledger.balance(business.id, after.client, business.currency)
    earned = Balance(business.id, after.client, POINTS).after(*lines).points
    line = (
        _earned(business, after, balance, lines, earned, change)
        if is_
        else _lost(business, after, balance, lines, earned, change)
    )
    if line:
        ledger.put(balance, (line,), transaction)


def _earned(
    business: Business, visit: Appointment, balance: Balance, lines: list[Transaction], earned: int, change: Change
) -> Transaction | None:
    """What it has not earned already; its number tells apart a visit that is completed, taken back and completed."""
    if (count := business.points.per_visit - earned) <= 0:
        return None
    id = ledger.line_id(visit.client, visit.id, f"points-{len(lines) + 1}")
    return acts.points(Statement(balance), occasion(business, id, change, visit.id), count)


def _lost(
    business: Business, visit: Appointment, balance: Balance, lines: list[Transaction], earned: int, change: Change
) -> Transaction | None:
    """As many of them as there still are."""
    latest = [line for line in lines if line.what is MoneyAct.POINTS and not line.reverses]
    if not latest or (count := min(earned, balance.points)) <= 0:
        return None
    how = occasion(business, reversal_id(latest[-1]), change, visit.id, because(Code.POINTS_TAKEN_BACK))
    return acts.points_lost(Statement(balance), how, latest[-1], count)
