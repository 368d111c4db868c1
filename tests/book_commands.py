"""Every command that writes the appointment book, as requests that come over HTTPS; and what holds of it after any.

Used in order on moto, and at once on the whole system: the same commands, the same truth.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from kept.booking.appointment import Appointment
from kept.booking.day_page import Entry
from kept.booking.states import Status
from kept.business.catalog import Catalog, Resource, Service
from kept.business.stranger_rules import StrangerRules
from tests.asking import Answer
from tests.builders import STARTS, a_catalog

STEP = timedelta(minutes=15)
DAY = timedelta(days=1)
FIRST = STARTS.replace(hour=1)
"""Nine o'clock in Shanghai on a Monday; everything happens within three days from here."""
ZONES = ("Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati", "Asia/Shanghai")
ANYBODY = {"network_holds": 1000, "network_hour": 1000, "network_day": 1000, "contact_day": 1000} | {
    "contact_open": 1000,
    "contact_messages": 1000,
    "day_share": 100,
}
"""Limits of strangers that nobody meets."""
SERVICES = ("cut", "fringe", "colour", "wash")
STAFF = ("mei", "jun", None)
REASONS = ("came_after_all", "our_fault", "emergency")
CAME = ("came", "late", "missed")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def a_clinic() -> Catalog:
    """Two people and one chair: some services need both a person and the chair, with buffers on either side."""
    lotus = a_catalog()
    services = (
        Service("cut", "Cut", 60, staff=("mei",)),
        Service("fringe", "Fringe", 15, staff=("mei", "jun"), after=5, step=5),
        Service("colour", "Colour", 90, staff=("mei", "jun"), rooms=("chair",), before=10, after=15, step=5),
        Service("wash", "Wash", 30, staff=("jun", "mei"), rooms=("chair",), before=5, after=10, step=5),
    )
    business = replace(lotus.business, strangers=StrangerRules(**ANYBODY))
    return replace(
        lotus, business=business, services={s.id: s for s in services}, rooms={"chair": Resource("chair", "Chair")}
    )


@dataclass(frozen=True, slots=True)
class Request:
    """To one function, by one of the business's people (`role`), by the bearer of a link, or by anybody."""

    function: str
    route: str
    body: object
    role: str = ""
    bearer: str = ""


@dataclass(slots=True)
class Known:
    """What those who ask have been told so far: appointments with their links, and holds with what they are for."""

    links: dict[str, str] = field(default_factory=dict)
    holds: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def learn(self, request: Request, answer: Answer) -> None:
        if answer.status != 201:
            return
        if "hold" in answer.body:
            self.holds.append((answer.body["hold"], dict(request.body)))  # type: ignore[call-overload]
        elif "link" in answer.body:
            self.links[answer.body["id"]] = answer.body["link"]


Made = Callable[[Known, int, int], Request | None]


def _slot(which: int, how: int) -> dict[str, Any]:
    slot = {
        "service": SERVICES[how % 4],
        "start": (FIRST + which % 40 * STEP).isoformat(),
        "staff": STAFF[how // 4 % 3],
    }
    return {name: said for name, said in slot.items() if said}


def _client(which: int) -> dict[str, Any]:
    return {"name": f"Client {which % 3}", "email": f"client-{which % 3}@example.com", "agrees_to": ["email"]}


def _book(_: Known, which: int, how: int) -> Request:
    body = _slot(which, how) | {"client": _client(how)}
    return Request("booking", "POST /v1/businesses/lotus/appointments", body)


def _by_hand(_: Known, which: int, how: int) -> Request:
    body = _slot(which, how) | {"client": _client(how), "override": "a regular"}
    return Request("front_desk", "POST /v1/desk/appointments", body, role="staff")


def _hold(_: Known, which: int, how: int) -> Request:
    return Request("booking", "POST /v1/businesses/lotus/holds", _slot(which, how))


def _use(known: Known, which: int, how: int) -> Request | None:
    """Sometimes a second time, sometimes after it ran out, sometimes for another time."""
    if not known.holds:
        return None
    hold, slot = known.holds[which % len(known.holds)]
    body = dict(slot) | {"hold": hold, "client": _client(how)}
    if how % 7 == 0:
        body["start"] = (FIRST + how % 40 * STEP).isoformat()
    return Request("booking", "POST /v1/businesses/lotus/appointments", body)


def _of_one(known: Known, which: int) -> tuple[str, str] | None:
    return list(known.links.items())[which % len(known.links)] if known.links else None


def _client_moves(known: Known, which: int, how: int) -> Request | None:
    if not (one := _of_one(known, which)):
        return None
    body = {"start": (FIRST + how % 40 * STEP).isoformat()}
    return Request("my_appointment", "POST /v1/appointment/reschedule", body, bearer=one[1])


def _client_cancels(known: Known, which: int, _: int) -> Request | None:
    one = _of_one(known, which)
    return one and Request("my_appointment", "POST /v1/appointment/cancel", {"reason": "time"}, bearer=one[1])


def _at_the_desk(path: str, body: Callable[[int], object] = lambda _: {}) -> Made:
    def made(known: Known, which: int, how: int) -> Request | None:
        if not (one := _of_one(known, which)):
            return None
        return Request("front_desk", f"POST /v1/desk/appointments/{one[0]}/{path}", body(how), role="staff")

    return made


def _staff_move(how: int) -> object:
    body = {"start": (FIRST + how % 40 * STEP).isoformat(), "staff": STAFF[how % 3], "override": "asked" * (how % 2)}
    return {name: said for name, said in body.items() if said}


def _day_ends(known: Known, which: int, how: int) -> Request | None:
    """Several at once, whether or not their day is over."""
    if not known.links:
        return None
    said = {id: CAME[(how + n) % 3] for n, id in enumerate(list(known.links)[which % len(known.links) :][:5])}
    return Request("front_desk", "POST /v1/desk/day-end", {"said": said}, role="staff")


def _keep_times(_: Known, which: int, how: int) -> Request:
    body = {"keep": ("time", "instant")[which % 2], "try_only": how % 5 == 0}
    return Request("front_desk", "POST /v1/desk/local-times", body, role="owner")


def _zone(_: Known, which: int, how: int) -> Request:
    """With or without checking in, and a missed chair given away at once or when staff say so."""
    body = {
        "name": "Lotus",
        "tz": ZONES[which % len(ZONES)],
        "country": "CN",
        "currency": "CNY",
        "locale": "en",
        "closes_on_holidays": False,
        "strangers": ANYBODY,
        "attendance": {"checks_in": how % 2 == 0, "release_missed": how % 3 == 0},
    }
    return Request("catalog", "PUT /v1/desk/business", body, role="owner")


def _service(_: Known, which: int, how: int) -> Request:
    """Longer, shorter, with other buffers, with and without the chair."""
    body = {
        "name": "Anything",
        "duration": (15, 45, 60, 90)[how % 4],
        "staff": ["mei", "jun"],
        "rooms": ["chair"] * (which % 2),
        "before": which % 4 * 5,
        "after": how % 3 * 10,
        "step": 5,
    }
    return Request("catalog", f"PUT /v1/desk/services/{SERVICES[which % 4]}", body, role="owner")


def _member(_: Known, which: int, how: int) -> Request:
    """Mei or Jun comes (back), with hours that may have changed."""
    windows = [("09:00-20:00", "00:00-24:00", "18:00-30:00")[how % 3]]
    body = {"name": "Somebody", "hours": {"weekly": dict.fromkeys(WEEK, windows)}}
    return Request("catalog", f"PUT /v1/desk/staff/{STAFF[which % 2]}", body, role="owner")


def _member_leaves(_: Known, which: int, __: int) -> Request:
    return Request("catalog", f"DELETE /v1/desk/staff/{STAFF[which % 2]}", None, role="owner")


def _room_goes(_: Known, __: int, ___: int) -> Request:
    return Request("catalog", "DELETE /v1/desk/rooms/chair", None, role="owner")


def _room_comes(_: Known, __: int, ___: int) -> Request:
    return Request("catalog", "PUT /v1/desk/rooms/chair", {"name": "Chair"}, role="owner")


COMMANDS: dict[str, Made] = {
    "book": _book,
    "book by hand": _by_hand,
    "hold": _hold,
    "use a hold": _use,
    "client moves": _client_moves,
    "client cancels": _client_cancels,
    "staff move": _at_the_desk("reschedule", _staff_move),
    "staff cancel": _at_the_desk("cancel", lambda _: {"reason": "other"}),
    "confirm": _at_the_desk("confirm"),
    "check in": _at_the_desk("check-in"),
    "begin": _at_the_desk("begin"),
    "complete": _at_the_desk("complete"),
    "missed": _at_the_desk("no-show"),
    "taken back": _at_the_desk("reverse-no-show", lambda how: {"reason": REASONS[how % 3]}),
    "released": _at_the_desk("release"),
    "undone": _at_the_desk("undo"),
    "day ends": _day_ends,
    "zone corrected": _zone,
    "local times kept": _keep_times,
    "service changed": _service,
    "somebody comes": _member,
    "somebody leaves": _member_leaves,
    "room goes": _room_goes,
    "room comes": _room_comes,
}
OFTEN = (
    "book",
    "book by hand",
    "hold",
    "use a hold",
    "client moves",
    "staff move",
    "missed",
    "taken back",
    "released",
    "undone",
)

Page = tuple[str, str, Iterable[Entry]]
"""Its calendar (staff:mei), its day, and what stands there."""


def untrue(pages: Iterable[Page], visits: Iterable[Appointment], *, now: datetime) -> list[str]:
    """What does not hold of the book: two that clash, one that stands where it should not, or does not where it should.

    A visit has its place while it is expected or underway, and a missed one until its chair is given away.
    """
    known, by_calendar, stands = {visit.id: visit for visit in visits}, dict[str, dict[str, Entry]](), set()
    for calendar, day, entries in pages:
        for entry in entries:
            if by_calendar.setdefault(calendar, {}).setdefault(entry.ref, entry) != entry:
                return [f"{entry.ref} stands on two pages of {calendar} with two times"]
            if entry.hold_until is None:
                stands.add((entry.ref, calendar, day))
    return [*_clashes(by_calendar, now), *_misplaced(known, stands)]


def _clashes(by_calendar: Mapping[str, Mapping[str, Entry]], now: datetime) -> Iterable[str]:
    for calendar, entries in by_calendar.items():
        live = [entry for entry in entries.values() if entry.is_live(now=now)]
        for one, other in combinations(live, 2):
            if one.clashes_with(other):
                yield f"{one.ref} and {other.ref} clash with {calendar}"


def _misplaced(visits: Mapping[str, Appointment], stands: set[tuple[str, str, str]]) -> Iterable[str]:
    due = {place for visit in visits.values() if has_its_place(visit) for place in places(visit)}
    yield from (f"{place} is not in the book" for place in sorted(due - stands))
    yield from (f"{place} is an orphan" for place in sorted(stands - due))


def has_its_place(visit: Appointment) -> bool:
    """Whoever is expected or here, and whoever was missed and whose chair was given to nobody."""
    return visit.is_expected or visit.has_come or (visit.status is Status.NO_SHOW and not visit.released)


def places(visit: Appointment) -> Iterable[tuple[str, str, str]]:
    calendars = [f"staff:{visit.slot.staff}", *([f"room:{visit.slot.room}"] if visit.slot.room else [])]
    return [(visit.id, calendar, day.isoformat()) for calendar in calendars for day in visit.slot.days]
