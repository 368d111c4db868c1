"""What a client was told of our running late, before they set out, and what they chose."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class DelayChoice(StrEnum):
    """LATER: they come at another time of the same day; WAIT: they keep their place; MOVE: another time altogether."""

    LATER = "later"
    WAIT = "wait"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class ToldDelay:
    """Of this `version` of the visit: how many `minutes` after its start it was to begin, as last told at `at`; 0 once
    we are back on time. `choice` is their last word on it."""

    version: int
    at: datetime
    minutes: int
    starts: datetime
    choice: DelayChoice | None = None
    chosen_at: datetime | None = None

    @property
    def begins(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    def chosen(self, choice: DelayChoice, at: datetime) -> "ToldDelay":
        return replace(self, choice=choice, chosen_at=at)
