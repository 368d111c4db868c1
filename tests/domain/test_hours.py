from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kept.timekeeping.weekly_hours import (
    BadTimeOff,
    BadWindow,
    Span,
    TimeOff,
    Window,
    WorkingHours,
    away_minutes,
    clock_minutes,
    clock_text,
    merged,
    open_minutes,
    without,
)


def every_day(*windows: str) -> WorkingHours:
    return WorkingHours(dict.fromkeys(range(7), windows_of(*windows)))


def windows_of(*texts: str) -> tuple[Window, ...]:
    return tuple(Window.parse(text) for text in texts)


def opened(
    hours: WorkingHours, zone: str, first: str, last: str | None = None, *, form: str = "%m-%dT%H:%M"
) -> list[str]:
    """Open spans as "start/end" in UTC."""
    return [
        "/".join(datetime.fromtimestamp(edge * 60, UTC).strftime(form) for edge in span)
        for span in open_minutes(hours, ZoneInfo(zone), date.fromisoformat(first), date.fromisoformat(last or first))
    ]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:00", 0), ("09:30", 570), ("23:59", 1439), ("24:00", 1440), ("26:00", 1560), ("48:00", 2880)],
)
def test_a_time_on_the_clock_is_minutes_after_midnight_and_back(text: str, minutes: int) -> None:
    """What is read from a text is written as that text again."""
    assert clock_minutes(text) == minutes
    assert clock_text(minutes) == text


def test_a_window_reads_as_it_was_written() -> None:
    assert str(Window.parse("22:00-26:30")) == "22:00-26:30"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("17:30-09:00", id="ends before it starts"),
        pytest.param("09:00-09:00", id="is empty"),
        pytest.param("24:00-26:00", id="opens on the next day"),
        pytest.param("22:00-48:01", id="closes after the next day"),
        pytest.param("9:00-17:00", id="one digit"),
        pytest.param("09:60-17:00", id="sixty minutes"),
        pytest.param("09:00", id="no end"),
        pytest.param("09:00-17:00-18:00", id="two ends"),
        pytest.param("٠٩:٠٠-17:00", id="other digits"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(text: str) -> None:
    """Nothing that a person may mistype becomes hours of some other kind."""
    with pytest.raises(BadWindow):
        Window.parse(text)


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param({"weekly": {0: windows_of("09:00-12:00", "11:59-13:00")}}, id="on a weekday"),
        pytest.param({"weekly": {0: windows_of("22:00-26:00", "23:00-24:00")}}, id="over midnight"),
        pytest.param(
            {"weekly": {}, "overrides": {date(2026, 3, 2): windows_of("13:00-17:00", "09:00-13:01")}}, id="override"
        ),
    ],
)
def test_windows_of_a_day_that_overlap_are_refused(hours: dict[str, dict[object, tuple[Window, ...]]]) -> None:
    """Also where one comes over midnight, and in an override."""
    with pytest.raises(BadWindow):
        WorkingHours(**hours)  # type: ignore[arg-type]


def test_an_unknown_weekday_is_refused() -> None:
    with pytest.raises(BadWindow):
        WorkingHours({7: windows_of("09:00-17:00")})


def test_time_off_without_a_zone_or_that_ends_before_it_starts_is_refused() -> None:
    """Nobody has to guess whose noon was meant."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for starts, ends in ((noon.replace(tzinfo=None), noon), (noon, noon), (noon, noon.replace(hour=11))):
        with pytest.raises(BadTimeOff):
            TimeOff(starts, ends)


@pytest.mark.parametrize(
    ("zone", "day", "window", "expected"),
    [
        pytest.param("America/New_York", "2026-10-31", "09:00-10:00", "13:00/14:00", id="day before the end of DST"),
        pytest.param("America/New_York", "2026-11-02", "09:00-10:00", "14:00/15:00", id="day after the end of DST"),
        pytest.param("America/New_York", "2026-03-31", "09:00-10:00", "13:00/14:00", id="month of DST"),
        pytest.param("Asia/Kolkata", "2026-03-29", "07:30-09:30", "02:00/04:00", id="half-hour zone"),
        pytest.param("Asia/Shanghai", "2026-03-29", "22:00-26:00", "14:00/18:00", id="over midnight"),
        pytest.param("Europe/Berlin", "2026-03-29", "02:30-12:00", "01:00/10:00", id="opens in the gap"),
        pytest.param("Europe/Berlin", "2026-03-29", "01:00-02:30", "00:00/01:00", id="closes in the gap"),
        pytest.param("Europe/Berlin", "2026-10-25", "02:30-12:00", "00:30/11:00", id="opens at a time shown twice"),
        pytest.param("Europe/Berlin", "2026-10-25", "03:00-12:00", "02:00/11:00", id="opens as twofold hour is over"),
        pytest.param("Europe/Berlin", "2026-10-25", "01:00-02:30", "23:00/01:30", id="closes at a time shown twice"),
        pytest.param("Europe/Berlin", "2026-10-25", "01:00-02:00", "23:00/00:00", id="closes as twofold hour begins"),
        pytest.param("Europe/Berlin", "2026-10-25", "01:00-03:00", "23:00/02:00", id="closes as twofold hour is over"),
        pytest.param("America/Santiago", "2026-09-06", "00:00-12:00", "04:00/15:00", id="no midnight"),
        pytest.param("America/Santiago", "2026-09-05", "12:00-24:00", "16:00/04:00", id="closes at no midnight"),
        pytest.param("America/Santiago", "2026-04-04", "22:00-23:30", "01:00/03:30", id="last hour twice"),
        pytest.param("America/Santiago", "2026-04-04", "22:00-26:00", "01:00/06:00", id="over it"),
    ],
)  # fmt: skip
def test_the_edges_of_a_window_are_local_times(zone: str, day: str, window: str, expected: str) -> None:
    """An edge in a gap moves behind it; of one shown twice, the opening is the first and the closing the second."""
    hours = WorkingHours({}, overrides={date.fromisoformat(day): windows_of(window)})
    assert opened(hours, zone, day, form="%H:%M") == [expected]


@pytest.mark.parametrize(
    ("zone", "day", "hours_open"),
    [
        pytest.param("Europe/Berlin", "2026-03-29", 23, id="Berlin forward"),
        pytest.param("Europe/Berlin", "2026-10-25", 25, id="Berlin back"),
        pytest.param("America/New_York", "2026-03-08", 23, id="New York forward"),
        pytest.param("America/New_York", "2026-11-01", 25, id="New York back"),
        pytest.param("America/Santiago", "2026-09-06", 23, id="Santiago forward, at midnight"),
        pytest.param("America/Santiago", "2026-04-04", 25, id="Santiago back, at midnight"),
        pytest.param("Asia/Beirut", "2026-03-29", 23, id="Beirut forward, at midnight"),
        pytest.param("Asia/Beirut", "2026-10-24", 25, id="Beirut back, at midnight"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", 23.5, id="Lord Howe forward, by half an hour"),
        pytest.param("Australia/Lord_Howe", "2026-04-05", 24.5, id="Lord Howe back, by half an hour"),
        pytest.param("Asia/Kolkata", "2026-03-29", 24, id="Kolkata never"),
    ],
)
def test_a_whole_day_lasts_its_real_hours(zone: str, day: str, hours_open: float) -> None:
    """From midnight to midnight, however long the clock makes that day."""
    hours = WorkingHours({}, overrides={date.fromisoformat(day): (Window(0, 1440),)})
    [(opens, closes)] = open_minutes(hours, ZoneInfo(zone), date.fromisoformat(day), date.fromisoformat(day))
    assert (closes - opens) / 60 == hours_open


def test_a_window_that_lies_in_the_gap_does_not_take_place() -> None:
    """No minute is opened that no clock shows."""
    hours = WorkingHours({}, overrides={date(2026, 3, 29): windows_of("02:10-02:50")})
    assert opened(hours, "Europe/Berlin", "2026-03-29") == []


def test_several_windows_of_a_day_that_touch_become_one_and_others_stay_apart() -> None:
    """So that a visit may run over the seam, and not over a break."""
    hours = every_day("13:00-17:00", "09:00-12:00", "12:00-12:30")
    assert opened(hours, "UTC", "2026-03-02") == ["03-02T09:00/03-02T12:30", "03-02T13:00/03-02T17:00"]


def test_hours_until_2359_leave_a_minute_that_hours_until_2400_do_not() -> None:
    """24:00 is how to say that the night is worked through."""
    assert len(opened(every_day("00:00-23:59"), "Europe/Berlin", "2026-03-28", "2026-03-30")) == 3
    assert len(opened(every_day("00:00-24:00"), "Europe/Berlin", "2026-03-28", "2026-03-30")) == 1


def test_the_night_before_and_the_morning_after_belong_to_what_touches_the_day() -> None:
    """A day is not cut at midnight where work runs on."""
    hours = every_day("22:00-26:00")
    assert opened(hours, "UTC", "2026-03-02") == ["03-01T22:00/03-02T02:00", "03-02T22:00/03-03T02:00"]
    assert opened(every_day("00:00-01:00", "23:00-24:00"), "UTC", "2026-03-02") == [
        "03-01T23:00/03-02T01:00",
        "03-02T23:00/03-03T01:00",
    ]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        pytest.param("America/New_York", "03-06T03:00/03-06T04:00", id="is already the next day in UTC"),
        pytest.param("Pacific/Honolulu", "03-06T08:00/03-06T09:00", id="Honolulu"),
        pytest.param("Asia/Shanghai", "03-05T14:00/03-05T15:00", id="Shanghai"),
    ],
)
def test_an_override_stays_on_its_local_day(zone: str, expected: str) -> None:
    """Whatever date UTC has at that hour."""
    hours = WorkingHours({3: windows_of("09:00-10:00")}, overrides={date(2026, 3, 5): windows_of("22:00-23:00")})
    assert opened(hours, zone, "2026-03-05") == [expected]


def test_an_override_replaces_the_day_and_beats_a_holiday() -> None:
    """An empty one closes the day; beside it the weekly hours go on."""
    hours = WorkingHours(
        dict.fromkeys(range(7), windows_of("09:00-17:00")),
        overrides={date(2026, 5, 1): windows_of("10:00-11:00"), date(2026, 5, 4): ()},
        closed_days=frozenset({date(2026, 5, 1), date(2026, 5, 2)}),
    )
    assert opened(hours, "UTC", "2026-05-01", "2026-05-05") == [
        "05-01T10:00/05-01T11:00",
        "05-03T09:00/05-03T17:00",
        "05-05T09:00/05-05T17:00",
    ]


def test_time_off_removes_time_even_where_an_override_opens_it() -> None:
    """Whole minutes of it: who is away from 10:00:30 is away from 10:00."""
    day, off = (
        date(2026, 5, 1),
        TimeOff(datetime(2026, 5, 1, 10, 0, 30, tzinfo=UTC), datetime(2026, 5, 1, 11, 0, 1, tzinfo=UTC)),
    )
    hours = WorkingHours({}, overrides={day: windows_of("09:00-12:00")}, time_off=(off,))
    assert opened(hours, "UTC", "2026-05-01") == ["05-01T09:00/05-01T10:00", "05-01T11:01/05-01T12:00"]


def test_only_working_time_counts_as_away() -> None:
    """Time off at night takes nothing, so that it is told as closed and not as away."""
    day, off = date(2026, 5, 1), TimeOff(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 1, 10, tzinfo=UTC))
    hours = WorkingHours({}, overrides={day: windows_of("09:00-12:00")}, time_off=(off,))
    [(starts, ends)] = away_minutes(hours, ZoneInfo("UTC"), day, day)
    assert ends - starts == 60


@pytest.mark.parametrize(
    ("spans", "taken", "left"),
    [
        pytest.param([(0, 10)], [], [(0, 10)], id="nothing"),
        pytest.param([(0, 10)], [(10, 20), (-5, 0)], [(0, 10)], id="ranges that only touch"),
        pytest.param([(0, 10)], [(6, 7), (2, 3)], [(0, 2), (3, 6), (7, 10)], id="unordered"),
        pytest.param([(0, 10)], [(4, 4)], [(0, 10)], id="empty"),
        pytest.param([(0, 10)], [(2, 8), (3, 4)], [(0, 2), (8, 10)], id="contained in another"),
        pytest.param([(0, 10)], [(2, 5), (2, 5)], [(0, 2), (5, 10)], id="identical"),
        pytest.param([(0, 10)], [(0, 10)], [], id="the whole"),
        pytest.param([(0, 10)], [(-1, 11)], [], id="more than the whole"),
        pytest.param([(0, 10), (20, 30)], [(5, 25)], [(0, 5), (25, 30)], id="over a gap"),
        pytest.param([(0, 10), (20, 30), (40, 50)], [(-1, 60), (5, 6)], [], id="over everything"),
        pytest.param([(0, 10), (20, 30)], [(8, 20), (9, 10), (29, 40)], [(0, 8), (20, 29)], id="up to an edge"),
    ],
)
def test_subtracting_ranges(spans: list[Span], taken: list[Span], left: list[Span]) -> None:
    """In whatever order the ranges come, and however they overlap."""
    assert without(spans, taken) == left


def test_merging_joins_what_overlaps_or_touches() -> None:
    """And leaves apart what has a gap."""
    assert merged([(5, 8), (0, 2), (2, 3), (6, 7), (10, 11)]) == [(0, 3), (5, 8), (10, 11)]
