"""Somebody's time that is blocked by hand: in the book at once, on the day, and never over what stands there."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import booking
import front_desk
from kept import clock
from kept.actor import KEPT, Change
from kept.booking.kept_time import Keep
from kept.storage import blocks, catalogs
from kept.use_cases.booking.breaks import refs_to_come
from kept.use_cases.booking.day import on_day, whole_day
from kept.use_cases.booking.local_times import keep_local_times
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import BOOK, DESK, HOLD, cut, is_problem, refused

BLOCKS = "/v1/desk/blocks"
KEY = "f3a1c0de-0000-4000-8000-00000000000b"
LUNCH = {
    "staff": "mei",
    "start": "2026-03-02T12:00:00+08:00",
    "end": "2026-03-02T13:00:00+08:00",
    "why": "lunch",
}


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monday morning; Li Na comes to Mei at 17:00."""
    at(monkeypatch, hours=-8)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(**passed))


def put(key: str = "", **changed: Any) -> Answer:
    return ask(front_desk.handler, f"POST {BLOCKS}", LUNCH | changed, role="staff", key=key)


def change(id: str, **changed: Any) -> Answer:
    return ask(front_desk.handler, f"PATCH {BLOCKS}/{id}", {"revision": 1} | changed, role="staff")


def take_out(id: str, revision: int = 1) -> Answer:
    return ask(front_desk.handler, f"DELETE {BLOCKS}/{id}", role="staff", query={"revision": str(revision)})


def shown(on: str = "2026-03-02") -> Any:
    return ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": on}).body


def free() -> list[str]:
    path = "GET /v1/businesses/lotus/availability"
    query = {"service": "cut", "staff": "mei", "from": "2026-03-02", "to": "2026-03-02"}
    return [slot["start"][11:16] for slot in ask(booking.handler, path, query=query).body["slots"]]


def test_a_block_stands_on_the_day_and_in_the_book() -> None:
    made = put()
    assert made.status == 201
    assert made.body | {"id": "b"} == {"id": "b", "revision": 1, "by": "mei"} | LUNCH
    assert shown()["blocks"] == [made.body]
    assert [entry.ref for entry in lotus.on_page()] == [f"block#{made.body['id']}", "a-1"]


def test_nobody_books_holds_or_moves_into_a_block() -> None:
    assert "12:00" in free()
    put()
    assert [time for time in free() if "11:00" < time < "13:00"] == []
    lunch = {"start": LUNCH["start"], "staff": "mei"}
    assert is_problem(refused(BOOK, cut(**lunch)), 409, "slot_taken")
    assert is_problem(refused(HOLD, {"service": "cut"} | lunch), 409, "slot_taken")
    assert is_problem(refused(f"POST {DESK}", cut(**lunch) | {"override": "a friend"}, role="staff"), 409, "slot_taken")
    assert is_problem(refused(f"POST {DESK}/a-1/reschedule", lunch, role="staff"), 409, "slot_taken")


def test_a_block_over_a_booking_is_refused_with_who_has_the_time() -> None:
    answer = refused(f"POST {BLOCKS}", LUNCH | {"end": "2026-03-02T17:30:00+08:00"}, role="staff")
    assert is_problem(answer, 409, "slot_taken")
    assert [(it["appointment"], it["client_name"], it["start"]) for it in answer.body["taken_by"]] == [
        ("a-1", "Li Na", "2026-03-02T17:00:00+08:00")
    ]


def test_a_block_over_a_block_or_a_hold_says_so() -> None:
    first = put().body
    answer = refused(f"POST {BLOCKS}", LUNCH | {"why": "errand"}, role="staff")
    assert [(it["block"], it["why"], it["appointment"]) for it in answer.body["taken_by"]] == [
        (first["id"], "lunch", None)
    ]
    ask(booking.handler, HOLD, {"service": "cut", "start": "2026-03-02T14:00:00+08:00", "staff": "mei"})
    later = {"start": "2026-03-02T14:30:00+08:00", "end": "2026-03-02T15:30:00+08:00"}
    (held,) = refused(f"POST {BLOCKS}", LUNCH | later, role="staff").body["taken_by"]
    assert (held["appointment"], held["block"], held["held_until"]) == (None, None, "2026-03-02T09:05:00+08:00")


def test_undo_says_that_a_block_has_the_time() -> None:
    ask(front_desk.handler, f"POST {DESK}/a-1/cancel", {}, role="staff")
    put(start="2026-03-02T17:00:00+08:00", end="2026-03-02T18:00:00+08:00")
    answer = refused(f"POST {DESK}/a-1/undo", {}, role="staff")
    assert is_problem(answer, 409, "slot_taken")
    assert [it["why"] for it in answer.body["taken_by"]] == ["lunch"]


def test_a_block_is_moved_to_another_time_and_person_in_one_write() -> None:
    id = put().body["id"]
    moved = change(id, start="2026-03-03T23:30:00+08:00", end="2026-03-04T00:30:00+08:00", staff="jun")
    assert (moved.status, moved.body["revision"], moved.body["staff"], moved.body["why"]) == (200, 2, "jun", "lunch")
    assert [entry.ref for entry in lotus.on_page()] == ["a-1"]
    assert [len(lotus.on_page("jun", date(2026, 3, day))) for day in (2, 3, 4)] == [0, 1, 1]
    assert [shown(on)["blocks"] for on in ("2026-03-03", "2026-03-04")] == [[moved.body]] * 2


def test_moving_a_block_over_a_booking_leaves_it_where_it_was() -> None:
    id = put().body["id"]
    wanted = {"revision": 1, "start": "2026-03-02T17:30:00+08:00", "end": "2026-03-02T18:30:00+08:00"}
    assert is_problem(refused(f"PATCH {BLOCKS}/{id}", wanted, role="staff"), 409, "slot_taken")


def test_a_block_is_no_obstacle_to_itself() -> None:
    id = put().body["id"]
    assert change(id, end="2026-03-02T13:30:00+08:00").body["end"] == "2026-03-02T13:30:00+08:00"


def test_a_block_that_was_changed_since_is_not_changed_or_taken_out() -> None:
    id = put().body["id"]
    change(id, why="errand")
    before = lotus.everything()
    for answer in (change(id, why="nap"), take_out(id)):
        assert is_problem(answer, 409, "outdated")
        assert answer.body["revision"] == 2
    assert lotus.everything() == before


def test_a_block_taken_out_gives_its_time_back() -> None:
    id = put().body["id"]
    assert take_out(id).status == 200
    assert ("12:00" in free(), shown()["blocks"], blocks.find("lotus", id)) == (True, [], None)
    assert is_problem(take_out(id), 404, "unknown_block")


def test_a_repeat_under_one_key_makes_one_block() -> None:
    first = put(KEY)
    assert put(KEY).body == first.body
    assert len(lotus.on_page()) == 2
    assert is_problem(put(KEY, why="nap"), 422, "idempotency_key_reused")


def test_after_a_crash_the_same_request_finds_what_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The block was written, its answer was not: the claim on the key runs out, and it is asked again."""
    first = put(KEY)
    monkeypatch.setattr("kept.storage.idempotency.find", lambda *_, **__: None)
    monkeypatch.setattr("kept.storage.idempotency.claim", lambda *_, **__: None)
    assert put(KEY).body == first.body


def test_whoever_loses_a_race_is_told_who_has_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody books between the reading and the writing."""
    write = blocks.put

    def beaten(*said: Any) -> None:
        monkeypatch.setattr(blocks, "put", write)
        lotus.put(an_appointment("a-9", starts=STARTS - timedelta(hours=5)))
        write(*said)

    monkeypatch.setattr(blocks, "put", beaten)
    answer = put()
    assert is_problem(answer, 409, "slot_taken")
    assert [it["appointment"] for it in answer.body["taken_by"]] == ["a-9"]


def test_blocks_are_nobody_s_visits() -> None:
    """Neither for the day's lists, nor for settings that break visits, nor when visits keep their local times."""
    put()
    catalog = catalogs.load("lotus")
    assert [it.id for it in whole_day(catalog, date(2026, 3, 2))] == ["a-1"]
    assert [it.id for it in on_day(catalog, date(2026, 3, 2))] == ["a-1"]
    assert refs_to_come(catalog, ["staff:mei"], clock.now()) == ["a-1"]
    assert keep_local_times(catalog, Keep.INSTANT, Change(KEPT, clock.now())).complete


def test_a_block_does_not_use_up_the_daily_limit() -> None:
    catalogs.put("lotus", [replace(lotus.the_salon().services["cut"], daily_limit=2)])
    put()
    assert "18:00" in free()


def test_a_block_stays_on_its_instant_when_the_zone_is_corrected() -> None:
    """It is found and taken out by the days that it was written on."""
    made = put().body
    salon = lotus.the_salon()
    catalogs.put("lotus", [replace(salon.business, tz="Asia/Tokyo", tz_before="Asia/Shanghai")])
    assert [it["start"] for it in shown()["blocks"]] == ["2026-03-02T13:00:00+09:00"]
    assert take_out(made["id"]).status == 200
    assert [entry.ref for entry in lotus.on_page()] == ["a-1"]


def test_a_block_of_another_business_is_not_there() -> None:
    id = put().body["id"]
    for route in (f"PATCH {BLOCKS}/{id}", f"DELETE {BLOCKS}/{id}"):
        body = {"revision": 1} if route.startswith("PATCH") else None
        answer = ask(front_desk.handler, route, body, role="owner", business="garage", query={"revision": "1"})
        assert is_problem(answer, 404, "unknown_block")
