"""Webhooks of the provider: whatever they say, it is looked at what is so. So one that comes twice, late or out of
order does nothing, and neither does one that says what is not true."""

from datetime import datetime

from kept.payments.payment import Payment
from kept.payments.refusals import UnknownPayment
from kept.reasons import Code, because
from kept.storage import catalogs, payments
from kept.use_cases.payments import visit_side
from kept.use_cases.payments.bringing import bring
from kept.use_cases.payments.stripe_provider import StripePayments, ToldByStripe

FOR_A_PERSON = {"charge.dispute.created": Code.PAYMENT_DISPUTED, "refund.failed": Code.PAYMENT_NOT_RETURNED}


def hear(business: str, told: ToldByStripe, provider: StripePayments, *, now: datetime) -> Payment | None:
    """None for what is no payment of ours: the account may be used for others. Raises UnknownPayment for what is said
    to be another business's, or was never begun; PaymentsUnavailable, so that it is told again."""
    named = (told.business, told.payment)
    if not told.payment and told.intent:
        known = provider.payment_of(told.intent)
        named = known.get("business", ""), known.get("payment", "")
    if not named[1]:
        return None
    if named[0] != business or (payment := payments.find(business, named[1])) is None:
        raise UnknownPayment
    catalog = catalogs.load(business)
    if code := FOR_A_PERSON.get(told.kind):
        visit_side.ask_a_person(catalog, payment, because(code), now=now)
    return bring(catalog, payment.id, provider, now=now)
