"""Quiet hours: when the phone of a client stays silent, and where a message that falls into them goes instead.

The hours are wall-clock hours of the client's zone, half-open: with 21:00 to 08:00, 21:00 is quiet and 08:00 is not.
An edge that daylight saving skips or repeats is taken on the quiet side.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kept.errors import InvalidSetting

STILL_USEFUL = timedelta(minutes=60)
"""A reminder moved to the end of the quiet hours must leave the client this long before it is pointless."""

EVENING_LEAD = timedelta(minutes=30)
"""What goes out the evening before does so this long before it is quiet, so that a retry still gets it out."""

LEAST_ALLOWED = timedelta(hours=2)
DAY = timedelta(days=1)

Hours = tuple[time, time]
WHOLE_DAY: Hours = (time.min, time.max)
"""Local wall-clock times, half-open."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local wall-clock times; over midnight when they end before they begin. Raises InvalidSetting."""

    begins: time = time(21)
    ends: time = time(8)

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise InvalidSetting(field="quiet_hours", reason="They begin and end at the same time.")
        if (_since_midnight(self.begins) - _since_midnight(self.ends)) % DAY < LEAST_ALLOWED:
            raise InvalidSetting(field="quiet_hours", reason="They leave less than two hours a day for messages.")

    def cover(self, local: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends

    @property
    def of_a_day(self) -> tuple[Hours, ...]:
        """From midnight to midnight."""
        if self.begins < self.ends:
            return ((self.begins, self.ends),)
        return (time.min, self.ends), (self.begins, time.max)


def next_allowed(at: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """That instant, or in quiet hours the one at which they end."""
    local = at.astimezone(zone)
    if not quiet.cover(local.time()):
        return at
    day = local.date() if local.time() < quiet.ends else local.date() + DAY
    return allowed_from(day, quiet.ends, zone)


def last_allowed_before(at: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """That instant, or in quiet hours the last minute before they began."""
    local = at.astimezone(zone)
    if not quiet.cover(local.time()):
        return at
    day = local.date() if local.time() >= quiet.begins else local.date() - DAY
    return allowed_until(day, quiet.begins, zone) - timedelta(minutes=1)


def planned(at: datetime, pointless_after: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """The nearest allowed moment that is still useful for a reminder meant for `at`.

    Later when the client has still an hour then, else the evening before: an 08:00 appointment's same-day reminder
    goes out at 20:30.
    """
    later = next_allowed(at, zone, quiet)
    if later == at or later <= pointless_after - STILL_USEFUL:
        return later
    return last_allowed_before(at, zone, quiet) + timedelta(minutes=1) - EVENING_LEAD


def allowed_from(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant in UTC; the later one where daylight saving skips or repeats that local time."""
    return max(_instants(day, clock, zone))


def allowed_until(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant in UTC; the earlier one where daylight saving skips or repeats that local time."""
    return min(_instants(day, clock, zone))


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def _instants(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Twice the same, but where daylight saving skips or repeats that local time."""
    first = datetime.combine(day, clock, zone)
    return first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)
