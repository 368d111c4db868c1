"""How freed time is offered to those who wait: to how many at once, for how long, and until when before the start."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kept.business.checks import must

HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
SHORTEST = timedelta(minutes=5)
"""An offer that leaves its reader less is none."""
MOST_AT_ONCE = 20
"""Offers that one write can make, each with its message."""
MOST_TIMES = 100


class OfferMode(StrEnum):
    """ONE after the other; a BATCH of different slots at once; FIRST to accept of several who are offered one slot;
    STAFF choose whom they offer it to. BY_LEAD it is one of the first three."""

    BY_LEAD = "by_lead"
    ONE = "one"
    BATCH = "batch"
    FIRST = "first"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class WaitlistRules:
    """By how far ahead the start is: more than `far` one at a time, from there to `near` in batches, nearer than that
    to whoever accepts first; another `mode` holds whatever is left. An offer lasts `lasts`, one to several
    `first_lasts`, and none is open later than `cut_off` before its start. A batch has at most `batch` offers, and the
    next begins `pause` after the one before is over. After `passed_by` offers that a better tier got instead, whoever
    waits longest comes first once.
    """

    mode: OfferMode = OfferMode.BY_LEAD
    far: timedelta = 48 * HOUR
    near: timedelta = 4 * HOUR
    lasts: timedelta = timedelta(minutes=15)
    first_lasts: timedelta = timedelta(minutes=10)
    batch: int = 3
    pause: timedelta = timedelta(0)
    cut_off: timedelta = timedelta(minutes=30)
    passed_by: int = 3

    def mode_for(self, lead: timedelta) -> OfferMode:
        """`lead`: from now to the start."""
        if self.mode is not OfferMode.BY_LEAD:
            return self.mode
        if lead > self.far:
            return OfferMode.ONE
        return OfferMode.BATCH if lead >= self.near else OfferMode.FIRST


def check_waitlist(rules: WaitlistRules) -> None:
    """Raises InvalidSetting."""
    for name in ("lasts", "first_lasts"):
        must(SHORTEST <= getattr(rules, name) <= A_DAY, f"waitlist.{name}", "It is from 5 minutes to a day.")
    must(timedelta(0) <= rules.near <= rules.far, "waitlist.near", "It cannot be more than what is far ahead.")
    must(rules.far <= 60 * A_DAY, "waitlist.far", "It is 60 days at most.")
    must(1 <= rules.batch <= MOST_AT_ONCE, "waitlist.batch", f"It is from 1 to {MOST_AT_ONCE}.")
    must(timedelta(0) <= rules.pause <= A_DAY, "waitlist.pause", "It is from nothing to a day.")
    must(timedelta(0) <= rules.cut_off <= 7 * A_DAY, "waitlist.cut_off", "It is from nothing to a week.")
    must(1 <= rules.passed_by <= MOST_TIMES, "waitlist.passed_by", f"It is from 1 to {MOST_TIMES}.")
