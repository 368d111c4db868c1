"""The follow-up policy as JSON: spans in whole minutes; what is left out takes the product's default."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from kept.api.base import Body
from kept.api.booking.requests import Date, Id, Name
from kept.api.business.business_settings import Short
from kept.api.business.hours_settings import DAYS, Weekday, Windows
from kept.api.business.setting_types import LONGEST, Minutes
from kept.clients.client import Tier
from kept.errors import InvalidSetting
from kept.follow_up.assignment import Rule
from kept.follow_up.events import Priority, Reopening
from kept.follow_up.ladder import Ladder
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import Step
from kept.follow_up.policy import ClockKind, Level, Row, ServicePolicy, Threshold
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.timekeeping.holidays import is_known
from kept.timekeeping.refusals import UnknownZone

USUAL = ServicePolicy()
Count = Annotated[int, Field(strict=True, le=int(LONGEST.total_seconds()) // 60)]
Pausing = Literal[ClockKind.NEXT, ClockKind.RESOLUTION, ClockKind.STEP]
"""Before the first response there is nothing to wait for."""


class RowSettings(Body):
    """Targets of those it matches; null matches any, and a target of null is no clock. The first that matches decides.

    `calendar` names one of `calendars`; "" is wall time.
    """

    tier: Tier | None = None
    cause: OpenedBy | None = None
    priority: Priority | None = None
    first_response: Minutes | None = None
    next_response: Minutes | None = None
    resolution: Minutes | None = None
    calendar: Short = ""


class CalendarSettings(Body):
    """A special day replaces its weekday, a holiday closes either.

    `holidays_of` a country (ISO 3166, a subdivision after a dash) adds its public holidays, with the weekend days
    inside them, and the weekend days that are worked there for others, all as its government announces them.
    """

    tz: Short
    weekly: dict[Weekday, Windows]
    holidays: tuple[Date, ...] = ()
    special_days: dict[Date, Windows] = Field(default_factory=dict)
    holidays_of: Short = ""

    @model_validator(mode="before")
    @classmethod
    def _told(cls, given: Any) -> Any:
        return _as_told(given) if isinstance(given, BusinessCalendar) else given

    def calendar(self, field: str) -> BusinessCalendar:
        """Raises InvalidSetting, UnknownZone."""
        try:
            _must_be_known(self.holidays_of)
            weekly = {str(day): windows for day, windows in self.weekly.items()}
            return BusinessCalendar.parse(self.tz, weekly, self.holidays, self.special_days, self.holidays_of)
        except (InvalidSetting, UnknownZone) as error:
            facts = error.facts
            raise type(error)(field=f"{field}.{facts['field']}", reason=facts["reason"]) from error


class ThresholdSettings(Body):
    """When the assignee is reminded, one of the three."""

    percent: Count | None = None
    minutes_before: Count | None = None
    minutes_after: Count | None = None


class LevelSettings(Body):
    """Who is told of a miss, and how much counted time after it."""

    role: Literal["assignee", "manager", "owner"]
    after: Minutes = Level("").after


class LadderSettings(Body):
    """When one who does not answer is tried, from the opening on; `patience` after the last attempt it is given up.

    Of the attempts after the first, `writes` are the texts that whoever missed a visit is sent by themselves ("": a
    person tries), and `over` the channel of each ("": the client's own).
    """

    rungs: tuple[Minutes, ...] = USUAL.ladder.rungs
    patience: Minutes = USUAL.ladder.patience
    writes: tuple[Literal["", "missed_again", "missed_last"], ...] = ("missed_again", "missed_last")
    over: tuple[Literal["", "email", "sms", "whatsapp", "wechat", "webhook"], ...] = ()


class StepSettings(Body):
    """`after` the end of the step before, or the opening, in wall time; `target` is the clock's own time."""

    name: Name
    target: Minutes
    after: Minutes = Step("", LONGEST).after


class PolicySettings(Body):
    """A whole policy. `plans` by what opens a follow-up; those given replace the product's, all of them.

    Staff are told while they are at work; `vip_breach_at_any_hour` lets a VIP's miss through at night as well.
    """

    rows: tuple[RowSettings, ...] = Field(default_factory=lambda: _usual().rows)
    calendars: dict[Id, CalendarSettings] = Field(default_factory=dict)
    thresholds: tuple[ThresholdSettings, ...] = Field(default_factory=lambda: _usual().thresholds)
    levels: tuple[LevelSettings, ...] = Field(default_factory=lambda: _usual().levels)
    pausing: Annotated[tuple[Pausing, ...], AfterValidator(lambda given: tuple(sorted(set(given))))] = Field(
        default_factory=lambda: _usual().pausing
    )
    reopening: Reopening = USUAL.reopening
    next_from_opening: bool = USUAL.next_from_opening
    longest_pause: Minutes = USUAL.longest_pause
    assignment: Rule = USUAL.assignment
    ladder: LadderSettings = Field(default_factory=lambda: _usual().ladder)
    plans: dict[OpenedBy, tuple[StepSettings, ...]] = Field(default_factory=lambda: _usual().plans)
    vip_breach_at_any_hour: bool = USUAL.vip_breach_at_any_hour

    def policy(self) -> ServicePolicy:
        """Raises InvalidSetting, UnknownZone."""
        return ServicePolicy(
            rows=tuple(Row(**dict(row)) for row in self.rows),
            calendars={name: calendar.calendar(f"calendars.{name}") for name, calendar in self.calendars.items()},
            thresholds=tuple(Threshold(**dict(threshold)) for threshold in self.thresholds),
            levels=tuple(Level(**dict(level)) for level in self.levels),
            pausing=frozenset(self.pausing),
            reopening=self.reopening,
            next_from_opening=self.next_from_opening,
            longest_pause=self.longest_pause,
            assignment=self.assignment,
            ladder=Ladder(**dict(self.ladder)),
            plans={cause: tuple(Step(**dict(step)) for step in steps) for cause, steps in self.plans.items()},
            vip_breach_at_any_hour=self.vip_breach_at_any_hour,
        )


def to_response(policy: ServicePolicy) -> PolicySettings:
    return PolicySettings.model_validate(policy, from_attributes=True)


def _usual() -> PolicySettings:
    return to_response(USUAL)


def _must_be_known(country: str) -> None:
    """Raises InvalidSetting for a country without public holidays, for it is misspelt."""
    if country and not is_known(country):
        raise InvalidSetting(field="holidays_of", reason=f"No public holidays are known of {country}.")


def _as_told(calendar: BusinessCalendar) -> dict[str, Any]:
    return {
        "tz": calendar.tz,
        "weekly": {DAYS[day]: [str(window) for window in windows] for day, windows in sorted(calendar.weekly.items())},
        "holidays": sorted(calendar.holidays),
        "special_days": {day: [str(it) for it in windows] for day, windows in sorted(calendar.special_days.items())},
        "holidays_of": calendar.holidays_of,
    }
