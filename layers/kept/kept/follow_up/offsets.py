"""A zone as stretches of one offset each: between two of them, a rule about the wall clock is plain arithmetic.

Instants are whole microseconds since 1970 in UTC.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kept.booking.local_time import day_number

SECOND = 1_000_000
DAY = 24 * 60 * 60
LOOK = 5 * DAY
"""Offsets are compared so many seconds apart. No zone has changed twice within six days since 1970, nor plans to:
Noronha in 2000 and Gaza in 2040 come nearest, with seven."""
KNOWN = day_number(date.min) * DAY + DAY, day_number(date.max) * DAY - DAY
"""The seconds at which every zone still has a date to show."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Stretch(NamedTuple):
    """Half-open; the wall clock shows UTC plus `offset`."""

    begins: int
    ends: int
    offset: int


def stretches(zone: ZoneInfo, since: int, until: int, *, backwards: bool = False) -> Iterator[Stretch]:
    """What lies between two instants, without a gap, in order or from the last to the first; some end with a year."""
    step = -1 if backwards else 1
    for year in range(_year(since), _year(until) + 1)[::step]:
        for begins, ends, offset in _of_year(zone, year)[::step]:
            if begins < until and since < ends:
                yield Stretch(max(begins, since), min(ends, until), offset)


def _year(instant: int) -> int:
    return (EPOCH + timedelta(microseconds=instant)).year


@lru_cache(maxsize=4096)
def _of_year(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    """In UTC's year, and found once: whoever counts in this zone has them from here."""
    edges, offsets = [day_number(date(year, 1, 1)) * DAY], [_offset(zone, day_number(date(year, 1, 1)) * DAY)]
    end = (day_number(date(year, 12, 31)) + 1) * DAY
    for since in range(edges[0], end, LOOK):
        until = min(since + LOOK, end - 1)
        if _offset(zone, until) != offsets[-1]:
            edges.append(_change(zone, since, until, offsets[-1]))
            offsets.append(_offset(zone, until))
    spans = zip(edges, [*edges[1:], end], offsets, strict=True)
    return tuple(Stretch(a * SECOND, b * SECOND, offset * SECOND) for a, b, offset in spans)


def _change(zone: ZoneInfo, since: int, until: int, offset: int) -> int:
    """The second at which the offset stops being `offset`."""
    seconds = range(since, until + 1)
    return seconds[bisect_left(seconds, 1, key=lambda second: _offset(zone, second) != offset)]


def _offset(zone: ZoneInfo, second: int) -> int:
    shown = datetime.fromtimestamp(min(max(second, KNOWN[0]), KNOWN[1]), zone)
    return (shown.utcoffset() or timedelta()) // timedelta(seconds=1)
