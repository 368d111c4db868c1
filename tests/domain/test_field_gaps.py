"""The rule: a stretch of free time is a gap when something that its person does may really be booked into it, and is
worth it; all else is a sliver, and shown to nobody."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kept.booking.availability import Calendar, Rules
from kept.booking.day_page import BLOCK, Entry
from kept.booking.gaps import FillingService, gaps
from kept.business.catalog import Service
from kept.timekeeping.local_time import minute_before
from kept.timekeeping.weekly_hours import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
NEVER = 1 << 40


def at(text: str, zone: ZoneInfo = SHANGHAI, day: date = MONDAY, *, fold: int = 0) -> int:
    return minute_before(datetime.fromisoformat(f"{day}T{text}").replace(tzinfo=zone, fold=fold))


def span(text: str) -> Span:
    since, until = text.split("-")
    return at(since), at(until)


def entry(text: str, *, before: int = 0, after: int = 0, ref: str = "") -> Entry:
    return Entry(ref or f"a-{text}", *span(text), before, after)


def mei(*entries: Entry, open: str = "09:00-12:00") -> Calendar:
    return Calendar("mei", [span(text) for text in open.split()], entries)


def rules(minutes: int, *, step: int = 15, before: int = 0, after: int = 0, since: str = "09:00") -> Rules:
    return Rules(minutes, earliest=at(since), latest=NEVER, step=step, before=before, after=after)


def what(
    id: str,
    minutes: int,
    least: int = 0,
    *,
    rooms: tuple[str, ...] = (),
    step: int = 15,
    before: int = 0,
    after: int = 0,
) -> FillingService:
    return FillingService(id, rules(minutes, step=step, before=before, after=after), max(minutes, least), rooms)


CUT, FRINGE = what("cut", 60), what("fringe", 15)
BOOKED = entry("09:30-11:00")


def told(of: Calendar, *services: FillingService, since: str = "09:00", **rooms: Calendar) -> list[str]:
    """ "09:00-09:30 fringe@09:00" for each."""
    found = gaps(of, services, rooms, SHANGHAI, MONDAY, since=at(since))

    def clock(minute: int) -> str:
        return datetime.fromtimestamp(minute * 60, SHANGHAI).strftime("%H:%M")

    return [
        " ".join([f"{clock(it.start)}-{clock(it.end)}", *(f"{one.service}@{clock(one.start)}" for one in it.fits)])
        for it in found
    ]


@pytest.mark.parametrize(
    ("of", "services", "gap"),
    [
        pytest.param(mei(), (CUT,), ["09:00-12:00 cut@09:00"], id="a day without anything"),
        pytest.param(
            mei(BOOKED), (CUT,), ["11:00-12:00 cut@11:00"], id="half an hour is a sliver to an hour's service"
        ),
        pytest.param(
            mei(BOOKED),
            (CUT, FRINGE),
            ["09:00-09:30 fringe@09:00", "11:00-12:00 cut@11:00 fringe@11:00"],
            id="not to a short one",
        ),
        pytest.param(mei(BOOKED), (), [], id="who does nothing has no gap"),
        pytest.param(mei(open=""), (CUT,), [], id="who is not here"),
        pytest.param(mei(entry("09:00-12:00")), (FRINGE,), [], id="full"),
        pytest.param(mei(entry("09:00-11:46")), (FRINGE,), [], id="a minute short"),
        pytest.param(mei(entry("09:00-11:45")), (FRINGE,), ["11:45-12:00 fringe@11:45"], id="to the minute"),
        pytest.param(mei(entry("09:00-11:31")), (FRINGE,), ["11:31-12:00 fringe@11:45"], id="from the next step on"),
        pytest.param(mei(entry("09:00-11:31")), (what("long", 25),), [], id="long enough, but no step lies right"),
        pytest.param(
            mei(BOOKED),
            (what("fringe", 15, 30),),
            ["09:00-09:30 fringe@09:00", "11:00-12:00 fringe@11:00"],
            id="just useful",
        ),
        pytest.param(mei(BOOKED), (what("fringe", 15, 31),), ["11:00-12:00 fringe@11:00"], id="not useful by a minute"),
        pytest.param(mei(BOOKED), (what("cut", 60, 61),), [], id="it would fit and is of no use"),
        pytest.param(
            mei(BOOKED),
            (FRINGE, what("cut", 60, 90)),
            ["09:00-09:30 fringe@09:00", "11:00-12:00 fringe@11:00"],
            id="each by its own",
        ),
        pytest.param(
            mei(entry("09:30-11:00", before=10, after=15)),
            (FRINGE,),
            ["09:00-09:20 fringe@09:00", "11:15-12:00 fringe@11:15"],
            id="buffers of what is booked",
        ),
        pytest.param(
            mei(BOOKED), (what("wash", 15, after=20),), ["11:00-12:00 wash@11:00"], id="buffers of what would be"
        ),
        pytest.param(
            mei(entry("09:30-11:00", before=10)),
            (what("wash", 15, after=5),),
            ["09:00-09:20 wash@09:00", "11:00-12:00 wash@11:00"],
            id="the larger of two, not both",
        ),
        pytest.param(
            mei(entry("09:30-11:00", ref=f"{BLOCK}1")), (CUT,), ["11:00-12:00 cut@11:00"], id="a block is taken too"
        ),
        pytest.param(
            mei(entry("10:00-11:00"), entry("10:00-10:30"), entry("10:15-12:00")),
            (CUT,),
            ["09:00-10:00 cut@09:00"],
            id="entries that overlap",
        ),
        pytest.param(
            mei(entry("08:00-09:30"), entry("11:30-13:00")),
            (CUT,),
            ["09:30-11:30 cut@09:30"],
            id="entries over the edges of the day",
        ),
        pytest.param(
            mei(entry("10:00-11:00"), open="09:00-10:00 11:00-11:30"),
            (CUT,),
            ["09:00-10:00 cut@09:00"],
            id="hours in two parts",
        ),
    ],
)
def test_what_is_a_gap(of: Calendar, services: tuple[FillingService, ...], gap: list[str]) -> None:
    """Its span, and what fits from when on."""
    assert told(of, *services) == gap


@pytest.mark.parametrize(
    ("since", "gap"),
    [
        pytest.param("08:00", ["09:00-12:00 cut@09:00"], id="before opening"),
        pytest.param("10:50", ["10:50-12:00 cut@11:00"], id="what is left of it"),
        pytest.param("11:00", ["11:00-12:00 cut@11:00"], id="the last minute at which it fits"),
        pytest.param("11:01", [], id="a minute too late"),
        pytest.param("13:00", [], id="after closing"),
    ],
)
def test_what_is_over_is_no_gap(since: str, gap: list[str]) -> None:
    service = replace(CUT, rules=rules(60, since=since))
    assert told(mei(), service, since=since) == gap


@pytest.mark.parametrize(
    ("taken", "gap"),
    [
        pytest.param((), ["09:00-12:00 colour@09:00"], id="the room is free"),
        pytest.param(("09:00-10:00",), ["09:00-12:00 colour@10:00"], id="from when it is"),
        pytest.param(("09:00-11:30",), [], id="it is not for long enough"),
        pytest.param(("09:45-11:15",), [], id="it is not at one time"),
    ],
)
def test_where_a_room_is_needed_it_is_free_as_well(taken: tuple[str, ...], gap: list[str]) -> None:
    basin = Calendar("basin", [span("08:00-20:00")], [entry(text) for text in taken])
    assert told(mei(), what("colour", 60, rooms=("basin",)), basin=basin) == gap


def test_one_of_two_rooms_is_enough() -> None:
    basin, chair = Calendar("basin", [], []), Calendar("chair", [span("11:00-12:00")], [])
    assert told(mei(), what("colour", 60, rooms=("basin", "chair")), basin=basin, chair=chair) == [
        "09:00-12:00 colour@11:00"
    ]


def test_a_person_who_has_all_they_take_in_a_day_has_no_gap() -> None:
    """A daily limit binds staff too."""
    limited = FillingService("cut", replace(rules(60), daily_limit=1), 60)
    assert told(mei(entry("09:00-10:00")), limited) == []


@pytest.mark.parametrize(
    ("zone", "day", "open", "minutes"),
    [
        pytest.param("Europe/Berlin", date(2026, 3, 29), ("01:00", "04:00"), 120, id="an hour is skipped"),
        pytest.param("Europe/Berlin", date(2026, 10, 25), ("01:00", "04:00"), 240, id="an hour comes twice"),
        pytest.param("Asia/Kolkata", MONDAY, ("09:00", "12:00"), 180, id="a half-hour zone"),
    ],
)
def test_real_minutes_count(zone: str, day: date, open: tuple[str, str], minutes: int) -> None:
    """A service of that length fits, and one of a step more does not."""
    place = ZoneInfo(zone)
    of = Calendar("mei", [(at(open[0], place, day), at(open[1], place, day))])
    for length, fits in ((minutes, 1), (minutes + 15, 0)):
        service = FillingService("x", Rules(length, earliest=0, latest=NEVER), length)
        assert len(gaps(of, [service], {}, place, day, since=0)) == fits


@pytest.mark.parametrize(
    ("useful", "least"),
    [pytest.param(None, 60, id="left out"), pytest.param(60, 60, id="as long"), pytest.param(90, 90, id="longer")],
)
def test_the_least_useful_length_is_its_own_by_default(useful: int | None, least: int) -> None:
    assert Service("cut", "Cut", 60, staff=("mei",), useful=useful).least_useful == least
