"""Which plan secures a visit's deposit, and which step of it is owed now.

An authorisation lapses: by a client who is there after seven days, by a saved Visa card after four days and eighteen
hours (Stripe, "Place a hold on a payment method", read 2026-11-28).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kept.business.payment_rules import PaymentPlan
from kept.payments.payment import OVER, WITH_MONEY, Payment, PaymentState, SecuredBy

HOLDS = timedelta(days=6)
"""A visit within so long is authorised at once: a day before it would lapse."""
AUTHORISED = timedelta(days=3)
"""So long before the start a saved card is: it then holds for a day after it."""
CLOSES = timedelta(minutes=2)
"""So long before the slot is given to others nobody can pay for it any more."""
BEFORE_IT_LAPSES = timedelta(hours=6)
"""What is still needed is taken so long before it would be free."""


class PaymentStep(StrEnum):
    """What is asked of the provider."""

    CLOSE = "close"
    AUTHORISE = "authorise"
    TAKE = "take"
    FREE = "free"
    GIVE_BACK = "give_back"


class WantedOfPayment(StrEnum):
    """What the ledger and the visit want of a payment: that it stays as it is, is taken, or is the client's again."""

    STAYS = "stays"
    TAKEN = "taken"
    CLIENTS = "clients"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step that is owed `at` that moment; without a step it is looked at again then. None of both: it is done."""

    step: PaymentStep | None = None
    at: datetime | None = None


DONE = NextStep()


def plan(rule: PaymentPlan, starts: datetime, *, now: datetime) -> SecuredBy:
    if rule is PaymentPlan.AT_ONCE:
        return SecuredBy.AT_ONCE
    return SecuredBy.HOLD if starts - now <= HOLDS else SecuredBy.SAVE_CARD


def owed(
    payment: Payment,
    wanted: WantedOfPayment,
    *,
    starts: datetime,
    ends: datetime,
    now: datetime,
    held_until: datetime | None = None,
) -> NextStep:
    """By its state and what is wanted of it; `starts`, `ends` and `held_until` are the visit's, as it is now."""
    if payment.state in OVER:
        return DONE
    if payment.state in WITH_MONEY:
        return _of_money(payment, wanted, ends, now)
    if payment.state is PaymentState.CARD_SAVED and wanted is WantedOfPayment.TAKEN:
        return NextStep(PaymentStep.AUTHORISE, now)
    if wanted is not WantedOfPayment.STAYS:
        return NextStep(PaymentStep.CLOSE, now)
    if payment.state is PaymentState.CARD_SAVED and now < ends:
        return NextStep(PaymentStep.AUTHORISE, max(now, starts - AUTHORISED))
    if payment.state is not PaymentState.OPEN:
        return NextStep(PaymentStep.CLOSE, now)
    return NextStep(PaymentStep.CLOSE, min(payment.pay_until, held_until - CLOSES) if held_until else payment.pay_until)


def _of_money(payment: Payment, wanted: WantedOfPayment, ends: datetime, now: datetime) -> NextStep:
    is_held = payment.state is PaymentState.HELD
    match wanted:
        case WantedOfPayment.CLIENTS:
            return NextStep(PaymentStep.FREE if is_held else PaymentStep.GIVE_BACK, now)
        case WantedOfPayment.TAKEN:
            return NextStep(PaymentStep.TAKE, now) if is_held else DONE
    if is_held:
        return NextStep(PaymentStep.TAKE, (payment.lapses_at or now + HOLDS) - BEFORE_IT_LAPSES)
    return NextStep(None, max(ends, now) + timedelta(days=1))
