"""How long a client is waited for, and whether the business checks clients in at all."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class AttendanceRules:
    """After `ask_after` the client is asked, after `grace` it is a no-show.

    "On my way" waits `extension` if no time is named, and never beyond `longest` after the start.
    """

    ask_after: timedelta = timedelta(minutes=5)
    grace: timedelta = timedelta(minutes=15)
    extension: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(minutes=30)
    checks_in: bool = True
