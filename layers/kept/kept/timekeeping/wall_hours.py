"""Open time on a wall clock that is never put forward or back: sums over whole weeks, so that no span is slow."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

DAY = 24 * 60 * 60 * 1_000_000
THURSDAY = 3
"""The weekday of 1 January 1970, Monday being 0."""

Span = tuple[int, int]  # microseconds after midnight, half-open
Day = tuple[Span, ...]  # in order, none over another


@dataclass(frozen=True, slots=True)
class WallHours:
    """A moment is what the clock shows, in microseconds after the midnight that began 1970; a day counts from there."""

    weekly: Sequence[Day]  # Monday is 0
    dates: Mapping[int, Day]  # the days that differ from their weekday
    within_week: Sequence[int]  # the open time before each weekday, and last that of the whole week
    days: Sequence[int]  # those of `dates`, in order
    surplus: Sequence[int]  # by how much the first n of them differ, together

    def on(self, day: int) -> Day:
        return self.dates.get(day, self.weekly[(day + THURSDAY) % 7])

    def is_open(self, moment: int) -> bool:
        day, clock = divmod(moment, DAY)
        return any(opens <= clock < closes for opens, closes in self.on(day))

    def until(self, moment: int) -> int:
        """The open time before a moment; it counts from 1970, so that only differences mean anything."""
        day, clock = divmod(moment, DAY)
        return self._before(day) + sum(min(clock, closes) - opens for opens, closes in self.on(day) if opens < clock)

    def spans(self, since: int, until: int) -> Iterator[Span]:
        """The open moments between two, day by day."""
        for day in range(since // DAY, (until - 1) // DAY + 1):
            for opens, closes in self.on(day):
                begins, ends = max(day * DAY + opens, since), min(day * DAY + closes, until)
                if begins < ends:
                    yield begins, ends

    def reaches(self, total: int, since: int, until: int) -> int:
        """The first moment at which `until` gives `total`, where the one between these two moments."""
        days = range(since // DAY, until // DAY + 1)
        day = days[bisect_left(days, total, key=self._before) - 1]
        left = total - self._before(day)
        for opens, closes in self.on(day):
            if left <= closes - opens:
                break
            left -= closes - opens
        return day * DAY + opens + left

    def _before(self, day: int) -> int:
        weeks, weekday = divmod(day + THURSDAY, 7)
        return weeks * self.within_week[7] + self.within_week[weekday] + self.surplus[bisect_left(self.days, day)]


def wall_hours(weekly: Sequence[Day], dates: Mapping[int, Day]) -> WallHours:
    days = sorted(dates)
    differs = (_open(dates[day]) - _open(weekly[(day + THURSDAY) % 7]) for day in days)
    return WallHours(
        weekly=weekly,
        dates=dates,
        within_week=tuple(accumulate(map(_open, weekly), initial=0)),
        days=days,
        surplus=tuple(accumulate(differs, initial=0)),
    )


def _open(day: Day) -> int:
    return sum(closes - opens for opens, closes in day)
