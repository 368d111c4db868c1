"""Killed before any of its writes and begun again, whatever works on the waitlist, on delays, on closed days and on
what is made good ends as if nothing had happened: once, whole, and told once."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

import attendance_worker
import due_worker
import front_desk
from kept import clock, ids
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.closure import ClosedTime, Scope
from kept.business.catalog import Catalog, Money
from kept.business.setting_change import SettingChange
from kept.clients.client import Tier
from kept.events.change import AggregateChange, Kind
from kept.storage import appointments, catalogs, clients, ledger, messages, tables, waitlist
from kept.storage.codec import unpacked, whole_json
from kept.use_cases.booking import closing, delays
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.closing import Decision
from kept.use_cases.limits import strangers
from kept.use_cases.waitlist import at_desk, freed, joining, waiting
from kept.use_cases.waitlist.answering import accept, decline
from kept.waitlist.entry import WaitlistEntry
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.functions.waitlisting import (
    ANY,
    NOON,
    STAFF,
    called_off,
    offer_of,
    opened,
    pass_until,
    person,
    streamed,
    waits,
)
from tests.stopping import Killed, at_write, die, is_killed, records

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUARTER = 15 * MINUTE
NEAR = STARTS - 3 * HOUR
LATER = NOON + MINUTE
KEY = "f3a1c0de-0000-4000-8000-000000000001"
MANY = 60
"""Writes that none of these takes."""
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what asks a clock: delays, and what is made good."""
    monkeypatch.setattr(clock, "now", lambda: STARTS + 20 * MINUTE)


def keyed(by: Actor = STAFF, at: datetime = LATER, why: str = "") -> Change:
    return Change(by, at, why, key=ids.digest(KEY), body="")


def salon() -> Catalog:
    return catalogs.load("lotus")


def the_opening() -> str:
    (found,) = waitlist.openings("lotus")
    return found.id


def looked_at(now: datetime) -> Act:
    id = f"waitlist#free#{the_opening()}"
    return lambda: waiting.look("lotus", id, now=now)


def two_wait(**how: Any) -> tuple[str, str]:
    opened()
    return waits("c-2", **how).id, waits("c-3", since=NOON - MINUTE).id


def offered(**how: Any) -> tuple[str, str]:
    """To the first of two, and its name."""
    first, _ = two_wait(**how)
    called_off()
    pass_until(NOON)
    offer = offer_of(first)
    assert offer
    return first, offer.id


# What the waitlist does by itself


def asks_the_first() -> Act:
    two_wait()
    called_off()
    return looked_at(NOON)


def asks_past_a_better_tier() -> Act:
    opened()
    waits("c-2")
    waits("c-3", since=NOON - MINUTE, tier=Tier.VIP)
    called_off()
    return looked_at(NOON)


def asks_several() -> Act:
    two_wait()
    called_off(NEAR)
    return looked_at(NEAR)


def books_for_them() -> Act:
    two_wait(book_for_me=True)
    called_off()
    return looked_at(NOON)


def notes_an_end() -> Act:
    offered()
    return looked_at(NOON + QUARTER)


def withdraws_what_staff_filled() -> Act:
    offered()
    client = clients.load("lotus", "c-1")
    book(salon(), BookingRequest("cut", STARTS, client, client.zone, "mei", known=True, by_hand=True), keyed())
    return looked_at(LATER)


def gives_up() -> Act:
    offered()
    return looked_at(STARTS + HOUR)


def ends_a_wait() -> Act:
    first, _ = two_wait()
    at = ANY.ends(salon().business.zone)
    return lambda: waiting.look("lotus", f"waitlist#wait#{first}", now=at)


def hears_of_a_cancellation() -> Act:
    two_wait()
    before = appointments.load("lotus", "a-1")
    after = called_off(tell=False)
    return lambda: streamed(before, after, NOON)


def hears_of_a_booking() -> Act:
    """Of who waits, over what was on offer to them."""
    offered()
    client = clients.load("lotus", "c-2")
    request = BookingRequest("cut", STARTS + timedelta(days=1), client, client.zone, "jun", known=True)
    visit = book(salon(), request, keyed(CLIENT))
    return lambda: streamed(None, visit, LATER)


def hears_of_hours() -> Act:
    catalog = opened()
    waits("c-2", wish=replace(ANY, staff=("jun",), first=date(2026, 3, 2), last=date(2026, 3, 2)))
    jun = catalog.staff["jun"]
    was = replace(jun, hours=replace(jun.hours, weekly={d: w for d, w in jun.hours.weekly.items() if d != 0}))
    change = SettingChange("staff", "jun", "staff:jun", NOON, whole_json(was), whole_json(jun))
    return lambda: freed.watch(AggregateChange("lotus", Kind.SETTING, "line-1", None, change, NOON, "1"))


# What people do


def accepts() -> Act:
    entry, offer = offered()
    return lambda: accept(salon(), entry, offer, Change(CLIENT, LATER))


def comes_sooner() -> Act:
    opened()
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(days=2)), client="c-2"))
    entry = waits("c-2", wish=replace(ANY, sooner_than="a-2")).id
    called_off()
    pass_until(NOON)
    offer = offer_of(entry)
    assert offer
    return lambda: accept(salon(), entry, offer.id, Change(CLIENT, LATER))


def lets_pass() -> Act:
    entry, offer = offered()
    return lambda: decline(salon(), entry, offer, Change(CLIENT, LATER))


def leaves() -> Act:
    entry, _ = offered()
    return lambda: joining.leave(salon(), entry, Change(CLIENT, LATER))


def changes_the_wish() -> Act:
    entry, _ = offered()
    wish, client = replace(ANY, opens=time(10), closes=time(12)), clients.load("lotus", "c-2")
    return lambda: joining.change_wish(salon(), entry, wish, Change(CLIENT, LATER), client=client)


def is_passed_over() -> Act:
    entry, _ = offered()
    opening = the_opening()
    return lambda: joining.pass_over(salon(), entry, opening, Change(STAFF, LATER, why="abroad"))


def joins() -> Act:
    two_wait()
    client = clients.load("lotus", "c-2")
    return lambda: joining.join(salon(), client, ANY, keyed(CLIENT))


def joins_from_the_page() -> Act:
    """Somebody nobody knows yet."""
    two_wait()

    def act() -> object:
        typed = person("c-new")
        admission = strangers.booking(salon().business, typed, "203.0.113.7", now=LATER)
        return joining.join_typed(salon(), typed, ANY, keyed(CLIENT), admission)

    return act


def is_offered_by_hand() -> Act:
    _, entry = two_wait()
    starts = STARTS + timedelta(days=1)
    return lambda: at_desk.offer_by_hand(salon(), entry, "cut", "jun", starts, "", keyed())


def is_booked_by_hand() -> Act:
    entry, _ = offered()
    starts = STARTS + timedelta(days=1)
    return lambda: at_desk.book_by_hand(salon(), entry, "cut", "jun", starts, keyed())


# Delays, days that cannot be, and what is made good


def a_day() -> None:
    """Three visits one after the other with Mei, each with a price."""
    lotus.open_both()
    for n in range(3):
        lotus.known(replace(person(f"c-{n}"), locale="en"))
        visit = replace(an_appointment(f"a-{n}", starts=STARTS + n * HOUR), client=f"c-{n}")
        lotus.put(replace(visit, price=Money(10_000, "CNY")))


def does(id: str, act: Callable[[Appointment, Change], Appointment], at: datetime) -> None:
    change = Change(STAFF, at)
    apply_change(salon(), id, lambda it: act(it, change), change)


def a_delay_is_said() -> Act:
    a_day()
    return lambda: delays.announce(salon(), "mei", 40, Change(STAFF, STARTS - 10 * MINUTE))


def a_delay_goes_on() -> Act:
    """What was cut short, by the worker."""
    a_day()
    with pytest.MonkeyPatch.context() as patched, suppress(Killed):
        at_write(patched, 1, die)
        delays.announce(salon(), "mei", 40, Change(STAFF, STARTS - 10 * MINUTE))
    return lambda: due_worker.handler(records(("lotus", "delay#mei"), lane="day_list"), None)


def a_delay_is_seen() -> Act:
    a_day()
    does("a-0", Appointment.check_in, STARTS - 5 * MINUTE)
    assert ask(front_desk.handler, "POST /v1/desk/appointments/a-0/begin", {}, role="staff").status == 200
    return lambda: attendance_worker.handler(records(("lotus", "a-0"), lane="attendance"), None)


ILL = Decision(ClosedTime(Scope.STAFF, "mei", STARTS - HOUR, STARTS + 4 * HOUR), "ill", {"en": "Mei is ill."})


def a_day_is_closed() -> Act:
    a_day()
    at = STARTS - 6 * HOUR
    return lambda: closing.decide(salon(), ILL, keyed(at=at))


def a_closed_day_is_taken_back() -> Act:
    a_day()
    at = STARTS - 6 * HOUR
    decided = closing.decide(salon(), ILL, keyed(at=at)).closure.id
    catalogs.forget()
    undo = Change(STAFF, at + MINUTE, key=ids.digest("undo"), body="")
    return lambda: closing.undo(salon(), decided, undo)


def a_wait_is_made_good() -> Act:
    a_day()
    does("a-0", Appointment.check_in, STARTS - 5 * MINUTE)
    return lambda: ask(front_desk.handler, "POST /v1/desk/appointments/a-0/begin", {}, role="staff", key=KEY)


WORKS: dict[str, tuple[Callable[[], Act], datetime]] = {
    "the first is asked": (asks_the_first, NOON),
    "the first is asked, past whom a better tier was": (asks_past_a_better_tier, NOON),
    "several are asked": (asks_several, NEAR),
    "it is booked for them": (books_for_them, NOON),
    "an offer ends": (notes_an_end, NOON + QUARTER),
    "what staff filled is withdrawn": (withdraws_what_staff_filled, LATER),
    "freed time begins": (gives_up, STARTS + HOUR),
    "a wait ends": (ends_a_wait, ANY.ends(lotus.the_salon().business.zone)),
    "a cancellation frees": (hears_of_a_cancellation, NOON),
    "who waits books": (hears_of_a_booking, LATER),
    "hours are opened": (hears_of_hours, NOON),
    "accepted": (accepts, LATER),
    "moved to an earlier time": (comes_sooner, LATER),
    "let pass": (lets_pass, LATER),
    "left": (leaves, LATER),
    "wish changed": (changes_the_wish, LATER),
    "passed over": (is_passed_over, LATER),
    "joined": (joins, LATER),
    "joined from the page": (joins_from_the_page, LATER),
    "offered by hand": (is_offered_by_hand, LATER),
    "booked by hand": (is_booked_by_hand, LATER),
    "a delay is said": (a_delay_is_said, NOON),
    "a delay goes on": (a_delay_goes_on, NOON),
    "a delay is seen": (a_delay_is_seen, NOON),
    "a day is closed": (a_day_is_closed, NOON),
    "a closed day is taken back": (a_closed_day_is_taken_back, NOON),
    "a wait is made good": (a_wait_is_made_good, NOON),
}


@pytest.mark.parametrize(("set_up", "until"), WORKS.values(), ids=WORKS)
def test_killed_before_any_of_its_writes_and_begun_again_it_ends_the_same(
    set_up: Callable[[], Act], until: datetime
) -> None:
    """Every write and every hand-over in turn; what is due by then is done in the end, as the sweep would have it."""
    expected = ended(set_up, until, None)
    assert expected["messages"]
    for write in range(MANY):
        done = ended(set_up, until, write)
        assert {**done, "killed": False} == expected, f"killed before write {write}"
        if not done["killed"]:
            assert write > 0
            return
    raise AssertionError("it writes for ever")


def ended(set_up: Callable[[], Act], until: datetime, write: int | None) -> dict[str, Any]:
    """How everything stands, after it was killed there and begun again."""
    for model in tables.TABLES:
        for item in model.scan():
            item.delete()
    catalogs.forget()
    act = set_up()
    killed = write is not None and is_killed(act, write)
    act()
    pass_until(until)
    return outcome() | {"killed": killed}


def outcome() -> dict[str, Any]:
    """Who waits with what became of each offer, what is free and held, every visit, every message, and the money. What
    is named anew each time is left out."""
    waited = [item.id.partition("#")[2] for item in tables.WaitlistItem.scan() if not item.id.startswith(waitlist.FREE)]
    entries = [waitlist.load("lotus", id) for id in waited]
    visits = [appointments.load(it.business, it.id) for it in tables.AppointmentItem.scan() if "#" not in it.id]
    names = {it.id: clients.as_client(it).name for it in tables.ClientItem.scan() if "#" not in it.id}
    return {
        "entries": sorted(
            (names[it.client], it.state, it.passed_by, [(o.starts, o.answer) for o in it.offers], _done(it))
            for it in entries
        ),
        "openings": sorted((it.starts, it.state, it.made, len(it.live)) for it in waitlist.openings("lotus")),
        "pages": sorted((it.calendar, it.day, _places(it)) for it in tables.DayPageItem.scan() if _places(it)),
        "visits": sorted(
            (names[it.client], it.starts, it.status, it.version, it.slot.staff, len(it.history)) for it in visits
        ),
        "messages": Counter(_message(it, names) for it in tables.MessageItem.scan()),
        "credit": [ledger.balance("lotus", f"c-{n}", "CNY").credit for n in range(4)],
    }


def _done(entry: WaitlistEntry) -> list[str]:
    return [line.what for line in entry.lines]


def _places(item: tables.DayPageItem) -> list[tuple[int, int, bool]]:
    """From when to when, and whether it is held."""
    return sorted((start, end, until is not None) for _, start, end, _, _, until in json.loads(unpacked(item.entries)))


def _message(item: tables.MessageItem, names: dict[str, str]) -> tuple[str, str, str]:
    it = messages.as_message(item)
    return names.get(it.recipient, it.recipient), it.stage, it.status
