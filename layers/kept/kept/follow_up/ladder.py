"""When one who does not answer is tried again, and when the matter is given up as ghosted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from kept.actor import KEPT
from kept.channels import Channel
from kept.errors import InvalidSetting
from kept.follow_up.events import FollowUpEvent, History, What, known, own
from kept.follow_up.opened_by import DECIDED, OpenedBy
from kept.follow_up.phases import Phase, phase_at, phases

DAY = timedelta(days=1)
AGAIN = ("missed_again", "missed_last")
"""The texts for whoever was missed, and did not answer the first."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Wall time from the opening to each attempt, and from the last attempt until it is given up.

    Whoever missed a visit is written to at once, with the mark; of the attempts after the first, `writes` are the texts
    that are sent to them by themselves ("": none, a person tries), and `over` the channel of each ("": their own).
    Raises InvalidSetting for rungs that are none or do not rise, a patience of no time, an unknown text or channel.
    """

    rungs: tuple[timedelta, ...] = (timedelta(0), 2 * DAY, 7 * DAY)
    patience: timedelta = DAY
    writes: tuple[str, ...] = AGAIN
    over: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.rungs or self.rungs[0] < timedelta(0) or any(b <= a for a, b in pairwise(self.rungs)):
            raise InvalidSetting(field="ladder.rungs", reason="Each attempt comes later than the one before.")
        if self.patience <= timedelta(0):
            raise InvalidSetting(field="ladder.patience", reason="A client needs some time to answer the last attempt.")
        if not {*self.writes} <= {"", *AGAIN}:
            raise InvalidSetting(field="ladder.writes", reason="It is one of those for whoever was missed, or none.")
        if not {*self.over} <= {"", *Channel} - {Channel.CALL}:
            raise InvalidSetting(field="ladder.over", reason="A channel is one that carries messages, or none.")

    def text(self, rung: int) -> str:
        """What is sent by itself at that attempt, from 0; "" for nothing."""
        return self.writes[rung - 1] if 0 < rung <= len(self.writes) else ""

    def channel(self, rung: int) -> Channel | None:
        """Over which; None is the client's own."""
        named = self.over[rung - 1] if 0 < rung <= len(self.over) else ""
        return Channel(named) if named else None


@dataclass(frozen=True, slots=True)
class Climb:
    """`next_try` is when they are to be tried again, `ghosted_at` when it is given up; both None once they answered."""

    tries: int
    next_try: datetime | None
    ghosted_at: datetime | None


def climbed(history: History, ladder: Ladder) -> Climb:
    """A late attempt moves none of those to come, but the giving up is counted from when the last was made. What was
    sent by itself stands for the attempt of its time, whatever staff did before.

    Whoever writes once has answered, and the ladder is over; of what a person has to decide there is none.
    """
    seen = known(history)
    tries = [event for event in seen if event.what is What.TRIED]
    is_over = phases(seen)[-1].phase is Phase.CLOSED or any(event.what is What.CLIENT_WROTE for event in seen)
    if is_over or own(seen, What.OPENED)[0].to in DECIDED:
        return Climb(len(tries), None, None)
    reached = _reached(tries, seen[0].at, ladder)
    if reached < len(ladder.rungs):
        return Climb(len(tries), seen[0].at + ladder.rungs[reached], None)
    return Climb(len(tries), None, tries[-1].at + ladder.patience)


def next_letter(history: History, ladder: Ladder, *, since: datetime) -> tuple[datetime, int] | None:
    """When the next text is sent by itself to whoever was missed, and which attempt that is; None where none is left,
    or anybody has been reached. What should have gone out by `since`, or while it was put off, is not owed."""
    seen = known(history)
    was_missed = own(seen, What.OPENED)[0].to == OpenedBy.NO_SHOW
    is_reached = any(event.what in (What.CLIENT_WROTE, What.ANSWERED) for event in seen)
    if is_reached or not was_missed:
        return None
    opened = seen[0].at
    first = max(_reached([event for event in seen if event.what is What.TRIED], opened, ladder), 1)
    rungs = ((opened + ladder.rungs[n], n) for n in range(first, len(ladder.rungs)) if ladder.text(n))
    return next((rung for rung in rungs if rung[0] > since and phase_at(seen, rung[0]) is Phase.OPEN), None)


def _reached(tries: Sequence[FollowUpEvent], opened: datetime, ladder: Ladder) -> int:
    """How many attempts are behind them."""
    by_staff = [event for event in tries if event.by != KEPT.kind]
    by_itself = max((event.at - opened for event in tries if event.by == KEPT.kind), default=None)
    passed = sum(rung <= by_itself for rung in ladder.rungs) if by_itself is not None else 0
    return max(len(by_staff), passed)
