"""Until when a change is free, and how often an appointment may be moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """Three knobs, not one: notice for a free change, the limit of moves, and (on the service) notice to book."""

    free_until: timedelta = timedelta(hours=48)
    reschedules: int = 3

    def is_late(self, starts: datetime, *, now: datetime) -> bool:
        """A change at exactly the limit is in time."""
        return starts - now < self.free_until
