"""Of whom a deposit is asked, and what becomes of it."""

from enum import StrEnum

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.history import DEPOSIT_LET_OFF, DEPOSIT_PAID, DEPOSIT_UNPAID, LAPSED, NO_SHOW_REVERSED, RESCHEDULED
from kept.booking.states import CAME, Status
from kept.business.change_rules import AskedOf, DepositRules
from kept.clients.standing import Standing
from kept.ledger.visit_account import Fate


class DepositMove(StrEnum):
    """What a move does to a deposit that is held: it goes along, becomes credit that pays for the new date, or is
    lost."""

    ALONG = "along"
    CREDIT = "credit"
    LOST = "lost"


def deposit_move(before: Appointment, after: Appointment, change: Change) -> DepositMove | None:
    """None where none is held."""
    if stands(before) != "held":
        return None
    if before.deposit_goes_along(after.slot, change):
        return DepositMove.ALONG
    return DepositMove.LOST if after.late else DepositMove.CREDIT


def is_asked(rules: DepositRules, *, is_new: bool, standing: Standing) -> bool:
    """Whether this client is asked for what the terms say, if they say anything. By their standing always: that is what
    it means."""
    match rules.of:
        case AskedOf.EVERYBODY:
            return True
        case AskedOf.NEW if is_new:
            return True
    return standing is not Standing.GOOD


def fate(visit: Appointment) -> Fate:
    """As it stands. Lost is what is cancelled or missed too late, by the client; and cancelled by them at any time
    after they had moved it too late, for else a late move would be the way round it."""
    if visit.status in CAME:
        return Fate.KEPT
    if visit.status is Status.AWAITING_DEPOSIT:
        return Fate.DUE
    if visit.is_to_come:
        return Fate.HELD
    if visit.status is Status.NO_SHOW or visit.late:
        return Fate.FORFEITED
    return Fate.FORFEITED if _is_given_up(visit) and was_moved_late(visit) else Fate.RETURNED


def stands(visit: Appointment) -> str:
    """How its deposit stands, in one word for texts: due, unpaid (so that its slot is gone), held, lost or back; ""
    where none was asked, or none was paid."""
    if not (visit.accepted and visit.accepted.deposit):
        return ""
    if visit.status is Status.AWAITING_DEPOSIT:
        return "due"
    acts = [line.what for line in visit.history if line.what in (DEPOSIT_PAID, DEPOSIT_LET_OFF, DEPOSIT_UNPAID, LAPSED)]
    if not acts or acts[-1] not in (DEPOSIT_PAID, DEPOSIT_LET_OFF):
        return "unpaid" if acts[-1:] == [LAPSED] else ""
    return {Fate.HELD: "held", Fate.FORFEITED: "lost", Fate.RETURNED: "back"}.get(fate(visit), "")


def was_moved_late(visit: Appointment) -> bool:
    moves = (line for line in visit.history if line.what == RESCHEDULED)
    return any(line.late and line.is_asked_by_client for line in moves)


def _is_given_up(visit: Appointment) -> bool:
    """By its client, and not for a reason of ours or an emergency after it was missed."""
    ends = (line for line in reversed(visit.history) if line.what in ("cancelled", NO_SHOW_REVERSED))
    last = next(ends, None)
    return last is not None and last.what != NO_SHOW_REVERSED and last.is_asked_by_client
