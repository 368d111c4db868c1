"""What is left of somebody's day: the stretches that are of use to something they do, told from slivers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kept.booking.availability import Calendar, Rules, free_slots
from kept.timekeeping.weekly_hours import without


@dataclass(frozen=True, slots=True)
class FillingService:
    """What may fill a gap: by the rules that bind staff, in one of these rooms where it needs any. A stretch shorter
    than `least` minutes is of no use to it, though it may fit."""

    id: str
    rules: Rules
    least: int
    rooms: tuple[str, ...] = ()


class Fit(NamedTuple):
    """A service that fits, and the starts at which it does (epoch minutes), in order."""

    service: str
    starts: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.starts[0]


@dataclass(frozen=True, slots=True)
class Gap:
    """Free time between what stands in the book, in epoch minutes, and what fits into it."""

    start: int
    end: int
    fits: tuple[Fit, ...]


def gaps(
    of: Calendar,
    services: Iterable[FillingService],
    rooms: Mapping[str, Calendar],
    zone: ZoneInfo,
    day: date,
    *,
    since: int,
) -> list[Gap]:
    """Of one person's local day, from minute `since` on, in order; where nothing fits it is a sliver and left out.

    What stands in the book takes its buffers with it: they are not free either.
    """
    taken = [(entry.start - entry.before, entry.end + entry.after) for entry in of.entries]
    left = [(max(start, since), end) for start, end in without(of.open, taken) if end > since]
    longest = max((end - start for start, end in left), default=0)
    starts = {
        it: [slot.start for slot in free_slots(it.rules, [of], [rooms[id] for id in it.rooms], zone, day, day)]
        for it in services
        if it.least <= longest
    }
    found = (Gap(start, end, tuple(_fits(starts, start, end))) for start, end in left)
    return [gap for gap in found if gap.fits]


def _fits(starts: Mapping[FillingService, Sequence[int]], since: int, until: int) -> Iterable[Fit]:
    for it, free in starts.items():
        within = tuple(start for start in free if since <= start and start + it.rules.duration <= until)
        if within and until - since >= it.least:
            yield Fit(it.id, within)
