"""The gate before a provider: how fast it may be called, and when it shuts because calls fail (a circuit breaker).

Every sender passes the one gate of its channel, so that the rate and the pause hold for all of them together.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SHUTS_AFTER = 5
"""Calls in a row that nobody answered."""

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=5)
"""How long it stays shut, doubled with each probe that fails; the longest is what catching up may start late."""

BLOCK = 10
"""Turns taken at once; whoever crashes leaves so many unused."""

SLOWEST = 2.0
"""Seconds between two calls, however much a provider throttles."""

TELLS_WITHIN = timedelta(days=7)
"""Without a receipt for so long it is taken to send none."""

RECOVERS = 0.95
"""How the time between two calls shrinks again with every block of turns, once a provider stops throttling."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`free_from` is the next turn nobody has; `pace` the seconds between two turns, 0 for the channel's own rate.

    `told_at` is the day of its last receipt: who never sends any is not waited for.
    """

    name: str
    free_from: datetime | None = None
    pace: float = 0
    slowed_at: datetime | None = None
    failures: int = 0
    shut_until: datetime | None = None
    told_at: datetime | None = None
    revision: int = 0

    @property
    def is_probed(self) -> bool:
        """It was shut, and nobody has been answered since: one call at a time goes through."""
        return self.failures >= SHUTS_AFTER

    def is_shut(self, *, now: datetime) -> bool:
        return self.shut_until is not None and now < self.shut_until

    def turns(self, per_second: float, *, now: datetime) -> tuple["Gate", tuple[datetime, ...]]:
        """The next block of turns, at most a second's worth; one only, as a probe, after it was shut.

        A probe counts as failed until it is answered, so whoever crashes with it leaves the gate shut, not stuck.
        """
        pace = max(self.pace * RECOVERS, 1 / per_second)
        first = max(self.free_from or now, now)
        if self.is_probed:
            return replace(self, free_from=first)._shut(self.failures + 1, now), (now,)
        count = max(1, min(BLOCK, int(1 / pace)))
        taken = tuple(first + timedelta(seconds=pace * n) for n in range(count))
        return replace(self, free_from=first + timedelta(seconds=pace * count), pace=pace), taken

    def failed(self, *, now: datetime) -> "Gate":
        """Once it is shut, calls that were under way tell nothing new."""
        if self.is_shut(now=now):
            return self
        failures = self.failures + 1
        return replace(self, failures=failures) if failures < SHUTS_AFTER else self._shut(failures, now)

    def throttled(self, per_second: float, *, now: datetime) -> "Gate":
        """Twice as slow; calls that were under way together slow it once."""
        if self.slowed_at and now - self.slowed_at < timedelta(seconds=SLOWEST):
            return self
        pace = min(max(self.pace, 1 / per_second) * 2, SLOWEST)
        return replace(self, pace=pace, slowed_at=now)

    def answered(self) -> "Gate":
        """A call was answered: it is open."""
        return replace(self, failures=0, shut_until=None) if self.failures else self

    def told(self, *, now: datetime) -> "Gate":
        """A receipt came; one a day is noted."""
        return self if self.tells(now=now, within=timedelta(days=1)) else replace(self, told_at=now)

    def tells(self, *, now: datetime, within: timedelta = TELLS_WITHIN) -> bool:
        return self.told_at is not None and now - self.told_at < within

    def _shut(self, failures: int, now: datetime) -> "Gate":
        doubled: timedelta = SHORTEST_PAUSE * 2 ** min(failures - SHUTS_AFTER, 8)
        return replace(self, failures=failures, shut_until=now + min(doubled, LONGEST_PAUSE))
