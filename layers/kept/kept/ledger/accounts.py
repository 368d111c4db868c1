"""The accounts of a client's ledger. What is positive is a debit, what is negative a credit."""

from enum import StrEnum


class LedgerAccount(StrEnum):
    """Of one client of one business."""

    RECEIVABLE = "receivable"
    """What the client owes; negative where they have paid what is not owed any more."""
    CASH = "cash"
    TERMINAL = "terminal"
    TRANSFER = "transfer"
    STRIPE = "stripe"
    CREDITS = "credits"
    """What the client may still spend: negative, for the business owes it."""
    DEPOSITS = "deposits"
    """Paid and held: negative."""
    PAYABLE = "payable"
    """Of deposits that are the client's again what has still to be handed to them: negative."""
    DEPOSITS_DUE = "deposits_due"
    DEPOSITS_ASKED = "deposits_asked"
    """The two sides of a deposit that is asked and not paid yet: nothing is earned and nothing held."""
    FEES = "fees"
    FORFEITED = "forfeited"
    APPLIED = "applied"
    """Income: from fees, from deposits that were forfeited, and from those that went towards the price of a visit."""
    WAIVED = "waived"
    GIVEN = "given"
    """What the business let go of, and what it gave as credit."""
    POINTS = "points"
    POINTS_EARNED = "points_earned"
    POINTS_SPENT = "points_spent"
    """In points, which are no money; the client's are negative."""


MONEY = (LedgerAccount.CASH, LedgerAccount.TERMINAL, LedgerAccount.TRANSFER, LedgerAccount.STRIPE)
"""What the client has handed over, less what they got back: never negative."""


class Means(StrEnum):
    """By what something is paid, or given back: a person records all but what Stripe reports."""

    CASH = "cash"
    TERMINAL = "terminal"
    TRANSFER = "transfer"
    CREDIT = "credit"
    STRIPE = "stripe"


BY_HAND = (Means.CASH, Means.TERMINAL, Means.TRANSFER, Means.CREDIT)
"""What staff record."""

ACCOUNT_OF = {
    Means.CASH: LedgerAccount.CASH,
    Means.TERMINAL: LedgerAccount.TERMINAL,
    Means.TRANSFER: LedgerAccount.TRANSFER,
    Means.CREDIT: LedgerAccount.CREDITS,
    Means.STRIPE: LedgerAccount.STRIPE,
}
