"""How a visit's deposit stands, for whoever holds its link; and what a move would do to it, before it is done."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.kept_time import offset
from kept.booking.states import CAME
from kept.business.catalog import Business, Money
from kept.ledger.visit_account import Fate
from kept.pages.reader import Reader
from kept.policy.cost import Cost
from kept.policy.deposit import deposit_move, stands
from kept.use_cases.money.fees import opened


@dataclass(frozen=True, slots=True)
class ShownDeposit:
    """`is_now`: due (`until` then, by the reader's clock), held, kept, lost, to_come_back, or back; of a move: along,
    credit or lost."""

    is_now: str
    sum: Money
    until: datetime | None = None


def deposit_now(visit: Appointment, business: Business, reader: Reader) -> ShownDeposit | None:
    """None where none was asked, or none was paid. What became of one is read from the ledger, for staff may have let
    it off since."""
    terms = visit.terms(business.changes)
    sum, is_now = Money(terms.deposit, terms.currency), stands(visit)
    may_be_kept = terms.deposit and visit.status in CAME
    if is_now == "unpaid" or not (is_now or may_be_kept):
        return None
    if is_now == "due":
        return ShownDeposit("due", sum, reader.local(visit.held_until) if visit.held_until else None)
    if is_now == "held":
        return ShownDeposit("held", sum)
    account = opened(business, visit)
    match account.fate:
        case Fate.KEPT:
            return ShownDeposit("kept", sum)
        case Fate.FORFEITED:
            return ShownDeposit("lost", sum)
        case Fate.RETURNED:
            owed = account.visit.to_pay_back
            return ShownDeposit("to_come_back", Money(owed, terms.currency)) if owed else ShownDeposit("back", sum)
    return None


def deposit_moved(visit: Appointment, business: Business, starts: datetime, cost: Cost) -> ShownDeposit | None:
    """By its client, now."""
    slot = replace(visit.slot, starts=starts, offset=offset(starts, business.zone))
    moves = deposit_move(visit, replace(visit, slot=slot, late=cost.late), Change(CLIENT, starts))
    return ShownDeposit(str(moves), cost.deposit) if moves and cost.deposit else None
