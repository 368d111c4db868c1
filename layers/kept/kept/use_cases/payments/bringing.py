"""A payment is brought to what the ledger wants of it: looked at, written down, and the step that is owed asked for.

The ledger's lines are what is to be done, and written with whatever caused them, so nobody who cancels or misses a
visit waits for a provider. Every call is named after the payment: whoever is killed between two of them, or works twice
at once, asks for the same act again and finds it done. While the provider is down the payment stays due.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.payments.payment import SECURED, Payment, PaymentSeen, PaymentState
from kept.payments.plan import NextStep, PaymentStep, WantedOfPayment, owed
from kept.payments.provider import PaymentProvider, PaymentRefused, PaymentsUnavailable
from kept.reasons import Code, because
from kept.runtime import log
from kept.storage import appointments, payments
from kept.storage.transaction import Lost
from kept.use_cases.payments import visit_side

MOST_STEPS = 5
"""In one go: look, receive, take, give back, and one to spare."""
NOTHING_HELD = (PaymentState.FREED, PaymentState.CLOSED)
"""Of a saved card nothing was ever held."""
AGAIN = timedelta(minutes=5)
"""After the provider was not there, or refused what it was asked."""


def bring(catalog: Catalog, id: str, provider: PaymentProvider, *, now: datetime) -> Payment | None:
    """As it then stands; None where there is none. Whoever loses a race leaves it to who won."""
    payment = payments.find(catalog.business.id, id)
    if payment is None or (payment.is_over and _is_settled(catalog, payment)):
        return payment
    try:
        return _brought(catalog, payment, provider, now)
    except Lost:
        return payments.find(catalog.business.id, id)
    except (PaymentsUnavailable, PaymentRefused) as trouble:
        log.warning("payment", extra={"job": __name__, "payment": id, "trouble": str(trouble)})
        payments.postpone(catalog.business.id, id, at=now + AGAIN)
        return payments.find(catalog.business.id, id)


def _brought(catalog: Catalog, payment: Payment, provider: PaymentProvider, now: datetime) -> Payment:
    for _ in range(MOST_STEPS):
        payment = heard(catalog, payment, provider.look(payment), now=now)
        visit = appointments.load(payment.business, payment.appointment)
        wanted = visit_side.wanted(catalog, payment, visit)
        next_ = owed(payment, wanted, starts=visit.starts, ends=visit.ends, now=now, held_until=visit.held_until)
        if next_.step is None or next_.at is None or next_.at > now:
            _plan(payment, next_)
            return payment
        payment = _done(catalog, payment, visit, next_.step, provider, now)
    payments.postpone(payment.business, payment.id, at=now + AGAIN)
    return payment


def heard(catalog: Catalog, payment: Payment, seen: PaymentSeen, *, now: datetime) -> Payment:
    """Written down, with what follows of it: the visit is booked by exactly one of those who hear of it. Raises
    Lost."""
    after = payment.after(seen)
    if after.state in SECURED and not (after.received or after.refused):
        is_theirs = visit_side.receive(catalog, after, Change(CLIENT, now))
        after = replace(after, received=is_theirs, refused=not is_theirs)
    if after.state is PaymentState.DECLINED and after.received:
        why = visit_side.unpaid_again(catalog, after, Change(CLIENT, now))
        visit_side.ask_a_person(catalog, after, why, now=now)
        after = replace(after, received=False, tries=after.tries + 1)
    if after.received and (_is_freed(payment, after) or after.given_back > payment.given_back):
        _gone_back(catalog, payment, after, now)
    if after != payment:
        payments.put(after, over=payment, due_at=now + AGAIN)
    return after


def _is_freed(payment: Payment, after: Payment) -> bool:
    return after.state in NOTHING_HELD and after.state is not payment.state


def _gone_back(catalog: Catalog, payment: Payment, after: Payment, now: datetime) -> None:
    """Because we said so; or it lapsed, or somebody gave it back elsewhere, and a person has to know. Of a part of it
    they are told at night."""
    visit = appointments.load(after.business, after.appointment)
    in_ledger = visit_side.in_ledger(catalog, payment, visit)
    was_ours = in_ledger > 0 and visit_side.wanted(catalog, payment, visit) is not WantedOfPayment.CLIENTS
    visit_side.handed_back(catalog, after, Change(CLIENT, now))
    if was_ours and after.is_over:
        code = Code.PAYMENT_LAPSED if after.state in NOTHING_HELD else Code.PAYMENT_GIVEN_BACK
        visit_side.ask_a_person(catalog, after, because(code), now=now)


def _done(
    catalog: Catalog, payment: Payment, visit: Appointment, step: PaymentStep, provider: PaymentProvider, now: datetime
) -> Payment:
    """What it came to is looked at again, but for a card that is declined, of which nothing else tells."""
    match step:
        case PaymentStep.CLOSE if payment.state is PaymentState.OPEN and payment.session:
            provider.close_page(payment)
        case PaymentStep.CLOSE:
            return heard(catalog, payment, PaymentSeen(PaymentState.CLOSED), now=now)
        case PaymentStep.AUTHORISE:
            return heard(catalog, payment, provider.authorise(payment), now=now)
        case PaymentStep.TAKE:
            provider.take(payment)
        case PaymentStep.FREE:
            provider.free(payment)
        case PaymentStep.GIVE_BACK:
            provider.give_back(payment, visit_side.to_give_back(catalog, payment, visit))
    return payment


def _plan(payment: Payment, next_: NextStep) -> None:
    payments.put(payment, over=payment, due_at=next_.at)


def _is_settled(catalog: Catalog, payment: Payment) -> bool:
    """The ledger has heard of the end of it."""
    if not payment.received or payment.state not in (*NOTHING_HELD, PaymentState.GIVEN_BACK):
        return True
    visit = appointments.load(payment.business, payment.appointment)
    return visit_side.wanted(catalog, payment, visit) is not WantedOfPayment.CLIENTS
