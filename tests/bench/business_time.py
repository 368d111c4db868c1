"""Business time over a day, a month and ten years, beside libraries from PyPI and a walk over every minute.

The scenario is what all of them can do: Monday to Friday 9:00-17:00 in Berlin with four holidays a year, from and to a
time within the day. pandas adds whole hours alone, so hours are what is added; business-duration, which is built on it,
counts what lies between and knows no zone. All must give one answer, or there are no figures.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pandas
import pytz
import workclock
from business_duration import businessDuration
from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule
from pandas.tseries.offsets import CustomBusinessHour

from kept.timekeeping.business_calendar import BusinessCalendar
from tests.bench.figure import Figure
from tests.bench.naive_business_time import naive_add, naive_between

ZONE = "Europe/Berlin"
OPENS, CLOSES = time(9), time(17)
HOLIDAYS = [date(year, *day) for year in range(2026, 2037) for day in ((1, 1), (5, 1), (12, 25), (12, 26))]
START = datetime(2026, 3, 2, 10, 17, tzinfo=ZoneInfo(ZONE))
SPANS = {"a day": 1, "a month": 30, "ten years": 3652}
HOUR = timedelta(hours=1)
TIMES = 301
SLOW = 50
"""Milliseconds above which a reference is asked once instead."""

calendar = BusinessCalendar.parse(ZONE, dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",)), HOLIDAYS)
rules = Rules([WorkDayRule(OPENS, CLOSES, tz=pytz.timezone(ZONE)), HolidayRule(HOLIDAYS, tz=pytz.timezone(ZONE))])
schedule = workclock.Schedule([workclock.WorkDay(OPENS, CLOSES), workclock.Holidays(HOLIDAYS)], time_zone=ZONE)


def by_businesstimedelta(start: datetime, end: datetime) -> timedelta:
    counted: timedelta = rules.difference(start, end).timedelta
    return counted


def by_business_duration(start: datetime, end: datetime) -> timedelta:
    naive = (start.replace(tzinfo=None), end.replace(tzinfo=None))
    return timedelta(seconds=businessDuration(*naive, OPENS, CLOSES, holidaylist=HOLIDAYS, unit="sec"))


def added_by_businesstimedelta(start: datetime, duration: timedelta) -> datetime:
    end: datetime = start + BusinessTimeDelta(rules, timedelta=duration)
    return end


def added_by_pandas(start: datetime, duration: timedelta) -> datetime:
    hours = CustomBusinessHour(duration // HOUR, start=OPENS, end=CLOSES, holidays=HOLIDAYS)
    end: datetime = pandas.Timestamp(start) + hours
    return end


COUNTERS: dict[str, Callable[..., Any]] = {
    "workclock": schedule.between,
    "business-duration": by_business_duration,
    "businesstimedelta": by_businesstimedelta,
    "minute walk": lambda start, end: naive_between(calendar, start, end),
}
ADDERS: dict[str, Callable[..., Any]] = {
    "workclock": schedule.add,
    "pandas": added_by_pandas,
    "businesstimedelta": added_by_businesstimedelta,
    "minute walk": lambda start, duration: naive_add(calendar, start, duration),
}


def rows() -> Iterator[Figure]:
    """Where a zone changes is found once in a process; what that costs the first to ask has a line of its own."""
    for name, days in SPANS.items():
        end = (START.astimezone(UTC) + timedelta(days=days)).astimezone(ZoneInfo(ZONE))
        hours = calendar.between(START, end) // HOUR * HOUR
        hold = "< 1 ms, ≤ 1.0 x workclock" if name == "ten years" else "≤ 1.0 x workclock"
        yield _beside(f"business time between, {name}", calendar.between, COUNTERS, (START, end), hold)
        yield _beside(f"business time added, {name}", calendar.add, ADDERS, (START, hours), hold)
    yield Figure("business time between, ten years, a new calendar in a new zone", f"{_first_time():.2f} ms")


def _beside(
    what: str, ours: Callable[..., Any], theirs: Mapping[str, Callable[..., Any]], ask: Any, hold: str
) -> Figure:
    """The first answers are compared, and tell who is so slow that once is enough; the others answer in turns."""
    asked = {"": ours, **theirs}
    first = {name: _asked(answers, ask) for name, answers in asked.items()}
    if wrong := [name for name, (answer, _) in first.items() if answer != first[""][0]]:
        raise AssertionError(f"{what}: {', '.join(wrong)} answers something else")
    quick = [name for name, (_, once) in first.items() if once <= SLOW]
    turns = [{name: _milliseconds(asked[name], *ask) for name in quick} for _ in range(TIMES)]
    took = {name: median(turn[name] for turn in turns) if name in quick else once for name, (_, once) in first.items()}
    mine = took.pop("")
    told = f"{mine:.4f} ms ({mine / took['workclock']:.2f} x workclock)"
    return Figure(what, told, ", ".join(f"{name} {ms:.4g}" for name, ms in took.items()), hold)


def _asked(answers: Callable[..., Any], ask: Any) -> tuple[Any, float]:
    """What it says, and the milliseconds it took."""
    began = perf_counter()
    answer = answers(*ask)
    return answer, (perf_counter() - began) * 1000


def _first_time() -> float:
    def first() -> None:
        fresh = BusinessCalendar.parse("Europe/Paris", {"mon": ["09:00-17:00"]}, HOLIDAYS)
        fresh.between(START, START + timedelta(days=SPANS["ten years"]))

    return _milliseconds(first)


def _milliseconds(work: Callable[..., Any], *ask: Any) -> float:
    began = perf_counter()
    work(*ask)
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    for figure in rows():
        print(f"{figure.what:66} {figure.ours:32} {figure.reference} {figure.hold}".rstrip())  # noqa: T201
