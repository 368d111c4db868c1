"""The open time of a year of UTC in a zone: sums of its stretches of one offset, so that no span of years is slow.

Totals count from the year's first instant.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from zoneinfo import ZoneInfo

from kept.timekeeping.wall_hours import WallHours
from kept.timekeeping.zone_offsets import stretches_of_year


@dataclass(frozen=True, slots=True)
class YearHours:
    """What the wall clock's hours come to while the zone keeps an offset, and then the next."""

    hours: WallHours
    begins: Sequence[int]  # the first instant of each stretch
    offsets: Sequence[int]
    ahead: Sequence[int]  # by how much the wall clock's total is ahead of the year's, in each stretch
    totals: Sequence[int]  # before each stretch, and last that of the whole year

    @property
    def total(self) -> int:
        return self.totals[-1]

    def until(self, instant: int) -> int:
        """The open time of this year before one of its instants."""
        n = bisect_right(self.begins, instant) - 1
        return self.hours.until(instant + self.offsets[n]) - self.ahead[n]

    def reaches(self, total: int) -> int:
        """The first instant at which `until` gives `total`: more than none, and no more than the year has."""
        n = bisect_left(self.totals, total) - 1
        return self.hours.reaches(total + self.ahead[n]) - self.offsets[n]


def year_hours(hours: WallHours, zone: ZoneInfo, year: int) -> YearHours:
    stretches = stretches_of_year(zone, year)
    spans = [(hours.until(begins + offset), hours.until(ends + offset)) for begins, ends, offset in stretches]
    totals = tuple(accumulate((after - before for before, after in spans), initial=0))
    return YearHours(
        hours=hours,
        begins=[begins for begins, _, _ in stretches],
        offsets=[offset for _, _, offset in stretches],
        ahead=[before - total for (before, _), total in zip(spans, totals, strict=False)],
        totals=totals,
    )
