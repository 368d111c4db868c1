"""Business time by cases: where a span ends, what a day counts, what the clock change makes of it, what is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.errors import InvalidSetting, Refusal
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.timekeeping.refusals import InvalidDuration, NoOpening, UnknownZone
from kept.timekeeping.zone_offsets import EPOCH, stretches

OFFICE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-18:00"))
ALWAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
NIGHTS = dict.fromkeys(ALWAYS, ("01:00-01:30", "02:00-03:30"))
MAY_DAY = date(2026, 5, 1)  # a Friday
SATURDAY = date(2026, 5, 2)
BERLIN = "Europe/Berlin"
office = BusinessCalendar.parse(
    BERLIN, OFFICE, holidays=[MAY_DAY], special_days={SATURDAY: ["10:00-14:00"], date(2026, 5, 4): ["09:00-10:00"]}
)


def local(text: str, zone: str = BERLIN) -> datetime:
    """What the wall clock shows; an offset tells one of two apart."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def duration(text: str) -> timedelta:
    """ "8:30" or "0:00:12.5": hours, minutes, seconds."""
    hours, minutes, seconds = (*map(float, text.split(":")), 0.0)[:3]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("start", "lasts", "end"),
    [
        pytest.param("2026-04-28T09:30", "1:30", "2026-04-28T11:00", id="within a window"),
        pytest.param("2026-04-28T06:00", "1:30", "2026-04-28T10:30", id="from before opening"),
        pytest.param("2026-04-28T11:30", "1:00", "2026-04-28T13:30", id="over the break"),
        pytest.param("2026-04-28T17:30", "1:00", "2026-04-29T09:30", id="over the night"),
        pytest.param("2026-04-28T20:00", "1:00", "2026-04-29T10:00", id="from after closing"),
        pytest.param("2026-04-28T09:00", "3:00", "2026-04-28T12:00", id="exactly the morning: its closing"),
        pytest.param("2026-04-28T09:00", "8:00", "2026-04-28T18:00", id="exactly the day: its closing"),
        pytest.param("2026-04-28T18:00", "8:00", "2026-04-29T18:00", id="exactly the next day"),
        pytest.param("2026-04-24T17:00", "2:00", "2026-04-27T10:00", id="over the weekend"),
        pytest.param("2026-04-30T17:00", "2:00", "2026-05-02T11:00", id="over a holiday into a special day"),
        pytest.param("2026-05-02T13:00", "3:00", "2026-05-05T10:00", id="a special day is shorter than its weekday"),
        pytest.param("2026-04-28T11:59:42", "0:00:30", "2026-04-28T13:00:12", id="to the second"),
        pytest.param("2026-04-28T17:59:59.999999", "0:00:01", "2026-04-29T09:00:00.999999", id="to the microsecond"),
    ],
)
def test_time_is_added_over_whatever_is_closed(start: str, lasts: str, end: str) -> None:
    """An exact fill ends at closing and not at the next opening."""
    assert office.add(local(start), duration(lasts)) == local(end)


@pytest.mark.parametrize(
    ("end", "lasts", "start"),
    [
        pytest.param("2026-04-28T11:00", "1:30", "2026-04-28T09:30", id="within a window"),
        pytest.param("2026-04-28T12:30", "1:00", "2026-04-28T11:00", id="from the break"),
        pytest.param("2026-04-28T10:00", "2:00", "2026-04-27T17:00", id="over the night"),
        pytest.param("2026-04-28T18:00", "5:00", "2026-04-28T13:00", id="exactly the afternoon: its opening"),
        pytest.param("2026-04-28T18:00", "8:00", "2026-04-28T09:00", id="exactly the day: its opening"),
        pytest.param("2026-04-29T09:00", "8:00", "2026-04-28T09:00", id="exactly the day before"),
        pytest.param("2026-05-02T11:00", "2:00", "2026-04-30T17:00", id="over a holiday"),
        pytest.param("2026-05-05T10:00", "3:00", "2026-05-02T13:00", id="over special days and a Sunday"),
        pytest.param("2026-04-28T13:00:12", "0:00:30", "2026-04-28T11:59:42", id="to the second"),
    ],
)
def test_time_is_subtracted_over_whatever_is_closed(end: str, lasts: str, start: str) -> None:
    """The mirror of adding: an exact fill begins at opening."""
    assert office.subtract(local(end), duration(lasts)) == local(start)


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        pytest.param("2026-04-28T09:00", "2026-04-28T18:00", "8:00", id="a day without its break"),
        pytest.param("2026-04-28T12:00", "2026-04-28T13:00", "0:00", id="the break"),
        pytest.param("2026-04-28T18:00", "2026-04-29T09:00", "0:00", id="a night"),
        pytest.param("2026-04-27T00:00", "2026-05-04T00:00", "36:00", id="a week with a holiday and a special day"),
        pytest.param("2026-05-04T00:00", "2026-05-05T00:00", "1:00", id="a special day"),
        pytest.param("2026-05-01T00:00", "2026-05-02T00:00", "0:00", id="a holiday"),
        pytest.param("2026-04-28T10:00", "2026-04-28T10:00", "0:00", id="no time"),
        pytest.param("2026-04-29T10:00", "2026-04-28T10:00", "0:00", id="the wrong way round"),
        pytest.param("2026-04-28T11:59:59.5", "2026-04-28T13:00:00.25", "0:00:00.75", id="parts of a second"),
        pytest.param("2026-01-01T00:00", "2036-01-01T00:00", "20853:00", id="ten years"),
    ],
)
def test_only_open_time_counts(start: str, end: str, counts: str) -> None:
    """To the microsecond, and none where the end is not after the start."""
    assert office.between(local(start), local(end)) == duration(counts)


def test_a_holiday_beats_a_special_day() -> None:
    """A holiday closes also what was opened for that date."""
    calendar = BusinessCalendar.parse(BERLIN, OFFICE, [SATURDAY], {SATURDAY: ["10:00-14:00"]})
    assert not calendar.is_open(local("2026-05-02T11:00"))


def test_a_special_day_without_windows_is_closed() -> None:
    """Though its weekday is open."""
    calendar = BusinessCalendar.parse(BERLIN, OFFICE, special_days={date(2026, 4, 28): []})
    assert calendar.next_opening(local("2026-04-28T08:00")) == local("2026-04-29T09:00")


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        pytest.param("2026-04-28T08:59:59.999999", False, id="just before opening"),
        pytest.param("2026-04-28T09:00", True, id="opening"),
        pytest.param("2026-04-28T11:59:59.999999", True, id="just before closing"),
        pytest.param("2026-04-28T12:00", False, id="closing"),
        pytest.param("2026-05-01T10:00", False, id="a holiday"),
        pytest.param("2026-05-02T10:00", True, id="a special day's opening"),
        pytest.param("2026-05-02T09:59", False, id="before a special day's opening"),
    ],
)
def test_windows_are_half_open(at: str, is_open: bool) -> None:
    """The opening is inside, the closing is not."""
    assert office.is_open(local(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        pytest.param("2026-04-28T10:00:00.5", "2026-04-28T10:00:00.5", id="open: at once"),
        pytest.param("2026-04-28T09:00", "2026-04-28T09:00", id="at opening: at once"),
        pytest.param("2026-04-28T12:00", "2026-04-28T13:00", id="at closing: after the break"),
        pytest.param("2026-04-28T18:00", "2026-04-29T09:00", id="in the evening: tomorrow"),
        pytest.param("2026-04-30T18:00", "2026-05-02T10:00", id="before a holiday: the special day"),
    ],
)
def test_the_next_opening(at: str, opening: str) -> None:
    """While it is open, that is the instant itself."""
    assert office.next_opening(local(at)) == local(opening)


def test_a_day_until_midnight_runs_into_the_next() -> None:
    """No microsecond is lost between 24:00 and 00:00."""
    late = BusinessCalendar.parse(BERLIN, {"mon": ["20:00-24:00"], "tue": ["00:00-02:00"]})
    assert late.is_open(local("2026-04-27T23:59:59.999999"))
    assert late.add(local("2026-04-27T20:00"), duration("4:00")) == local("2026-04-28T00:00")
    assert late.add(local("2026-04-27T20:00"), duration("6:00")) == local("2026-04-28T02:00")


def test_windows_that_touch_are_one() -> None:
    """The instant at which they touch is open."""
    touching = BusinessCalendar.parse(BERLIN, {"mon": ["12:00-18:00", "09:00-12:00"]})
    assert touching.add(local("2026-04-27T11:00"), duration("2:00")) == local("2026-04-27T13:00")
    assert touching.is_open(local("2026-04-27T12:00"))


@pytest.mark.parametrize(
    ("zone", "day", "counts"),
    [
        pytest.param(BERLIN, "2026-03-29", "23:00", id="an hour skipped"),
        pytest.param(BERLIN, "2026-10-25", "25:00", id="an hour shown twice"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "23:30", id="half an hour skipped"),
        pytest.param("Australia/Lord_Howe", "2026-04-05", "24:30", id="half an hour shown twice"),
        pytest.param("America/Sao_Paulo", "2018-11-04", "23:00", id="midnight skipped"),
        pytest.param("America/Sao_Paulo", "2018-02-17", "25:00", id="the hour before midnight shown twice"),
        pytest.param("America/St_Johns", "2010-11-06", "24:59", id="back over midnight: most of an hour twice"),
        pytest.param("America/St_Johns", "2010-11-07", "24:01", id="back over midnight: a minute twice"),
        pytest.param("Asia/Kathmandu", "1986-01-01", "23:45", id="a quarter of an hour skipped"),
        pytest.param("Pacific/Apia", "2011-12-30", "0:00", id="a day that never was"),
        pytest.param("America/Noronha", "2000-10-08", "23:00", id="summer time for a week: it begins"),
        pytest.param("America/Noronha", "2000-10-14", "25:00", id="summer time for a week: it ends"),
    ],
)
def test_a_day_round_the_clock_counts_its_real_hours(zone: str, day: str, counts: str) -> None:
    """An hour that is skipped does not count, and one that is shown twice counts twice."""
    only = BusinessCalendar.parse(zone, {}, special_days={date.fromisoformat(day): ["00:00-24:00"]})
    noon = datetime.fromisoformat(f"{day}T12:00:00Z")
    assert only.between(noon - timedelta(days=3), noon + timedelta(days=3)) == duration(counts)


@pytest.mark.parametrize(
    ("start", "lasts", "end"),
    [
        pytest.param("2026-03-29T00:30+01:00", "1:00", "2026-03-29T03:30+02:00", id="a window in the gap is not"),
        pytest.param("2026-10-25T01:45+02:00", "2:30", "2026-10-25T03:30+01:00", id="an hour shown twice counts twice"),
        pytest.param("2026-10-25T02:30+02:00", "0:30", "2026-10-25T02:00+01:00", id="up to where it is shown again"),
        pytest.param("2026-10-25T02:30+01:00", "0:30", "2026-10-25T03:00+01:00", id="the second time alone"),
    ],
)
def test_the_wall_clock_says_when_it_is_open_in_the_night_of_a_change(start: str, lasts: str, end: str) -> None:
    """What the clock shows decides, the first time and the second."""
    nights = BusinessCalendar.parse(BERLIN, NIGHTS)
    assert nights.add(local(start), duration(lasts)) == local(end)


def test_a_window_whose_end_is_shown_twice_opens_twice() -> None:
    """It shuts when its end is shown, and opens again when the clock is put back."""
    brief = BusinessCalendar.parse(BERLIN, {"sun": ["02:00-02:30"]})
    shown = [f"2026-10-25T02:{minute}{offset}" for offset in ("+02:00", "+01:00") for minute in (15, 45)]
    assert [brief.is_open(local(at)) for at in shown] == [True, False, True, False]
    assert brief.add(local("2026-10-25T00:00"), duration("1:00")) == local("2026-10-25T02:30+01:00")


@pytest.mark.parametrize(
    ("zone", "year"),
    [
        pytest.param("America/Noronha", 2000, id="a week apart"),
        pytest.param("Asia/Gaza", 2040, id="a week apart, as planned"),
        pytest.param("Asia/Gaza", 2054, id="a week apart in spring, as planned"),
        pytest.param("Africa/Casablanca", 2026, id="a month apart"),
        pytest.param("Africa/Cairo", 2014, id="four in a year"),
        pytest.param("Asia/Kolkata", 2026, id="none"),
    ],
)
def test_no_change_of_the_clock_is_overlooked(zone: str, year: int) -> None:
    """Looked for every few days, they are those that are found by looking twice a day."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=12) * n for n in range(2 * 366)]
    shown = [at.astimezone(ZoneInfo(zone)).utcoffset() for at in hours]
    ticks = ((at - EPOCH) // timedelta(microseconds=1) for at in hours)
    found = [next(stretches(ZoneInfo(zone), tick, tick + 1)).offset for tick in ticks]
    assert [timedelta(microseconds=offset) for offset in found] == shown


def test_answers_are_in_utc() -> None:
    """Whatever zone was asked in."""
    answers = (office.add, office.subtract)
    assert all(answer(local("2026-04-28T10:00"), duration("1:00")).tzinfo is UTC for answer in answers)
    assert office.next_opening(local("2026-04-28T20:00")).tzinfo is UTC


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(microseconds=-1)], ids=["none", "negative"])
def test_no_time_at_all_is_refused(lasts: timedelta) -> None:
    """There is no instant by which nothing has counted."""
    for count in (office.add, office.subtract):
        with pytest.raises(InvalidDuration):
            count(local("2026-04-28T10:00"), lasts)


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    """A TypeError and no refusal: a caller did not say what it means."""
    naive = datetime(2026, 4, 28, 10)  # noqa: DTZ001
    with pytest.raises(TypeError):
        office.add(naive, timedelta(hours=1))


@pytest.mark.parametrize(
    ("calendar", "refusal", "field", "reason"),
    [
        pytest.param(
            {"tz": "Europe/Atlantis", "weekly": OFFICE}, UnknownZone, "tz", "is not known", id="a zone that is not"
        ),
        pytest.param({"tz": "../UTC", "weekly": OFFICE}, UnknownZone, "tz", "is not known", id="a path for a zone"),
        pytest.param({"tz": "", "weekly": OFFICE}, UnknownZone, "tz", "is not known", id="no zone"),
        pytest.param({"weekly": {}}, InvalidSetting, "weekly", "never opens", id="empty"),
        pytest.param({"weekly": {"mon": []}}, InvalidSetting, "weekly", "never opens", id="no windows"),
        pytest.param(
            {"weekly": {}, "holidays": [SATURDAY], "special_days": {SATURDAY: ["10:00-14:00"]}},
            InvalidSetting,
            "weekly",
            "never opens",
            id="its only day is a holiday",
        ),
        pytest.param(
            {"weekly": {"tue": ["13:00-18:00", "09:00-13:01"]}}, InvalidSetting, "weekly.tue", "overlap", id="overlap"
        ),
        pytest.param(
            {"weekly": {"tue": ["17:00-09:00"]}}, InvalidSetting, "weekly.tue", "closes at 09:00", id="ends before"
        ),
        pytest.param(
            {"weekly": {"tue": ["09:00-09:00"]}}, InvalidSetting, "weekly.tue", "closes at 09:00", id="is empty"
        ),
        pytest.param(
            {"weekly": {"sun": ["22:00-26:00"]}}, InvalidSetting, "weekly.sun", "past 24:00", id="past midnight"
        ),
        pytest.param({"weekly": {"sun": ["9-17"]}}, InvalidSetting, "weekly.sun", "not a time", id="no time"),
        pytest.param({"weekly": {"day": ["09:00-17:00"]}}, InvalidSetting, "weekly", "day", id="no such weekday"),
        pytest.param(
            {"weekly": OFFICE, "special_days": {SATURDAY: ["10:00-12:00", "11:00-14:00"]}},
            InvalidSetting,
            "special_days.2026-05-02",
            "overlap",
            id="a special day's windows overlap",
        ),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(
    calendar: dict[str, object], refusal: type[Refusal], field: str, reason: str
) -> None:
    """With the field that is wrong and words for whoever typed it."""
    with pytest.raises(refusal) as refused:
        BusinessCalendar.parse(**({"tz": BERLIN} | calendar))  # type: ignore[arg-type]  # that is what is tried
    assert refused.value.facts["field"] == field
    assert reason in str(refused.value.facts["reason"])


def test_a_weekday_by_a_number_that_none_has_is_refused() -> None:
    """Also where a calendar is made without the names of days."""
    with pytest.raises(InvalidSetting):
        BusinessCalendar(BERLIN, {7: office.weekly[0]})


once = BusinessCalendar.parse(BERLIN, {}, special_days={SATURDAY: ["10:00-14:00"]})


def test_a_calendar_of_one_day_can_be_used_up() -> None:
    """Its last minute can be had, forwards and backwards."""
    assert once.add(local("2026-01-01T00:00"), duration("4:00")) == local("2026-05-02T14:00")
    assert once.subtract(local("2027-01-01T00:00"), duration("4:00")) == local("2026-05-02T10:00")
    assert once.between(local("2026-05-02T14:00"), local("2036-01-01T00:00")) == timedelta(0)


@pytest.mark.parametrize(
    ("calendar", "op", "at", "lasts"),
    [
        pytest.param(once, "add", "2026-05-02T10:00:01", "4:00", id="a second less is left"),
        pytest.param(once, "add", "2031-01-01T00:00", "0:01", id="the last opening is long past"),
        pytest.param(once, "subtract", "2026-05-02T13:59", "4:00", id="the first opening is not yet over"),
        pytest.param(
            BusinessCalendar.parse(BERLIN, {"mon": ["09:00-09:01"]}),
            "add",
            "2026-01-01T00:00",
            "100:00",
            id="too seldom",
        ),
        pytest.param(
            BusinessCalendar.parse(BERLIN, {}, special_days={date(2026, 3, 29): ["02:00-03:00"]}),
            "add",
            "2026-01-01T00:00",
            "0:01",
            id="its only hour is skipped by the clock",
        ),
        pytest.param(
            BusinessCalendar.parse(BERLIN, {}, special_days={date(2126, 12, 31): ["09:00-10:00"]}),
            "add",
            "2026-01-01T00:00",
            "0:01",
            id="its only hour is in the hundredth year, too late in it",
        ),
        pytest.param(office, "add", "9999-12-31T12:00", "0:01", id="at the end of all dates"),
        pytest.param(office, "subtract", "0001-01-01T12:00", "0:01", id="at their beginning"),
    ],
)
def test_what_never_comes_is_refused(calendar: BusinessCalendar, op: str, at: str, lasts: str) -> None:
    """Nothing is searched for without end: what a hundred years do not hold is not there."""
    count = {"add": calendar.add, "subtract": calendar.subtract}[op]
    with pytest.raises(NoOpening):
        count(local(at), duration(lasts))


def test_there_is_no_next_opening_when_the_last_is_over() -> None:
    """Nobody is told to wait for it."""
    with pytest.raises(NoOpening):
        once.next_opening(local("2026-05-02T14:00"))
