"""A slot kept for somebody while they fill in the form."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.booking.appointment import Slot

HOLD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot kept for somebody; it is an entry on the day page and nothing else. `since` when, where that is known."""

    ref: str
    starts: datetime
    since: datetime | None = None

    def is_kept(self, starts: datetime, *, now: datetime) -> bool:
        """This time, and still; unless the same person has had another kept since."""
        return self.starts == starts and self.since is not None and now < self.since + HOLD


@dataclass(frozen=True, slots=True)
class HeldSlot:
    """The hold, what it holds, and until when."""

    hold: Hold
    slot: Slot
    until: datetime
