"""The rule: whatever is asked of the desk's day, nothing is lost and nothing stands twice.

What makes no sense is refused in words and changes nothing; a day of 23 or 25 hours, a night's work and whoever has
left are shown as they are; of two who ask for the same minute one wins, and the other is told who.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import front_desk
from kept import clock
from kept.booking.appointment import Slot
from kept.business.catalog import Business, Catalog
from kept.storage import appointments, blocks, catalogs, day_pages
from kept.timekeeping.weekly_hours import Window
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CUT, STARTS, a_member, an_appointment
from tests.refusing import DESK, is_problem, refused

BLOCKS, DAY, WEEK, OPENINGS = "/v1/desk/blocks", "/v1/desk/day", "/v1/desk/week", "/v1/desk/openings"
KEY = "f3a1c0de-0000-4000-8000-00000000000e"
LUNCH: dict[str, Any] = {"staff": "mei", "start": "2026-03-02T12:00:00+08:00", "end": "2026-03-02T13:00:00+08:00"}
AT_FIVE = "2026-03-02T17:00:00+08:00"
WALK_IN: dict[str, Any] = {"service": "cut", "client": {"name": "Walk-in"}, "walk_in": True}


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monday, 9:00 in Shanghai; Li Na comes to Mei at 17:00."""
    at(monkeypatch, STARTS - timedelta(hours=8))
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def block(**changed: Any) -> Answer:
    return ask(front_desk.handler, f"POST {BLOCKS}", LUNCH | changed, role="staff")


def move(**wanted: Any) -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE} | wanted, role="staff")


def day(on: str, **who: Any) -> Any:
    return ask(front_desk.handler, f"GET {DAY}", query={"on": on}, **({"role": "staff"} | who)).body


SENSELESS = {
    "a block into the past": (
        f"POST {BLOCKS}",
        LUNCH | {"start": "2026-03-01T12:00:00+08:00", "end": "2026-03-01T13:00:00+08:00"},
        (422, "in_the_past"),
    ),
    "a block that is just over": (
        f"POST {BLOCKS}",
        LUNCH | {"start": "2026-03-02T08:30:00+08:00", "end": "2026-03-02T09:00:00+08:00"},
        (422, "in_the_past"),
    ),
    "a block that ends as it begins": (f"POST {BLOCKS}", LUNCH | {"end": LUNCH["start"]}, (422, "invalid_request")),
    "a block that ends before it begins": (
        f"POST {BLOCKS}",
        LUNCH | {"end": "2026-03-02T11:00:00+08:00"},
        (422, "invalid_request"),
    ),
    "a block of seconds": (
        f"POST {BLOCKS}",
        LUNCH | {"end": "2026-03-02T12:30:30+08:00"},
        (422, "invalid_request"),
    ),
    "a block of a week": (f"POST {BLOCKS}", LUNCH | {"end": "2026-03-09T12:00:00+08:00"}, (422, "invalid_request")),
    "a block without an offset": (f"POST {BLOCKS}", LUNCH | {"end": "2026-03-02T13:00:00"}, (422, "invalid_request")),
    "a block of nobody": (f"POST {BLOCKS}", LUNCH | {"staff": "nobody"}, (404, "unknown_staff")),
    "a block of somebody at the garage": (f"POST {BLOCKS}", LUNCH | {"staff": "sam"}, (404, "unknown_staff")),
    "a block with a why of 100 KB": (f"POST {BLOCKS}", LUNCH | {"why": "x" * 100_000}, (413, "body_too_large")),
    "a block with a long why": (f"POST {BLOCKS}", LUNCH | {"why": "x" * 501}, (422, "invalid_request")),
    "a block with more": (f"POST {BLOCKS}", LUNCH | {"colour": "red"}, (422, "invalid_request")),
    "a block that is not there": (f"PATCH {BLOCKS}/b-9", {"revision": 1, "why": "nap"}, (404, "unknown_block")),
    "a visit as a block": (f"PATCH {BLOCKS}/a-1", {"revision": 1, "why": "nap"}, (404, "unknown_block")),
    "a block's name in a path": (f"DELETE {BLOCKS}/block%23b-1", None, (422, "invalid_request")),
    "a block without its revision": (f"DELETE {BLOCKS}/b-1", None, (422, "invalid_request")),
    "resized to nothing": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 0}, (422, "invalid_request")),
    "resized to less": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": -30}, (422, "invalid_request")),
    "resized past a day": (
        f"POST {DESK}/a-1/reschedule",
        {"start": AT_FIVE, "minutes": 1441, "override": "a film"},
        (422, "invalid_request"),
    ),
    "resized past closing": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 181}, (422, "not_offered")),
    "resized past midnight": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 480}, (422, "not_offered")),
    "resized in halves": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 30.5}, (422, "invalid_request")),
    "resized as it was not seen": (
        f"POST {DESK}/a-1/reschedule",
        {"start": AT_FIVE, "minutes": 90, "version": 7},
        (409, "outdated"),
    ),
    "dragged into the past": (
        f"POST {DESK}/a-1/reschedule",
        {"start": "2026-03-01T17:00:00+08:00"},
        (422, "in_the_past"),
    ),
    "dragged into the past with a reason": (
        f"POST {DESK}/a-1/reschedule",
        {"start": "2026-03-01T17:00:00+08:00", "override": "a slip"},
        (422, "in_the_past"),
    ),
    "dragged to nobody": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "staff": "bo"}, (404, "unknown_staff")),
    "a preview of what is not there": (
        f"POST {DESK}/a-9/move-preview",
        {"start": AT_FIVE},
        (404, "unknown_appointment"),
    ),
    "a preview of no time": (f"POST {DESK}/a-1/move-preview", {}, (422, "invalid_request")),
    "late by nothing": (f"POST {DESK}/a-1/running-late", {"minutes": 0}, (422, "invalid_request")),
    "late by a week": (f"POST {DESK}/a-1/running-late", {"minutes": 10_080}, (422, "invalid_request")),
    "late without minutes": (f"POST {DESK}/a-1/running-late", {}, (422, "invalid_request")),
    "neither a start nor a walk-in": (f"POST {DESK}", WALK_IN | {"walk_in": False}, (422, "invalid_request")),
    "a walk-in tomorrow": (f"POST {DESK}", WALK_IN | {"start": "2026-03-03T12:00:00+08:00"}, (422, "invalid_request")),
    "a client of two names": (
        f"POST {DESK}",
        WALK_IN | {"client": {"id": "c-1", "name": "Li Na"}},
        (422, "invalid_request"),
    ),
    "a client of none": (f"POST {DESK}", WALK_IN | {"client": {}}, (422, "invalid_request")),
    "a client whose number alone is known": (
        f"POST {DESK}",
        WALK_IN | {"client": {"phone": "+8613800001111"}},
        (422, "invalid_request"),
    ),
    "a contact's claim as a client": (
        f"POST {DESK}",
        WALK_IN | {"client": {"id": "contact#1"}},
        (422, "invalid_request"),
    ),
    "the day of no date": (f"GET {DAY}", {"on": "monday"}, (422, "invalid_request")),
    "the day of two dates": (f"GET {DAY}", {"on": "2026-03-02,2026-03-03"}, (422, "invalid_request")),
    "the day of a date that is none": (f"GET {DAY}", {"on": "2026-02-30"}, (422, "invalid_request")),
    "a week of nobody": (f"GET {WEEK}", {"staff": "nobody", "from": "2026-03-02"}, (404, "unknown_staff")),
    "a week of no day": (f"GET {WEEK}", {"staff": "mei"}, (422, "invalid_request")),
    "openings of nothing": (f"GET {OPENINGS}", {"service": "wash"}, (404, "unknown_service")),
    "openings of too many": (f"GET {OPENINGS}", {"service": "cut", "limit": "1000"}, (422, "invalid_request")),
    "openings of years": (
        f"GET {OPENINGS}",
        {"service": "cut", "from": "2026-03-02T00:00:00Z", "to": "2030-03-02T00:00:00Z"},
        (422, "invalid_request"),
    ),
}


@pytest.mark.parametrize(("route", "asked", "wrong"), SENSELESS.values(), ids=SENSELESS)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    route: str, asked: dict[str, Any] | None, wrong: tuple[int, str]
) -> None:
    is_query = route.startswith("GET")
    said = {"query": asked} if is_query else {"body": asked}
    assert is_problem(refused(route, role="staff", **said), *wrong)


ROUTES = {
    "the day": (f"GET {DAY}", None),
    "a week": (f"GET {WEEK}", None),
    "openings": (f"GET {OPENINGS}", None),
    "a block": (f"POST {BLOCKS}", LUNCH),
    "another block": (f"PATCH {BLOCKS}/b-1", {"revision": 1}),
    "no block": (f"DELETE {BLOCKS}/b-1", None),
    "a preview": (f"POST {DESK}/a-1/move-preview", {"start": AT_FIVE}),
    "a late client": (f"POST {DESK}/a-1/running-late", {"minutes": 10}),
    "a walk-in": (f"POST {DESK}", WALK_IN),
}


@pytest.mark.parametrize(("route", "body"), ROUTES.values(), ids=ROUTES)
def test_nobody_but_the_people_of_a_business_is_let_in(route: str, body: Any) -> None:
    assert is_problem(refused(route, body), 401, "sign_in_required")
    assert is_problem(refused(route, body, role="clients"), 403, "role_required")


@pytest.mark.parametrize("act", ["move-preview", "running-late"])
def test_a_visit_of_another_business_is_not_there(act: str) -> None:
    wanted = {"minutes": 10} if act == "running-late" else {"start": AT_FIVE}
    answer = refused(f"POST {DESK}/a-1/{act}", wanted, role="owner", business="garage")
    assert is_problem(answer, 404, "unknown_appointment")


NEW_YORK = {
    "the clock goes forward": (date(2026, 3, 8), 23),
    "the clock goes back": (date(2026, 11, 1), 25),
    "an ordinary day": (date(2026, 3, 9), 24),
    "the last of a year": (date(2026, 12, 31), 24),
    "a leap day": (date(2028, 2, 29), 24),
    "the farthest day": (date(8999, 12, 31), 24),
    "the first day": (date(1970, 1, 2), 24),
}


@pytest.mark.parametrize(("on", "hours"), NEW_YORK.values(), ids=NEW_YORK)
def test_a_day_is_as_long_as_it_is(on: date, hours: int) -> None:
    """Somebody who works round the clock has all of its hours, and no more."""
    sam = a_member("sam")
    weekly = dict.fromkeys(range(7), (Window(0, 24 * 60),))
    catalogs.put("garage", [replace(sam, hours=replace(sam.hours, weekly=weekly))])
    told = day(on.isoformat(), business="garage")
    (span,) = told["staff"][0]["hours"][:1]
    begins, ends = (datetime.fromisoformat(span[name]) for name in ("start", "end"))
    assert begins.date() <= on
    assert ends.astimezone(UTC) - begins.astimezone(UTC) >= timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param("2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00", {8}, id="over the hour that is not"),
        pytest.param("2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", {1}, id="from one 1:30 to the other"),
        pytest.param("2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", {1}, id="all of a day of 25 hours"),
        pytest.param("2026-03-09T23:30:00-04:00", "2026-03-10T00:30:00-04:00", {9, 10}, id="over midnight"),
        pytest.param("2026-03-10T03:30:00Z", "2026-03-10T04:00:00Z", {9}, id="up to midnight"),
        pytest.param("2026-03-10T04:00:00Z", "2026-03-10T04:30:00Z", {10}, id="from midnight on"),
    ],
)
def test_a_block_is_on_the_days_that_it_touches(start: str, end: str, days: set[int]) -> None:
    wanted = {"staff": "sam", "start": start, "end": end, "why": "errand"}
    made = ask(front_desk.handler, f"POST {BLOCKS}", wanted, role="staff", business="garage")
    assert made.status == 201, made.body
    first = datetime.fromisoformat(start).astimezone(UTC).date()
    near = [first + timedelta(days=n) for n in range(-2, 3)]
    shown = {it.day for it in near if day(it.isoformat(), business="garage")["blocks"]}
    assert shown == days
    gone = ask(
        front_desk.handler,
        f"DELETE {BLOCKS}/{made.body['id']}",
        role="staff",
        business="garage",
        query={"revision": "1"},
    )
    assert gone.status == 200
    assert not any(page.entries for page in day_pages.between("garage", "staff:sam", near[0], near[-1]))


def test_a_visit_over_midnight_is_on_both_of_its_days() -> None:
    lotus.put(an_appointment("a-2", starts=datetime(2026, 3, 3, 15, 30, tzinfo=UTC)))
    for on in ("2026-03-03", "2026-03-04"):
        assert [it["id"] for it in day(on)["appointments"]] == ["a-2"]


def test_who_has_left_keeps_the_visit_where_it_is_until_it_is_moved() -> None:
    """Its end may still be changed; a block of theirs may be taken out, not put in."""
    mine = block().body
    mei = lotus.the_salon().staff["mei"]
    catalogs.give_up("lotus", mei, over=catalogs.revision(mei))
    assert move(minutes=90).body["end"] == "2026-03-02T18:30:00+08:00"
    assert is_problem(block(start="2026-03-02T14:00:00+08:00", end="2026-03-02T15:00:00+08:00"), 404, "unknown_staff")
    assert (
        ask(front_desk.handler, f"PATCH {BLOCKS}/{mine['id']}", {"revision": 1, "why": "nap"}, role="staff").status
        == 200
    )
    shown = day("2026-03-02")
    assert ([it["id"] for it in shown["blocks"]], [it["staff"] for it in shown["appointments"]]) == (
        [mine["id"]],
        ["mei"],
    )


def test_a_service_that_is_no_more_is_named_on_the_day() -> None:
    cut = lotus.the_salon().services["cut"]
    catalogs.give_up("lotus", cut, over=catalogs.revision(cut))
    assert [it["service_name"] for it in day("2026-03-02")["appointments"]] == ["Cut"]


def test_hostile_names_and_notes_are_text_as_they_are() -> None:
    said = "<script>alert(1)</script>\u202e'\";--"
    made = ask(front_desk.handler, f"POST {DESK}", WALK_IN | {"note": said, "override": "now"}, role="staff")
    assert made.status == 201, made.body
    notes = [it["note"] for it in day("2026-03-02")["appointments"]]
    assert any("<script>" in note for note in notes)


RACES = {
    "a block against a booking": (f"POST {BLOCKS}", LUNCH, "2026-03-02T12:00:00+08:00"),
    "a longer visit against a booking": (
        f"POST {DESK}/a-1/reschedule",
        {"start": AT_FIVE, "minutes": 90},
        "2026-03-02T18:00:00+08:00",
    ),
    "a move against a booking": (
        f"POST {DESK}/a-1/reschedule",
        {"start": "2026-03-02T14:00:00+08:00"},
        "2026-03-02T14:00:00+08:00",
    ),
    "a walk-in against a booking": (f"POST {DESK}", WALK_IN | {"staff": "mei"}, "2026-03-02T09:00:00+08:00"),
}


@pytest.mark.parametrize(("route", "wanted", "theirs"), RACES.values(), ids=RACES)
def test_whoever_comes_second_is_told_who_was_first(
    route: str, wanted: dict[str, Any], theirs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody books between the reading of the page and its writing."""
    write = day_pages.put

    def beaten(*said: Any) -> None:
        monkeypatch.setattr(day_pages, "put", write)
        lotus.put(an_appointment("a-9", starts=datetime.fromisoformat(theirs).astimezone(UTC)))
        write(*said)

    monkeypatch.setattr(day_pages, "put", beaten)
    answer = ask(front_desk.handler, route, wanted, role="staff")
    assert is_problem(answer, 409, "slot_taken")
    assert [it["appointment"] for it in answer.body["taken_by"]] == ["a-9"]
    assert appointments.load("lotus", "a-1").ends == STARTS + timedelta(hours=1)


REPEATS = {
    "a block": (f"POST {BLOCKS}", LUNCH),
    "a longer visit": (f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 90}),
    "a moved and longer visit": (
        f"POST {DESK}/a-1/reschedule",
        {"start": "2026-03-02T14:00:00+08:00", "minutes": 90, "staff": "jun"},
    ),
    "a late client": (f"POST {DESK}/a-1/running-late", {"minutes": 20}),
    "a walk-in": (f"POST {DESK}", WALK_IN),
    "a walk-in on record": (f"POST {DESK}", WALK_IN | {"client": {"id": "c-1"}}),
    "a client on record": (
        f"POST {DESK}",
        {"service": "cut", "client": {"id": "c-1"}, "start": "2026-03-04T10:00:00+08:00"},
    ),
}


@pytest.mark.parametrize(("route", "body"), REPEATS.values(), ids=REPEATS)
def test_a_repeat_under_one_key_does_nothing_twice(route: str, body: dict[str, Any]) -> None:
    """And another body under it is refused."""
    first = ask(front_desk.handler, route, body, role="staff", key=KEY)
    assert first.status in (200, 201), first.body
    before = lotus.everything()
    assert ask(front_desk.handler, route, body, role="staff", key=KEY).body == first.body
    assert lotus.everything() == before
    field = "version" if "running" in route else "why" if "blocks" in route else "override"
    other = body | {field: 1 if field == "version" else "another"}
    assert is_problem(ask(front_desk.handler, route, other, role="staff", key=KEY), 422, "idempotency_key_reused")


def test_a_repeated_patch_and_delete_are_answered_as_the_first_time() -> None:
    id = block().body["id"]
    wanted = {"revision": 1, "why": "nap"}
    patched = ask(front_desk.handler, f"PATCH {BLOCKS}/{id}", wanted, role="staff", key=KEY)
    assert ask(front_desk.handler, f"PATCH {BLOCKS}/{id}", wanted, role="staff", key=KEY).body == patched.body
    other = KEY.replace("e", "f")
    gone = ask(front_desk.handler, f"DELETE {BLOCKS}/{id}", role="staff", key=other, query={"revision": "2"})
    again = ask(front_desk.handler, f"DELETE {BLOCKS}/{id}", role="staff", key=other, query={"revision": "2"})
    assert (gone.status, again.body) == (200, gone.body)


def test_a_full_day_of_a_large_salon_is_drawn_from_a_few_requests() -> None:
    """Ten people with ten visits each: a query for each person's pages, and no visit read by itself."""
    staff = [a_member(f"s{n}") for n in range(10)]
    business = Business("large", "Large", "Asia/Shanghai", "CN", "CNY", "en", closes_on_holidays=False)
    cut = replace(CUT, staff=tuple(it.id for it in staff))
    lotus.store(Catalog(business, {"cut": cut}, {it.id: it for it in staff}))
    for n in range(100):
        starts = datetime(2026, 3, 2, 1, tzinfo=UTC) + timedelta(hours=n // 10)
        visit = replace(an_appointment(f"l-{n}"), business="large")
        lotus.put(replace(visit, slot=Slot(starts, starts + timedelta(hours=1), f"s{n % 10}")))
    assert len(day("2026-03-02", business="large")["appointments"]) == 100
    assert blocks.several("large", []) == []
