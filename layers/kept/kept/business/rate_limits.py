"""At most so many within so many windows of time, counted window by window: what is left, and when there is more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Counts = Mapping[int, Mapping[str, int]]
"""By the number of a window: how much each counter counts in it."""


@dataclass(frozen=True, slots=True)
class Bound:
    """`most` of what `counter` counts in the window it is now and those before it, `span` of them together.

    `taken` stands elsewhere and counts as well: the visits that somebody has ahead, whenever they were booked.
    """

    counter: str
    most: int
    span: int = 1
    of: str = ""
    taken: int = 0

    def left(self, counts: Counts, window: int) -> int:
        """How high the counter may rise in this window; those before it are over and change no more."""
        return self.most - self.taken - self._sum(counts, range(window - self.span + 1, window))

    def is_reached(self, counts: Counts, window: int) -> bool:
        return counts.get(window, {}).get(self.counter, 0) >= self.left(counts, window)

    def frees_up(self, counts: Counts, window: int) -> int:
        """The first window in which there is room again if nobody takes it; the last of its span where none is."""
        later = range(window + 1, window + self.span + 1)
        free = (w for w in later if self._sum(counts, range(w - self.span + 1, w)) < self.most - self.taken)
        return next(free, later[-1])

    def _sum(self, counts: Counts, windows: Iterable[int]) -> int:
        return sum(counts.get(window, {}).get(self.counter, 0) for window in windows)


def room(bounds: Iterable[Bound], counts: Counts, window: int) -> dict[str, int]:
    """By counter, what it may rise to by the strictest of its bounds."""
    found: dict[str, int] = {}
    for bound in bounds:
        found[bound.counter] = min(found.get(bound.counter, bound.most), bound.left(counts, window))
    return found
