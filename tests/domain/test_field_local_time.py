"""A booking keeps its local time: when a government changes its clock, 10:00 stays 10:00 and another instant is meant.

Each row is a law that really came: the offset that the zone's rules had before it, for a date after it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.booking.appointment import Slot
from kept.booking.kept_time import Keep, kept, shows_another_time
from tests.builders import an_appointment

HOUR = timedelta(hours=1)

LAWS = [
    ("America/Mexico_City", "2023-06-01T10:00", -300, -360, "Mexico gave up summer time in 2022"),
    ("America/Chihuahua", "2023-01-10T10:00", -420, -360, "Chihuahua went to central time"),
    ("Asia/Tehran", "2023-06-01T10:00", 270, 210, "Iran gave it up in 2022"),
    ("Asia/Amman", "2023-01-10T10:00", 120, 180, "Jordan stayed in it in 2022"),
    ("Asia/Damascus", "2023-01-10T10:00", 120, 180, "and Syria"),
    ("Africa/Cairo", "2023-06-01T10:00", 120, 180, "Egypt took it up again in 2023"),
    ("Asia/Almaty", "2024-06-01T10:00", 360, 300, "Kazakhstan became one zone in 2024"),
    ("America/Nuuk", "2024-01-10T10:00", -180, -120, "Greenland moved in 2023"),
    ("America/Asuncion", "2025-06-01T10:00", -240, -180, "Paraguay stayed in summer time in 2024"),
    ("Africa/Juba", "2021-06-01T10:00", 180, 120, "South Sudan changed in 2021"),
    ("Pacific/Apia", "2022-01-10T10:00", 840, 780, "Samoa gave it up in 2021"),
    ("Europe/Volgograd", "2021-06-01T10:00", 240, 180, "Volgograd in 2020"),
    ("America/Whitehorse", "2021-01-10T10:00", -480, -420, "Yukon in 2020"),
    ("America/Sao_Paulo", "2020-01-10T10:00", -120, -180, "Brazil gave it up in 2019"),
    ("Africa/Casablanca", "2019-01-10T10:00", 0, 60, "Morocco stayed in it in 2018"),
    ("Asia/Pyongyang", "2018-06-01T10:00", 510, 540, "half an hour, in 2018"),
]


def a_slot(local: str, tz: str, was: int) -> Slot:
    starts = (datetime.fromisoformat(local) - timedelta(minutes=was)).replace(tzinfo=UTC)
    return Slot(starts, starts + HOUR, "mei", tz=tz, offset=was)


@pytest.mark.parametrize(
    ("zone", "local", "was", "now"),
    [pytest.param(zone, local, was, now, id=why) for zone, local, was, now, why in LAWS],
)
@pytest.mark.parametrize("keep", Keep)
def test_when_the_law_changes_it_stays_at_its_local_time(zone: str, local: str, was: int, now: int, keep: Keep) -> None:
    """Whatever is to stay where a zone was corrected: this one was not."""
    slot = a_slot(local, zone, was)
    after = kept(slot, zone, keep)
    assert (after.local.isoformat(timespec="minutes"), after.offset) == (local, now)
    assert after.starts - slot.starts == timedelta(minutes=was - now)
    assert after.ends - after.starts == HOUR
    assert kept(after, zone, keep) == after


@pytest.mark.parametrize(
    ("zone", "local", "was", "now"),
    [pytest.param(zone, local, was, now, id=why) for zone, local, was, now, why in LAWS],
)
def test_who_lives_by_that_clock_sees_the_same_and_who_does_not_is_told(
    zone: str, local: str, was: int, now: int
) -> None:
    """A client elsewhere has another time in their diary now; one who reads the place's clock has not."""
    slot = a_slot(local, zone, was)
    after = kept(slot, zone, Keep.TIME)
    assert was != now
    assert not shows_another_time(replace(an_appointment(), slot=slot, tz=zone), after)
    assert shows_another_time(replace(an_appointment(), slot=slot, tz="Asia/Singapore"), after)


@pytest.mark.parametrize(
    ("zone", "local", "was"),
    [
        pytest.param("Asia/Shanghai", "2026-03-02T17:00", 480, id="nothing changed"),
        pytest.param("America/New_York", "2026-11-01T01:30", -240, id="the first of two"),
        pytest.param("America/New_York", "2026-11-01T01:30", -300, id="the second of two"),
        pytest.param("America/Havana", "2026-11-01T00:30", -300, id="the second of two after midnight"),
        pytest.param("Australia/Lord_Howe", "2026-04-05T01:45", 630, id="half an hour twice"),
    ],
)
def test_what_is_right_is_left_alone(zone: str, local: str, was: int) -> None:
    """Neither an hour that comes twice nor a zone whose rules stayed moves a visit."""
    slot = a_slot(local, zone, was)
    assert kept(slot, zone, Keep.TIME) is slot


def test_a_local_time_that_is_gone_is_the_first_after_it() -> None:
    """02:30 was there by the old rules; by the present ones New York's clock jumps from two to three."""
    after = kept(a_slot("2026-03-08T02:30", "America/New_York", -360), "America/New_York", Keep.TIME)
    assert after.local.isoformat(timespec="minutes") == "2026-03-08T03:00"


@pytest.mark.parametrize(
    ("keep", "starts", "local"),
    [
        pytest.param(Keep.TIME, "2026-03-02T02:00+00:00", "2026-03-02T10:00", id="the zone was wrong"),
        pytest.param(Keep.INSTANT, "2026-03-02T10:00+00:00", "2026-03-02T18:00", id="the business moved"),
    ],
)
def test_a_shop_in_shanghai_that_was_set_up_in_utc(keep: Keep, starts: str, local: str) -> None:
    """Whoever corrects the zone says what was meant: the time that was shown, or the instant."""
    after = kept(a_slot("2026-03-02T10:00", "UTC", 0), "Asia/Shanghai", keep)
    assert after.starts == datetime.fromisoformat(starts)
    assert (after.local.isoformat(timespec="minutes"), after.tz, after.offset) == (local, "Asia/Shanghai", 480)


def test_what_was_booked_before_local_times_were_kept_stays() -> None:
    slot = an_appointment().slot
    assert kept(slot, "America/New_York", Keep.TIME) is slot
