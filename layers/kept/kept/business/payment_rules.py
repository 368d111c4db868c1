"""Whether deposits are paid online by card, and how they are secured until the visit."""

from dataclasses import dataclass
from enum import StrEnum


class PaymentPlan(StrEnum):
    """Held on the card (of a later visit the card is saved first), or taken at once and given back by the terms."""

    HOLD = "hold"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """Off by default: a business needs an account with the provider."""

    online: bool = False
    plan: PaymentPlan = PaymentPlan.HOLD
