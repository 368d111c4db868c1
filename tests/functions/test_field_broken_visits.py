"""A setting that breaks visits which are booked is saved, and its answer says which they are and why.

Every kind of setting that decides when, with whom, where or for how long: one visit of Li Na's, on Monday at 17:00.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import catalog as settings
from kept import clock
from kept.actor import Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.day_page import DayPage, Entry
from kept.business.change_rules import ChangeRules
from kept.messaging.letter import Links, letter
from kept.storage import appointments, catalogs, day_pages
from kept.storage.transaction import together
from kept.use_cases.booking import breaks
from kept.use_cases.booking.day import on_day
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.lotus import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = {day: ["09:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
MEI: dict[str, Any] = {"name": "Mei", "email": "mei@lotus.example", "hours": {"weekly": WEEK}}
CUT: dict[str, Any] = {"name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
COLOUR: dict[str, Any] = {
    "name": "Colour",
    "duration": 60,
    "staff": ["mei"],
    "rooms": ["basin"],
    "before": 5,
    "after": 10,
    "notice": 120,
}
LOTUS: dict[str, Any] = {
    "name": "Lotus",
    "tz": "Asia/Shanghai",
    "country": "CN",
    "currency": "CNY",
    "locale": "zh-Hans",
    "email": "desk@lotus.example",
    "closes_on_holidays": False,
}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()
    # Jun colours as well, so that Mei can leave.
    catalogs.put("lotus", [replace(catalogs.load("lotus").services["colour"], staff=("mei", "jun"))])


def put(path: str, body: dict[str, Any]) -> Answer:
    return ask(settings.handler, f"PUT /v1/desk/{path}", body, role="owner")


def drop(path: str) -> Answer:
    return ask(settings.handler, f"DELETE /v1/desk/{path}", role="owner")


def mei(**hours: Any) -> Callable[[], Answer]:
    return lambda: put("staff/mei", MEI | {"hours": {"weekly": WEEK} | hours})


def off(starts: str, ends: str) -> Callable[[], Answer]:
    return mei(time_off=[{"starts": starts, "ends": ends}])


def service(id: str, told: dict[str, Any], **changes: Any) -> Callable[[], Answer]:
    return lambda: put(f"services/{id}", told | changes)


def business(**changes: Any) -> Callable[[], Answer]:
    return lambda: put("business", LOTUS | changes)


def a_cut(id: str = "a-1", starts: datetime = STARTS, **slot: Any) -> Appointment:
    visit = an_appointment(id, starts=starts)
    return replace(visit, slot=replace(visit.slot, **slot))


def a_colour(id: str = "a-1", starts: datetime = STARTS) -> Appointment:
    visit = an_appointment(id, starts=starts)
    return replace(visit, service="colour", slot=Slot(starts, starts + HOUR, "mei", "basin", 5, 10))


def two_visits() -> list[Appointment]:
    """The next begins ten minutes after the first."""
    return [a_cut(), a_cut("a-2", STARTS + 70 * MINUTE)]


Kind = tuple[list[Appointment], Callable[[], Answer], str]
KINDS: dict[str, Kind] = {
    "taken off the service": ([a_cut()], service("cut", CUT, staff=["jun"]), "not_by_them"),
    "the service is given up": ([a_cut()], lambda: drop("services/cut"), "service_gone"),
    "another weekday": ([a_cut()], mei(weekly=WEEK | {"mon": []}), "closed"),
    "hours that end sooner": ([a_cut()], mei(weekly=WEEK | {"mon": ["09:00-17:30"]}), "closed"),
    "hours that begin later": ([a_cut()], mei(weekly=WEEK | {"mon": ["17:15-20:00"]}), "closed"),
    "a break in the middle": ([a_cut()], mei(weekly=WEEK | {"mon": ["09:00-17:30", "17:45-20:00"]}), "closed"),
    "a closed date": ([a_cut()], mei(overrides={"2026-03-02": []}), "closed"),
    "a date with other hours": ([a_cut()], mei(overrides={"2026-03-02": ["09:00-12:00"]}), "closed"),
    "a week off": ([a_cut()], off("2026-03-01T00:00:00+08:00", "2026-03-08T00:00:00+08:00"), "away"),
    "a minute of it off": ([a_cut()], off("2026-03-02T17:59:00+08:00", "2026-03-02T18:30:00+08:00"), "away"),
    "time off in another zone": ([a_cut()], off("2026-03-02T09:30:00+00:00", "2026-03-02T10:00:00+00:00"), "away"),
    "a room taken off": (
        [a_colour()],
        lambda: (put("rooms/chair", {"name": "Chair"}), put("services/colour", COLOUR | {"rooms": ["chair"]}))[1],
        "not_in_this_room",
    ),
    "a room that closes": (
        [a_colour()],
        lambda: put("rooms/basin", {"name": "B", "hours": {"weekly": {"tue": ["09:00-20:00"]}}}),
        "room_closed",
    ),
    "a room on time off": (
        [a_colour()],
        lambda: put(
            "rooms/basin",
            {
                "name": "Basin",
                "hours": {
                    "weekly": WEEK,
                    "time_off": [{"starts": "2026-03-02T00:00:00+08:00", "ends": "2026-03-03T00:00:00+08:00"}],
                },
            },
        ),
        "room_closed",
    ),
    "a room that goes": (
        [a_colour()],
        lambda: (
            put("rooms/chair", {"name": "Chair"}),
            put("services/colour", COLOUR | {"rooms": ["basin", "chair"]}),
            drop("rooms/basin"),
        )[2],
        "room_gone",
    ),
    "a room that is needed now": ([a_cut()], service("cut", CUT, rooms=["basin"]), "needs_a_room"),
    "a length that reaches beyond closing": (
        [a_cut(starts=STARTS + 2 * HOUR)],
        service("cut", CUT, duration=75),
        "closed",
    ),
    "a length that meets the next": (two_visits(), service("cut", CUT, duration=75), "too_close"),
    "a buffer after that meets the next": (two_visits(), service("cut", CUT, after=15), "too_close"),
    "a buffer before that meets the one before": (two_visits(), service("cut", CUT, before=15), "too_close"),
    "holidays are kept now": (
        [a_cut(starts=datetime(2026, 5, 1, 9, tzinfo=UTC))],
        business(closes_on_holidays=True),
        "closed",
    ),
    "another zone": ([a_cut()], business(tz="America/New_York"), "closed"),
    "somebody who leaves": ([a_cut()], lambda: drop("staff/mei"), "staff_gone"),
}


@pytest.mark.parametrize(("visits", "change", "why"), KINDS.values(), ids=KINDS)
def test_what_breaks_a_visit_says_which(visits: list[Appointment], change: Callable[[], Answer], why: str) -> None:
    for visit in visits:
        lotus.put(visit)
    answer = change()
    assert answer.status == 200
    told = answer.body["breaks"]
    assert (told["total"], told["complete"], {it["why"] for it in told["visits"]}) == (
        len(told["visits"]),
        True,
        {why},
    )
    first = told["visits"][0]
    assert (first["id"], first["service"], first["staff"], first["client_name"]) == (
        "a-1",
        visits[0].service,
        "mei",
        "Li Na",
    )
    assert datetime.fromisoformat(first["start"]) == visits[0].starts
    assert first["start"].endswith("-05:00" if "New_York" in str(answer.body) else "+08:00")
    assert appointments.load("lotus", "a-1").slot == visits[0].slot, "it stands as it is"


HARMLESS: dict[str, tuple[list[Appointment], Callable[[], Answer]]] = {
    "another name": ([a_cut()], service("cut", CUT, name="Haircut")),
    "another price": ([a_cut()], service("cut", CUT, price={"minor": 100, "currency": "CNY"})),
    "longer hours": ([a_cut()], mei(weekly=WEEK | {"mon": ["08:00-21:00"]})),
    "another day": ([a_cut()], mei(weekly=WEEK | {"tue": []})),
    "hours that end with it": ([a_cut()], mei(weekly=WEEK | {"mon": ["17:00-18:00"]})),
    "time off that ends as it begins": ([a_cut()], off("2026-03-02T00:00:00+08:00", "2026-03-02T17:00:00+08:00")),
    "time off that begins as it ends": ([a_cut()], off("2026-03-02T18:00:00+08:00", "2026-03-03T00:00:00+08:00")),
    "a closed date that is not its": ([a_cut()], mei(overrides={"2026-03-03": []})),
    "somebody more": ([a_cut()], service("cut", CUT, staff=["mei", "jun", "bo"])),
    "somebody else leaves": ([a_cut()], lambda: drop("staff/bo")),
    "another service given up": ([a_cut()], lambda: drop("services/colour")),
    "a shorter length": (two_visits(), service("cut", CUT, duration=30)),
    "a buffer that fits": (two_visits(), service("cut", CUT, after=10)),
    "a notice and a horizon": ([a_cut()], service("cut", CUT, notice=10_000, horizon=7)),
    "its room is needed no more": ([a_colour()], service("colour", COLOUR, rooms=[])),
    "a zone of the same clock": ([a_cut()], business(tz="Asia/Singapore")),
    "quiet hours": ([a_cut()], business(quiet_hours={"begins": "16:00", "ends": "19:00"})),
    "it was over": ([a_cut(starts=NOW - 2 * HOUR)], mei(weekly={"tue": ["09:00-20:00"]})),
    "it was booked by hand outside the hours": (
        [a_cut(starts=STARTS + 5 * HOUR)],
        mei(weekly=WEEK | {"mon": ["09:00-19:00"]}),
    ),
    "with somebody else": ([a_cut(staff="jun")], mei(weekly=WEEK | {"mon": []})),
}


@pytest.mark.parametrize(("visits", "change"), HARMLESS.values(), ids=HARMLESS)
def test_what_breaks_none_says_so(visits: list[Appointment], change: Callable[[], Answer]) -> None:
    for visit in visits:
        lotus.put(visit)
    assert change().body["breaks"] == {"total": 0, "complete": True, "visits": []}


def test_one_that_was_cancelled_is_not_broken() -> None:
    visit = lotus.put(a_cut())
    gone = visit.cancel(Change(Actor("staff", "mei"), NOW), rules=ChangeRules())
    with together() as transaction:
        appointments.put(gone, None, transaction)
    assert mei(weekly=WEEK | {"mon": []})().body["breaks"]["total"] == 0


def test_one_that_is_on_the_page_by_a_hold_alone_is_no_visit() -> None:
    minute = int(STARTS.timestamp()) // 60
    page = DayPage("staff:mei", date(2026, 3, 2), entries=(Entry("h-1", minute, minute + 60, hold_until=2**40),))
    day_pages.put_alone("lotus", page)
    assert mei(weekly=WEEK | {"mon": []})().body["breaks"]["total"] == 0


def test_what_is_already_broken_is_told_once() -> None:
    lotus.put(a_cut())
    change = mei(weekly=WEEK | {"mon": []})
    assert [change().body["breaks"]["total"] for _ in range(2)] == [1, 0]


def test_of_many_the_soonest_are_listed_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks, "LISTED", 3)
    for n in range(5):
        lotus.put(a_cut(f"a-{n}", STARTS + n * DAY))
    told = mei(weekly={"sun": ["09:00-10:00"]})().body["breaks"]
    assert (told["total"], told["complete"], [it["id"] for it in told["visits"]]) == (5, True, ["a-0", "a-1", "a-2"])


def test_where_there_are_too_many_to_look_at_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks, "LOOKED_AT", 2)
    for n in range(4):
        lotus.put(a_cut(f"a-{n}", STARTS + n * DAY))
    told = mei(weekly={"sun": ["09:00-10:00"]})().body["breaks"]
    assert (told["total"], told["complete"]) == (2, False)


def test_a_setting_that_concerns_no_visit_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def reads(*_: object) -> list[Any]:
        raise AssertionError("it reads the book")

    lotus.put(a_cut())
    mei()()
    monkeypatch.setattr(day_pages, "between", reads)
    for change in (service("cut", CUT, prepare="Wash"), mei(), business(day_list=None)):
        change()


def test_another_business_s_visits_are_not_told() -> None:
    lotus.put(a_cut())
    hours = {"name": "Sam", "hours": {"weekly": {"tue": ["09:00-10:00"]}}}
    answer = ask(settings.handler, "PUT /v1/desk/staff/sam", hours, role="owner", business="garage")
    assert answer.body["breaks"]["total"] == 0


GIVEN_UP: dict[str, tuple[str, int, str | None]] = {
    "an unknown service": ("services/perm", 404, "unknown_service"),
    "an unknown person": ("staff/zoe", 404, "unknown_staff"),
    "an unknown room": ("rooms/attic", 404, "unknown_room"),
    "the only room of a service": ("rooms/basin", 422, "invalid_setting"),
}


@pytest.mark.parametrize(("path", "status", "code"), GIVEN_UP.values(), ids=GIVEN_UP)
def test_what_cannot_be_given_up_is_refused(path: str, status: int, code: str | None) -> None:
    before = lotus.everything()
    answer = drop(path)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


def test_whoever_alone_does_a_service_cannot_leave_before_it_is_given_up() -> None:
    catalogs.put("lotus", [replace(catalogs.load("lotus").services["colour"], staff=("mei",))])
    answer = drop("staff/mei")
    assert (answer.status, answer.body["field"]) == (422, "services.colour.staff")
    drop("services/colour")
    assert drop("staff/mei").status == 200


@pytest.mark.parametrize("path", ["services/cut", "staff/bo", "rooms/basin"])
@pytest.mark.parametrize("role", ["staff", ""])
def test_only_who_leads_the_business_may_give_anything_up(path: str, role: str) -> None:
    answer = ask(settings.handler, f"DELETE /v1/desk/{path}", role=role)
    assert answer.status == (403 if role else 401)


def test_who_left_is_on_no_service_and_stands_in_the_day() -> None:
    """What is booked with them is seen until it is moved; a service that was given up keeps its name."""
    lotus.put(a_cut())
    drop("staff/mei")
    drop("services/cut")
    catalog = catalogs.load("lotus")
    assert {id: it.staff for id, it in catalog.services.items()} == {"colour": ("jun",)}
    (visit,) = on_day(catalog, date(2026, 3, 2))
    written = letter(visit, a_client(), catalog, stage=None, links=Links("", "", ""))
    assert (written.service, written.staff) == ("Cut", "")


def test_what_comes_back_is_offered_again() -> None:
    drop("services/cut")
    service("cut", CUT, name="New cut")()
    assert catalogs.load("lotus").services["cut"].name == "New cut"
