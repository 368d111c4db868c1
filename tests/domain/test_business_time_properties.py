"""Whatever the calendar, on the days around a change of the clock: what is promised about business time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.timekeeping.business_calendar import TICK, BusinessCalendar
from kept.timekeeping.weekly_hours import Window
from tests.bench.naive_business_time import naive_add, naive_between, naive_is_open

CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/Santiago": ("2026-04-04", "2026-09-06"),  # at midnight
    "America/Sao_Paulo": ("2018-02-17", "2018-11-04"),  # at midnight
    "America/St_Johns": ("2010-03-14", "2010-11-07"),  # at one minute past midnight, 3:30 h from UTC
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),  # by half an hour
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),  # 12:45 h from UTC
    "Antarctica/Troll": ("2026-03-29", "2026-10-25"),  # by two hours
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),  # back for Ramadan
    "Asia/Kathmandu": ("1985-12-31", "1986-01-01"),  # by a quarter of an hour, once
    "Pacific/Apia": ("2011-09-24", "2011-12-30"),  # a day that never was
    "Pacific/Kwajalein": ("1993-08-21",),  # another
    "Asia/Kolkata": ("2026-03-29", "2026-10-25"),  # none
}
Case = tuple[BusinessCalendar, datetime, datetime]

edges = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted)
a_day = edges.map(lambda at: tuple(Window(a, b) for a, b in zip(at[::2], at[1::2], strict=False) if a < 1440))
mornings = st.sampled_from([(), (Window(0, 1440),), (Window(0, 60), Window(120, 180)), (Window(90, 150),)])
days = st.one_of(a_day, mornings)  # the clock is changed at night
durations = st.integers(1, 50 * 3600 * 10**6).map(lambda ticks: ticks * TICK)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A calendar, and two instants in order within three days of a change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = date.fromisoformat(draw(st.sampled_from(CHANGES[zone])))
    near = [change + timedelta(days=n) for n in range(-2, 3)]
    calendar = BusinessCalendar(
        tz=zone,
        weekly={weekday: draw(days) for weekday in range(6)} | {6: draw(a_day)},
        holidays=frozenset(draw(st.sets(st.sampled_from(near), max_size=2))),
        special_days=draw(st.dictionaries(st.sampled_from(near), days, max_size=2)),
    )
    noon = datetime.combine(change, time(12), UTC)
    start, end = sorted(noon + draw(st.integers(-(48 * 3600), 36 * 3600)) * timedelta(seconds=1) for _ in range(2))
    return calendar, start, end


@st.composite
def far_cases(draw: st.DrawFn) -> Case:
    """The same, with an end up to ten years and some microseconds later."""
    calendar, start, end = draw(cases())
    return calendar, start, end + draw(st.integers(0, 10 * 365 * 86400 * 10**6)) * TICK


@given(cases())
@settings(max_examples=25, deadline=None)
def test_the_time_between_is_that_of_walking_every_minute(case: Case) -> None:
    """Over holidays, special days and clock changes, neither more nor less is counted."""
    calendar, start, end = case
    assert calendar.between(start, end) == naive_between(calendar, start, end)


@given(cases(), durations)
@settings(max_examples=20, deadline=None)
def test_time_is_added_as_by_walking_every_minute(case: Case, duration: timedelta) -> None:
    calendar, start, end = case
    duration = min(duration, calendar.between(start, end)) or TICK
    assert calendar.add(start, duration) == naive_add(calendar, start, duration)


@given(cases())
@settings(max_examples=25, deadline=None)
def test_it_is_open_when_the_wall_clock_says_so(case: Case) -> None:
    calendar, *instants = case
    for at in instants:
        assert calendar.is_open(at) == naive_is_open(calendar, at.astimezone(ZoneInfo(calendar.tz)))


@given(far_cases(), durations)
@settings(max_examples=25, deadline=None)
def test_what_was_added_lies_between_and_nothing_less_would_do(case: Case, duration: timedelta) -> None:
    """The due instant is the very first by which that much time has passed."""
    calendar, start, _ = case
    end = calendar.add(start, duration)
    assert calendar.between(start, end) == duration
    assert calendar.is_open(end - TICK)


@given(far_cases(), durations)
@settings(max_examples=25, deadline=None)
def test_what_was_subtracted_lies_between_and_nothing_later_would_do(case: Case, duration: timedelta) -> None:
    """Its mirror: the very last instant from which that much time is left."""
    calendar, _, end = case
    start = calendar.subtract(end, duration)
    assert calendar.between(start, end) == duration
    assert calendar.is_open(start)


@given(far_cases())
@settings(max_examples=25, deadline=None)
def test_adding_the_time_between_two_instants_comes_to_the_end_of_what_counted(case: Case) -> None:
    """Never beyond the end, and nothing counts in what is left before it."""
    calendar, start, end = case
    if counted := calendar.between(start, end):
        reached = calendar.add(start, counted)
        assert start < reached <= end
        assert not calendar.between(reached, end)
        assert calendar.between(calendar.subtract(end, counted), end) == counted


@given(far_cases(), st.integers(0, 100))
@settings(max_examples=25, deadline=None)
def test_it_does_not_matter_where_a_span_is_cut(case: Case, percent: int) -> None:
    """So that time split between two owners adds up to the whole."""
    calendar, start, end = case
    cut = start + (end - start) * percent / 100
    assert calendar.between(start, cut) + calendar.between(cut, end) == calendar.between(start, end)


@given(far_cases(), durations, durations)
@settings(max_examples=25, deadline=None)
def test_it_does_not_matter_in_how_many_parts_time_is_added(case: Case, one: timedelta, other: timedelta) -> None:
    """What is promised in two steps is due when it would be in one."""
    calendar, start, end = case
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)
    assert calendar.subtract(calendar.subtract(end, one), other) == calendar.subtract(end, one + other)


@given(far_cases(), durations, durations)
@settings(max_examples=25, deadline=None)
def test_later_or_longer_is_never_sooner_or_less(case: Case, one: timedelta, other: timedelta) -> None:
    """No longer target is due earlier, and no more time counts than really passed."""
    calendar, start, end = case
    shorter, longer = sorted((one, other))
    assert calendar.add(start, shorter) <= calendar.add(start, longer)
    assert calendar.add(start, one) <= calendar.add(end, one)
    assert calendar.between(start, end) <= calendar.between(start - shorter, end + longer)
    assert timedelta(0) <= calendar.between(start, end) <= end - start


@given(far_cases())
@settings(max_examples=25, deadline=None)
def test_nothing_is_open_before_the_next_opening(case: Case) -> None:
    """Whoever is told when it opens again comes neither too early nor too late."""
    calendar, start, end = case
    for at in (start, end):
        opening = calendar.next_opening(at)
        assert calendar.is_open(opening)
        assert opening >= at
        assert not calendar.between(at, opening)


@given(far_cases(), durations, st.sampled_from(sorted(CHANGES)))
@settings(max_examples=20, deadline=None)
def test_the_zone_in_which_an_instant_is_told_does_not_matter(case: Case, duration: timedelta, zone: str) -> None:
    """A deadline is the same for its readers everywhere, and is told in UTC."""
    calendar, *instants = case
    start, end = (at.astimezone(ZoneInfo(zone)) for at in instants)
    assert calendar.between(start, end) == calendar.between(*instants)
    assert calendar.add(start, duration) == calendar.add(instants[0], duration)
    assert calendar.add(start, duration).tzinfo is UTC


@pytest.mark.parametrize("zone", sorted(CHANGES))
def test_round_the_clock_every_day_is_as_long_as_it_is(zone: str) -> None:
    """A day's real hours, whatever its length: also of the day that never was."""
    always = BusinessCalendar(zone, dict.fromkeys(range(7), (Window(0, 1440),)))
    for change in map(date.fromisoformat, CHANGES[zone]):
        midnight, next_midnight = (
            datetime.combine(change + timedelta(days=n), time(), ZoneInfo(zone)).astimezone(UTC) for n in (0, 1)
        )
        assert always.between(midnight, next_midnight) == next_midnight - midnight
