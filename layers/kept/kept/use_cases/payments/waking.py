"""What is written of a visit or its money may want something of its payment, which is then due at once.

The payment is due by itself in any case, before what is held lapses and after the visit: this makes it prompt.
"""

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.events.change import Change
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import Transaction
from kept.storage import payments

ENDS = (LedgerAccount.DEPOSITS, LedgerAccount.PAYABLE)


def wake(change: Change) -> None:
    """Its last one, which is the only one that may not be over."""
    if not (visit := _about(change)):
        return
    for payment in payments.of_visit(change.business, visit)[-1:]:
        payments.wake(change.business, payment.id, at=change.at)


def _about(change: Change) -> str | None:
    match change.after:
        case Transaction() as line if any(line.of(account) for account in ENDS):
            return line.appointment
        case Appointment() as visit if _is_changed(change.before, visit):
            return visit.id
    return None


def _is_changed(before: object, after: Appointment) -> bool:
    """Moved, or not waited for any more; of what has a deposit by its terms."""
    if not isinstance(before, Appointment) or not after.accepted or not after.accepted.deposit:
        return False
    gave_up = before.status is Status.AWAITING_DEPOSIT and not after.is_to_come
    return gave_up or (after.is_to_come and before.starts != after.starts)
