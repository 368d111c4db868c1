"""How a follow-up stands at one instant: its clocks, whether it is put off, and what its place on a board goes by."""

from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import known_at
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.phases import Phase, stretch_at
from kept.follow_up.shown import shown
from kept.follow_up.staff_hours import StaffHours


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """`now` is never before the last line, though another machine's clock be ahead; `back` is when a pause ends.

    `hours` are the business's own, by which deadlines are shown.
    """

    follow_up: FollowUp
    now: datetime
    clocks: tuple[Clock, ...]
    phase: Phase
    back: datetime | None
    hours: StaffHours = field(default_factory=StaffHours)

    @classmethod
    def of(
        cls, follow_up: FollowUp, policies: Policies, *, now: datetime, hours: StaffHours | None = None
    ) -> "FollowUpView":
        now = max(now, follow_up.last.at)
        stretch = stretch_at(known_at(follow_up.history, now), now)
        found = clocks(follow_up.history, policies, now)
        return cls(follow_up, now, found, stretch.phase, stretch.back, hours or StaffHours())

    @property
    def answer_by(self) -> datetime | None:
        """The next deadline as it is shown: no later than the last closing before it."""
        running = (clock for clock in self.clocks if clock.deadline is not None)
        return min(filter(None, (shown(clock, self.hours) for clock in running)), default=None)

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
