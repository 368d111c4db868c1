"""Until when a change is free, and how often an appointment may be moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """Four knobs, not one: notice for a free change, the limit of moves, for how long a booking is taken back free
    whenever it is for, and (on the service) notice to book."""

    free_until: timedelta = timedelta(hours=48)
    reschedules: int = 3
    grace: timedelta = timedelta(minutes=15)

    def last_free(self, starts: datetime, booked_at: datetime) -> datetime:
        """A change at exactly this moment is in time. Moving a booking gives it no new grace."""
        return max(starts - self.free_until, min(booked_at + self.grace, starts))

    def is_late(self, starts: datetime, booked_at: datetime, *, now: datetime) -> bool:
        return now > self.last_free(starts, booked_at)

    def is_within_notice(self, starts: datetime, *, now: datetime) -> bool:
        """What is booked now has its grace alone."""
        return starts - now < self.free_until
