"""The demo's today, in the middle of its day: what has happened by now, played through the acts of the product.

Each is done at the time at which it would have been, for time is an argument of every act; what follows is
left to the clock. Of a day that has just begun, or is nearly over, what would fall on another day is left out.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from pydantic import BaseModel, ConfigDict

from kept import ids
from kept.actor import CLIENT, Actor, Change
from kept.attendance.no_show import late_by
from kept.booking.appointment import Appointment
from kept.booking.refusals import SlotTaken
from kept.business.catalog import Catalog, StaffMember
from kept.clients.client import Client
from kept.clients.guest import Details, guest
from kept.storage import appointments, tickets
from kept.use_cases.booking.attendance import mark_no_show
from kept.use_cases.booking.blocks import put_in
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.policy.deposit_asking import WITHOUT
from kept.use_cases.waiting import arrivals
from kept.waiting_room.refusals import NotToday, NotWaiting

FRONT_DESK = Actor("staff", "front-desk")
MINUTE = timedelta(minutes=1)
STEP = 300
"""Seconds; what is booked by hand begins on one."""
BOOKED_BEFORE = 170 * MINUTE
"""Of its start: late enough that no reminder of it was owed."""
WAITED_FOR = 15
"""Minutes that who is late has asked for."""
Act = Callable[[Catalog, str, Change], object]


class Visit(BaseModel):
    """`minutes` is its start from now; `did` is what was done about it, each in minutes from its start. Without a
    `client` on record it is for a `name` alone, and `walk_in` for who came in without a booking."""

    model_config = ConfigDict(extra="forbid")

    service: str
    minutes: int
    client: str = ""
    name: str = ""
    walk_in: bool = False
    did: dict[str, int] = {}


class Pause(BaseModel):
    """Time of one of the staff that nobody can book; `minutes` from now."""

    model_config = ConfigDict(extra="forbid")

    staff: str
    minutes: int
    lasts: int
    why: str


class WalkIn(BaseModel):
    """Who has taken a number and waits; `minutes` from now."""

    model_config = ConfigDict(extra="forbid")

    service: str
    minutes: int
    name: str = ""
    phone: str = ""


class Today(BaseModel):
    """What the day has brought so far, and what is still to come."""

    model_config = ConfigDict(extra="forbid")

    visits: list[Visit]
    blocks: list[Pause]
    queue: list[WalkIn] = []


def _applied(act: Callable[..., Appointment]) -> Act:
    return lambda catalog, visit, change: apply_change(catalog, visit, partial(act, change=change), change)


def _cancelled(catalog: Catalog, id: str, change: Change) -> object:
    return _applied(partial(Appointment.cancel, rules=catalog.business.changes))(catalog, id, change)


def _late(catalog: Catalog, id: str, change: Change) -> object:
    rules = catalog.business.attendance
    return _applied(partial(late_by, minutes=WAITED_FOR, rules=rules))(catalog, id, change)


def _has_number(catalog: Catalog, id: str, change: Change) -> None:
    with suppress(NotToday):  # played again when it is over
        arrivals.arrived(catalog, id, change)


def _next_stage(catalog: Catalog, id: str, change: Change) -> None:
    """Of the service's own the second."""
    today = change.at.astimezone(catalog.business.zone).date()
    with suppress(NotWaiting):  # played again when it is over
        for ticket in tickets.of_day(catalog.business.id, today):
            if ticket.appointment == id:
                arrivals.at_stage(catalog, ticket.id, 1, change)


ACTS: Mapping[str, Act] = {
    "check-in": _applied(Appointment.check_in),
    "begin": _applied(Appointment.begin),
    "complete": _applied(Appointment.complete),
    "no-show": mark_no_show,
    "cancel": _cancelled,
    "running-late": _late,
    "number": _has_number,
    "stage": _next_stage,
}
BY_CLIENT = ("cancel", "running-late")


def play(catalog: Catalog, today: Today, known: Mapping[str, Client], now: datetime) -> None:
    """What was played already is found by its key, and stays as it is; half a day is played to its end as it began."""
    now = _began(catalog, today) or _at(now, 0)
    for number, visit in enumerate(today.visits):
        starts = _at(now, visit.minutes)
        if _is_today(catalog, starts, now):
            with suppress(SlotTaken):  # whoever has no room in a day that the owner changed is left out
                _visit(catalog, visit, number, starts, known)
    for number, one in enumerate(today.queue):
        came, change = _at(now, one.minutes), _change(f"queue {number}", _at(now, one.minutes))
        if _is_today(catalog, came, now):
            arrivals.walk_in(catalog, one.service, None, one.name, change, phone=one.phone)
    for number, pause in enumerate(today.blocks):
        starts, change = _at(now, pause.minutes), _change(f"block {number}", now)
        if _is_today(catalog, starts, now):
            with suppress(SlotTaken):
                put_in(catalog, pause.staff, starts, starts + pause.lasts * MINUTE, pause.why, change)


def _began(catalog: Catalog, today: Today) -> datetime | None:
    """When this day was played; None where none was."""
    for number, visit in enumerate(today.visits):
        if found := appointments.find(catalog.business.id, id_of(catalog, number)):
            return found.starts - visit.minutes * MINUTE
    return None


def id_of(catalog: Catalog, number: int) -> str:
    """Of the visit that is played under that number."""
    return ids.from_key("a", catalog.business.id, _key(f"today {number}"))


def _visit(catalog: Catalog, visit: Visit, number: int, starts: datetime, known: Mapping[str, Client]) -> None:
    change = _change(f"today {number}", starts if visit.walk_in else starts - BOOKED_BEFORE)
    client = known[visit.client] if visit.client else _by_name(catalog, visit.name, change)
    made = _booked(catalog, visit, client, starts, change)
    for name, minutes in visit.did.items():
        by = CLIENT if name in BY_CLIENT else FRONT_DESK
        ACTS[name](catalog, made.id, _change(f"today {number} {name}", starts + minutes * MINUTE, by))


def _booked(catalog: Catalog, visit: Visit, client: Client, starts: datetime, change: Change) -> Appointment:
    """With the first who is free, those who are at work then before the others. Raises SlotTaken."""
    people = [catalog.staff[id] for id in catalog.services[visit.service].staff]
    request = BookingRequest(
        visit.service, starts, client, client.zone, known=bool(visit.client), by_hand=True, walk_in=visit.walk_in
    )
    for person in sorted(people, key=lambda one: not _is_at_work(catalog, one, starts)):
        with suppress(SlotTaken):
            return book(catalog, replace(request, staff=person.id, deposit=WITHOUT), change)
    raise SlotTaken


def _by_name(catalog: Catalog, name: str, change: Change) -> Client:
    typed = Details(name, "", "", (), "", catalog.business.tz)
    new = ids.from_key("c", catalog.business.id, change.key)
    return guest(typed, catalog.business, new, source="front desk", words="", now=change.at, by_staff=True)


def _is_at_work(catalog: Catalog, person: StaffMember, starts: datetime) -> bool:
    there = starts.astimezone(catalog.business.zone)
    minute = there.hour * 60 + there.minute
    return any(window.opens <= minute < window.closes for window in person.hours.on(there.date()))


def _is_today(catalog: Catalog, starts: datetime, now: datetime) -> bool:
    zone = catalog.business.zone
    return starts.astimezone(zone).date() == now.astimezone(zone).date()


def _at(now: datetime, minutes: int) -> datetime:
    whole = now.timestamp() // STEP * STEP
    return datetime.fromtimestamp(whole, now.tzinfo) + minutes * MINUTE


def _change(what: str, at: datetime, by: Actor = FRONT_DESK) -> Change:
    """The same key each time."""
    return Change(by, at, key=_key(what), body="demo")


def _key(what: str) -> str:
    return ids.digest(f"demo {what}")
