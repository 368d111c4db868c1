"""How long an appointment that is only asked for keeps its slot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class RequestRules:
    """For `hold` of plain time, and no longer than `before` its start; but a quarter of an hour at least, as long as it
    has not begun."""

    hold: timedelta = timedelta(hours=24)
    before: timedelta = timedelta(hours=2)

    def held_until(self, starts: datetime, *, now: datetime) -> datetime:
        wanted = min(now + self.hold, starts - self.before)
        return max(wanted, min(now + SHORTEST, starts))
