"""Quiet hours: what is quiet, and where a message that falls into them goes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kept.business.contact_window import QuietHours, last_allowed_before, next_allowed, planned
from kept.errors import InvalidSetting

NIGHT = QuietHours()
NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
SANTIAGO = ZoneInfo("America/Santiago")


def local(text: str, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [
        pytest.param("20:59", False, id="the last minute of the evening"),
        pytest.param("21:00", True, id="their beginning"),
        pytest.param("00:00", True, id="midnight"),
        pytest.param("07:59", True, id="their last minute"),
        pytest.param("08:00", False, id="their end"),
    ],
)
def test_quiet_hours_over_midnight_are_half_open(clock: str, quiet: bool) -> None:
    """Their first minute is quiet, the minute at which they end is not."""
    assert NIGHT.cover(time.fromisoformat(clock)) is quiet


def test_quiet_hours_within_a_day_are_half_open() -> None:
    siesta = QuietHours(time(13), time(16))
    assert [siesta.cover(time(h)) for h in (12, 13, 15, 16)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        pytest.param("08:00", "08:00", id="begin when they end"),
        pytest.param("08:00", "07:00", id="leave one hour a day"),
        pytest.param("00:30", "23:00", id="leave an hour and a half over midnight"),
    ],
)
def test_quiet_hours_that_leave_no_room_are_refused(begins: str, ends: str) -> None:
    """Messages need two hours a day in which they may go out."""
    with pytest.raises(InvalidSetting) as refused:
        QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))
    assert refused.value.facts["field"] == "quiet_hours"


@pytest.mark.parametrize(
    ("zone", "at", "allowed"),
    [
        pytest.param(SHANGHAI, "2026-03-14T20:59", "2026-03-14T20:59", id="not quiet: at once"),
        pytest.param(SHANGHAI, "2026-03-14T21:00", "2026-03-15T08:00", id="evening: next morning"),
        pytest.param(SHANGHAI, "2026-03-15T03:00", "2026-03-15T08:00", id="night: the same morning"),
        pytest.param(NEW_YORK, "2026-03-07T22:00", "2026-03-08T08:00", id="night in which the clock goes forward"),
        pytest.param(NEW_YORK, "2026-10-31T22:00", "2026-11-01T08:00", id="night in which the clock goes back"),
        pytest.param(NEW_YORK, "2026-03-08T03:00", "2026-03-08T08:00", id="after the clock went forward"),
    ],
)
def test_a_message_decided_in_quiet_hours_waits_for_their_end(zone: ZoneInfo, at: str, allowed: str) -> None:
    """By the client's clock, also in the nights in which it changes."""
    assert next_allowed(local(at, zone), zone, NIGHT) == local(allowed, zone)


def test_the_nights_of_the_clock_changes_have_ten_and_twelve_quiet_hours() -> None:
    """They end by the clock on the wall, not after eleven hours."""
    spring = local("2026-03-07T21:00", NEW_YORK)
    autumn = local("2026-10-31T21:00", NEW_YORK)
    assert next_allowed(spring, NEW_YORK, NIGHT) - spring == timedelta(hours=10)
    assert next_allowed(autumn, NEW_YORK, NIGHT) - autumn == timedelta(hours=12)


@pytest.mark.parametrize(
    ("zone", "at", "last"),
    [
        pytest.param(SHANGHAI, "2026-03-15T05:00", "2026-03-14T20:59", id="early morning: the evening before"),
        pytest.param(SHANGHAI, "2026-03-14T23:00", "2026-03-14T20:59", id="late evening: the same evening"),
        pytest.param(SHANGHAI, "2026-03-14T12:00", "2026-03-14T12:00", id="not quiet: then"),
        pytest.param(NEW_YORK, "2026-03-08T05:00", "2026-03-07T20:59", id="the clock goes forward in between"),
        pytest.param(NEW_YORK, "2026-11-01T05:00", "2026-10-31T20:59", id="the clock goes back in between"),
    ],
)
def test_the_last_allowed_minute_lies_before_the_quiet_hours(zone: ZoneInfo, at: str, last: str) -> None:
    assert last_allowed_before(local(at, zone), zone, NIGHT) == local(last, zone)


@pytest.mark.parametrize(
    ("zone", "at", "starts", "goes_out"),
    [
        pytest.param(SHANGHAI, "2026-03-14T11:00", "2026-03-14T14:00", "2026-03-14T11:00", id="in the day: as meant"),
        pytest.param(SHANGHAI, "2026-03-14T06:00", "2026-03-14T09:00", "2026-03-14T08:00", id="an hour left: later"),
        pytest.param(SHANGHAI, "2026-03-14T05:59", "2026-03-14T08:59", "2026-03-13T20:30", id="less: evening before"),
        pytest.param(SHANGHAI, "2026-03-12T22:00", "2026-03-14T22:00", "2026-03-13T08:00", id="48 h before 22:00"),
        pytest.param(NEW_YORK, "2026-03-08T05:00", "2026-03-08T08:00", "2026-03-07T20:30", id="clock goes forward"),
        pytest.param(NEW_YORK, "2026-11-01T05:00", "2026-11-01T08:00", "2026-10-31T20:30", id="clock goes back"),
    ],
)
def test_a_reminder_is_planned_for_the_nearest_allowed_time_that_is_useful(
    zone: ZoneInfo, at: str, starts: str, goes_out: str
) -> None:
    """Later if that leaves an hour, else the evening before; never at night."""
    assert planned(local(at, zone), local(starts, zone), zone, NIGHT) == local(goes_out, zone)


def test_an_early_client_elsewhere_is_reminded_in_the_evening_of_their_own_zone() -> None:
    """The night is theirs, not the business's."""
    starts = local("2026-03-14T14:00", SHANGHAI)
    goes_out = planned(starts - timedelta(hours=3), starts, NEW_YORK, NIGHT)
    assert goes_out == local("2026-03-13T20:30", NEW_YORK)


EDGES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
YEAR = range(29_453_760, 29_979_360)  # the epoch minutes of 2026
INSTANTS = st.integers(YEAR.start, YEAR.stop).map(lambda minute: datetime.fromtimestamp(minute * 60, UTC))
ZONES = st.sampled_from(
    ["America/New_York", "Asia/Shanghai", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata"]
)


@settings(max_examples=150)
@given(at=INSTANTS, zone=ZONES.map(ZoneInfo), begins=EDGES, ends=EDGES, left=st.integers(0, 600))
@example(at=local("2026-03-08T01:50", NEW_YORK), zone=NEW_YORK, begins=time(21), ends=time(2, 30), left=30)
@example(at=local("2026-11-01T01:10", NEW_YORK, fold=1), zone=NEW_YORK, begins=time(21), ends=time(1, 30), left=30)
@example(at=local("2026-11-01T01:45", NEW_YORK), zone=NEW_YORK, begins=time(1, 30), ends=time(8), left=30)
@example(at=local("2026-09-06T03:00", SANTIAGO), zone=SANTIAGO, begins=time(0, 30), ends=time(8), left=30)
def test_nothing_is_ever_moved_into_quiet_hours(
    at: datetime, zone: ZoneInfo, begins: time, ends: time, left: int
) -> None:
    """Also with edges inside the hour that a clock change skips or repeats."""
    assume(timedelta(hours=2) <= timedelta(minutes=_minutes(begins) - _minutes(ends)) % timedelta(days=1))
    quiet = QuietHours(begins, ends)
    later, earlier = next_allowed(at, zone, quiet), last_allowed_before(at, zone, quiet)
    moved = planned(at, at + timedelta(minutes=left), zone, quiet)
    assert not any(quiet.cover(t.astimezone(zone).time()) for t in (later, earlier, moved))
    assert earlier <= at <= later
    assert moved <= at + timedelta(minutes=left)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
