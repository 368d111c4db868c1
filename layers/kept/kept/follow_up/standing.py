"""How a follow-up stands at one instant: its clocks, whether it is put off, and what its place on a board goes by."""

from dataclasses import dataclass
from datetime import datetime
from math import inf

from kept.follow_up.clocks import Clock, State, clocks, next_deadline
from kept.follow_up.events import known_at
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.matter import Policies
from kept.follow_up.phases import Phase, stretch_at


@dataclass(frozen=True, slots=True)
class Standing:
    """`now` is never before the last line, though another machine's clock be ahead; `back` is when a pause ends."""

    follow_up: FollowUp
    now: datetime
    clocks: tuple[Clock, ...]
    phase: Phase
    back: datetime | None

    @classmethod
    def of(cls, follow_up: FollowUp, policies: Policies, *, now: datetime) -> "Standing":
        now = max(now, follow_up.last.at)
        stretch = stretch_at(known_at(follow_up.history, now), now)
        return cls(follow_up, now, clocks(follow_up.history, policies, now), stretch.phase, stretch.back)

    @property
    def answer_by(self) -> datetime | None:
        return next_deadline(self.clocks)

    @property
    def is_missed(self) -> bool:
        """One of its clocks was, and be it that it was stopped too late."""
        return any(clock.state is State.MISSED for clock in self.clocks)

    @property
    def pressing(self) -> Clock | None:
        """The clock to be kept next; where none runs, one that is paused, and in the end the one that stopped last."""
        return min(self.clocks, key=_urgency, default=None)


def _urgency(clock: Clock) -> tuple[bool, bool, float]:
    if clock.run.stopped is not None:
        return True, True, -clock.run.stopped.timestamp()
    return False, clock.deadline is None, clock.due.timestamp() if clock.due else inf
