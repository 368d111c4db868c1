"""How soon a follow-up is answered, when its keeper is reminded, and who hears of it when it is not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from kept.clients.client import Tier
from kept.errors import InvalidSetting

LEADING = ("manager", "owner")
"""The roles that stand above an assignee."""


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """How long a client of each tier waits for the first answer."""

    vip: timedelta = timedelta(hours=24)
    regular: timedelta = timedelta(hours=48)
    prospect: timedelta = timedelta(hours=72)

    def __post_init__(self) -> None:
        for tier in Tier:
            if self.target(tier) <= timedelta(0):
                raise InvalidSetting(field=f"first_response.{tier}", reason="A target must be longer than nothing.")

    def target(self, tier: Tier) -> timedelta:
        return {Tier.VIP: self.vip, Tier.REGULAR: self.regular, Tier.PROSPECT: self.prospect}[tier]


@dataclass(frozen=True, slots=True)
class Level:
    """Somebody in `role` (manager, owner) is told, `after` the breach."""

    role: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class FollowUpPolicy:
    """Thresholds are percents of the target spent; the levels stand above the assignee, who hears of the breach itself.

    Raises InvalidSetting for a target that is not longer than zero, thresholds that do not rise within 1 to 99, and
    levels that are none or whose delays fall.
    """

    first_response: FirstResponse = FirstResponse()
    thresholds: tuple[int, ...] = (50, 75, 90)
    levels: tuple[Level, ...] = (Level("manager", timedelta(0)), Level("owner", timedelta(hours=24)))

    def __post_init__(self) -> None:
        if any(not 1 <= percent <= 99 for percent in self.thresholds):
            raise InvalidSetting(field="thresholds", reason="A threshold is a percentage from 1 to 99.")
        if any(later <= earlier for earlier, later in pairwise(self.thresholds)):
            raise InvalidSetting(field="thresholds", reason="Each threshold must be higher than the one before.")
        if not self.levels:
            raise InvalidSetting(field="levels", reason="A breach must go to one level at least.")
        if any(level.role not in LEADING for level in self.levels):
            raise InvalidSetting(field="levels", reason=f"A level is one of: {', '.join(LEADING)}.")
        delays = [timedelta(0), *(level.after for level in self.levels)]
        if any(later < earlier for earlier, later in pairwise(delays)):
            raise InvalidSetting(field="levels", reason="No level is told before the breach or before the one below.")


def due_after(start: datetime, target: timedelta) -> datetime:
    """The instant, in UTC, by which `target` is spent in wall time: nights and holidays count, a day is 24 hours."""
    return start.astimezone(UTC) + target
