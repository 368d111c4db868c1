"""How much each role may let a client off."""

from dataclasses import dataclass
from enum import StrEnum

from kept.business.checks import must

MOST = 1_000_000_000_000
"""Minor units of any one amount, ten thousand million dollars: what is more was typed by mistake."""


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """In minor units of the business's currency; None is any amount. Owners let off what they like.

    It holds for all that one visit is let off, and for all the credit that one client has at a time: so nobody gets
    round it in slices.
    """

    staff_waives: int = 0
    manager_waives: int | None = None

    def limit(self, role: str) -> int | None:
        """None is any amount; of a role that nobody knows nothing."""
        limits = {"owner": None, "manager": self.manager_waives, "staff": self.staff_waives}
        return limits.get(role, 0)

    def may_waive(self, role: str, minor: int) -> bool:
        limit = self.limit(role)
        return limit is None or minor <= limit


class WaiverReason(StrEnum):
    """Why a client is let off, given money back, or given a credit."""

    EMERGENCY = "emergency"
    OUR_FAULT = "our_fault"
    GOODWILL = "goodwill"


class CorrectionReason(StrEnum):
    """Why a line of the ledger is taken back."""

    MISTAKE = "mistake"
    EMERGENCY = "emergency"
    OUR_FAULT = "our_fault"
    GOODWILL = "goodwill"


def check_money(rules: MoneyRules) -> None:
    """Raises InvalidSetting."""
    for field in MoneyRules.__slots__:
        limit = getattr(rules, field)
        must(limit is None or 0 <= limit <= MOST, f"money.{field}", f"It is from 0 to {MOST}.")
