"""What a payment is to its visit and the ledger: what they want of it, and the lines that are written because of it.

Each line is named after the payment and the act, so that whoever repeats one finds it written.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from kept import ids
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog, Money
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import open_for
from kept.follow_up.opened_by import OpenedBy
from kept.ledger import acts, deposits
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.transaction import MoneyAct, Transaction
from kept.ledger.visit_account import VisitAccount
from kept.payments.payment import Payment, PaymentState
from kept.payments.plan import WantedOfPayment
from kept.reasons import Code, Reason, because
from kept.storage import appointments, clients, follow_ups, ledger
from kept.storage.transaction import Lost, together
from kept.use_cases.money.fees import add_fee, occasion, opened, written
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.policy.deposit_steps import named
from kept.use_cases.policy.deposits import DepositOutcome, deposit_received, payment_line


def wanted(catalog: Catalog, payment: Payment, visit: Appointment) -> WantedOfPayment:
    """By the ledger; of what it does not have, by whether the visit still waits for it."""
    if payment.refused:
        return WantedOfPayment.CLIENTS
    if not payment.received:
        waits = visit.status is Status.AWAITING_DEPOSIT or (visit.is_expected and payment.replaces)
        return WantedOfPayment.STAYS if waits else WantedOfPayment.CLIENTS
    account = opened(catalog.business, visit)
    if back := account.visit.to_pay_back:
        is_part = payment.state is PaymentState.HELD and back < payment.amount.minor
        return WantedOfPayment.TAKEN if is_part else WantedOfPayment.CLIENTS
    return WantedOfPayment.STAYS if account.visit.deposit else WantedOfPayment.TAKEN


def to_give_back(catalog: Catalog, payment: Payment, visit: Appointment) -> int:
    """In minor units; of what the ledger never had all of it."""
    if not payment.received:
        return payment.held
    return min(payment.held, opened(catalog.business, visit).visit.to_pay_back)


def receive(catalog: Catalog, payment: Payment, change: Change) -> bool:
    """Whether the deposit is the visit's now; False where it came too late, and goes back."""
    if payment.replaces:
        return _paid_again(catalog, payment, change)
    done = deposit_received(catalog, payment.appointment, payment.id, payment.amount, Means.STRIPE, change)
    return done.outcome is not DepositOutcome.NOT_TAKEN


def handed_back(catalog: Catalog, payment: Payment, change: Change) -> None:
    """What the provider gave back, as far as the ledger owed it."""
    given = payment.given_back or payment.amount.minor

    def line(account: VisitAccount, visit: Appointment) -> Transaction | None:
        before = sum(-it.of(LedgerAccount.STRIPE) for it in account.lines if _back(payment) in it.id)
        minor = min(given - before, account.visit.to_pay_back)
        if minor <= 0:
            return None
        id = ledger.line_id(visit.client, visit.id, f"{_back(payment)}-{given}")
        how = occasion(catalog.business, id, change, visit.id)
        return acts.paid_back(account.now, how, Money(minor, payment.amount.currency), Means.STRIPE)

    _write(catalog, payment, line)


def unpaid_again(catalog: Catalog, payment: Payment, change: Change) -> Reason:
    """The saved card was declined: the deposit is due still, and the visit stands; or, where it was lost already, it is
    owed as a fee. Why, for whoever asks the client."""
    declined, lost = because(Code.PAYMENT_DECLINED), because(Code.DEPOSIT_UNCOLLECTED)

    def attempt() -> Reason:
        visit = appointments.load(payment.business, payment.appointment)
        account = opened(catalog.business, visit)
        if any(it.what is MoneyAct.FEE and it.why == lost for it in account.lines):
            return lost
        first = next((it for it in account.standing if it.id == payment_line(visit, payment.id)), None)
        if first is None:
            return declined
        if account.visit.deposit:
            how = occasion(catalog.business, f"{first.id}-back", change, visit.id, declined)
            account.add(acts.reverse(account.now, first, how, is_reversed=False))
        elif minor := deposits.uncollected(account, first, named(account, catalog.business, visit, change, lost)):
            add_fee(account, catalog.business, visit, minor, lost, change)
        with together() as transaction:
            appointments.unchanged(visit, transaction)
            written(account, transaction)
        return lost if any(it.what is MoneyAct.FEE for it in account.made) else declined

    return retried(attempt)


def in_ledger(catalog: Catalog, payment: Payment, visit: Appointment) -> int:
    """What its lines say the business has of it, in minor units."""
    account = opened(catalog.business, visit)
    names = (payment_line(visit, payment.id), _back(payment))
    its = (it for it in account.lines if any(name in it.id for name in names))
    return sum(it.of(LedgerAccount.STRIPE) for it in its)


def ask_a_person(catalog: Catalog, payment: Payment, why: Reason, *, now: datetime) -> None:
    """Once for each matter of a payment."""
    visit = appointments.load(payment.business, payment.appointment)
    id = f"{payment.id}-{OpenedBy.PAYMENT}-{ids.digest(str(why))[:8]}"
    if follow_ups.find(payment.business, id):
        return
    opens = open_for(
        clients.load(payment.business, visit.client),
        id,
        cause=OpenedBy.PAYMENT,
        about=visit.id,
        assignee=whose(visit.slot.staff, catalog, now=now),
        policy=catalog.follow_up_policy,
        change=Change(KEPT, now, str(why)),
    )
    with suppress(Lost):
        follow_ups.put_alone(opens)


def _paid_again(catalog: Catalog, payment: Payment, change: Change) -> bool:
    """By another card, for a visit that stands."""

    def line(account: VisitAccount, visit: Appointment) -> Transaction | None:
        id = payment_line(visit, payment.id)
        if any(it.id == id for it in account.lines):
            return None
        if not visit.is_expected or account.visit.deposit_due < payment.amount.minor:
            raise _TooLate
        how = occasion(catalog.business, id, change, visit.id)
        return acts.deposit_paid(account.now, how, payment.amount, Means.STRIPE)

    try:
        _write(catalog, payment, line)
    except _TooLate:
        return False
    return True


class _TooLate(Exception):
    """Nothing is due any more."""


def _write(catalog: Catalog, payment: Payment, make: Callable[[VisitAccount, Appointment], Transaction | None]) -> None:
    def attempt() -> None:
        visit = appointments.load(payment.business, payment.appointment)
        account = opened(catalog.business, visit)
        if (line := make(account, visit)) is None or any(it.id == line.id for it in account.lines):
            return
        account.add(line)
        with together() as transaction:
            appointments.unchanged(visit, transaction)
            written(account, transaction)

    retried(attempt)


def _back(payment: Payment) -> str:
    return f"paid-back-{ids.digest(payment.id)}"
