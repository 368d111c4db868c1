"""What waiting beyond the standard is made good by."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from kept.business.checks import must
from kept.business.money_rules import MOST

MINUTE = timedelta(minutes=1)
MOST_STEPS, LONGEST = 6, 24 * 60


@dataclass(frozen=True, slots=True)
class WaitStep:
    """From exactly so many `minutes` of waiting on, `percent` of the visit's price."""

    minutes: int
    percent: int


DEFAULT_STEPS = (WaitStep(15, 5), WaitStep(30, 10), WaitStep(60, 25))


@dataclass(frozen=True, slots=True)
class MakeGoodRules:
    """Where it is `on`, whoever waited for the first of the `steps` is credited by the last that they reached.

    `day_cap` is what all credits of one local day come to at the most, in minor units of the business's currency; None
    is any amount. Through the local day `nobodys_fault` (a power cut, a storm) nobody is credited; who waited is told
    why.
    """

    on: bool = True
    steps: tuple[WaitStep, ...] = DEFAULT_STEPS
    day_cap: int | None = 20_000
    nobodys_fault: date | None = None

    def step(self, waited: timedelta) -> WaitStep | None:
        """The last one reached; None where the wait is within the standard."""
        return next((step for step in reversed(self.steps) if waited >= step.minutes * MINUTE), None)

    def is_nobodys_fault(self, day: date) -> bool:
        return self.nobodys_fault is not None and day <= self.nobodys_fault


def check_make_good(rules: MakeGoodRules) -> None:
    """Raises InvalidSetting."""
    must(1 <= len(rules.steps) <= MOST_STEPS, "make_good.steps", f"There are from 1 to {MOST_STEPS} steps.")
    for step in rules.steps:
        must(1 <= step.minutes <= LONGEST, "make_good.steps", f"A wait is from 1 to {LONGEST} minutes.")
        must(0 <= step.percent <= 100, "make_good.steps", "A share is from 0 to 100 per cent.")
    later = all(one.minutes < other.minutes and one.percent <= other.percent for one, other in pairwise(rules.steps))
    must(later, "make_good.steps", "Each step is a longer wait than the one before, and no smaller a share.")
    must(rules.day_cap is None or 0 <= rules.day_cap <= MOST, "make_good.day_cap", f"It is from 0 to {MOST}.")
