"""When one who does not answer is tried again, and when the matter is given up as ghosted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from kept.errors import InvalidSetting
from kept.follow_up.events import History, What, known
from kept.follow_up.phases import Phase, phases

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Wall time from the opening to each attempt, and from the last attempt until it is given up.

    Raises InvalidSetting for rungs that are none or do not rise, and a patience of no time.
    """

    rungs: tuple[timedelta, ...] = (timedelta(0), 2 * DAY, 7 * DAY)
    patience: timedelta = DAY

    def __post_init__(self) -> None:
        if not self.rungs or self.rungs[0] < timedelta(0) or any(b <= a for a, b in pairwise(self.rungs)):
            raise InvalidSetting(field="ladder.rungs", reason="Each attempt comes later than the one before.")
        if self.patience <= timedelta(0):
            raise InvalidSetting(field="ladder.patience", reason="A client needs some time to answer the last attempt.")


@dataclass(frozen=True, slots=True)
class Climb:
    """`next_try` is when they are to be tried again, `ghosted_at` when it is given up; both None once they answered."""

    tries: int
    next_try: datetime | None
    ghosted_at: datetime | None


def climbed(history: History, ladder: Ladder) -> Climb:
    """A late attempt moves none of those to come, but the giving up is counted from when the last was made.

    Whoever writes once has answered, and the ladder is over.
    """
    seen = known(history)
    tries = [event for event in seen if event.what is What.TRIED]
    is_over = phases(seen)[-1].phase is Phase.CLOSED or any(event.what is What.CLIENT_WROTE for event in seen)
    if is_over:
        return Climb(len(tries), None, None)
    if len(tries) < len(ladder.rungs):
        return Climb(len(tries), seen[0].at + ladder.rungs[len(tries)], None)
    return Climb(len(tries), None, tries[-1].at + ladder.patience)
