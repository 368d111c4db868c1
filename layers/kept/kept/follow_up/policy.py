"""What a business promises: how soon each clock must stop, in whose hours, who is reminded and who hears of a miss."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from kept.clients.client import Tier
from kept.errors import InvalidSetting
from kept.follow_up.assignment import Rule
from kept.follow_up.events import Priority, Reopening
from kept.follow_up.ladder import Ladder
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import DEFAULT_PLANS, Plan, check_plan
from kept.timekeeping.business_calendar import BusinessCalendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASSIGNEE, MANAGER, OWNER = "assignee", "manager", "owner"
ROLES = (ASSIGNEE, MANAGER, OWNER)
"""The assignee is whoever has it when they are told; the others are roles of staff members."""
WALL_TIME = BusinessCalendar.parse(
    "UTC", dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
)
"""The calendar named "": nights and holidays count, and a day is 24 hours."""


class ClockKind(StrEnum):
    """What a clock is for."""

    FIRST = "first_response"
    NEXT = "next_response"
    RESOLUTION = "resolution"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Row:
    """The targets of those it matches; a tier, cause or priority of None matches any, a target of None is no clock."""

    first_response: timedelta | None = None
    next_response: timedelta | None = None
    resolution: timedelta | None = None
    tier: Tier | None = None
    cause: OpenedBy | None = None
    priority: Priority | None = None
    calendar: str = ""

    def matches(self, tier: Tier | None, cause: OpenedBy | None, priority: Priority | None) -> bool:
        return self.tier in (None, tier) and self.cause in (None, cause) and self.priority in (None, priority)

    def target(self, kind: ClockKind) -> timedelta | None:
        targets = {
            ClockKind.FIRST: self.first_response,
            ClockKind.NEXT: self.next_response,
            ClockKind.RESOLUTION: self.resolution,
        }
        return targets.get(kind)


@dataclass(frozen=True, slots=True)
class Threshold:
    """When the assignee is reminded, one of three: at a percentage of the target, or so many counted minutes before
    it is spent or after. A clock whose target is not longer than `minutes_before` goes without that reminder."""

    percent: int | None = None
    minutes_before: int | None = None
    minutes_after: int | None = None

    @property
    def name(self) -> str:
        if self.percent is not None:
            return str(self.percent)
        return f"{self.minutes_after}_after" if self.minutes_before is None else f"{self.minutes_before}_before"

    def spent(self, target: timedelta) -> timedelta:
        """How much has been counted when it is reached."""
        if self.percent is not None:
            return target * self.percent // 100
        return target + timedelta(minutes=(self.minutes_after or 0) - (self.minutes_before or 0))


@dataclass(frozen=True, slots=True)
class Level:
    """Who is told of a miss, and how much counted time after it: a manager is not called at night, nor in a pause."""

    role: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True)
class ServicePolicy:
    """The first row that matches decides; where none does there is no clock at all.

    `pausing` are the clocks that stand still while the client has the turn; the first response is not among them,
    for there is nothing to wait for before it. `next_from_opening` runs the next response beside the first;
    `assignment` says whose a new one becomes, `ladder` when one who does not answer is given up.
    Raises InvalidSetting with the field and the reason.
    """

    number: int = 1
    rows: tuple[Row, ...] = (
        Row(24 * HOUR, 24 * HOUR, 5 * DAY, tier=Tier.VIP),
        Row(48 * HOUR, 48 * HOUR, 10 * DAY, tier=Tier.REGULAR),
        Row(72 * HOUR, 72 * HOUR, 15 * DAY, tier=Tier.PROSPECT),
    )
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    thresholds: tuple[Threshold, ...] = (Threshold(50), Threshold(75), Threshold(90))
    levels: tuple[Level, ...] = (Level(ASSIGNEE), Level(MANAGER), Level(OWNER, 24 * HOUR))
    pausing: frozenset[ClockKind] = frozenset({ClockKind.NEXT, ClockKind.RESOLUTION})
    reopening: Reopening = Reopening.CONTINUES
    next_from_opening: bool = False
    longest_pause: timedelta = 14 * DAY
    assignment: Rule = Rule.OWNER
    ladder: Ladder = Ladder()
    plans: Mapping[OpenedBy, Plan] = field(default_factory=lambda: DEFAULT_PLANS)
    vip_breach_at_any_hour: bool = False
    """Staff are told of a VIP's miss though they are not at work; of everything else only when they are."""

    def __post_init__(self) -> None:
        _check_calendars(self.calendars)
        _check_rows(self.rows, self.calendars)
        _check_thresholds(self.thresholds)
        _check_levels(self.levels)
        if self.longest_pause <= timedelta(0):
            raise InvalidSetting(field="longest_pause", reason="A pause must be longer than nothing.")
        for cause, plan in self.plans.items():
            check_plan(f"plans.{cause}", plan)

    def row(self, tier: Tier | None, cause: OpenedBy | None, priority: Priority | None) -> Row | None:
        return next((row for row in self.rows if row.matches(tier, cause, priority)), None)

    def calendar(self, row: Row) -> BusinessCalendar:
        return self.calendars[row.calendar] if row.calendar else WALL_TIME

    def check_roles(self, held: frozenset[str]) -> None:
        """Nobody of the staff may hold a role that a level names; then a miss would be told to nobody.

        Raises InvalidSetting.
        """
        for n, level in enumerate(self.levels):
            if level.role != ASSIGNEE and level.role not in held:
                raise InvalidSetting(
                    field=f"levels.{n}.role", reason=f"Nobody here is {level.role}: nobody would be told."
                )


def _check_calendars(calendars: Mapping[str, BusinessCalendar]) -> None:
    for name, calendar in calendars.items():
        if not any(calendar.weekly.values()):
            raise InvalidSetting(field=f"calendars.{name}", reason="It opens on special days alone, and then no more.")


def _check_rows(rows: tuple[Row, ...], calendars: Mapping[str, BusinessCalendar]) -> None:
    for n, row in enumerate(rows):
        for kind in (ClockKind.FIRST, ClockKind.NEXT, ClockKind.RESOLUTION):
            if (target := row.target(kind)) is not None and target <= timedelta(0):
                raise InvalidSetting(field=f"rows.{n}.{kind}", reason="A target must be longer than nothing.")
        if row.calendar and row.calendar not in calendars:
            raise InvalidSetting(field=f"rows.{n}.calendar", reason=f"There is no calendar named {row.calendar}.")
        if any(earlier.matches(row.tier, row.cause, row.priority) for earlier in rows[:n]):
            raise InvalidSetting(
                field=f"rows.{n}", reason="It is never reached: an earlier row matches all that it does."
            )


def _check_thresholds(thresholds: tuple[Threshold, ...]) -> None:
    for n, threshold in enumerate(thresholds):
        told = [n for n in (threshold.percent, threshold.minutes_before, threshold.minutes_after) if n is not None]
        if len(told) != 1:
            raise InvalidSetting(
                field=f"thresholds.{n}", reason="It is a percentage, or minutes before, or minutes after."
            )
        if told[0] < 1 or (threshold.percent or 0) > 99:
            raise InvalidSetting(
                field=f"thresholds.{n}", reason="A percentage is from 1 to 99, and minutes are 1 or more."
            )
        if threshold in thresholds[:n]:
            raise InvalidSetting(field=f"thresholds.{n}", reason="The same reminder stands here twice.")


def _check_levels(levels: tuple[Level, ...]) -> None:
    if not levels:
        raise InvalidSetting(field="levels", reason="A breach must go to one level at least.")
    for n, level in enumerate(levels):
        if level.role not in ROLES:
            raise InvalidSetting(field=f"levels.{n}.role", reason=f"A level is one of: {', '.join(ROLES)}.")
    delays = [timedelta(0), *(level.after for level in levels)]
    for n, (earlier, later) in enumerate(pairwise(delays)):
        if later < earlier:
            raise InvalidSetting(
                field=f"levels.{n}.after", reason="No level is told before the breach or the one below."
            )
