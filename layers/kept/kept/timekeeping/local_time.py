"""Local time as integers: where a zone's offset changes, found once, so that no rule needs a datetime in a loop.

A *minute* is a UTC epoch minute; a *local minute* counts the same way on the wall clock: 1440 × days since 1970, plus
minutes after midnight. Seconds in offsets (before 1972) are cut off, and no zone changes twice within a day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kept.timekeeping.refusals import UnknownZone

DAY = 24 * 60
EPOCH = date(1970, 1, 1).toordinal()
NOWHERE = frozenset({"Factory", "localtime", "posixrules"})
ELSEWISE = ("posix/", "right/")
"""Files beside the zones on some machines: what is set on this one or on none, and zones again, some with leap
seconds. No browser knows them."""


class Day(NamedTuple):
    """A date, its local midnight, and the offset where one holds through that day and the next, and shows no edge of
    them that another shows as well."""

    date: date
    midnight: int
    offset: int | None


def zone_named(name: str) -> ZoneInfo:
    """Raises UnknownZone."""
    if name in NOWHERE or name.startswith(ELSEWISE):
        raise UnknownZone
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # it raises all three, by what is wrong with the name
        raise UnknownZone from error


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A zone over a range of days: `offsets[i]` holds from the minute `changes[i]` until `changes[i + 1]`."""

    changes: tuple[int, ...]
    offsets: tuple[int, ...]
    begins: tuple[int, ...]  # the local minute each stretch begins with
    ends: tuple[int, ...]  # and the one it stops short of
    days: tuple[Day, ...]  # from the day before the range to the day after it

    def stretches(self) -> Iterator[tuple[int, int, int]]:
        """(from, until, offset) in minutes, in order and without a gap."""
        return zip(self.changes, self.changes[1:], self.offsets, strict=False)

    def opening(self, local: int) -> int:
        """The first minute that shows `local` or later: the one after a gap, the first of two."""
        i = min(bisect_right(self.ends, local), len(self.offsets) - 1)
        return max(self.changes[i], local - self.offsets[i])

    def closing(self, local: int) -> int:
        """The minute after the last that shows less than `local`: the one after a gap, the second of two.

        A clock that is put back from 02:00 to 01:00 closes 01:00 the first time: by then all that is earlier is over.
        """
        i = max(bisect_left(self.begins, local) - 1, 0)
        return min(self.changes[i + 1], local - self.offsets[i])

    def day(self, minute: int) -> int:
        """The local date of a minute, as days since 1970."""
        return self.shown(minute) // DAY

    def shown(self, minute: int) -> int:
        """The local minute that a minute shows."""
        return minute + self.offsets[bisect_right(self.changes, minute, 1, len(self.offsets)) - 1]


@lru_cache(maxsize=256)
def local_time(zone: ZoneInfo, first: date, last: date) -> LocalTime:
    """The zone from two days before `first` to three days after `last`: what a window over midnight can reach."""
    start, stop = (day_number(first) - 2) * DAY, (day_number(last) + 4) * DAY
    changes, offsets = [start], [_offset(zone, start)]
    for minute in range(start, stop, DAY):
        if _offset(zone, minute + DAY) != offsets[-1]:
            changes.append(_change(zone, minute, offsets[-1]))
            offsets.append(_offset(zone, minute + DAY))
    changes.append(stop)
    begins = [since + offset for since, offset in zip(changes, offsets, strict=False)]
    ends = [until + offset for until, offset in zip(changes[1:], offsets, strict=True)]
    stretches = list(zip(begins, ends, offsets, strict=True))
    days = [_day(number, stretches) for number in range(day_number(first) - 1, day_number(last) + 2)]
    return LocalTime(tuple(changes), tuple(offsets), tuple(begins), tuple(ends), tuple(days))


def first_minute(zone: ZoneInfo, day: date) -> int:
    """The minute with which a local day begins, for every clock of ours.

    Of a midnight that is shown twice it is the first; where there is none, the first that shows anything of that day.
    """
    return local_time(zone, day, day).opening(day_number(day) * DAY)


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """The same as an instant."""
    return datetime.fromtimestamp(first_minute(zone, day) * 60, UTC)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH


def date_of(number: int) -> date:
    return date.fromordinal(number + EPOCH)


def minute_before(instant: datetime) -> int:
    """The minute an instant lies in."""
    return int(instant.timestamp() // 60)


def minute_after(instant: datetime) -> int:
    """The first whole minute that is not before an instant: 11:59:01 gives 12:00."""
    return int(-(-instant.timestamp() // 60))


def _day(number: int, stretches: Iterable[tuple[int, int, int]]) -> Day:
    first, last = number * DAY, (number + 2) * DAY
    near = [stretch for stretch in stretches if stretch[0] <= last and first < stretch[1]]
    begin, end, offset = near[0]
    return Day(date_of(number), first, offset if len(near) == 1 and begin <= first and last <= end else None)


def _offset(zone: ZoneInfo, minute: int) -> int:
    offset = datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def _change(zone: ZoneInfo, after: int, offset: int) -> int:
    """The minute within the day after `after` at which the offset stops being `offset`."""
    day = range(after, after + DAY + 1)
    return day[bisect_left(day, 1, key=lambda minute: _offset(zone, minute) != offset)]
