"""How a visit's deposit stands, for whoever holds its link; and what a move would do to it, before it is done."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.kept_time import offset
from kept.booking.states import CAME, Status
from kept.business.catalog import Business, Money
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import MoneyAct
from kept.ledger.visit_account import Fate, VisitAccount
from kept.pages.reader import Reader
from kept.policy.cost import Cost
from kept.policy.deposit import deposit_move, stands
from kept.reasons import Code, is_because
from kept.use_cases.money.fees import opened


@dataclass(frozen=True, slots=True)
class ShownDeposit:
    """`is_now`: due (`until` then, by the reader's clock), held, kept, lost, owed, to_come_back, or back; of a move:
    along, due, credit or lost."""

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
            return ShownDeposit("kept", Money(-account.visit.of(LedgerAccount.APPLIED), terms.currency))
        case Fate.FORFEITED:
            return ShownDeposit("lost", sum)
        case Fate.RETURNED:
            owed = account.visit.to_pay_back
            return ShownDeposit("to_come_back", Money(owed, terms.currency)) if owed else ShownDeposit("back", sum)
    return _uncollected(account, terms.currency)


def _uncollected(account: VisitAccount, currency: str) -> ShownDeposit | None:
    """Lost, and not to be had of the card that was saved: owed, as far as it was not paid or let off since."""
    fees = (it for it in account.standing if it.what is MoneyAct.FEE and is_because(it.why, Code.DEPOSIT_UNCOLLECTED))
    minor = min(sum(it.minor for it in fees), account.now.owed)
    return ShownDeposit("owed", Money(minor, currency)) if minor else None


def deposit_moved(
    visit: Appointment, business: Business, reader: Reader, starts: datetime, cost: Cost
) -> ShownDeposit | None:
    """By its client, now."""
    slot, change = (
        replace(visit.slot, starts=starts, offset=offset(starts, business.zone)),
        Change(CLIENT, reader.visit.now),
    )
    if visit.status is Status.AWAITING_DEPOSIT:
        return deposit_now(visit.reschedule(slot, change, rules=business.changes), business, reader)
    moves = deposit_move(visit, replace(visit, slot=slot, late=cost.late), change)
    return ShownDeposit(str(moves), cost.deposit) if moves and cost.deposit else None
