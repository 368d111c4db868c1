"""One payment online of a visit's deposit: its states, the one table of its moves, and what was seen of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kept.business.catalog import Money

LONGEST_FAILURE = 60


class SecuredBy(StrEnum):
    """How the money is secured while the visit is still to come."""

    HOLD = "hold"
    """Authorised at once."""
    SAVE_CARD = "save_card"
    """The card is saved with consent, and authorised some days before."""
    AT_ONCE = "at_once"
    """Taken at once, and given back by the terms."""


class PaymentState(StrEnum):
    """As the provider last told it."""

    OPEN = "open"
    """There is a page to pay on, or there is to be one."""
    CLOSED = "closed"
    """Nobody paid on it."""
    CARD_SAVED = "card_saved"
    DECLINED = "declined"
    """The saved card: another one is asked for."""
    HELD = "held"
    TAKEN = "taken"
    FREED = "freed"
    """What was held is the client's again, because we said so or because it lapsed."""
    GIVEN_BACK = "given_back"


MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.OPEN: frozenset(
        {PaymentState.CLOSED, PaymentState.CARD_SAVED, PaymentState.HELD, PaymentState.TAKEN}
        | {PaymentState.FREED, PaymentState.GIVEN_BACK}
    ),
    PaymentState.CARD_SAVED: frozenset(
        {PaymentState.HELD, PaymentState.DECLINED, PaymentState.CLOSED, PaymentState.TAKEN, PaymentState.FREED}
        | {PaymentState.GIVEN_BACK}
    ),
    PaymentState.DECLINED: frozenset({PaymentState.CLOSED}),
    PaymentState.HELD: frozenset({PaymentState.TAKEN, PaymentState.FREED, PaymentState.GIVEN_BACK}),
    PaymentState.TAKEN: frozenset({PaymentState.GIVEN_BACK}),
    PaymentState.CLOSED: frozenset(),
    PaymentState.FREED: frozenset(),
    PaymentState.GIVEN_BACK: frozenset(),
}
"""What was not looked at in time may have gone several steps. Nothing goes back: what is heard late or twice is old."""

OVER = frozenset(state for state, later in MOVES.items() if not later)
SECURED = frozenset({PaymentState.CARD_SAVED, PaymentState.HELD, PaymentState.TAKEN})
"""The visit may stand on it."""
WITH_MONEY = frozenset({PaymentState.HELD, PaymentState.TAKEN})


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """What the provider says of a payment. Amounts in minor units; `lapses_at` is when what is held is free again."""

    state: PaymentState
    intent: str = ""
    customer: str = ""
    method: str = ""
    taken: int = 0
    given_back: int = 0
    lapses_at: datetime | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """`id` is the visit's with the number of the try, and all that is asked of the provider is named after it.

    Nobody is to pay after `pay_until`, when the slot is given to others. `received`: the ledger has it; `refused`: it
    came too late, and goes back. `tries` counts
    the saved cards that were declined. `replaces`: a saved card was declined, and this is another one, for a visit that
    stands already. `extends`: the slot is kept for longer for this one, which is done once.
    """

    business: str
    id: str
    appointment: str
    client: str
    amount: Money
    plan: SecuredBy
    asked_at: datetime
    pay_until: datetime
    state: PaymentState = PaymentState.OPEN
    session: str = ""
    page: str = ""
    intent: str = ""
    customer: str = ""
    method: str = ""
    taken: int = 0
    given_back: int = 0
    lapses_at: datetime | None = None
    failure: str = ""
    received: bool = False
    refused: bool = False
    tries: int = 0
    replaces: bool = False
    extends: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def held(self) -> int:
        """In minor units, what is the business's to take or has been taken, and was not given back."""
        if self.state is PaymentState.HELD:
            return self.amount.minor
        return self.taken - self.given_back

    def opened(self, session: str, page: str) -> "Payment":
        return replace(self, session=session, page=page)

    def after(self, seen: PaymentSeen) -> "Payment":
        """With what was seen of it; as it is where that is old."""
        if seen.state is not self.state and seen.state not in MOVES[self.state]:
            return self
        return replace(
            self,
            state=seen.state,
            intent=seen.intent or self.intent,
            customer=seen.customer or self.customer,
            method=seen.method or self.method,
            taken=max(seen.taken, self.taken),
            given_back=max(seen.given_back, self.given_back),
            lapses_at=seen.lapses_at or self.lapses_at,
            failure=seen.failure[:LONGEST_FAILURE],
        )


def payment_id(appointment: str, number: int) -> str:
    return f"{appointment}-{number}"
