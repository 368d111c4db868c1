"""What a step of a visit costs its client, charged in the very write of that step; and taken back with it."""

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import GONE, Status
from kept.business.catalog import Business
from kept.policy.cost import incurred
from kept.reasons import Code, because
from kept.use_cases.money.fees import charge_fee, take_back_fee

WHY = {Status.CANCELLED: Code.FEE_LATE_CANCELLATION, Status.NO_SHOW: Code.FEE_NO_SHOW}
"""Else it was a late move."""


def charge(
    business: Business, before: Appointment, after: Appointment, transaction: TransactWrite, change: Change
) -> None:
    """By the terms that were accepted. Where what was left costs something and is taken back, so is its fee: nobody
    pays for a step that never was, and a late move before it stays one. Nothing is read or written where nothing costs
    anything.
    """
    terms = after.terms(business.changes)
    if before.status in GONE and (after.status is not before.status or after.late is not before.late):
        if incurred(before, terms):
            take_back_fee(business, after, WHY[before.status], because(Code.TAKEN_BACK), transaction, change)
        return
    is_step = after.status in GONE or after.version > before.version
    cost = incurred(after, terms) if is_step and before.status not in GONE else None
    if cost:
        why = because(WHY.get(after.status, Code.FEE_LATE_MOVE))
        charge_fee(business, after, cost.minor, why, transaction, change)
