"""Figures as people read them: shares with denominators, the middle of the leads, and where too few say nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from kept.follow_up.attainment import Share
from kept.insight.sums import Sums

TOO_FEW = 50
"""Of fewer no share is compared with another: of 50 the true share may lie 14 in a hundred to either side (95 %), and
what a week changes is less than that."""


@dataclass(frozen=True, slots=True)
class ReminderEffect:
    """How many came, of those who were reminded and of the others. `difference` in shares; None where either are too
    few to say."""

    reminded: Share
    others: Share

    @property
    def difference(self) -> float | None:
        return change(self.others, self.reminded)


@dataclass(frozen=True, slots=True)
class BusinessFigures:
    """Everything that is told of some sums; a share of nothing has no ratio."""

    sums: Sums

    @property
    def shares(self) -> Mapping[str, Share]:
        """Confirmed and cancelled of all that were booked; those who came or did not, of both together."""
        it = self.sums
        closed = it.came + it.no_show
        return {
            "confirmed": Share(it.confirmed, it.booked),
            "came": Share(it.came, closed),
            "no_show": Share(it.no_show, closed),
            "late": Share(it.late, it.came),
            "cancelled": Share(it.cancelled, it.booked),
            "cancelled_late": Share(it.cancelled_late, it.booked),
            "fill": Share(sum(it.filled.values()), sum(it.offered.values())),
            "attainment": Share(it.met, it.met + it.missed),
            "rated": Share(it.rated, it.asked),
        }

    @property
    def lead(self) -> int | None:
        """The median in minutes, of leads as they are rounded down; of two in the middle the mean."""
        return median(self.sums.leads)

    @property
    def satisfaction(self) -> float | None:
        return self.sums.stars / self.sums.rated if self.sums.rated else None

    @property
    def reminders(self) -> ReminderEffect:
        it = self.sums
        return ReminderEffect(Share(it.reminded_came, it.reminded), Share(it.others_came, it.others))


def change(before: Share, now: Share) -> float | None:
    """Between two shares; None where either is of too few to say."""
    if min(before.whole, now.whole) < TOO_FEW or before.ratio is None or now.ratio is None:
        return None
    return now.ratio - before.ratio


def median(counts: Mapping[int, int]) -> int | None:
    count = sum(counts.values())
    if not count:
        return None
    return (_nth(counts, (count - 1) // 2) + _nth(counts, count // 2)) // 2


def _nth(counts: Mapping[int, int], n: int) -> int:
    for value in sorted(counts):
        if n < counts[value]:
            return value
        n -= counts[value]
    raise IndexError(n)
