"""What a step of a visit costs its client, charged in the very write of that step; and taken back with it."""

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import GONE, Status
from kept.business.catalog import Business
from kept.ledger.visit_account import VisitAccount
from kept.policy.cost import incurred
from kept.reasons import Code, Reason, because
from kept.use_cases.follow_ups.deposit_back import follow_up_paying_back
from kept.use_cases.money.fees import add_fee, add_taking_back, opened, written
from kept.use_cases.policy.deposit_steps import add_deposit_step

WHY = {Status.CANCELLED: Code.FEE_LATE_CANCELLATION, Status.NO_SHOW: Code.FEE_NO_SHOW}
"""Else it was a late move."""


def charge(
    business: Business, before: Appointment, after: Appointment, transaction: TransactWrite, change: Change
) -> None:
    """By the terms that were accepted: what becomes of the deposit, and the fee, of which a deposit that is lost has
    paid so much. Where what was left costs something and is taken back, so is its fee: nobody pays for a step that
    never was, and a late move before it stays one. Nothing is read or written where nothing costs anything.
    """
    terms = after.terms(business.changes)
    is_back = before.status in GONE and (after.status is not before.status or after.late is not before.late)
    is_step = after.status in GONE or after.version > before.version
    cost = incurred(after, terms) if is_step and before.status not in GONE else None
    takes_back = bool(is_back and incurred(before, terms))
    asked = before.terms(business.changes).deposit
    if not (cost or takes_back or asked):
        return
    account, why = opened(business, after), because(WHY.get(after.status, Code.FEE_LATE_MOVE))
    if asked:
        add_deposit_step(account, business, before, after, why, change)
    if takes_back:
        add_taking_back(account, business, after, WHY[before.status], because(Code.TAKEN_BACK), change)
    if is_back and asked:
        add_taking_back(account, business, after, Code.DEPOSIT_UNCOLLECTED, because(Code.TAKEN_BACK), change)
    if cost:
        _add_rest(account, business, after, cost.minor, why, change)
    follow_up_paying_back(account, after, transaction, change)
    written(account, transaction)


def _add_rest(
    account: VisitAccount, business: Business, visit: Appointment, minor: int, why: Reason, change: Change
) -> None:
    if (rest := minor - account.forfeited_now) > 0:
        add_fee(account, business, visit, rest, why, change)
