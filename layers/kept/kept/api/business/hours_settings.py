"""Working hours as JSON: "09:00-17:30" by weekday, dates that differ, and time off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from kept.api.base import Body
from kept.api.booking.requests import Day, Instant, Text
from kept.errors import InvalidSetting
from kept.timekeeping.weekly_hours import BadTimeOff, BadWindow, TimeOff, Window, WorkingHours

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Windows = tuple[Annotated[str, StringConstraints(max_length=11)], ...]
"""A closing time past 24:00 is the next morning's; none at all is a closed day."""


class TimeOffSettings(Body):
    """An absence, with the offset of its zone."""

    starts: Instant
    ends: Instant
    reason: Text = ""


class HoursSettings(Body):
    """A date in `overrides` replaces its weekday, and opens a public holiday."""

    weekly: dict[Weekday, Windows]
    overrides: dict[Day, Windows] = Field(default_factory=dict)
    time_off: tuple[TimeOffSettings, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _told(cls, given: Any) -> Any:
        return _as_told(given) if isinstance(given, WorkingHours) else given

    def hours(self) -> WorkingHours:
        """Raises InvalidSetting."""
        return WorkingHours(
            weekly={DAYS.index(day): _windows(f"hours.weekly.{day}", told) for day, told in self.weekly.items()},
            overrides={day: _windows(f"hours.overrides.{day}", told) for day, told in self.overrides.items()},
            time_off=tuple(_time_off(n, off) for n, off in enumerate(self.time_off)),
        )


def _windows(field: str, told: Windows) -> tuple[Window, ...]:
    """Those of one day; that they overlap is found here, where the day is known."""
    with _refused(field):
        windows = tuple(Window.parse(text) for text in told)
        WorkingHours({0: windows})
    return windows


def _time_off(number: int, off: TimeOffSettings) -> TimeOff:
    with _refused(f"hours.time_off.{number}"):
        return TimeOff(off.starts, off.ends, off.reason)


@contextmanager
def _refused(field: str) -> Iterator[None]:
    try:
        yield
    except (BadWindow, BadTimeOff) as error:
        raise InvalidSetting(field=field, reason=str(error)) from error


def _as_told(hours: WorkingHours) -> dict[str, Any]:
    return {
        "weekly": {DAYS[day]: [str(window) for window in windows] for day, windows in sorted(hours.weekly.items())},
        "overrides": {day: [str(window) for window in windows] for day, windows in sorted(hours.overrides.items())},
        "time_off": hours.time_off,
    }
