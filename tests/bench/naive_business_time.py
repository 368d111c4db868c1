"""Business time as one would first write it, minute by minute: the reference of tests and benchmark."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from kept.timekeeping.business_calendar import BusinessCalendar

MINUTE = timedelta(minutes=1)


def naive_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    total = timedelta()
    for begins, ends in _open_pieces(calendar, start):
        if begins >= end:
            return total
        total += min(ends, end) - begins
    raise AssertionError("there is always a next minute")


def naive_add(calendar: BusinessCalendar, start: datetime, duration: timedelta) -> datetime:
    left = duration
    for begins, ends in _open_pieces(calendar, start):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("there is always a next minute")


def _open_pieces(calendar: BusinessCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Of every minute from `start` on, the part that is open: all or nothing, but for the first."""
    zone, begins = ZoneInfo(calendar.tz), start.astimezone(UTC)
    first = begins.replace(second=0, microsecond=0)
    for n in count():
        minute = first + n * MINUTE
        if naive_is_open(calendar, minute.astimezone(zone)):
            yield max(minute, begins), minute + MINUTE
        else:
            yield minute, minute


def naive_is_open(calendar: BusinessCalendar, shown: datetime) -> bool:
    """By what the wall clock shows."""
    day, clock = shown.date(), shown.hour * 60 + shown.minute
    if day in calendar.holidays:
        return False
    windows = calendar.special_days.get(day, calendar.weekly.get(day.weekday(), ()))
    return any(window.opens <= clock < window.closes for window in windows)
