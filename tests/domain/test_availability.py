from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kept.booking.availability import (
    BadRules,
    Calendar,
    FreeSlot,
    Rules,
    Unavailable,
    bounds,
    encode,
    free_slots,
    live,
    nearest,
    refuse_start,
)
from kept.booking.day_page import Entry
from kept.timekeeping.weekly_hours import TimeOff, Window, WorkingHours, away_minutes, open_minutes

MONDAY = "2026-03-02"


def minute(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) // 60


def local(minutes: int, zone: str) -> str:
    return datetime.fromtimestamp(minutes * 60, UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def rules(duration: int = 60, step: int = 60, **others: Any) -> Rules:
    return Rules(**{"duration": duration, "step": step, "earliest": 0, "latest": minute("2030-01-01T00:00Z"), **others})


def an_entry(start: str, minutes: int = 60, **others: Any) -> Entry:
    return Entry(**{"ref": start, "start": minute(start), "end": minute(start) + minutes, **others})


def hours_on(day: str, *windows: str, off: tuple[TimeOff, ...] = ()) -> WorkingHours:
    override = {date.fromisoformat(day): tuple(Window.parse(text) for text in windows)}
    return WorkingHours({}, overrides=override, time_off=off)


def a_calendar(
    *windows: str,
    id: str = "ann",
    day: str = MONDAY,
    zone: str = "UTC",
    entries: Sequence[Entry] = (),
    off: tuple[TimeOff, ...] = (),
) -> Calendar:
    """Open on that day only."""
    asked = (hours_on(day, *windows, off=off), ZoneInfo(zone), date.fromisoformat(day), date.fromisoformat(day))
    return Calendar(id, open_minutes(*asked), entries, away_minutes(*asked))


def slots(
    rule: Rules,
    *staff: Calendar,
    rooms: Sequence[Calendar] = (),
    day: str = MONDAY,
    until: str | None = None,
    zone: str = "UTC",
) -> list[FreeSlot]:
    days = date.fromisoformat(day), date.fromisoformat(until or day)
    return free_slots(rule, staff, rooms, ZoneInfo(zone), *days)


def times(rule: Rules, *staff: Calendar, zone: str = "UTC", **asked: Any) -> list[str]:
    """Local times of day, with the offset only where it is asked for by comparing."""
    return [local(slot.start, zone)[11:16] for slot in slots(rule, *staff, zone=zone, **asked)]


@pytest.mark.parametrize(
    ("duration", "step", "window", "count", "last"),
    [
        pytest.param(60, 60, "00:00-24:00", 24, "23:00", id="24 hours in an empty day"),
        pytest.param(25, 30, "00:00-24:00", 48, "23:30", id="25 minutes at a 30-minute step"),
        pytest.param(60, 15, "09:00-11:00", 5, "10:00", id="a step shorter than the service"),
        pytest.param(15, 60, "09:00-11:00", 2, "10:00", id="a step longer than the service"),
        pytest.param(60, 15, "18:00-23:45", 20, "22:45", id="closing off the hour, and not one more"),
        pytest.param(60, 60, "18:00-23:59", 5, "22:00", id="closing at 23:59"),
        pytest.param(60, 60, "18:00-24:00", 6, "23:00", id="closing at 24:00"),
        pytest.param(60, 60, "09:00-10:00", 1, "09:00", id="exactly as long as the window"),
        pytest.param(61, 60, "09:00-10:00", 0, None, id="a minute longer than the window"),
        pytest.param(60, 30, "09:10-10:50", 1, "09:30", id="the step is aligned to midnight, not to opening time"),
        pytest.param(60, 50, "08:00-10:40", 2, "09:10", id="a step that does not divide the day"),
    ],
)  # fmt: skip
def test_starts_in_an_empty_day(duration: int, step: int, window: str, count: int, last: str | None) -> None:
    found = times(rules(duration, step), a_calendar(window))
    assert len(found) == count
    assert (found[-1] if found else None) == last


def test_an_offset_moves_all_starts_both_ways_from_midnight() -> None:
    """The grid begins before opening, so that an offset of more than a step loses no start."""
    assert times(rules(60, 60, offset=130), a_calendar("00:00-04:00")) == ["00:10", "01:10", "02:10"]


def test_a_half_hour_zone_aligned_to_its_own_hour_has_one_slot() -> None:
    """Full hours are those of the local clock and not of UTC."""
    assert times(rules(), a_calendar("07:30-09:30", zone="Asia/Kolkata"), zone="Asia/Kolkata") == ["08:00"]


def test_one_second_before_noon_twelve_slots_are_left_today() -> None:
    """What begins within a second can still be had."""
    earliest, latest = bounds(datetime(2026, 3, 2, 11, 59, 59, tzinfo=UTC), 0, 0, ZoneInfo("UTC"))
    assert times(rules(earliest=earliest, latest=latest), a_calendar("00:00-24:00"))[0] == "12:00"
    assert len(slots(rules(earliest=earliest, latest=latest), a_calendar("00:00-24:00"))) == 12


def test_a_notice_of_1500_minutes_cuts_into_tomorrow() -> None:
    """Notice is counted in minutes and knows no days."""
    earliest, latest = bounds(datetime(2026, 3, 1, 9, tzinfo=UTC), 1500, 30, ZoneInfo("UTC"))
    assert times(rules(earliest=earliest, latest=latest), a_calendar("09:00-12:00")) == ["10:00", "11:00"]


@pytest.mark.parametrize(
    ("now", "zone", "horizon", "until"),
    [
        pytest.param("2026-03-02T00:00:00", "UTC", 1, "2026-03-04T00:00Z", id="the first second of the day"),
        pytest.param("2026-03-02T23:59:59", "UTC", 1, "2026-03-04T00:00Z", id="the last second of the day"),
        pytest.param("2026-03-02T23:59:59", "UTC", 0, "2026-03-03T00:00Z", id="today only"),
        pytest.param("2026-03-02T12:00:00", "Pacific/Auckland", 0, "2026-03-03T11:00Z", id="client a day ahead"),
        pytest.param("2026-03-02T05:00:00", "Pacific/Honolulu", 0, "2026-03-02T10:00Z", id="client a day behind"),
        pytest.param("2026-03-28T12:00:00", "Europe/Berlin", 1, "2026-03-29T22:00Z", id="over a clock change"),
        pytest.param("2026-09-04T12:00:00", "America/Santiago", 1, "2026-09-06T04:00Z", id="to no midnight"),
    ],
)
def test_the_horizon_counts_whole_days_from_the_clients_today(now: str, zone: str, horizon: int, until: str) -> None:
    """Whoever books late in the evening sees as many days as in the morning."""
    assert bounds(datetime.fromisoformat(f"{now}Z"), 0, horizon, ZoneInfo(zone))[1] == minute(until)


def test_beyond_the_horizon_nothing_is_offered() -> None:
    """Its end is the client's midnight, also in the middle of the business's day."""
    earliest, latest = bounds(datetime(2026, 3, 1, tzinfo=UTC), 0, 1, ZoneInfo("Asia/Shanghai"))
    found = times(rules(earliest=earliest, latest=latest), a_calendar("14:00-18:00"))
    assert found == ["14:00", "15:00"], "the client's last day ends at 16:00 UTC"


def test_notice_is_real_time_over_a_clock_change() -> None:
    """A day's notice is 24 hours, not the same time on the clock."""
    earliest, _ = bounds(datetime.fromisoformat("2026-03-28T12:00+01:00"), 1440, 9, ZoneInfo("Europe/Berlin"))
    assert local(earliest, "Europe/Berlin") == "2026-03-29T13:00+02:00"


@pytest.mark.parametrize(
    ("zone", "day", "window", "expected"),
    [
        pytest.param(
            "Europe/Berlin", "2026-03-29", "01:00-04:00",
            ["01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00"], id="Berlin: 02:30 does not exist",
        ),
        pytest.param(
            "Europe/Berlin", "2026-10-25", "01:30-03:30",
            ["01:30+02:00", "02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00", "03:00+01:00"],
            id="Berlin: 02:30 comes twice",
        ),
        pytest.param(
            "America/New_York", "2026-03-08", "01:00-04:00",
            ["01:00-05:00", "01:30-05:00", "03:00-04:00", "03:30-04:00"], id="New York: 02:30 does not exist",
        ),
        pytest.param(
            "America/New_York", "2026-11-01", "00:30-02:00",
            ["00:30-04:00", "01:00-04:00", "01:30-04:00", "01:00-05:00", "01:30-05:00"],
            id="New York: 01:30 comes twice",
        ),
        pytest.param(
            "America/Santiago", "2026-09-06", "00:00-02:00", ["01:00-03:00", "01:30-03:00"],
            id="Santiago: midnight does not exist",
        ),
        pytest.param(
            "America/Santiago", "2026-04-04", "22:30-24:00",
            ["22:30-03:00", "23:00-03:00", "23:30-03:00", "23:00-04:00", "23:30-04:00"],
            id="Santiago: the last hour of the day comes twice",
        ),
        pytest.param(
            "Australia/Lord_Howe", "2026-10-04", "01:30-03:30",
            ["01:30+10:30", "02:30+11:00", "03:00+11:00"], id="Lord Howe: half an hour does not exist",
        ),
        pytest.param(
            "Australia/Lord_Howe", "2026-04-05", "01:00-02:30",
            ["01:00+11:00", "01:30+11:00", "01:30+10:30", "02:00+10:30"], id="Lord Howe: half an hour comes twice",
        ),
        pytest.param(
            "Asia/Kolkata", "2026-03-29", "01:00-03:00",
            ["01:00+05:30", "01:30+05:30", "02:00+05:30", "02:30+05:30"], id="Kolkata: nothing changes",
        ),
    ],
)  # fmt: skip
def test_on_the_day_the_clock_changes(zone: str, day: str, window: str, expected: list[str]) -> None:
    """No start is offered that no clock shows, and one shown twice is offered twice."""
    found = slots(rules(30, 30), a_calendar(window, day=day, zone=zone), day=day, zone=zone)
    assert [local(slot.start, zone)[11:] for slot in found] == expected


@pytest.mark.parametrize(
    ("day", "until", "count"),
    [
        ("2026-03-29", "23:59", 22),
        ("2026-03-29", "24:00", 23),
        ("2026-10-25", "23:59", 24),
        ("2026-10-25", "24:00", 25),
    ],
)
def test_a_whole_day_that_changes_the_clock_has_its_real_hours(day: str, until: str, count: int) -> None:
    """One start for each hour that passes."""
    calendar = a_calendar(f"00:00-{until}", day=day, zone="Europe/Berlin")
    assert len(slots(rules(), calendar, day=day, zone="Europe/Berlin")) == count


def test_work_over_midnight_is_on_the_day_each_start_falls_on() -> None:
    """Whoever asks for a day gets what begins on it."""
    night = a_calendar("22:00-26:00")
    assert times(rules(), night) == ["22:00", "23:00"]
    assert times(rules(), night, day="2026-03-03") == ["00:00", "01:00"]
    assert times(rules(90, 60), night) == ["22:00", "23:00"], "a service may run on past midnight"


def test_an_override_that_is_already_the_next_day_in_utc_is_offered_on_its_local_day() -> None:
    """And only on that day."""
    calendar = a_calendar("22:00-23:00", zone="America/New_York")
    [slot] = slots(rules(), calendar, zone="America/New_York")
    assert slot.start == minute("2026-03-03T03:00Z")
    assert slots(rules(), calendar, day="2026-03-03", zone="America/New_York") == []


def test_a_slot_may_fall_on_the_clients_previous_or_next_day() -> None:
    """It is told with the client's own date and offset."""
    found = slots(rules(), a_calendar("22:00-23:00", zone="America/New_York"), zone="America/New_York")
    assert encode(found, ZoneInfo("Asia/Shanghai")) == [
        {"start": "2026-03-03T11:00:00+08:00", "end": "2026-03-03T12:00:00+08:00", "staff": ["ann"]}
    ]
    assert encode(found, ZoneInfo("Pacific/Honolulu"))[0]["start"] == "2026-03-02T17:00:00-10:00"


def test_the_two_half_past_twos_are_told_apart_by_their_offset() -> None:
    """So that a client books the one they chose."""
    calendar = a_calendar("02:30-03:00", day="2026-10-25", zone="Europe/Berlin")
    found = slots(rules(60, 30), calendar, day="2026-10-25", zone="Europe/Berlin")
    assert [(slot["start"], slot["end"]) for slot in encode(found, ZoneInfo("Europe/Berlin"))] == [
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"),
    ]


def test_nothing_free_is_an_empty_list() -> None:
    assert encode(slots(rules(), a_calendar()), ZoneInfo("UTC")) == []


@pytest.mark.parametrize(
    ("neighbours", "own", "expected"),
    [
        pytest.param((0, 0), (0, 0), ["11:00", "11:15", "11:30", "11:45", "12:00"], id="none at all"),
        pytest.param((15, 30), (15, 30), ["11:30"], id="equal ones are not added up"),
        pytest.param((15, 30), (0, 0), ["11:30", "11:45"], id="the neighbours' alone"),
        pytest.param((0, 0), (15, 30), ["11:15", "11:30"], id="the new one's alone"),
        pytest.param((15, 30), (45, 15), ["11:45"], id="before is larger than what ends before it"),
        pytest.param((15, 30), (0, 45), [], id="after is larger than what follows it"),
    ],
)
def test_the_gap_is_the_larger_of_the_two_buffers_that_meet_in_it(
    neighbours: tuple[int, int], own: tuple[int, int], expected: list[str]
) -> None:
    """A service of 30 minutes in the 90 between two bookings; buffers are (before, after)."""
    before, after = neighbours
    entries = [an_entry(f"2026-03-02T{time}Z", before=before, after=after) for time in ("10:00", "12:30")]
    calendar = a_calendar("10:00-13:30", entries=entries)
    assert times(rules(30, 15, before=own[0], after=own[1]), calendar) == expected


def test_buffers_may_lie_outside_the_working_hours() -> None:
    """They keep bookings apart; nobody is served in them."""
    assert times(rules(60, 60, before=30, after=30), a_calendar("09:00-10:00")) == ["09:00"]


def test_bookings_that_only_touch_do_not_clash() -> None:
    """The minute one ends is free for the next."""
    calendar = a_calendar("09:00-12:00", entries=[an_entry("2026-03-02T10:00Z")])
    assert times(rules(), calendar) == ["09:00", "11:00"]


def test_a_booking_of_the_neighbouring_day_reaches_over_midnight() -> None:
    """With its buffer, though it stands on another page of the book."""
    calendar = a_calendar("00:00-02:00", entries=[an_entry("2026-03-01T23:00Z", after=60)])
    assert times(rules(), calendar) == ["01:00"]


def test_several_staff_are_one_list_without_repeats_in_any_order() -> None:
    """Each start once, naming all who are free, in the order in which they were asked."""
    staff = [
        a_calendar("09:00-11:00", id="ann"),
        a_calendar("10:00-12:30", id="bea"),
        a_calendar("10:00-11:00", id="cem"),
    ]
    for order in permutations(staff):
        found = slots(rules(), *order)
        assert [(slot.start, sorted(slot.staff)) for slot in found] == [
            (minute("2026-03-02T09:00Z"), ["ann"]),
            (minute("2026-03-02T10:00Z"), ["ann", "bea", "cem"]),
            (minute("2026-03-02T11:00Z"), ["bea"]),
        ]
        assert list(found[1].staff) == [calendar.id for calendar in order], "in the stated order"


def test_a_service_that_needs_a_room_needs_one_that_is_free() -> None:
    """A person alone is not enough."""
    blue = a_calendar("09:00-12:00", id="blue", entries=[an_entry("2026-03-02T09:00Z")])
    red = a_calendar("09:00-11:00", id="red", entries=[an_entry("2026-03-02T09:00Z", 30)])
    found = slots(rules(), a_calendar("08:00-13:00"), rooms=(blue, red))
    assert [(local(slot.start, "UTC")[11:16], slot.rooms) for slot in found] == [
        ("10:00", ("blue", "red")),
        ("11:00", ("blue",)),
    ]


def test_a_shared_room_is_taken_by_a_service_of_any_length() -> None:
    """Whatever grid its own starts lie on."""
    room = a_calendar("09:00-12:00", id="room", entries=[an_entry("2026-03-02T10:15Z", 20)])
    assert times(rules(30, 15), a_calendar("09:00-12:00"), rooms=[room]) == [
        "09:00", "09:15", "09:30", "09:45", "10:45", "11:00", "11:15", "11:30",
    ]  # fmt: skip


def test_without_anybody_to_do_it_nothing_is_free() -> None:
    """A room alone is not enough either."""
    assert slots(rules(), rooms=[a_calendar("09:00-12:00")]) == []


def test_a_daily_limit_counts_in_the_days_of_the_business() -> None:
    """19:00 UTC is tomorrow in Kolkata."""
    day_one, day_two = "2026-03-02", "2026-03-03"
    entries = [an_entry("2026-03-02T04:30Z"), an_entry("2026-03-02T19:00Z")]
    hours = WorkingHours(dict.fromkeys(range(7), (Window.parse("10:00-13:00"),)))
    spans = open_minutes(hours, ZoneInfo("Asia/Kolkata"), date.fromisoformat(day_one), date.fromisoformat(day_two))
    calendar = Calendar("ann", spans, entries)
    found = slots(rules(daily_limit=2), calendar, day=day_one, until=day_two, zone="Asia/Kolkata")
    assert len(found) == 2 + 3
    assert slots(rules(daily_limit=1), calendar, day=day_one, until=day_two, zone="Asia/Kolkata") == []


def test_a_daily_limit_is_each_staff_members_own() -> None:
    """Who is full hides nobody else."""
    full = a_calendar("09:00-12:00", id="full", entries=[an_entry("2026-03-02T08:00Z")])
    assert {slot.staff for slot in slots(rules(daily_limit=1), full, a_calendar("09:00-12:00"))} == {("ann",)}


def test_anothers_hold_hides_a_slot_and_ones_own_or_an_expired_one_does_not() -> None:
    """Going back to one's own hold finds its time free."""
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    until = int((now + timedelta(minutes=5)).timestamp())
    holds = [an_entry(f"2026-03-02T{hour}:00Z", hold_until=until) for hour in ("09", "10")]
    holds.append(an_entry("2026-03-02T11:00Z", hold_until=int(now.timestamp())))
    standing = live(holds, now, own="2026-03-02T09:00Z")
    assert times(rules(), a_calendar("09:00-12:00", entries=standing)) == ["09:00", "11:00"]


def test_moving_a_booking_onto_itself_is_no_conflict() -> None:
    """By half its length, say."""
    booked = [an_entry("2026-03-02T10:00Z")]
    standing = live(booked, datetime(2026, 3, 1, tzinfo=UTC), own="2026-03-02T10:00Z")
    assert "10:30" in times(rules(60, 30), a_calendar("09:00-12:00", entries=standing))


def test_the_nearest_alternatives_come_closest_first_and_of_two_the_earlier() -> None:
    """As many as there are, where there are few."""
    free = slots(rules(), a_calendar("08:00-18:00", entries=[an_entry("2026-03-02T12:00Z")]))
    found = nearest(free, minute("2026-03-02T12:00Z"))
    assert [local(slot.start, "UTC")[11:16] for slot in found] == ["11:00", "13:00", "10:00"]
    assert len(nearest(free[:2], 0)) == 2


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SICK = (TimeOff(datetime(2026, 3, 2, 13, tzinfo=UTC), datetime(2026, 3, 2, 15, tzinfo=UTC), "ill"),)
ANN = a_calendar("09:00-16:00", off=SICK, entries=[an_entry("2026-03-02T10:00Z")])
BEA = a_calendar("10:00-11:00", "14:00-15:00", id="bea")


@pytest.mark.parametrize(
    ("start", "staff", "expected"),
    [
        pytest.param("2026-03-01T11:59Z", [ANN], Unavailable.IN_THE_PAST, id="in the past"),
        pytest.param("2026-03-01T12:00Z", [ANN], Unavailable.TOO_SOON, id="too soon is not the past"),
        pytest.param("2026-03-09T00:00Z", [ANN], Unavailable.TOO_FAR, id="beyond the horizon"),
        pytest.param("2026-03-02T08:00Z", [ANN], Unavailable.CLOSED, id="before opening"),
        pytest.param("2026-03-02T15:30Z", [ANN], Unavailable.CLOSED, id="runs on past closing"),
        pytest.param("2026-03-02T13:00Z", [ANN], Unavailable.AWAY, id="away, not full"),
        pytest.param("2026-03-02T12:30Z", [ANN], Unavailable.AWAY, id="partly away"),
        pytest.param("2026-03-02T14:00Z", [ANN, BEA], None, id="one away, another at work"),
        pytest.param("2026-03-02T13:00Z", [BEA, ANN], Unavailable.AWAY, id="one closed, another away"),
        pytest.param("2026-03-02T11:15Z", [ANN], Unavailable.OFF_GRID, id="between two steps"),
        pytest.param("2026-03-02T10:30Z", [ANN], Unavailable.TAKEN, id="taken"),
        pytest.param("2026-03-02T10:00Z", [ANN, BEA], None, id="taken with one, free with another"),
        pytest.param("2026-03-02T09:00Z", [ANN], None, id="free"),
        pytest.param("2026-03-02T09:00Z", [], Unavailable.CLOSED, id="nobody does it"),
    ],
)
def test_why_a_start_is_not_offered(start: str, staff: list[Calendar], expected: Unavailable | None) -> None:
    """The reason that a person can act on comes first."""
    earliest, latest = bounds(NOW, 60, 7, ZoneInfo("UTC"))
    asked = rules(60, 30, earliest=earliest, latest=latest)
    assert refuse_start(minute(start), asked, staff, (), ZoneInfo("UTC"), NOW) is expected


def test_a_room_that_is_closed_or_taken_refuses_the_start() -> None:
    """By the same words as a person who is."""
    room = a_calendar("09:00-11:00", id="room", entries=[an_entry("2026-03-02T09:00Z")])
    answers = [
        refuse_start(minute(start), rules(), [BEA, ANN], [room], ZoneInfo("UTC"), NOW)
        for start in ("2026-03-02T09:00Z", "2026-03-02T10:00Z", "2026-03-02T11:00Z")
    ]
    assert answers == [Unavailable.TAKEN, None, Unavailable.CLOSED]


def test_a_full_day_is_taken() -> None:
    """Also at an hour at which nothing is booked."""
    asked = rules(daily_limit=1)
    assert refuse_start(minute("2026-03-02T12:00Z"), asked, [ANN], (), ZoneInfo("UTC"), NOW) is Unavailable.TAKEN


def test_a_start_on_the_local_day_that_is_another_in_utc_is_found() -> None:
    zone = "Pacific/Auckland"
    calendar = a_calendar("09:00-11:00", zone=zone)
    assert refuse_start(minute("2026-03-02T09:00+13:00"), rules(), [calendar], (), ZoneInfo(zone), NOW) is None


@pytest.mark.parametrize(
    "wrong",
    [{"duration": 0}, {"step": 0}, {"offset": -1}, {"before": -1}, {"after": -1}, {"daily_limit": 0}],
    ids=str,
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadRules):
        rules(**wrong)
