"""What staff say of money: whole minor units with their currency, by which means, and why."""

from typing import Annotated, Literal

from pydantic import Field

from kept.api.base import Body
from kept.api.booking.requests import Id
from kept.business.catalog import Money
from kept.business.money_rules import CorrectionReason, WaiverReason
from kept.ledger.accounts import Means

ByHand = Literal[Means.CASH, Means.TERMINAL, Means.TRANSFER, Means.CREDIT]
Minor = Annotated[int, Field(strict=True)]
Currency = Annotated[str, Field(min_length=3, max_length=3)]


class AmountRequest(Body):
    """3900 with USD is 39 dollars; the currency is the business's own."""

    minor: Minor
    currency: Currency

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)


class PaymentRequest(AmountRequest):
    """What was paid by hand, for one visit or for whatever is owed; by `credit` from what the client has."""

    means: ByHand
    appointment: Id | None = None


class WaiverRequest(AmountRequest):
    """What the client is let off of a visit's fee."""

    appointment: Id
    reason: WaiverReason


class RefundRequest(WaiverRequest):
    """What is given back of what was paid for a visit: by the means by which it came, or as credit."""

    means: ByHand


class DepositRequest(AmountRequest):
    """A visit's deposit, handed over by the client, or handed back to them: by which means."""

    appointment: Id
    means: ByHand


class DepositWaiverRequest(Body):
    """A visit's deposit that is asked no more, or not lost after all."""

    appointment: Id
    reason: WaiverReason


class CreditRequest(AmountRequest):
    """What the client may pay with later."""

    reason: WaiverReason


class CorrectionRequest(Body):
    """The line that is taken back, by its id."""

    entry: Annotated[str, Field(min_length=1, max_length=255)]
    reason: CorrectionReason
