"""One line of the ledger: what happened, and the entries that it made, which sum to nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kept.ledger.accounts import MONEY, LedgerAccount
from kept.reasons import Reason


class MoneyAct(StrEnum):
    """What a transaction is; one that takes another back is what that one was."""

    DEPOSIT_ASKED = "deposit_asked"
    PAID = "paid"
    KEPT = "kept"
    FORFEITED = "forfeited"
    RETURNED = "returned"
    """A deposit is the client's again: to be paid back, or their credit."""
    REFUNDED = "refunded"
    FEE = "fee"
    WAIVER = "waiver"
    CREDIT = "credit"
    POINTS = "points"
    EXCHANGED = "exchanged"


@dataclass(frozen=True, slots=True)
class Posting:
    """In minor units of the business's currency, or in points."""

    account: LedgerAccount
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """Written once and never changed. `id` is drawn from what caused it, so that a repeat is the same line.

    `day` is the business's local date; `by` client, kept or staff:id; `reverses` the line that this one takes back,
    `request` the digest of the request that made it, if one did. Nothing in it is about a person beyond ids. Raises
    ValueError where it does not sum to nothing.
    """

    business: str
    id: str
    client: str
    what: MoneyAct
    at: datetime
    day: date
    by: str
    entries: tuple[Posting, ...]
    appointment: str | None = None
    why: Reason | None = None
    reverses: str = ""
    request: str = ""

    def __post_init__(self) -> None:
        sums = Counter[str]()
        for entry in self.entries:
            sums[entry.currency] += entry.minor
        if not self.entries or any(sums.values()):
            raise ValueError(f"{self.id} does not sum to nothing")

    @property
    def minor(self) -> int:
        """How much it is about; of points that bought a credit, the credit."""
        return max(abs(entry.minor) for entry in self.entries if entry.currency == self.currency)

    @property
    def currency(self) -> str:
        return self.entries[0].currency

    @property
    def means(self) -> LedgerAccount | None:
        """By what it came or went, where money or credit did."""
        return next((entry.account for entry in self.entries if entry.account in (*MONEY, LedgerAccount.CREDITS)), None)

    def of(self, account: LedgerAccount) -> int:
        return sum(entry.minor for entry in self.entries if entry.account is account)
