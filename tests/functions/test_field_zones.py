"""Where a booking stands in the book is found by what was written, never worked out again from a zone.

So a business whose zone is corrected, however often and between whatever, has no two entries that clash, none that is
orphaned, and none that cannot be cancelled or moved. In order here; races are played on the whole system.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import front_desk
from kept import clock
from kept.actor import Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.day_page import DayPage, Entry
from kept.booking.hold import Hold
from kept.booking.refusals import SlotTaken
from kept.booking.states import Status
from kept.business.catalog import Business, Catalog
from kept.errors import Refusal
from kept.storage import appointments, catalogs, day_pages, messages
from kept.storage.tables import AppointmentItem
from kept.storage.transaction import together
from kept.use_cases.booking.book import BookingRequest, book, hold
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.day import on_day
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.booking.open_times import AvailabilityQuery, ask, free, room_key, staff_key
from kept.use_cases.business import settings
from tests import lotus
from tests.asking import Answer
from tests.asking import ask as asks
from tests.builders import STARTS, a_client, an_appointment

NOW = STARTS - timedelta(days=3)
STAFF = Actor("staff", "jun")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = (
    "Asia/Shanghai",
    "UTC",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Asia/Kolkata",
    "Atlantic/Azores",
    "America/Havana",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Europe/London",
    "Antarctica/Troll",
)


@pytest.fixture(autouse=True)
def salon() -> None:
    lotus.open_both()
    lotus.known()


def the_book() -> Catalog:
    catalogs.forget()
    return catalogs.load("lotus")


def asked(now: datetime, own: str | None = None, staff: str | None = "mei") -> AvailabilityQuery:
    it = the_book()
    return ask(it, "cut", staff, zone=it.business.zone, now=now, own=own)


def correct(zone: str, now: datetime) -> Business:
    return settings.save_business(replace(the_book().business, tz=zone), now=now)


def by_hand(starts: datetime, now: datetime = NOW, staff: str | None = "mei") -> Appointment:
    return book(the_book(), wanted(starts, staff=staff, by_hand=True), Change(STAFF, now))


def wanted(
    starts: datetime, *, staff: str | None = "mei", hold: Hold | None = None, by_hand: bool = False
) -> BookingRequest:
    return BookingRequest("cut", starts, a_client(), the_book().business.zone, staff, hold=hold, by_hand=by_hand)


def cancel(id: str, now: datetime = NOW) -> Appointment:
    it = the_book()
    change = Change(STAFF, now)
    return apply_change(it, id, lambda one: one.cancel(change, rules=it.business.changes), change)


def move(id: str, starts: datetime, now: datetime = NOW) -> Appointment:
    return reschedule(the_book(), id, Move(starts, by_hand=True), Change(STAFF, now))


def pages() -> list[DayPage]:
    it = the_book()
    keys = [*map(staff_key, it.staff), *map(room_key, it.rooms)]
    return [page for key in keys for page in day_pages.between("lotus", key, date(2026, 1, 1), date(2026, 12, 31))]


def all_visits() -> Iterator[Appointment]:
    return (appointments.load("lotus", item.id) for item in AppointmentItem.query("lotus", consistent_read=True))


def the_book_is_true(now: datetime) -> None:
    """No two live entries of a calendar clash, each visit stands where its slot says, and nothing else stands."""
    written, expected = pages(), {visit.id: visit for visit in all_visits() if visit.is_expected}
    by_calendar: dict[str, dict[str, Entry]] = {}
    for page in written:
        for entry in page.entries:
            assert by_calendar.setdefault(page.calendar, {}).setdefault(entry.ref, entry) == entry
    for entries in by_calendar.values():
        live = [entry for entry in entries.values() if entry.is_live(now=now)]
        assert [pair for pair in combinations(live, 2) if pair[0].clashes_with(pair[1])] == []
    stands = {
        (entry.ref, page.calendar, page.day) for page in written for entry in page.entries if not entry.hold_until
    }
    assert stands == {
        (visit.id, key, day)
        for visit in expected.values()
        for key in (staff_key(visit.slot.staff), *([room_key(visit.slot.room)] if visit.slot.room else []))
        for day in visit.slot.days
    }


@pytest.mark.parametrize("zone", ZONES[1:])
def test_a_time_that_is_booked_is_taken_whatever_zone_the_business_is_in_later(zone: str) -> None:
    """Seventeen o'clock in Shanghai, and one that begins a minute before midnight there."""
    for starts in (STARTS, datetime(2026, 3, 4, 15, 30, tzinfo=UTC)):
        visit = by_hand(starts)
        correct(zone, NOW + DAY)
        for later in (timedelta(0), timedelta(minutes=30), timedelta(minutes=-59)):
            with pytest.raises(SlotTaken):
                by_hand(starts + later, NOW + 2 * DAY)
        local = starts.astimezone(the_book().business.zone).date()
        assert visit.id in {it.id for it in on_day(the_book(), local)}
        first = int(starts.timestamp()) // 60
        offered = free(asked(NOW + 2 * DAY), local - DAY, local + DAY)
        assert [slot for slot in offered if first - 60 < slot.start < first + 60] == []
        correct("Asia/Shanghai", NOW + 3 * DAY)
    the_book_is_true(NOW)


@pytest.mark.parametrize("zone", ZONES[1:])
def test_what_was_booked_before_is_cancelled_and_moved(zone: str) -> None:
    first, second = by_hand(STARTS), by_hand(datetime(2026, 3, 4, 15, 30, tzinfo=UTC))
    correct(zone, NOW + DAY)
    cancel(first.id, NOW + DAY)
    the_book_is_true(NOW)
    moved = move(second.id, second.starts + HOUR / 2, NOW + DAY)
    the_book_is_true(NOW)
    again = by_hand(STARTS, NOW + DAY)
    cancel(moved.id, NOW + DAY)
    cancel(again.id, NOW + DAY)
    assert [page.entries for page in pages() if page.entries] == []


@pytest.mark.parametrize("zone", ZONES[1:])
def test_what_was_booked_before_its_pages_were_kept_is_found_near_by_and_mended(zone: str) -> None:
    old = lotus.put(an_appointment())
    assert old.slot.days == ()
    correct(zone, NOW)
    with pytest.raises(SlotTaken):
        by_hand(STARTS + HOUR / 2)
    moved = move("a-1", STARTS + HOUR)
    assert moved.slot.days
    the_book_is_true(NOW)
    assert cancel("a-1").status is Status.CANCELLED
    assert [page.entries for page in pages() if page.entries] == []


@pytest.mark.parametrize("zone", ZONES[1:])
def test_whoever_still_knows_the_old_zone_shares_a_page_with_whoever_knows_the_new_one(zone: str) -> None:
    """A warm function trusts the settings it has for a minute: the version of that page settles who was first."""
    stale = asked(NOW)
    correct(zone, NOW)
    fresh = asked(NOW)
    starts = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
    seen_by_both = [
        set(book(question.catalog, wanted(starts, by_hand=True), Change(STAFF, NOW)).slot.days)
        for question in (replace(stale, own=None),)
    ]
    cancel(next(iter(all_visits())).id)
    seen_by_both.append(set(book(fresh.catalog, wanted(starts, by_hand=True), Change(STAFF, NOW)).slot.days))
    assert seen_by_both[0] & seen_by_both[1]


def test_a_hold_taken_before_is_used_after() -> None:
    question = asked(NOW)
    slot = free(question, STARTS.date(), STARTS.date())[-1]
    starts = datetime.fromtimestamp(slot.start * 60, UTC)
    held = hold(question, starts)
    correct("Pacific/Niue", NOW)
    after = asked(NOW, own=held.hold.ref)
    visit = book(after.catalog, wanted(starts, hold=Hold(held.hold.ref, starts)), Change(STAFF, NOW))
    assert [entry.ref for page in pages() for entry in page.entries if entry.hold_until] == []
    the_book_is_true(NOW)
    cancel(visit.id)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_done_between_corrections_the_book_stays_true(seed: int) -> None:
    chance, now, held = random.Random(seed), NOW, list[Hold]()
    for _ in range(40):
        now += timedelta(minutes=chance.choice((1, 2, 7, 60)))
        starts = STARTS + chance.randrange(-40, 60) * HOUR / 2
        here = [visit.id for visit in all_visits() if visit.is_expected and visit.starts > now]
        with suppress(Refusal):
            match chance.choice(("zone", "book", "book", "book", "hold", "use", "move", "move", "cancel")):
                case "zone":
                    correct(chance.choice(ZONES), now)
                case "book":
                    by_hand(starts, now, chance.choice(("mei", "jun", None)))
                case "hold":
                    held.append(hold(asked(now), starts).hold)
                case "use" if held:
                    one = held.pop()
                    book(the_book(), wanted(one.starts, hold=one), Change(STAFF, now))
                case "move" if here:
                    move(chance.choice(here), starts, now)
                case "cancel" if here:
                    cancel(chance.choice(here), now)
        the_book_is_true(now)
    for visit in [visit for visit in all_visits() if visit.is_expected]:
        with suppress(SlotTaken):
            move(visit.id, STARTS + 30 * DAY, now)
        cancel(visit.id, now)
    assert [entry for page in pages() for entry in page.entries if not entry.hold_until] == []


def keep_times(**body: Any) -> Answer:
    return asks(front_desk.handler, "POST /v1/desk/local-times", body, role="owner")


def as_before_the_law(visit: Appointment, was: int) -> Appointment:
    """As it was written when Shanghai's clock was so many minutes ahead of UTC."""
    visit = appointments.load("lotus", visit.id)
    with together() as transaction:
        appointments.put(replace(visit, slot=replace(visit.slot, offset=was)), None, transaction)
    return appointments.load("lotus", visit.id)


@pytest.fixture
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def outcome(answer: Answer) -> list[tuple[str, str, bool]]:
    assert answer.status == 200, answer.body
    return [(it["id"], it["done"], it["told"]) for it in answer.body["visits"]]


@pytest.mark.usefixtures("_now")
def test_after_a_change_of_the_law_visits_are_mended_and_nobody_by_that_clock_is_told() -> None:
    """Three in a row, each an hour later now: none meets the next on its way. Asked again, nothing is left to do."""
    for n in range(3):
        as_before_the_law(by_hand(STARTS + n * HOUR), 540)
    tried = keep_times(try_only=True)
    assert {done for _, done, _ in outcome(tried)} == {"moved"}
    assert {it.starts for it in all_visits()} == {STARTS + n * HOUR for n in range(3)}
    assert sorted(outcome(keep_times())) == sorted(outcome(tried))
    assert {it.starts for it in all_visits()} == {STARTS + n * HOUR for n in (1, 2, 3)}
    assert {(it.version, it.history[-1].what) for it in all_visits()} == {(1, "local_time_kept")}
    the_book_is_true(NOW)
    assert keep_times().body == {"visits": [], "complete": True}


@pytest.mark.usefixtures("_now")
def test_what_cannot_have_its_local_time_is_left_for_a_person() -> None:
    visit = as_before_the_law(by_hand(STARTS), 540)
    by_hand(STARTS + HOUR)
    assert outcome(keep_times()) == [(visit.id, "taken", False)]
    assert appointments.load("lotus", visit.id).starts == STARTS
    the_book_is_true(NOW)


@pytest.mark.usefixtures("_now")
def test_a_zone_that_was_wrong_moves_nothing_until_the_owner_says_what_stays() -> None:
    correct("UTC", NOW)
    visit = by_hand(datetime(2026, 3, 3, 10, tzinfo=UTC))
    correct("Asia/Shanghai", NOW)
    assert appointments.load("lotus", visit.id).starts == visit.starts
    assert outcome(keep_times(try_only=True, keep="instant")) == [(visit.id, "noted", False)]
    assert outcome(keep_times(keep="time")) == [(visit.id, "moved", True)]
    moved = appointments.load("lotus", visit.id)
    assert (moved.starts, moved.version) == (datetime(2026, 3, 3, 2, tzinfo=UTC), 2)
    assert moved.history[-1].what == "rescheduled"
    assert "rescheduled" in {message.stage for message in messages.about("lotus", visit.id)}
    the_book_is_true(NOW)
    assert outcome(keep_times(keep="time")) == []


@pytest.mark.usefixtures("_now")
def test_a_business_that_moved_keeps_the_instant() -> None:
    visit = by_hand(STARTS)
    correct("Europe/London", NOW)
    assert outcome(keep_times(keep="instant")) == [(visit.id, "noted", False)]
    stood = appointments.load("lotus", visit.id)
    assert (stood.starts, stood.slot.tz, stood.slot.offset) == (STARTS, "Europe/London", 0)
    assert outcome(keep_times(keep="time")) == []


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize(
    ("keep", "starts", "local"),
    [
        pytest.param("time", datetime(2026, 3, 2, 17, tzinfo=UTC), "2026-03-02T17:00", id="its time"),
        pytest.param("instant", STARTS, "2026-03-02T09:00", id="its instant"),
    ],
)
def test_what_was_booked_before_local_times_were_kept_is_taken_as_written_in_the_zone_before(
    keep: str, starts: datetime, local: str
) -> None:
    lotus.put(an_appointment())
    correct("UTC", NOW)
    assert [id for id, _, _ in outcome(keep_times(keep=keep))] == ["a-1"]
    kept = appointments.load("lotus", "a-1")
    assert (kept.starts, kept.slot.local.isoformat(timespec="minutes"), kept.slot.tz) == (starts, local, "UTC")
    assert outcome(keep_times(keep=keep)) == []


@pytest.mark.usefixtures("_now")
def test_where_no_zone_was_corrected_its_local_time_is_written_down() -> None:
    lotus.put(an_appointment())
    assert outcome(keep_times()) == [("a-1", "noted", False)]
    kept = appointments.load("lotus", "a-1")
    assert (kept.starts, kept.slot.tz, kept.slot.offset) == (STARTS, "Asia/Shanghai", 480)


LOCAL = "2026-03-03T10:00"
"""What stands in the confirmation of a visit that was booked while the business was taken to be in `was`."""


def at_local(local: str, zone: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def booked_in(zone: str, local: str = LOCAL) -> Appointment:
    correct(zone, NOW)
    return appointments.load("lotus", by_hand(at_local(local, zone)).id)


CORRECTED: list[Any] = [
    pytest.param("UTC", "Asia/Shanghai", LOCAL, LOCAL, id="eight hours earlier"),
    pytest.param("Asia/Shanghai", "America/New_York", LOCAL, LOCAL, id="thirteen hours later"),
    pytest.param("Pacific/Niue", "Pacific/Kiritimati", LOCAL, LOCAL, id="a whole day and more"),
    pytest.param("UTC", "Asia/Kathmandu", LOCAL, LOCAL, id="a quarter of an hour beside"),
    pytest.param("Europe/London", "UTC", LOCAL, LOCAL, id="the same clock in winter"),
    pytest.param("Europe/London", "UTC", "2026-06-03T10:00", "2026-06-03T10:00", id="another in summer"),
    pytest.param("UTC", "America/New_York", "2026-03-08T02:30", "2026-03-08T03:00", id="a time that there is not"),
    pytest.param("UTC", "America/New_York", "2026-11-01T01:30", "2026-11-01T01:30", id="one that comes twice"),
    pytest.param("UTC", "Asia/Shanghai", "2026-03-03T23:30", "2026-03-03T23:30", id="over midnight"),
    pytest.param("Asia/Shanghai", "UTC", "2026-03-03T00:00", "2026-03-03T00:00", id="at midnight"),
    pytest.param("UTC", "America/Havana", "2026-03-08T00:00", "2026-03-08T01:00", id="a midnight that there is not"),
    pytest.param("UTC", "Australia/Lord_Howe", LOCAL, LOCAL, id="half an hour of summer"),
]


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize(("was", "zone", "local", "then"), CORRECTED)
def test_ten_o_clock_stays_ten_o_clock_by_the_clock_of_the_corrected_zone(
    was: str, zone: str, local: str, then: str
) -> None:
    """What was tried is done, the history says why, and whose own clock shows another time is told as of a move."""
    visit = booked_in(was, local)
    correct(zone, NOW)
    tried = outcome(keep_times(try_only=True))
    assert outcome(keep_times()) == tried
    moved = appointments.load("lotus", visit.id)
    assert f"{moved.slot.local:%Y-%m-%dT%H:%M}" == then
    ((_, done, told),) = tried
    assert done == ("noted" if moved.starts == visit.starts else "moved")
    if done == "moved":
        assert (moved.history[-1].why, moved.history[-1].by) == ("zone_corrected", "staff:mei")
    assert ("rescheduled" in {it.stage for it in messages.about("lotus", visit.id)}) is told
    the_book_is_true(NOW)
    assert keep_times().body == {"visits": [], "complete": True}


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize(("was", "zone", "local", "then"), CORRECTED)
def test_or_the_instant_stays_and_nobody_is_told(was: str, zone: str, local: str, then: str) -> None:  # noqa: ARG001
    visit = booked_in(was, local)
    correct(zone, NOW)
    assert {(done, told) for _, done, told in outcome(keep_times(keep="instant"))} == {("noted", False)}
    stood = appointments.load("lotus", visit.id)
    assert (stood.starts, stood.version, stood.slot.tz) == (visit.starts, visit.version, zone)
    assert keep_times(keep="time").body["visits"] == []
    the_book_is_true(NOW)


@pytest.mark.usefixtures("_now")
def test_what_was_booked_in_one_wrong_zone_and_then_in_another_keeps_the_time_of_each() -> None:
    first = booked_in("UTC")
    second = booked_in("Europe/London", "2026-03-04T11:30")
    correct("Asia/Shanghai", NOW)
    assert {id for id, _, _ in outcome(keep_times())} == {first.id, second.id}
    local = [f"{appointments.load('lotus', it.id).slot.local:%dT%H:%M}" for it in (first, second)]
    assert local == ["03T10:00", "04T11:30"]
    the_book_is_true(NOW)


@pytest.mark.usefixtures("_now")
def test_a_correction_that_is_taken_back_leaves_nothing_to_do() -> None:
    visit = booked_in("Asia/Shanghai")
    correct("UTC", NOW)
    correct("Asia/Shanghai", NOW)
    assert keep_times(try_only=True).body["visits"] == []
    assert appointments.load("lotus", visit.id) == visit


@pytest.mark.usefixtures("_now")
def test_a_visit_whose_local_time_is_over_is_left_as_it_is() -> None:
    """Three in the morning of today by the right clock was hours ago: nobody is moved into the past, or missed."""
    visit = booked_in("America/New_York", "2026-02-27T06:00")
    assert visit.starts > NOW
    correct("Pacific/Kiritimati", NOW)
    assert outcome(keep_times(try_only=True)) == outcome(keep_times()) == [(visit.id, "passed", False)]
    assert appointments.load("lotus", visit.id) == visit


@pytest.mark.usefixtures("_now")
def test_killed_in_the_middle_it_goes_on_when_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is moved and told once; none of them meets another on its way."""
    correct("UTC", NOW)
    visits = [by_hand(at_local(LOCAL, "UTC") + n * HOUR) for n in range(4)]
    correct("Europe/Berlin", NOW)
    put, written = appointments.put, list[str]()

    def dies_at_the_third(*args: Any, **kwargs: Any) -> Any:
        written.append("")
        if len(written) == 3:
            raise OSError("killed")
        return put(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(appointments, "put", dies_at_the_third)
        with pytest.raises(OSError, match="killed"):
            keep_times()
    the_book_is_true(NOW)
    left = outcome(keep_times(try_only=True))
    assert len(left) == 2
    assert outcome(keep_times()) == left
    for visit in visits:
        moved = appointments.load("lotus", visit.id)
        assert (moved.starts, moved.version) == (visit.starts - HOUR, 2)
        assert [it.stage for it in messages.about("lotus", visit.id)].count("rescheduled") == 1
    the_book_is_true(NOW)


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize("role", ["", "staff", "manager"])
def test_it_is_for_owners(role: str) -> None:
    """To look as well: it reads the whole book."""
    visit = booked_in("UTC")
    correct("Asia/Shanghai", NOW)
    for body in ({}, {"try_only": True}, {"keep": "instant"}):
        assert asks(front_desk.handler, "POST /v1/desk/local-times", body, role=role).status == (403 if role else 401)
    assert appointments.load("lotus", visit.id) == visit


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize(
    "body", [{"keep": "both"}, {"keep": None}, {"try_only": "perhaps"}, {"business": "garage"}, [], "time", 7]
)
def test_what_makes_no_sense_moves_nobody(body: object) -> None:
    visit = booked_in("UTC")
    correct("Asia/Shanghai", NOW)
    assert asks(front_desk.handler, "POST /v1/desk/local-times", body, role="owner").status in (400, 422)
    assert appointments.load("lotus", visit.id) == visit
