"""A zone as stretches of one offset each: between two of them, a rule about the wall clock is plain arithmetic.

Instants are whole microseconds since 1970 in UTC.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kept.timekeeping.local_time import day_number

SECOND = 1_000_000
DAY = 24 * 60 * 60
A_DAY = DAY * SECOND
LOOK = 6 * DAY
"""How far apart offsets are compared, in seconds. Since 1970 no zone has changed twice within it, or plans to: Noronha
in 2000 and Gaza in 2040 come nearest, with a week."""
FIRST = (day_number(date.min) + 1) * DAY
LAST = day_number(date.max) * DAY
"""Between these seconds every zone has a date to show; there is no stretch beyond them."""
EARLIEST, LATEST = FIRST * SECOND, LAST * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.toordinal()


class OffsetStretch(NamedTuple):
    """Half-open; the wall clock shows UTC plus `offset`."""

    begins: int
    ends: int
    offset: int


def stretches(zone: ZoneInfo, since: int, until: int) -> Iterator[OffsetStretch]:
    """What lies between two instants, in order and without a gap; some end with a year."""
    since, until = within_reach(since), within_reach(until)
    for year in range(year_of(since), year_of(until) + 1):
        for begins, ends, offset in stretches_of_year(zone, year):
            if max(begins, since) < min(ends, until):
                yield OffsetStretch(max(begins, since), min(ends, until), offset)


def year_of(instant: int) -> int:
    return date.fromordinal(FIRST_DAY + instant // A_DAY).year


def within_reach(instant: int) -> int:
    """The instant itself, or the nearest that every zone has a date for."""
    if instant < EARLIEST:
        return EARLIEST
    return instant if instant < LATEST else LATEST


@lru_cache(maxsize=4096)
def stretches_of_year(zone: ZoneInfo, year: int) -> tuple[OffsetStretch, ...]:
    """Those of UTC's year, and found once: whoever counts in this zone has them from here."""
    first, end = max(day_number(date(year, 1, 1)) * DAY, FIRST), min((day_number(date(year, 12, 31)) + 1) * DAY, LAST)
    edges, offsets = [first], [_offset(zone, first)]
    for since in range(first, end, LOOK):
        until = min(since + LOOK, end - 1)
        if (offset := _offset(zone, until)) != offsets[-1]:
            edges.append(_change(zone, since, until, offsets[-1]))
            offsets.append(offset)
    spans = zip(edges, [*edges[1:], end], offsets, strict=True)
    return tuple(OffsetStretch(a * SECOND, b * SECOND, offset // timedelta(microseconds=1)) for a, b, offset in spans)


def _change(zone: ZoneInfo, since: int, until: int, offset: timedelta) -> int:
    """The second at which the offset stops being `offset`."""
    seconds = range(since, until + 1)
    return seconds[bisect_left(seconds, 1, key=lambda second: _offset(zone, second) != offset)]


def _offset(zone: ZoneInfo, second: int) -> timedelta:
    return datetime.fromtimestamp(second, zone).utcoffset() or timedelta()
