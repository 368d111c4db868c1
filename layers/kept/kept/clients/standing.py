"""What a client's record asks of them when they book, and what a person has said of it instead."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.clients.refusals import StandingEnded


class Standing(StrEnum):
    """From the mildest on. Dismissing somebody is a person's decision alone."""

    GOOD = "good"
    DEPOSIT_REQUIRED = "deposit_required"
    RESTRICTED = "restricted"
    DISMISSED = "dismissed"

    @property
    def gravity(self) -> int:
        return list(Standing).index(self)


@dataclass(frozen=True, slots=True)
class StandingSet:
    """What one of the staff (`by`, their id) set in the place of what the record says, why, and until when; None is
    until somebody ends it."""

    standing: Standing
    why: str
    by: str
    at: datetime
    until: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        return self.until is None or now < self.until


def must_hold(word: StandingSet) -> None:
    """Raises StandingEnded for one that would end before it begins."""
    if not word.holds_at(word.at):
        raise StandingEnded
