"""How long somebody will wait, told as a range that has been true four times in five, in steps that people use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, inf, isinf

from kept.waiting_room.durations import Durations
from kept.waiting_room.playing import RUNS, House, played

LOWER, MIDDLE, UPPER = 0.2, 0.5, 0.8
TRUE = 0.8
"""What the range says of itself: so many waits end within it."""
KNOWN_MISSES = 300
"""Those of the last weeks, at the most, by which the range is widened; before there are `FEW` it is as played."""
FEW = 20
NOT_YET = 5.0
"""Whoever is not next is told no less, in minutes."""
STEPS = ((60.0, 5), (120.0, 10), (inf, 15))
"""Up to how many minutes told in steps of how many."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the played days say: minutes from now, infinite where it would not be today. `least` is the soonest of
    them; `is_next`: nobody waits before them and whoever is served before them is in the chair, or nobody is."""

    place: int
    least: float
    lower: float
    middle: float
    upper: float
    is_next: bool

    @property
    def width(self) -> float:
        """What a miss is measured by: ten minutes beside two hours are not what they are beside five."""
        return self.upper - self.lower + NOT_YET


@dataclass(frozen=True, slots=True)
class Told:
    """The range as it is said, `at` being the minute of saying it: whole minutes from then on, in steps. `likely` is
    the middle, for our own measure; `lowest` and `highest` are what the days said before they were rounded."""

    at: float
    place: int
    lower: int
    upper: int
    likely: float
    lowest: float
    highest: float
    is_next: bool = False

    @property
    def back_at(self) -> float:
        """The minute at which they should be here again: the soonest that they may be called."""
        return self.at + self.lower


def estimates(house: House, durations: Durations, *, now: float, seed: str) -> Mapping[str, Estimate]:
    """Of everybody who waits, in the order in which they are likely to begin; `now` in the minutes of the house."""
    begun = played(house, durations, now=now, seed=seed)
    order = {one.id: number for number, one in enumerate(house.waiting)}
    line = sorted(begun, key=lambda it: (begun[it][RUNS // 2], order.get(it, -1)))
    somebody_is_served = any(chair.serving for chair in house.chairs)
    found = {}
    for place, id in enumerate(line, start=1):
        waits = [at - now for at in begun[id]]
        lower, middle, upper = (_at(waits, share) for share in (LOWER, MIDDLE, UPPER))
        is_next = place == 1 and (somebody_is_served or middle <= 0)
        found[id] = Estimate(place, max(waits[0], 0.0), lower, middle, upper, is_next)
    return found


def told(it: Estimate, misses: Iterable[float], *, at: float, before: Told | None = None) -> Told | None:
    """None where it is likelier than not that their turn does not come today.

    By `misses` the range is widened; beside what was told them `before` it never falls by more than the wait itself
    has fallen since.
    """
    if isinf(it.upper):
        return None
    by = widening(misses) * it.width
    lowest, highest = max(it.lower - by, it.least), it.upper + by
    if before is not None:
        lowest = max(lowest, _kept(before.at + before.lower, before.at + before.lowest, at, lowest))
        highest = max(highest, _kept(before.at + before.upper, before.at + before.highest, at, highest))
    is_next = it.is_next and lowest < NOT_YET
    if not is_next:
        lowest = max(lowest, NOT_YET)
    lower = stepped(lowest)
    upper = max(stepped(highest), lower + _step(lower))
    return Told(at, it.place, lower, upper, it.middle, lowest, highest, is_next)


def miss(it: Estimate, waited: float) -> float:
    """How far outside the range they were begun, in widths of it; negative inside."""
    return max(it.lower - waited, waited - it.upper) / it.width


def widening(misses: Iterable[float]) -> float:
    """So many widths on either side would have held four in five of the waits of the last weeks; never less than 0."""
    known = sorted(misses)
    if len(known) < FEW:
        return 0.0
    return max(known[min(ceil((len(known) + 1) * TRUE), len(known)) - 1], 0.0)


def stepped(minutes: float) -> int:
    """To the nearest step that people use for so long a time."""
    step = _step(minutes)
    return floor(minutes / step + 0.5) * step


def _step(minutes: float) -> int:
    return next(step for upto, step in STEPS if minutes < upto)


def _kept(promised: float, said: float, at: float, now: float) -> float:
    """The promise moved sooner only by what the days moved sooner, in minutes from `at`."""
    return promised - max(said - (at + now), 0.0) - at


def _at(waits: list[float], share: float) -> float:
    """Waits are sorted."""
    return max(waits[min(int(share * len(waits)), len(waits) - 1)], 0.0)
