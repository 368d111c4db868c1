"""A page of the appointment book: what clashes, holds and their end, and the days a booking stands on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.booking.day_page import DayPage, Entry, days_touched
from kept.booking.refusals import HoldExpired, HoldMismatch, HoldMissing, SlotTaken

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
NINE = int(NOW.timestamp()) // 60
DAY = date(2026, 3, 2)
UNTIL = int((NOW + timedelta(minutes=5)).timestamp())


def an_entry(ref: str = "a-1", *, at: int = 0, lasts: int = 60, before: int = 0, after: int = 0) -> Entry:
    """`at` minutes after nine."""
    return Entry(ref, NINE + at, NINE + at + lasts, before, after)


def a_hold(ref: str = "h-1", *, at: int = 0) -> Entry:
    return Entry(ref, NINE + at, NINE + at + 60, hold_until=UNTIL)


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        pytest.param(an_entry(at=60), False, id="back to back"),
        pytest.param(an_entry(at=59), True, id="a minute into it"),
        pytest.param(an_entry(at=-60), False, id="right before"),
        pytest.param(an_entry(at=-30, lasts=120), True, id="all round it"),
        pytest.param(an_entry(at=15, lasts=15), True, id="inside it"),
        pytest.param(an_entry(), True, id="the same time"),
        pytest.param(an_entry(at=74, before=15), True, id="too close for its buffer"),
        pytest.param(an_entry(at=75, before=15), False, id="just far enough for its buffer"),
        pytest.param(an_entry(at=-90, after=31), True, id="too close after one that needs more"),
        pytest.param(an_entry(at=-90, after=30), False, id="just far enough after it"),
    ],
)
def test_what_clashes(other: Entry, clashes: bool) -> None:
    """Back to back is no clash, nearer than the larger buffer is one, whichever of the two is asked."""
    assert an_entry().clashes_with(other) is other.clashes_with(an_entry()) is clashes


def test_of_two_buffers_that_meet_the_larger_counts_and_not_both() -> None:
    """Clearing up after one and preparing the next may overlap."""
    earlier, later = an_entry(after=30), an_entry(at=90, before=15)
    assert not earlier.clashes_with(later)
    assert earlier.clashes_with(an_entry(at=89, before=15))


def test_a_page_takes_what_fits_in_order_and_refuses_what_does_not() -> None:
    """Nobody is given to two clients at one time."""
    page = DayPage("staff:mei", DAY).with_entry(an_entry("a-2", at=60), now=NOW).with_entry(an_entry(), now=NOW)
    assert [entry.ref for entry in page.entries] == ["a-1", "a-2"]
    with pytest.raises(SlotTaken):
        page.with_entry(an_entry("a-3", at=30), now=NOW)


def test_what_is_given_up_for_it_is_not_in_the_way() -> None:
    """A client who books what they hold is not stopped by their own hold."""
    page = DayPage("staff:mei", DAY, entries=(a_hold(),))
    assert [entry.ref for entry in page.with_entry(an_entry(), now=NOW, instead_of="h-1").entries] == ["a-1"]


def test_moving_within_its_own_time_is_no_clash() -> None:
    """A booking can be put off by half of its length."""
    page = DayPage("staff:mei", DAY, entries=(an_entry(),))
    assert [entry.start for entry in page.with_entry(an_entry(at=30), now=NOW).entries] == [NINE + 30]


def test_a_hold_is_in_the_way_until_it_runs_out() -> None:
    """To the second: until then nobody else has the time, from then on anybody can."""
    page = DayPage("staff:mei", DAY, entries=(a_hold(),))
    with pytest.raises(SlotTaken):
        page.with_entry(an_entry(), now=NOW + timedelta(minutes=5, seconds=-1))
    assert page.with_entry(an_entry(), now=NOW + timedelta(minutes=5)).has("a-1")


def test_a_hold_that_ran_out_is_remembered_for_a_day() -> None:
    """So that its client is told *expired* and not *missing*."""
    page = DayPage("staff:mei", DAY, entries=(a_hold(),))
    soon, late = (NOW + timedelta(minutes=5, hours=hours) for hours in (23, 24))
    assert page.with_entry(an_entry(at=60), now=soon).has("h-1")
    assert not page.with_entry(an_entry(at=60), now=late).has("h-1")


def test_a_hold_is_used_by_its_holder_at_its_time() -> None:
    """Another time, a hold that ran out and one that is none are told apart."""
    page = DayPage("staff:mei", DAY, entries=(a_hold(), an_entry(at=60)))
    assert page.hold("h-1", start=NINE, end=NINE + 60, now=NOW) == a_hold()
    with pytest.raises(HoldMismatch):
        page.hold("h-1", start=NINE + 15, end=NINE + 75, now=NOW)
    with pytest.raises(HoldExpired):
        page.hold("h-1", start=NINE, end=NINE + 60, now=NOW + timedelta(minutes=5))
    for ref in ("h-2", "a-1"):
        with pytest.raises(HoldMissing):
            page.hold(ref, start=NINE, end=NINE + 60, now=NOW)


@pytest.mark.parametrize(
    ("entry", "zone", "days"),
    [
        pytest.param(an_entry(), "Asia/Shanghai", [2], id="within a day"),
        pytest.param(an_entry(at=14 * 60), "Asia/Shanghai", [2], id="to midnight and not beyond"),
        pytest.param(an_entry(at=14 * 60 + 30), "Asia/Shanghai", [2, 3], id="over midnight"),
        pytest.param(an_entry(at=14 * 60, after=1), "Asia/Shanghai", [2, 3], id="over midnight with its buffer"),
        pytest.param(an_entry(at=-9 * 60, before=1), "Asia/Shanghai", [1, 2], id="its buffer the evening before"),
        pytest.param(an_entry(), "America/New_York", [1], id="the day before elsewhere"),
    ],
)
def test_it_stands_on_every_day_it_touches(entry: Entry, zone: str, days: list[int]) -> None:
    """So that a booking over midnight, or its buffer, is in the way on both days."""
    assert [day.day for day in days_touched(entry, ZoneInfo(zone))] == days
