"""A deposit that is received, asked no more, or given back after all: with the visit that hangs on it, in one write."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.history import DEPOSIT_LET_OFF, DEPOSIT_PAID
from kept.booking.states import Status
from kept.business.catalog import Catalog, Money
from kept.business.money_rules import WaiverReason
from kept.due_work.queues import hand_over
from kept.errors import KeyReused
from kept.ledger import acts, deposits
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.balance import deposits_let_off
from kept.ledger.refusals import DepositNotLost
from kept.ledger.transaction import Transaction
from kept.ledger.visit_account import Fate, VisitAccount
from kept.messaging.outgoing import change_of_today, to_client, undoable
from kept.policy.deposit_step import as_held
from kept.reasons import Code, because
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, ledger, messages
from kept.storage.transaction import together
from kept.use_cases.follow_ups.deposit_back import follow_up_paying_back
from kept.use_cases.money.fees import occasion, opened, written
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.policy.deposit_steps import named


class DepositOutcome(StrEnum):
    """Of a payment: the visit is booked by it; some is due still; it was recorded before; or it is not to be had, and
    whoever paid gets it back."""

    BOOKED = "booked"
    PART = "part"
    REPEATED = "repeated"
    NOT_TAKEN = "not_taken"


class NotTaken(StrEnum):
    """The slot is gone, or its time to pay has run out; it was paid, or let off; or it is more than is due."""

    GONE = "gone"
    PAID = "paid"
    TOO_MUCH = "too_much"


@dataclass(frozen=True, slots=True)
class ReceivedDeposit:
    """The visit as it then stands, what was written now or by the same payment before, and what is `due` still. `why`
    goes with NOT_TAKEN alone: nothing was written, and it has to be given back by whoever took it."""

    outcome: DepositOutcome
    visit: Appointment
    lines: tuple[Transaction, ...] = ()
    due: int = 0
    why: NotTaken | None = None


@dataclass(frozen=True, slots=True)
class LetOff:
    """The visit as it then stands, and the lines."""

    visit: Appointment
    lines: tuple[Transaction, ...]


def deposit_received(
    catalog: Catalog, appointment: str, payment: str, amount: Money, means: Means, change: Change
) -> ReceivedDeposit:
    """The line of the ledger and, with the last of what is due, the booking with its confirmation: in one write.

    `payment` is the payment's own id: the line's is made of it, so a repeat, however late or however often, does
    nothing. It and what lets the slot lapse are each written on the visit as it was read, so exactly one of them wins.
    Raises UnknownAppointment, InvalidAmount, AnotherCurrency, KeyReused; AboveBalance for more credit than there is.
    """
    business = catalog.business

    def attempt() -> ReceivedDeposit:
        visit = appointments.load(business.id, appointment)
        account = opened(business, visit)
        how = occasion(business, payment_line(visit, payment), change, visit.id)
        if first := next((line for line in account.lines if line.id == how.id), None):
            if first.request != how.request:
                raise KeyReused
            return ReceivedDeposit(DepositOutcome.REPEATED, visit, (first,), account.visit.deposit_due)
        acts.must_be_money(amount, account.client.currency)
        if why := _not_to_be_had(account, visit, amount, change):
            return ReceivedDeposit(DepositOutcome.NOT_TAKEN, visit, due=account.visit.deposit_due, why=why)
        line = acts.deposit_paid(account.now, how, amount, means)
        account.add(line)
        if due := account.visit.deposit_due:
            with together() as transaction:
                appointments.unchanged(visit, transaction)
                written(account, transaction)
            return ReceivedDeposit(DepositOutcome.PART, visit, (line,), due)
        after = visit.secure(DEPOSIT_PAID, change)
        _book(catalog, account, after, change)
        return ReceivedDeposit(DepositOutcome.BOOKED, after, (line,))

    return retried(attempt)


def payment_line(visit: Appointment, payment: str) -> str:
    return ledger.line_id(visit.client, visit.id, f"deposit-paid-{ids.digest(payment)}")


def let_off(
    catalog: Catalog, appointment: str, reason: WaiverReason, change: Change, *, may: Callable[[int], None]
) -> LetOff:
    """What is asked is asked no more, and the visit booked; what is lost is the client's again, where whoever says so
    `may` let go of so much, with all that was let off of the visit before. Said again it is as it was.

    Raises DepositNotLost, UnknownAppointment, AnsweredTooLate.
    """
    business, why = catalog.business, because(Code(f"money_{reason}"))

    def attempt() -> LetOff:
        visit = appointments.load(business.id, appointment)
        account = opened(business, visit)
        how = named(account, business, visit, change, why)
        if first := tuple(it for it in account.lines if change.key and it.request == how("let-off").request):
            return LetOff(visit, first)
        if visit.status is Status.AWAITING_DEPOSIT:
            deposits.unask(account, how)
            after = as_held(account, visit.secure(DEPOSIT_LET_OFF, replace(change, why=str(why))))
            _book(catalog, account, after, change)
            return LetOff(after, tuple(account.made))
        if account.fate is not Fate.FORFEITED:
            raise DepositNotLost
        lost = sum(it.of(LedgerAccount.DEPOSITS) for it in account.ended)
        may(account.visit.waived + deposits_let_off(account.lines) + lost)
        deposits.settle(account, Fate.RETURNED, how)
        with together() as transaction:
            appointments.unchanged(visit, transaction)
            follow_up_paying_back(account, visit, transaction, change)
            written(account, transaction)
        return LetOff(visit, tuple(account.made))

    return retried(attempt)


def _not_to_be_had(account: VisitAccount, visit: Appointment, amount: Money, change: Change) -> NotTaken | None:
    due = account.visit.deposit_due
    if visit.status is not Status.AWAITING_DEPOSIT:
        return NotTaken.PAID if visit.is_expected or visit.has_come else NotTaken.GONE
    if visit.held_until is not None and change.at >= visit.held_until:
        return NotTaken.GONE
    return NotTaken.TOO_MUCH if amount.minor > due else None


def _book(catalog: Catalog, account: VisitAccount, after: Appointment, change: Change) -> None:
    """A crash after the write costs the confirmation a minute, until the outbox is swept."""
    business = catalog.business
    client = clients.load(business.id, after.client)
    letter = to_client(after, client, business, "confirmation", now=change.at, useful_until=after.starts)
    said = (letter, *change_of_today(None, after, business, change))
    with together() as transaction:
        appointments.put(after, next_due(after, catalog), transaction)
        written(account, transaction)
        keys = messages.put_all([undoable(it, change) for it in said], transaction, now=change.at)
    hand_over(keys)
