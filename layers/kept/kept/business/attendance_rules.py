"""How long a client is waited for, whether the business checks clients in at all, and when it is asked who came."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class AttendanceRules:
    """After `ask_after` the client is asked, after `grace` it is a no-show.

    "On my way" waits `extension` if no time is named, and never beyond `longest` after the start. All this only where
    it `checks_in`: whoever does not knows who is missing when the day is over, and no clock can. There staff are asked
    `day_end_after` the closing. `release_missed`: the rest of a missed slot is offered at once, and not when staff say.
    What is held against a client they may dispute for `dispute_within` from then on. `tells_delay`: whoever has not set
    out yet is told by itself when the day runs late.
    """

    ask_after: timedelta = timedelta(minutes=5)
    grace: timedelta = timedelta(minutes=15)
    extension: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(minutes=30)
    checks_in: bool = False
    release_missed: bool = False
    day_end_after: timedelta = timedelta(minutes=30)
    dispute_within: timedelta = timedelta(days=14)
    tells_delay: bool = True
