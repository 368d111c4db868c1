"""Every night what the provider says of the payments and what the ledger says of them is compared; a person is told of
each difference once."""

from datetime import UTC, date, datetime, time, timedelta

from kept.business.catalog import Catalog
from kept.payments.payment import Payment, PaymentState
from kept.payments.provider import PaymentProvider, PaymentRefused
from kept.reasons import Code, because
from kept.storage import appointments, payments
from kept.use_cases.payments import visit_side
from kept.use_cases.payments.bringing import bring

AT = time(3, 30)
"""By the business's clock."""
LOOKS_BACK = timedelta(days=100)
"""From when a payment was begun: what is older changes by disputes alone, of which the provider tells itself."""


def plan_first(catalog: Catalog, *, now: datetime) -> None:
    """With the first payment of a business."""
    if payments.night(catalog.business.id) is None:
        payments.plan_night(catalog.business.id, at=_next(catalog, now))


def compare(catalog: Catalog, provider: PaymentProvider, *, now: datetime) -> int:
    """How many differ. Where the provider is not there it stays due: raises PaymentsUnavailable."""
    business = catalog.business.id
    due = payments.night(business)
    if due is None or due > now:
        return 0
    found = [it for it in payments.listed(business, since=now - LOOKS_BACK) if _differs(catalog, it, provider, now)]
    payments.plan_night(business, at=_next(catalog, now), over=due)
    return len(found)


def _differs(catalog: Catalog, payment: Payment, provider: PaymentProvider, now: datetime) -> bool:
    current = bring(catalog, payment.id, provider, now=now) or payment
    if not current.received or current.is_over:  # nothing was paid, or whoever wrote down its end has told of it
        return False
    try:
        seen = provider.look(current)
    except PaymentRefused:
        seen = None
    has = _held(current, seen.state, seen.taken - seen.given_back) if seen else 0
    says = visit_side.in_ledger(catalog, current, appointments.load(current.business, current.appointment))
    if has == says:
        return False
    why = because(Code.PAYMENT_DIFFERS, provider=_sum(current, has), ledger=_sum(current, says))
    visit_side.ask_a_person(catalog, current, why, now=now)
    return True


def _held(payment: Payment, state: PaymentState, net: int) -> int:
    """A saved card stands for what will be held."""
    if state in (PaymentState.CARD_SAVED, PaymentState.HELD):
        return payment.amount.minor
    return net


def _sum(payment: Payment, minor: int) -> str:
    """For whoever compares both lists: in the smallest unit, as both have it."""
    return f"{minor} {payment.amount.currency}"


def _next(catalog: Catalog, now: datetime) -> datetime:
    zone = catalog.business.zone
    tomorrow: date = (now.astimezone(zone) + timedelta(days=1)).date()
    return datetime.combine(tomorrow, AT, zone).astimezone(UTC)
