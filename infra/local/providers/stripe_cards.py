"""The test cards, by their number as Stripe has them, and what becomes of each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """`declines` is the code of a charge that is refused; `asks` whether the bank wants to see its holder.

    `off_session`: so as well where the holder is not there, which no bank can then be shown. `on_charge`: saving it
    works, and only what is charged later is declined. `refunds` is what becomes of money given back. What does not
    hold is paid at once.
    """

    number: str
    words: str
    brand: str = "visa"
    declines: str = ""
    asks: bool = False
    off_session: bool = False
    on_charge: bool = False
    refunds: str = "succeeded"
    disputed: bool = False
    holds: bool = True

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "pays"),
        Card("5555555555554444", "pays (Mastercard)", brand="mastercard"),
        Card("4000000000000002", "is declined", declines="generic_decline"),
        Card("4000000000009995", "has too little on it", declines="insufficient_funds"),
        Card("4000000000000069", "has expired", declines="expired_card"),
        Card("4000002500003155", "asks for 3-D Secure once", asks=True),
        Card("4000002760003184", "asks for 3-D Secure each time", asks=True, off_session=True),
        Card("4000000000000341", "is saved, then declined", declines="generic_decline", on_charge=True),
        Card("4000000000005126", "pays, and cannot be given money back", refunds="failed"),
        Card("0000000000007777", "is no card but a wallet, which pays at once", brand="wallet", holds=False),
        Card("4000000000000259", "pays, and disputes it", disputed=True),
    )
}
NAMED = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_createDispute": "4000000000000259",
}
"""What tests of a business write in place of a number."""

DECLINED = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "expired_card": ("expired_card", "Your card has expired."),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}
"""The code and the words by the decline code."""
