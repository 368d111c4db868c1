"""The rule: an hour is as busy as it is booked, and as it usually becomes while it is far ahead; nothing but bookings
and history makes it so."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.booking.availability import Calendar
from kept.booking.busy_hours import FEWEST, NOT_KNOWN, SETTLED, Busy, UsualHours, busy, busy_hours
from kept.booking.day_page import BLOCK, Entry
from kept.insight.sums import Sums
from kept.insight.usual import usual_hours
from kept.timekeeping.local_time import minute_before
from kept.timekeeping.weekly_hours import Span

SHANGHAI = "Asia/Shanghai"
MONDAY = "2026-03-02T"
HOUR = 60


def minute(text: str, tz: str = SHANGHAI, *, fold: int = 0) -> int:
    return minute_before(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz), fold=fold))


def span(text: str, tz: str = SHANGHAI, *, day: str = MONDAY) -> Span:
    """ "10:00-10:30" on that day."""
    since, until = text.split("-")
    return minute(day + since, tz), minute(day + until, tz)


def a_calendar(
    open: str = "09:00-18:00", *booked: str, id: str = "mei", ref: str = "a", tz: str = SHANGHAI, day: str = MONDAY
) -> Calendar:
    entries = [Entry(f"{ref}-{n}", *span(text, tz, day=day)) for n, text in enumerate(booked)]
    return Calendar(id, [span(open, tz, day=day)], entries)


def of(
    start: str, *staff: Calendar, rooms: tuple[Calendar, ...] = (), usual: UsualHours = NOT_KNOWN, ahead: int = SETTLED
) -> Busy:
    at = minute(MONDAY + start)
    (found,) = busy_hours([at], staff, rooms, usual, ZoneInfo(SHANGHAI), at - at % HOUR - ahead)
    return found


@pytest.mark.parametrize(
    ("booked", "usual", "ahead", "is_so"),
    [
        pytest.param(0, 0, 0, Busy.QUIET, id="nothing booked, nothing usual"),
        pytest.param(49, 0, 0, Busy.QUIET, id="just quiet"),
        pytest.param(50, 0, 0, Busy.NORMAL, id="half"),
        pytest.param(79, 0, 0, Busy.NORMAL, id="just not a peak"),
        pytest.param(80, 0, 0, Busy.PEAK, id="a peak"),
        pytest.param(100, 0, 0, Busy.PEAK, id="full"),
        pytest.param(0, 90, SETTLED, Busy.PEAK, id="two days ahead it is as usual"),
        pytest.param(0, 90, 30 * SETTLED, Busy.PEAK, id="and no more than usual long before"),
        pytest.param(0, 90, SETTLED * 5 // 9, Busy.NORMAL, id="half of what usually comes may still come"),
        pytest.param(0, 90, HOUR, Busy.QUIET, id="an hour ahead it is what is booked"),
        pytest.param(0, 90, 0, Busy.QUIET, id="now"),
        pytest.param(0, 90, -30, Busy.QUIET, id="it has begun"),
        pytest.param(85, 10, SETTLED, Busy.PEAK, id="what is booked is not made less by history"),
        pytest.param(60, 80, SETTLED, Busy.PEAK, id="both together are the usual share, not their sum"),
        pytest.param(60, 70, SETTLED, Busy.NORMAL, id="both together"),
    ],
)
def test_how_busy_an_hour_is(booked: int, usual: int, ahead: int, is_so: Busy) -> None:
    """By the share that is booked, and what usually comes to it, less of it the nearer it is."""
    assert busy(booked, usual, ahead) is is_so


@pytest.mark.parametrize(
    ("start", "staff", "is_so"),
    [
        pytest.param("10:00", (a_calendar(),), Busy.QUIET, id="an empty day"),
        pytest.param("10:30", (a_calendar("09:00-18:00", "10:00-10:30"),), Busy.NORMAL, id="half of the hour"),
        pytest.param("10:50", (a_calendar("09:00-18:00", "10:00-10:50"),), Busy.PEAK, id="five sixths"),
        pytest.param("11:00", (a_calendar("09:00-18:00", "10:00-11:00"),), Busy.QUIET, id="the hour before is another"),
        pytest.param("11:50", (a_calendar("09:00-18:00", "10:10-11:50"),), Busy.PEAK, id="over the edge of an hour"),
        pytest.param("09:45", (a_calendar("09:30-18:00", "09:30-09:45"),), Busy.NORMAL, id="of the open minutes"),
        pytest.param(
            "10:00", (a_calendar(), a_calendar("09:00-18:00", "10:00-11:00", id="jun")), Busy.NORMAL, id="one of two"
        ),
        pytest.param(
            "10:00",
            (a_calendar(), *(a_calendar("09:00-18:00", "10:00-11:00", id=f"s{n}") for n in range(4))),
            Busy.PEAK,
            id="four of five",
        ),
        pytest.param(
            "10:00", (a_calendar(), a_calendar("13:00-18:00", id="jun")), Busy.QUIET, id="who is not there is not busy"
        ),
        pytest.param(
            "10:00",
            (a_calendar(), a_calendar("09:00-18:00", "10:00-11:00", id="jun", ref=BLOCK)),
            Busy.QUIET,
            id="a break makes nobody busy",
        ),
        pytest.param(
            "10:45",
            (a_calendar("09:00-18:00", "10:00-10:45", ref=BLOCK),),
            Busy.QUIET,
            id="what is left beside a break is free",
        ),
        pytest.param("10:00", (a_calendar("09:00-18:00", "19:00-20:00"),), Busy.QUIET, id="booked outside the hours"),
    ],
)
def test_by_bookings_alone(start: str, staff: tuple[Calendar, ...], is_so: Busy) -> None:
    """Without history it is the share of the minutes that these people offer in that hour."""
    assert of(start, *staff) is is_so


def test_a_room_that_is_taken_makes_the_hour_busy_though_people_are_free() -> None:
    """The fuller of the two decides."""
    rooms = (a_calendar("00:00-23:59", "10:00-10:50", id="basin"),)
    assert of("10:50", a_calendar(), a_calendar(id="jun"), rooms=rooms) is Busy.PEAK


def usually(share: int, *, hour: int = 10, offered: int = 8 * HOUR, staff: str = "mei") -> UsualHours:
    """On Mondays."""
    return UsualHours({staff: {hour: (offered, offered * share // 100)}})


@pytest.mark.parametrize(
    ("usual", "is_so"),
    [
        pytest.param(usually(90), Busy.PEAK, id="of that hour"),
        pytest.param(usually(90, hour=11), Busy.QUIET, id="of another hour"),
        pytest.param(usually(90, hour=24 + 10), Busy.QUIET, id="of another weekday"),
        pytest.param(usually(90, staff="jun"), Busy.QUIET, id="of somebody else"),
        pytest.param(usually(90, offered=FEWEST), Busy.PEAK, id="of just enough hours"),
        pytest.param(usually(90, offered=FEWEST - 1), Busy.QUIET, id="of too few hours"),
        pytest.param(usually(0), Busy.QUIET, id="never booked"),
        pytest.param(UsualHours({"mei": {}}), Busy.QUIET, id="who is new"),
        pytest.param(NOT_KNOWN, Busy.QUIET, id="no history"),
    ],
)
def test_by_history(usual: UsualHours, is_so: Busy) -> None:
    """Of these people, that weekday and that hour; where there is too little, by bookings alone."""
    assert of("10:15", a_calendar(), usual=usual) is is_so


ONE_OF_TWO = "2026-10-25T"
"""In Berlin the clock shows 02:00 to 03:00 twice."""


@pytest.mark.parametrize(
    ("tz", "day", "booked", "start", "fold", "is_so"),
    [
        pytest.param("Asia/Kolkata", MONDAY, "10:00-10:50", "10:50", 0, Busy.PEAK, id="a half-hour zone"),
        pytest.param("Asia/Kolkata", MONDAY, "10:00-10:50", "11:00", 0, Busy.QUIET, id="and its next hour"),
        pytest.param("Asia/Kathmandu", MONDAY, "10:00-10:50", "10:50", 0, Busy.PEAK, id="a quarter-hour zone"),
        pytest.param("Europe/Berlin", "2026-03-29T", "03:00-03:50", "03:50", 0, Busy.PEAK, id="after a skipped hour"),
        pytest.param("Europe/Berlin", ONE_OF_TWO, "02:00-02:50", "02:50", 0, Busy.PEAK, id="the first of two"),
        pytest.param("Europe/Berlin", ONE_OF_TWO, "02:00-02:50", "02:50", 1, Busy.QUIET, id="the second of two"),
        pytest.param("Australia/Lord_Howe", "2026-06-01T", "10:00-10:50", "10:50", 0, Busy.PEAK, id="ten and a half"),
    ],
)
def test_hours_are_those_of_the_place(tz: str, day: str, booked: str, start: str, fold: int, is_so: Busy) -> None:
    """They begin as its clock does, and an hour that it shows twice is two."""
    at = minute(day + start, tz, fold=fold)
    staff = (a_calendar("00:00-18:00", booked, tz=tz, day=day),)
    assert busy_hours([at], staff, (), NOT_KNOWN, ZoneInfo(tz), at - HOUR) == [is_so]


def test_history_is_of_the_hour_that_the_clock_shows_on_either_side_of_a_change() -> None:
    """Mondays at ten in Berlin, in winter and in summer."""
    berlin, days = ZoneInfo("Europe/Berlin"), ("2026-03-23T", "2026-03-30T")
    starts = [minute(day + "10:00", "Europe/Berlin") for day in days]
    open = [span("09:00-18:00", "Europe/Berlin", day=day) for day in days]
    found = busy_hours(starts, (Calendar("mei", open),), (), usually(90), berlin, starts[0] - SETTLED)
    assert found == [Busy.PEAK, Busy.PEAK]


def test_of_no_starts_nothing_is_told() -> None:
    assert busy_hours([], (a_calendar(),), (), NOT_KNOWN, ZoneInfo(SHANGHAI), 0) == []


MINUTES = tuple[dict[int, int], dict[int, int]]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"2026-03-02": ({10: 60}, {10: 30})}, {10: (60, 30)}, id="one Monday"),
        pytest.param(
            {"2026-03-02": ({10: 60}, {10: 30}), "2026-03-09": ({10: 60}, {10: 60})}, {10: (120, 90)}, id="two of them"
        ),
        pytest.param({"2026-03-08": ({23: 60}, {})}, {167: (60, 0)}, id="the last hour of the week"),
        pytest.param({"2026-03-02": ({10: 30}, {10: 60})}, {10: (30, 30)}, id="filled beyond what was offered"),
        pytest.param({"2026-03-02": ({}, {10: 60})}, {}, id="filled where nothing was offered"),
    ],
)
def test_what_is_usual_is_told_by_the_sums(days: Mapping[str, MINUTES], told: dict[int, tuple[int, int]]) -> None:
    """Minutes offered and filled, weekday by weekday; no hour is fuller than full."""
    sums = [(date.fromisoformat(day), {"mei": Sums(offered=of, filled=its)}) for day, (of, its) in days.items()]
    assert usual_hours(sums).staff.get("mei", {}) == told


def test_the_order_of_the_staff_changes_nothing() -> None:
    staff = (a_calendar("09:00-18:00", "10:00-11:00"), a_calendar(id="jun"), a_calendar("13:00-18:00", id="bo"))
    starts = [minute(MONDAY + "09:00") + 15 * n for n in range(30)]
    now = starts[0] - timedelta(days=1) // timedelta(minutes=1)
    one, other = (busy_hours(starts, them, (), usually(90), ZoneInfo(SHANGHAI), now) for them in (staff, staff[::-1]))
    assert one == other
