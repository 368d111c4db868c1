"""Business time: when the clocks of a follow-up run, and how much of it lies between two instants.

No minute and no day is walked: while a zone keeps its offset, open time is the difference of two sums.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from kept.errors import InvalidSetting
from kept.timekeeping import local_time
from kept.timekeeping.holidays import closes, holidays_of_years, stands_in_for, worked_of_years
from kept.timekeeping.refusals import InvalidDuration, NoOpening, UnknownZone
from kept.timekeeping.wall_hours import Day, WallHours, wall_hours
from kept.timekeeping.weekly_hours import BadWindow, Window, WorkingHours
from kept.timekeeping.year_hours import YearHours, year_hours
from kept.timekeeping.zone_offsets import EARLIEST, EPOCH, LATEST, stretches, within_reach, year_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TICK = timedelta(microseconds=1)
"""Instants and durations are counted in these."""
HORIZON = timedelta(days=36525) // TICK
"""A hundred years: what is not reached within them will not be, for the calendar opens too seldom or no more."""


@dataclass(frozen=True)
class BusinessCalendar:
    """A special day replaces its weekday, and () closes it; a holiday beats both.

    Holidays are the dates named and those of the country `holidays_of`, if any, as its government has them now: a later
    announcement counts at once. A weekend day that is worked there for another has the hours of the nearest working
    weekday, where it has none of its own.

    It is open while the wall clock of `tz` shows a time inside a window of its date; the closing time is outside. So an
    hour that the clock skips never counts, and one that it shows twice counts twice.
    Instants are aware, asked in any zone and answered in UTC, exact to the microsecond; a naive one is a TypeError.
    Raises UnknownZone, and InvalidSetting for windows that overlap or reach past 24:00 and where nothing ever opens.
    """

    tz: str
    weekly: Mapping[int, tuple[Window, ...]]  # Monday is 0
    holidays: frozenset[date] = frozenset()
    special_days: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    holidays_of: str = ""

    def __post_init__(self) -> None:
        _check_zone(self.tz)
        if unknown := self.weekly.keys() - range(7):
            raise InvalidSetting(field="weekly", reason=f"No such weekday: {min(unknown)}.")
        for weekday, windows in self.weekly.items():
            _check_windows(f"weekly.{WEEKDAYS[weekday]}", windows)
        for day, windows in self.special_days.items():
            _check_windows(f"special_days.{day}", windows)
        special = (windows for day, windows in self.special_days.items() if day not in self.holidays)
        if not any((*self.weekly.values(), *special)):
            raise InvalidSetting(field="weekly", reason="The calendar is empty: it never opens.")

    @classmethod
    def parse(
        cls,
        tz: str,
        weekly: Mapping[str, Iterable[str]],
        holidays: Iterable[date] = (),
        special_days: Mapping[date, Iterable[str]] | None = None,
        holidays_of: str = "",
    ) -> "BusinessCalendar":
        """From weekdays ("mon") and windows ("09:00-17:30") as they travel. Raises InvalidSetting, UnknownZone."""
        if unknown := weekly.keys() - set(WEEKDAYS):
            raise InvalidSetting(field="weekly", reason=f"No such weekday: {min(unknown)}.")
        return cls(
            tz,
            {WEEKDAYS.index(day): _windows(f"weekly.{day}", told) for day, told in weekly.items()},
            frozenset(holidays),
            {day: _windows(f"special_days.{day}", told) for day, told in (special_days or {}).items()},
            holidays_of,
        )

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant by which `duration` has counted since `start`: an exact fill ends at closing.

        Raises InvalidDuration unless it is longer than zero, NoOpening where it is not reached within HORIZON.
        """
        since = _ticks(start)
        year = year_of(since)
        total = self._year(year).until(since) + _positive(duration)
        while total > (hours := self._year(year)).total:
            total -= hours.total
            year += 1
            if year > year_of(within_reach(since + HORIZON)):
                raise NoOpening
        return _found(hours.reaches(total), since)

    def subtract(self, end: datetime, duration: timedelta) -> datetime:
        """The last instant from which `duration` counts until `end`: an exact fill begins at opening.

        Raises InvalidDuration and NoOpening as `add` does.
        """
        until = _ticks(end)
        year = year_of(until)
        total = self._year(year).until(until) - _positive(duration)
        while total < 0:
            year -= 1
            if year < year_of(within_reach(until - HORIZON)):
                raise NoOpening
            total += self._year(year).total
        return _found(self._year(year).reaches(total + 1) - 1, until)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The open time in [start, end), which is none where `end` is not after `start`."""
        since, until = _ticks(start), _ticks(end)
        if until <= since:
            return timedelta(0)
        first, last = year_of(since), year_of(until)
        total = self._year(last).until(until) - self._year(first).until(since)
        for year in range(first, last):
            total += self._year(year).total
        return TICK * total

    def is_open(self, at: datetime) -> bool:
        now = _ticks(at)
        hours = self._year(year_of(now)).hours
        return any(hours.is_open(now + offset) for _, _, offset in stretches(self._zone, now, now + 1))

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant from `at` on: `at` itself while it is open. Raises NoOpening."""
        return self.add(at, TICK) - TICK

    def openings(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans of [start, end) in order; those that touch are one. Every day is looked at."""
        spans: list[tuple[int, int]] = []
        for begins, ends in self._open_spans(_ticks(start), _ticks(end)):
            touches = spans and spans[-1][1] == begins
            spans.append((spans.pop()[0] if touches else begins, ends))
        return tuple((_instant(begins), _instant(ends)) for begins, ends in spans)

    def _open_spans(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        for begins, ends, offset in stretches(self._zone, since, until):
            for opens, shuts in self._year(year_of(begins)).hours.spans(begins + offset, ends + offset):
                yield opens - offset, shuts - offset

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    def is_holiday(self, day: date) -> bool:
        return day in self.holidays or (bool(self.holidays_of) and closes(day, self.holidays_of))

    def usual(self, day: date) -> tuple[Window, ...]:
        """The hours of a day that is no holiday and no special one."""
        own = self.weekly.get(day.weekday(), ())
        if own or not self.holidays_of or (weekday := stands_in_for(day, self.holidays_of)) is None:
            return own
        return self.weekly.get(weekday, ())

    def _year(self, year: int) -> YearHours:
        """Worked out once; without a country's holidays all years have the same hours on the wall."""
        try:
            return self._years[year]
        except KeyError:
            hours = self._wall_hours(*_around(year)) if self.holidays_of else self._of_any_year
            return self._years.setdefault(year, year_hours(hours, self._zone, year))

    @cached_property
    def _years(self) -> dict[int, YearHours]:
        return {}

    @cached_property
    def _of_any_year(self) -> WallHours:
        return self._wall_hours()

    def _wall_hours(self, *years: date) -> WallHours:
        """`years` are the first day and the last for which the country is asked."""
        worked = worked_of_years(self.holidays_of, *years) if years else ()
        closed = holidays_of_years(self.holidays_of, *years) if years else ()
        dates = {day: _spans(self.usual(day)) for day in worked}
        dates |= {day: _spans(windows) for day, windows in self.special_days.items()}
        dates |= dict.fromkeys((*self.holidays, *closed), ())
        weekly = [_spans(self.weekly.get(weekday, ())) for weekday in range(7)]
        return wall_hours(weekly, {local_time.day_number(day): spans for day, spans in dates.items()})


def _around(year: int) -> tuple[date, date]:
    """A zone's local year begins and ends up to a day beside that of UTC."""
    return date(max(year - 1, MINYEAR), 1, 1), date(min(year + 1, MAXYEAR), 12, 31)


def _check_zone(tz: str) -> None:
    try:
        local_time.zone_named(tz)
    except UnknownZone as error:
        raise UnknownZone(field="tz", reason=UnknownZone.words) from error


def _check_windows(field: str, windows: tuple[Window, ...]) -> None:
    """Those of one day. What runs on into the next belongs there, where a holiday or a special day may end it."""
    try:
        WorkingHours({0: windows})
    except BadWindow as error:
        raise InvalidSetting(field=field, reason=str(error)) from error
    if late := [window for window in windows if window.closes > local_time.DAY]:
        raise InvalidSetting(field=field, reason=f"{late[0]} reaches past 24:00; the rest belongs to the next day")


def _windows(field: str, told: Iterable[str]) -> tuple[Window, ...]:
    try:
        return tuple(Window.parse(text) for text in told)
    except BadWindow as error:
        raise InvalidSetting(field=field, reason=str(error)) from error


def _spans(windows: Iterable[Window]) -> Day:
    minute = timedelta(minutes=1) // TICK
    return tuple((window.opens * minute, window.closes * minute) for window in sorted(windows))


def _positive(duration: timedelta) -> int:
    if duration < TICK:
        raise InvalidDuration
    return duration // TICK


def _ticks(instant: datetime) -> int:
    ticks = (instant - EPOCH) // TICK
    return ticks if EARLIEST <= ticks <= LATEST else within_reach(ticks)


def _found(ticks: int, since: int) -> datetime:
    if abs(ticks - since) > HORIZON:
        raise NoOpening
    return _instant(ticks)


def _instant(ticks: int) -> datetime:
    return EPOCH + TICK * ticks
