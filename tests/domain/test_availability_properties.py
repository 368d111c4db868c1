"""Whatever the hours, the book, the zone and the rules: what is promised about every slot."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from kept.booking.availability import Calendar, FreeSlot, Rules, encode, free_slots, refuse_start
from kept.booking.day_page import Entry
from kept.timekeeping.weekly_hours import TimeOff, Window, WorkingHours, open_minutes
from tests.bench.naive_availability import naive_slots, naive_texts

CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/Santiago": ("2026-04-05", "2026-09-06"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Asia/Kolkata": ("2026-03-29", "2026-10-25"),
}
Case = tuple[Rules, dict[str, tuple[WorkingHours, list[Entry]]], ZoneInfo, date, date]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to three staff over two or three days around a clock change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    first = date.fromisoformat(draw(st.sampled_from(CHANGES[zone]))) - timedelta(days=draw(st.integers(0, 2)))
    noon = int(datetime(first.year, first.month, first.day, 12, tzinfo=UTC).timestamp()) // 60
    staff = {f"s{n}": (draw(hours(first)), draw(books(noon))) for n in range(draw(st.integers(1, 3)))}
    return draw(rules(noon)), staff, ZoneInfo(zone), first, first + timedelta(days=draw(st.integers(0, 2)))


@st.composite
def rules(draw: st.DrawFn, noon: int) -> Rules:
    return Rules(
        duration=draw(st.integers(1, 150)),
        step=draw(st.sampled_from([7, 15, 20, 30, 50, 60])),
        offset=draw(st.integers(0, 70)),
        before=draw(st.sampled_from([0, 0, 10, 45])),
        after=draw(st.sampled_from([0, 0, 10, 45])),
        earliest=noon + draw(st.integers(-2000, 600)),
        latest=noon + draw(st.integers(600, 5000)),
        daily_limit=draw(st.sampled_from([None, None, 1, 2])),
    )


@st.composite
def hours(draw: st.DrawFn, first: date) -> WorkingHours:
    edges = draw(st.lists(st.integers(0, 60), min_size=4, max_size=4, unique=True).map(sorted))
    windows = [Window(a * 30, b * 30) for a, b in (edges[:2], edges[2:]) if a < 48]
    off = datetime(first.year, first.month, first.day, 6, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 3000)))
    away = draw(st.booleans())
    return WorkingHours(
        dict.fromkeys(range(7), tuple(windows)),
        overrides={first: (Window(0, 1440),)} if draw(st.booleans()) else {},
        time_off=(TimeOff(off, off + timedelta(hours=5)),) if away else (),
    )


def books(noon: int) -> st.SearchStrategy[list[Entry]]:
    entry = st.builds(
        lambda start, length, before, after: Entry(f"at {start}", noon + start, noon + start + length, before, after),
        st.integers(-1500, 4000),
        st.integers(5, 200),
        st.sampled_from([0, 15, 40]),
        st.sampled_from([0, 15, 40]),
    )
    return st.lists(entry, max_size=8)


def calendars(case: Case) -> list[Calendar]:
    _, staff, zone, first, last = case
    return [Calendar(name, open_minutes(hours, zone, first, last), catalog) for name, (hours, catalog) in staff.items()]


def found(case: Case, rooms: list[Calendar] | None = None) -> list[FreeSlot]:
    asked, _, zone, first, last = case
    return free_slots(asked, calendars(case), rooms or [], zone, first, last)


@given(cases())
@settings(max_examples=15, deadline=None)
def test_every_slot_offered_can_be_booked_with_everyone_it_names(case: Case) -> None:
    """Nobody is named who has something then, buffers included."""
    asked, staff, *_ = case
    for slot in found(case):
        booking = Entry("new", slot.start, slot.end, asked.before, asked.after)
        for name in slot.staff:
            assert not any(entry.clashes_with(booking) for entry in staff[name][1])


@given(cases())
@settings(max_examples=12, deadline=None)
def test_a_slot_once_booked_is_not_offered_again(case: Case) -> None:
    """With everybody booked at that time there is nobody left to offer it."""
    asked, staff, zone, first, last = case
    for slot in found(case)[:3]:
        booking = Entry("new", slot.start, slot.end, asked.before, asked.after)
        then = {name: (hours, [*catalog, booking]) for name, (hours, catalog) in staff.items()}
        assert slot.start not in {later.start for later in found((asked, then, zone, first, last))}


@given(cases())
@settings(max_examples=25, deadline=None)
def test_the_slots_and_their_text_are_those_of_the_naive_way(case: Case) -> None:
    asked, staff, zone, first, last = case
    naive = naive_slots(asked, staff, zone, first, last)
    assert encode(found(case), ZoneInfo("America/New_York")) == naive_texts(naive, asked, ZoneInfo("America/New_York"))


@given(cases())
@settings(max_examples=12, deadline=None)
def test_a_room_takes_away_exactly_the_starts_at_which_it_is_not_free(case: Case) -> None:
    """A daily limit is a staff member's, never a room's."""
    asked, _, zone, first, last = case
    room = calendars(case)[0]
    rooms_starts = {slot.start for slot in free_slots(replace(asked, daily_limit=None), [room], [], zone, first, last)}
    assert [s.start for s in found(case, [room])] == [s.start for s in found(case) if s.start in rooms_starts]


@given(cases(), st.integers(0, 4000))
@settings(max_examples=20, deadline=None)
def test_a_start_is_refused_exactly_when_it_is_not_offered(case: Case, later: int) -> None:
    """What clients are shown and what they can book is one rule, on the days that were asked for."""
    asked, _, zone, first, last = case
    offered = {slot.start for slot in found(case)}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for start in [*sorted(offered)[:2], asked.earliest - 5 + later]:
        on_these_days = first <= datetime.fromtimestamp(start * 60, zone).date() <= last
        refused = refuse_start(start, asked, calendars(case), [], zone, now)
        assert (refused is None) == (start in offered) or not on_these_days
