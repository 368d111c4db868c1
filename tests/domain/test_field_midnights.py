"""A day's first minute is found the same way in every clock: a midnight that is shown twice opens the first time, one
that is not shown opens with what is shown next. Held against every zone of tzdata from 2020 to 2030.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from kept.timekeeping.business_calendar import TICK, BusinessCalendar
from kept.timekeeping.local_time import DAY, date_of, day_number, first_minute, local_time, midnight
from kept.timekeeping.weekly_hours import Window, WorkingHours, open_minutes
from kept.timekeeping.zone_offsets import OffsetStretch, stretches

FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
ZONES = sorted(resources.files("tzdata").joinpath("zones").read_text().split())
MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
START = datetime(1970, 1, 1, tzinfo=UTC)


def instant(minute: int) -> datetime:
    return START + minute * MINUTE


@cache
def zones() -> dict[str, list[OffsetStretch]]:
    """One name of those that show the same clock all through these years, with its stretches of one offset."""
    since, until = ((day_number(day) * DAY * MINUTE) // TICK for day in (FIRST, LAST + A_DAY))
    found: dict[tuple[OffsetStretch, ...], str] = {}
    for name in ZONES:
        found.setdefault(tuple(stretches(ZoneInfo(name), since, until)), name)
    return {name: list(some) for some, name in found.items()}


def changes(name: str) -> Iterator[tuple[date, bool]]:
    """The dates of the clock's changes, and whether it jumps from, to or over a midnight."""
    for before, after in pairwise(zones()[name]):
        low, high = sorted((after.begins + it.offset) * TICK // MINUTE for it in (before, after))
        if low < high:
            yield date_of(high // DAY), -(-low // DAY) * DAY <= high


def days_near(day: date) -> list[date]:
    return [day + n * A_DAY for n in (-1, 0, 1)]


def shown(zone: ZoneInfo, day: date) -> list[int]:
    """Every minute that the wall clock shows of a day, found by looking at each from hours before it to hours after."""
    around = range(first_minute(zone, day) - DAY // 4, first_minute(zone, day + A_DAY) + DAY // 4)
    return [minute for minute in around if instant(minute).astimezone(zone).date() == day]


TABLE = [
    ("Atlantic/Azores", "2026-10-25", "2026-10-25T00:00+00:00", 25, "01:00 is put back to 00:00"),
    ("America/Havana", "2026-11-01", "2026-11-01T00:00-04:00", 25, "the same in Havana"),
    ("America/Scoresbysund", "2023-10-29", "2023-10-29T00:00+00:00", 25, "and in Greenland's east, until 2024"),
    ("Asia/Amman", "2021-10-29", "2021-10-29T00:00+03:00", 25, "Jordan, while it changed its clock"),
    ("Asia/Gaza", "2020-10-24", "2020-10-24T00:00+03:00", 25, "Gaza in 2020"),
    ("Asia/Hebron", "2020-10-24", "2020-10-24T00:00+03:00", 25, "and Hebron"),
    ("Antarctica/Vostok", "2023-12-18", "2023-12-18T00:00+07:00", 26, "02:00 is put back by two hours"),
    ("America/Havana", "2026-03-08", "2026-03-08T01:00-04:00", 23, "no midnight in Havana"),
    ("Atlantic/Azores", "2026-03-29", "2026-03-29T00:00-01:00", 23, "00:00 is followed by 01:00"),
    ("Asia/Beirut", "2026-03-29", "2026-03-29T01:00+03:00", 23, "no midnight in Beirut"),
    ("Asia/Beirut", "2026-10-24", "2026-10-24T00:00+03:00", 25, "its last hour twice"),
    ("Asia/Beirut", "2026-10-25", "2026-10-25T00:00+02:00", 24, "midnight after that"),
    ("Africa/Cairo", "2026-04-24", "2026-04-24T01:00+03:00", 23, "no midnight in Cairo"),
    ("Africa/Cairo", "2026-10-30", "2026-10-30T00:00+02:00", 24, "the midnight that comes second"),
    ("America/Santiago", "2026-09-06", "2026-09-06T01:00-03:00", 23, "no midnight in Santiago"),
    ("America/Santiago", "2026-04-04", "2026-04-04T00:00-03:00", 25, "its last hour twice"),
    ("America/Asuncion", "2023-10-01", "2023-10-01T01:00-03:00", 23, "no midnight in Asunción"),
    ("America/Asuncion", "2024-03-24", "2024-03-24T00:00-04:00", 24, "and the day after a long one"),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00-02:00", 23, "São Paulo in the past"),
    ("America/Sao_Paulo", "2019-02-17", "2019-02-17T00:00-03:00", 24, "and back"),
    ("Asia/Tehran", "2022-03-22", "2022-03-22T01:00+04:30", 23, "Tehran's last spring"),
    ("Asia/Damascus", "2021-03-26", "2021-03-26T01:00+03:00", 23, "Damascus"),
    ("Antarctica/Casey", "2023-03-09", "2023-03-09T00:00+11:00", 27, "03:00 is put back by three hours"),
    ("Asia/Shanghai", "2026-10-25", "2026-10-25T00:00+08:00", 24, "a day like any"),
]


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [pytest.param(zone, day, begins, hours, id=f"{zone} {day} {why}") for zone, day, begins, hours, why in TABLE],
)
def test_a_day_begins_and_is_as_long_as_its_clock_shows(zone: str, day: str, begins: str, hours: int) -> None:
    on, place = date.fromisoformat(day), ZoneInfo(zone)
    first, after = first_minute(place, on), first_minute(place, on + A_DAY)
    assert instant(first) == datetime.fromisoformat(begins)
    assert (after - first) / 60 == hours


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [pytest.param(zone, day, begins, hours, id=f"{zone} {day} {why}") for zone, day, begins, hours, why in TABLE],
)
def test_it_opens_then_in_every_clock(zone: str, day: str, begins: str, hours: int) -> None:
    """For booking, for the clocks of follow-ups and for their figures."""
    on, first = date.fromisoformat(day), datetime.fromisoformat(begins)
    last = first + timedelta(hours=hours)
    ((opens, closes),) = open_minutes(WorkingHours({}, {on: (Window(0, DAY),)}), ZoneInfo(zone), on, on)
    assert (instant(opens), instant(closes)) == (first, last)
    calendar = BusinessCalendar.parse(zone, {"mon": ["09:00-09:01"]}, special_days={on: ["00:00-24:00"]})
    assert ((first, last),) == tuple(
        span for span in calendar.openings(first - A_DAY, last + A_DAY) if span[1] - span[0] > MINUTE
    )
    assert (midnight(ZoneInfo(zone), on), midnight(ZoneInfo(zone), on + A_DAY)) == (first, last)


@pytest.mark.slow
def test_no_minute_is_lost_and_none_belongs_to_two_days() -> None:
    """Over all zones: the days of eleven years add up, and one near a jump over midnight holds what its clock shows."""
    wrong: list[tuple[str, date]] = []
    for name in zones():
        zone, odd = ZoneInfo(name), dict(changes(name))
        near = sorted({near for day in odd for near in days_near(day)})
        longer = sum(first_minute(zone, day + A_DAY) - first_minute(zone, day) - DAY for day in near)
        whole = first_minute(zone, LAST + A_DAY) - first_minute(zone, FIRST)
        wrong += [] if whole == ((LAST - FIRST).days + 1) * DAY + longer else [(name, FIRST)]
        for day in (day for odd_day, is_odd in odd.items() if is_odd for day in days_near(odd_day)):
            if list(range(first_minute(zone, day), first_minute(zone, day + A_DAY))) != shown(zone, day):
                wrong.append((name, day))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("hours", ["00:00-24:00", "00:00-09:00", "12:00-24:00"])
def test_hours_from_and_to_midnight_are_the_same_for_booking_and_for_clocks(hours: str) -> None:
    """Over all zones, on the days around each change of the clock."""
    wrong, window = [], (Window.parse(hours),)
    for name in zones():
        for day in sorted({near for change, _ in changes(name) for near in days_near(change)}):
            booked = open_minutes(WorkingHours({}, {day: window}), ZoneInfo(name), day, day)
            calendar = BusinessCalendar(name, {}, special_days={day: window})
            around = instant((day_number(day) - 2) * DAY), instant((day_number(day) + 3) * DAY)
            if calendar.openings(*around) != tuple((instant(begins), instant(ends)) for begins, ends in booked):
                wrong.append((name, day))
    assert wrong == []


def test_the_offset_of_a_day_is_steady_only_where_no_other_shows_its_midnights() -> None:
    """The day on which the second stretch begins exactly at the midnight that was shown before."""
    havana = local_time(ZoneInfo("America/Havana"), date(2026, 11, 1), date(2026, 11, 1))
    assert [day.offset for day in havana.days] == [None, None, -5 * 60]
