"""What Kept asks of whoever carries a payment. Each act is named after it, so that a repeat is the same act."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kept.payments.payment import Payment, PaymentSeen


class PaymentsUnavailable(Exception):
    """No answer, or none that says what became of it: ask again under the same name."""


class PaymentRefused(Exception):
    """It understood, and does not do it: looking says why. The text is the provider's own code."""


@dataclass(frozen=True, slots=True)
class PayPage:
    """What is said on the page of whoever pays: what for, in which language, and where they go then."""

    title: str
    language: str
    paid_at: str
    left_at: str
    consent: str = ""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """The page: its id at the provider, and its address."""

    session: str
    address: str


class PaymentProvider(Protocol):
    """All raise PaymentsUnavailable and PaymentRefused."""

    def open_page(self, payment: Payment, page: PayPage) -> OpenedPage: ...

    def close_page(self, payment: Payment) -> None: ...

    def look(self, payment: Payment) -> PaymentSeen: ...

    def authorise(self, payment: Payment) -> PaymentSeen:
        """The saved card, while nobody is there. A card that is declined is an answer: DECLINED."""

    def take(self, payment: Payment) -> None: ...

    def free(self, payment: Payment) -> None: ...

    def give_back(self, payment: Payment, minor: int) -> None: ...


SESSION_LASTS = timedelta(minutes=40)
"""From when it was asked for: Stripe takes 30 minutes at the least, and an asking may be repeated for ten."""


def session_ends(payment: Payment) -> datetime:
    """The same each time it is asked for."""
    return payment.asked_at + SESSION_LASTS
