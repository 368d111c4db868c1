"""Open time on a wall clock that is never put forward or back: sums over whole weeks, so that no span is slow."""

from bisect import bisect_left, bisect_right
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
    before: Sequence[int]  # the open time before each of them

    def on(self, day: int) -> Day:
        return self.dates.get(day, self.weekly[(day + THURSDAY) % 7])

    def is_open(self, moment: int) -> bool:
        day, clock = divmod(moment, DAY)
        return any(opens <= clock < closes for opens, closes in self.on(day))

    def until(self, moment: int) -> int:
        """The open time before a moment; it counts from 1970, so that only differences mean anything."""
        day, clock = divmod(moment, DAY)
        weeks, weekday = divmod(day + THURSDAY, 7)
        within = self.within_week
        total = weeks * within[7] + within[weekday] + self.surplus[bisect_left(self.days, day)]
        for opens, closes in self.dates.get(day, self.weekly[weekday]):
            if opens < clock:
                total += (closes if closes < clock else clock) - opens
        return total

    def spans(self, since: int, until: int) -> Iterator[Span]:
        """The open moments between two, day by day."""
        for day in range(since // DAY, (until - 1) // DAY + 1):
            for opens, closes in self.on(day):
                begins, ends = max(day * DAY + opens, since), min(day * DAY + closes, until)
                if begins < ends:
                    yield begins, ends

    def reaches(self, total: int) -> int:
        """The first moment at which `until` gives `total`, which it must at some moment."""
        day = self._day_of(total)
        left = total - self.until(day * DAY)
        for opens, closes in self.on(day):
            if left <= closes - opens:
                break
            left -= closes - opens
        return day * DAY + opens + left

    def _day_of(self, total: int) -> int:
        """The last day that begins with less than `total`: one of `dates`, or of the weeks after it, all alike."""
        begun = bisect_left(self.before, total)
        if begun and not self.within_week[7]:
            return self.days[begun - 1]
        weeks, left = divmod(total - 1 - self.surplus[begun], self.within_week[7])
        day = weeks * 7 - THURSDAY + bisect_right(self.within_week, left) - 1
        return max(day, self.days[begun - 1]) if begun else day


def wall_hours(weekly: Sequence[Day], dates: Mapping[int, Day]) -> WallHours:
    days = sorted(dates)
    differs = (_open(dates[day]) - _open(weekly[(day + THURSDAY) % 7]) for day in days)
    within_week = tuple(accumulate(map(_open, weekly), initial=0))
    surplus = tuple(accumulate(differs, initial=0))
    return WallHours(
        weekly=weekly,
        dates=dates,
        within_week=within_week,
        days=days,
        surplus=surplus,
        before=[_of_weeks(within_week, day) + more for day, more in zip(days, surplus, strict=False)],
    )


def _of_weeks(within_week: Sequence[int], day: int) -> int:
    """The open time before a day, were all weeks alike."""
    weeks, weekday = divmod(day + THURSDAY, 7)
    return weeks * within_week[7] + within_week[weekday]


def _open(day: Day) -> int:
    return sum(closes - opens for opens, closes in day)
