"""The timeline: which stages an appointment still has, the one owed now, and what it is due for next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.appointment import book as booked
from kept.booking.states import Status
from kept.business.reminder_stages import SAME_DAY as SAME_DAY_STAGE
from kept.business.reminder_stages import Stage
from kept.channels import Channel
from kept.lanes import Lane
from kept.reminders.timeline import HOLDS_UP, missed, next_due, owed, timeline
from tests.builders import STARTS, a_catalog

BOOK = a_catalog()
TWO_DAYS, SAME_DAY = STARTS - timedelta(hours=48), STARTS - timedelta(hours=3)
ASKED, GONE = STARTS + timedelta(minutes=5), STARTS + timedelta(minutes=15)


def a_visit(*, booked_at: datetime = STARTS - timedelta(days=4), starts: datetime = STARTS) -> Appointment:
    return booked(
        "lotus",
        "a-1",
        service="cut",
        client="c-1",
        tz="Asia/Shanghai",
        slot=Slot(starts, starts + timedelta(hours=1), staff="mei"),
        policy_version=1,
        note="",
        change=Change(CLIENT, booked_at),
    )


def names(appointment: Appointment) -> list[str]:
    return [touchpoint.name for touchpoint in timeline(appointment, BOOK)]


def test_all_that_is_planned_in_order() -> None:
    """Two reminders, the question where they are, and the moment at which they count as missed."""
    line = timeline(a_visit(), BOOK)
    assert [(touchpoint.at, touchpoint.name, touchpoint.lane) for touchpoint in line] == [
        (TWO_DAYS, "two_days", Lane.REMINDER),
        (SAME_DAY, "same_day", Lane.REMINDER),
        (ASKED, "on_my_way", Lane.ATTENDANCE),
        (GONE, "no_show", Lane.ATTENDANCE),
    ]


def test_whoever_is_likelier_to_be_missed_gets_one_reminder_more() -> None:
    """A day before the start, and only as long as the risk stands."""
    risky = a_visit().risk(Change(CLIENT, STARTS - timedelta(days=3)), high=True)
    assert names(risky) == ["two_days", "at_risk", "same_day", "on_my_way", "no_show"]
    assert next_due(risky.looked(TWO_DAYS), BOOK) == (Lane.REMINDER, STARTS - timedelta(hours=24))
    assert names(risky.risk(Change(CLIENT, TWO_DAYS), high=False)) == names(a_visit())


def test_a_stage_goes_over_a_channel_of_its_own() -> None:
    called = Stage("call", timedelta(hours=24), over=Channel.CALL)
    catalog = replace(BOOK, business=replace(BOOK.business, stages=(called, SAME_DAY_STAGE)))
    assert [touchpoint.over for touchpoint in timeline(a_visit(), catalog)] == [Channel.CALL, None, None, None]


@pytest.mark.parametrize(
    ("booked_at", "stages"),
    [
        pytest.param(TWO_DAYS - timedelta(seconds=1), ["two_days", "same_day"], id="a second before the first"),
        pytest.param(TWO_DAYS, ["same_day"], id="at the moment of the first"),
        pytest.param(SAME_DAY, [], id="on the day"),
        pytest.param(STARTS - timedelta(minutes=1), [], id="a minute before the start"),
    ],
)
def test_a_stage_whose_moment_lies_before_the_booking_is_skipped(booked_at: datetime, stages: list[str]) -> None:
    """Whoever books late is not reminded of what they have just done."""
    assert names(a_visit(booked_at=booked_at))[:-2] == stages


@pytest.mark.parametrize(
    "status",
    [status for status in Status if status not in (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED)],
    ids=str,
)
def test_nothing_is_planned_for_whoever_is_not_expected_any_more(status: Status) -> None:
    """Whoever cancelled, came or was missed hears nothing more of that visit."""
    gone = replace(a_visit(), status=status)
    assert (timeline(gone, BOOK), next_due(gone, BOOK)) == ((), None)


def test_of_who_waits_here_only_whom_they_hold_up_is_looked_at() -> None:
    """No reminder, no question and no no-show."""
    here = replace(a_visit(), status=Status.ARRIVED)
    assert [(it.name, it.lane) for it in timeline(here, BOOK)] == [(HOLDS_UP, Lane.ATTENDANCE)]


@pytest.mark.parametrize(
    ("now", "due", "late"),
    [
        pytest.param(TWO_DAYS - timedelta(seconds=1), None, [], id="too early"),
        pytest.param(TWO_DAYS, "two_days", [], id="at the first"),
        pytest.param(SAME_DAY - timedelta(seconds=1), "two_days", [], id="hours late and still useful"),
        pytest.param(SAME_DAY, "same_day", ["two_days"], id="the nearest to the start alone"),
        pytest.param(STARTS - timedelta(seconds=1), "same_day", ["two_days"], id="at the last second"),
        pytest.param(STARTS, None, ["two_days", "same_day"], id="too late for any"),
    ],
)
def test_at_most_one_stage_is_owed_at_any_moment(now: datetime, due: str | None, late: list[str]) -> None:
    """After a sleep a client gets the nearest to the start alone, and the others count as missed."""
    line = timeline(a_visit(), BOOK)
    found = owed(line, now=now)
    assert (found.name if found else None) == due
    assert [touchpoint.name for touchpoint in missed(line, now=now)] == late


def test_a_stage_added_since_sends_one_message_to_who_is_inside_it_already() -> None:
    """And says of the other that it was missed."""
    day_before = Stage("day_before", timedelta(hours=24))
    catalog = replace(BOOK, business=replace(BOOK.business, stages=(*BOOK.business.stages, day_before)))
    line = timeline(a_visit(), catalog)
    assert [touchpoint.name for touchpoint in missed(line, now=SAME_DAY)] == ["two_days", "day_before"]
    assert owed(line, now=SAME_DAY) == line[2]


def test_what_was_looked_at_is_not_planned_again() -> None:
    """No client is reminded twice of one thing."""
    assert names(a_visit().looked(TWO_DAYS)) == ["same_day", "on_my_way", "no_show"]
    assert next_due(a_visit().looked(SAME_DAY), BOOK) == (Lane.ATTENDANCE, ASKED)
    assert next_due(a_visit().looked(GONE), BOOK) is None


def test_moving_it_moves_all_of_them() -> None:
    """What was said of the old time is over, and all of it begins afresh for the new one."""
    later = Slot(STARTS + timedelta(days=7), STARTS + timedelta(days=7, hours=1), staff="mei")
    moved = a_visit().looked(SAME_DAY).reschedule(later, Change(CLIENT, SAME_DAY), rules=BOOK.business.changes)
    assert [touchpoint.at - STARTS for touchpoint in timeline(moved, BOOK)] == [
        timedelta(days=5),
        timedelta(days=7, hours=-3),
        timedelta(days=7, minutes=5),
        timedelta(days=7, minutes=15),
    ]


def test_a_reminder_of_an_early_visit_goes_out_the_evening_before() -> None:
    """8:00 in Shanghai: three hours before it is night."""
    early = a_visit(starts=datetime(2026, 3, 3, 0, 0, tzinfo=UTC))
    (same_day,) = [touchpoint for touchpoint in timeline(early, BOOK) if touchpoint.name == "same_day"]
    assert same_day.at < datetime(2026, 3, 2, 13, 0, tzinfo=UTC) < early.starts


def test_a_stage_for_those_who_have_not_confirmed_is_dropped_by_a_confirmation() -> None:
    """Whoever has said that they come is not asked again."""
    asking = Stage("two_days", timedelta(hours=48), unless_confirmed=True)
    catalog = replace(BOOK, business=replace(BOOK.business, stages=(asking,)))
    confirmed = a_visit().confirm(Change(CLIENT, STARTS - timedelta(days=3)))
    assert next_due(a_visit(), catalog) == (Lane.REMINDER, TWO_DAYS)
    assert next_due(confirmed, catalog) == (Lane.ATTENDANCE, ASKED)


def test_a_service_has_stages_of_its_own() -> None:
    """They stand in place of the business's, while whoever is late is asked as ever."""
    week = Stage("a_week", timedelta(days=3))
    catalog = replace(BOOK, services={"cut": replace(BOOK.services["cut"], stages=(week,))})
    assert [touchpoint.name for touchpoint in timeline(a_visit(), catalog)] == ["a_week", "on_my_way", "no_show"]
