"""A client who is to pay is led to a page of the provider; whoever comes back, or is told of first, books the visit."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.refusals import AnsweredTooLate, MoveNotAllowed
from kept.business.catalog import Catalog
from kept.business.change_rules import SHORTEST
from kept.payments.payment import Payment, PaymentState, payment_id
from kept.payments.plan import CLOSES
from kept.payments.provider import PaymentProvider, PaymentRefused, PaymentsUnavailable, PayPage
from kept.payments.refusals import NothingToPay, NotPaidOnline
from kept.reminders.timeline import next_due
from kept.storage import appointments, payments
from kept.storage.transaction import Lost, together
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.payments.bringing import bring
from kept.use_cases.payments.comparing import plan_first
from kept.use_cases.payments.payable import Payable, payable

STAYS_OPEN = timedelta(minutes=30)
"""A page to pay on, where the slot is held for longer: whoever needs more time opens another one."""


def begin(catalog: Catalog, appointment: str, page: PayPage, provider: PaymentProvider, *, now: datetime) -> str:
    """The address of a page to pay on. Pressed twice it is the same page. Raises UnknownAppointment, NothingToPay,
    NotPaidOnline."""
    visit = appointments.load(catalog.business.id, appointment)
    before = payments.of_visit(visit.business, visit.id)
    if before and before[-1].state is PaymentState.OPEN:
        brought = bring(catalog, before[-1].id, provider, now=now) or before[-1]
        if brought.state is PaymentState.OPEN and brought.page:
            return brought.page
        visit = appointments.load(catalog.business.id, appointment)
        before = payments.of_visit(visit.business, visit.id)
    if (what := payable(catalog, visit, now=now)) is None:
        raise NothingToPay
    payment = before[-1] if before and _is_fresh(before[-1], now) else _new(catalog, visit, what, before, now)
    if payment.extends:
        _keep_slot(catalog, payment, now)
    try:
        opened_page = provider.open_page(payment, page)
    except (PaymentsUnavailable, PaymentRefused) as error:
        raise NotPaidOnline(later=True) from error
    after = payment.opened(opened_page.session, opened_page.address)
    try:
        payments.put(after, over=payment, due_at=after.pay_until)
    except Lost:
        return (payments.find(payment.business, payment.id) or after).page
    return after.page


def come_back(
    catalog: Catalog, appointment: str, provider: Callable[[str], PaymentProvider], *, now: datetime
) -> Payment | None:
    """From the page, whether they paid or not: what the provider says is written down. None who was never there."""
    business = catalog.business.id
    tried = payments.of_visit(business, appointment)
    return bring(catalog, tried[-1].id, provider(business), now=now) if tried else None


def _keep_slot(catalog: Catalog, payment: Payment, now: datetime) -> None:
    """For as long as the page is there, so that nobody pays for a slot that lapses under them. A crash before it costs
    the rest of the page's time. Raises NothingToPay where it has lapsed."""

    def attempt() -> None:
        visit = appointments.load(payment.business, payment.appointment)
        after = visit.keep_while_paying(payment.pay_until + CLOSES, Change(CLIENT, now))
        if after is visit:
            return
        with together() as transaction:
            appointments.put(after, next_due(after, catalog), transaction)

    try:
        retried(attempt)
    except (MoveNotAllowed, AnsweredTooLate) as error:
        raise NothingToPay from error


def _is_fresh(payment: Payment, now: datetime) -> bool:
    """Begun a moment ago, and the answer of the provider was lost: it is asked for again under the same name."""
    return payment.state is PaymentState.OPEN and not payment.page and now < payment.asked_at + timedelta(minutes=9)


def _new(catalog: Catalog, visit: Appointment, what: Payable, before: list[Payment], now: datetime) -> Payment:
    """Written before the provider is asked for anything: nothing can be paid that we know nothing of. Raises
    NothingToPay where there is no time left for a page."""
    longer = min(now + SHORTEST, visit.starts)
    extends = longer > what.until and not any(it.extends for it in before)
    until = longer if extends else what.until
    if now >= until - CLOSES:
        raise NothingToPay
    payment = Payment(
        visit.business,
        payment_id(visit.id, len(before) + 1),
        visit.id,
        visit.client,
        what.amount,
        what.plan,
        asked_at=now,
        pay_until=min(until - CLOSES, now + STAYS_OPEN),
        replaces=what.replaces,
        extends=extends,
    )
    try:
        payments.put(payment, over=None, due_at=payment.pay_until)
    except Lost:  # pressed twice at once
        return payments.find(visit.business, payment.id) or payment
    plan_first(catalog, now=now)
    return payment
