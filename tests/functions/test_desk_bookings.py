"""A booking by telephone or at the desk: what staff may book, for whom, and who stands before them now."""

from datetime import timedelta
from typing import Any

import pytest

import front_desk
from kept import clock
from kept.booking.states import Status
from kept.clients.client import Tier
from kept.storage import appointments, clients, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import DESK, is_problem, refused

KEY = "f3a1c0de-0000-4000-8000-00000000000d"
LI = {"id": "c-1"}
WALK_IN = {"service": "cut", "client": {"name": "Walk-in"}, "walk_in": True}


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monday, 12:10 in Shanghai; Li Na comes to Mei at 17:00."""
    at(monkeypatch, hours=-4, minutes=-50)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(**passed))


def book(body: dict[str, Any], *, key: str = "") -> Answer:
    return ask(front_desk.handler, f"POST {DESK}", body, role="staff", key=key)


def openings(**query: str) -> list[tuple[str, list[str]]]:
    answer = ask(front_desk.handler, "GET /v1/desk/openings", role="staff", query={"service": "cut"} | query)
    assert answer.status == 200, answer.body
    return [(slot["start"], slot["staff"]) for slot in answer.body["slots"]]


def week(**query: str) -> Any:
    asked = {"staff": "mei", "from": "2026-03-02"} | query
    return ask(front_desk.handler, "GET /v1/desk/week", role="staff", query=asked).body


def test_the_first_openings_are_from_now_on_whatever_notice_clients_need() -> None:
    """A cut asks an hour's notice of clients."""
    assert openings(limit="2") == [
        ("2026-03-02T12:15:00+08:00", ["mei", "jun"]),
        ("2026-03-02T12:30:00+08:00", ["mei", "jun"]),
    ]


def test_openings_of_one_person_in_an_afternoon() -> None:
    afternoon = {"from": "2026-03-02T16:00:00+08:00", "to": "2026-03-02T18:15:00+08:00"}
    assert [start[11:16] for start, _ in openings(staff="mei", **afternoon)] == ["16:00", "18:00"]


def test_openings_go_beyond_the_horizon_of_clients() -> None:
    far = {"from": "2026-06-30T00:00:00+08:00", "to": "2026-07-01T00:00:00+08:00", "limit": "1"}
    assert openings(**far) == [("2026-06-30T09:00:00+08:00", ["mei", "jun"])]


def test_what_is_opened_to_staff_can_be_booked_without_a_reason() -> None:
    (start, _), *_ = openings(limit="1")
    assert book({"service": "cut", "client": LI, "start": start, "staff": "jun"}).status == 201
    far = {"service": "cut", "client": LI, "start": "2026-06-30T09:00:00+08:00"}
    assert book(far).status == 201


def test_a_client_on_record_is_booked_by_their_id() -> None:
    """With the name, number, language and consents that are theirs; they are told as they agreed."""
    before = clients.load("lotus", "c-1")
    made = book({"service": "cut", "client": LI, "start": "2026-03-03T14:00:00+08:00"})
    visit = appointments.load("lotus", made.body["id"])
    assert (visit.client, visit.booked_as and visit.booked_as.name, visit.tz) == ("c-1", "Li Na", "Asia/Shanghai")
    assert [(it.stage, it.channel) for it in messages.about("lotus", visit.id)] == [("confirmation", "email")]
    assert clients.load("lotus", "c-1") == before


def test_a_client_whom_nobody_knows_or_of_another_business_is_refused() -> None:
    wanted = {"service": "cut", "client": {"id": "c-9"}, "start": "2026-03-03T14:00:00+08:00"}
    assert is_problem(refused(f"POST {DESK}", wanted, role="staff"), 404, "unknown_client")
    theirs = {"service": "brakes", "client": LI, "start": "2026-03-03T14:00:00-05:00"}
    assert is_problem(refused(f"POST {DESK}", theirs, role="owner", business="garage"), 404, "unknown_client")


def test_a_walk_in_begins_now_and_is_checked_in() -> None:
    made = book(WALK_IN)
    assert (made.status, made.body["status"], made.body["start"]) == (201, "arrived", "2026-03-02T12:10:00+08:00")
    visit = appointments.load("lotus", made.body["id"])
    assert (visit.status, visit.slot.staff, [event.what for event in visit.history]) == (
        Status.ARRIVED,
        "mei",
        ["booked", "arrived"],
    )
    assert list(messages.about("lotus", visit.id)) == []
    assert [entry.ref for entry in lotus.on_page()] == [visit.id, "a-1"]


def test_a_walk_in_goes_to_whoever_is_free_or_to_who_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert book(WALK_IN | {"staff": "jun"}).body["staff"] == "jun"
    at(monkeypatch, minutes=5)
    assert book(WALK_IN).body["staff"] == "jun", "Mei has Li Na"


def test_a_walk_in_for_whom_nobody_is_free_is_told_who_has_the_time_and_when_there_is_room() -> None:
    book(WALK_IN)
    book(WALK_IN)
    answer = refused(f"POST {DESK}", WALK_IN, role="staff")
    assert is_problem(answer, 409, "slot_taken")
    assert [it["client_name"] for it in answer.body["taken_by"]] == ["Walk-in", "Walk-in"]
    assert answer.body["alternatives"][0]["start"] == "2026-03-02T13:15:00+08:00"


def test_a_walk_in_after_closing_needs_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour does not fit before 20:00."""
    at(monkeypatch, hours=2, minutes=30)
    assert is_problem(refused(f"POST {DESK}", WALK_IN, role="staff"), 422, "not_offered")
    assert book(WALK_IN | {"override": "an old friend"}).body["start"] == "2026-03-02T19:30:00+08:00"


def test_a_walk_in_who_is_on_record_stays_on_record() -> None:
    made = book(WALK_IN | {"client": LI})
    assert appointments.load("lotus", made.body["id"]).client == "c-1"
    assert clients.load("lotus", "c-1").tier is Tier.VIP


def test_a_repeated_walk_in_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it would begin later by now."""
    first = book(WALK_IN, key=KEY)
    at(monkeypatch, hours=-4, minutes=-40)
    assert book(WALK_IN, key=KEY).body == first.body
    assert len(lotus.on_page()) == 2


def test_a_week_of_one_person_has_everything_of_theirs() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=2)))
    ask(front_desk.handler, f"POST {DESK}/a-1/cancel", {}, role="staff")
    block = {"staff": "mei", "start": "2026-03-03T23:30:00+08:00", "end": "2026-03-04T00:30:00+08:00", "why": "errand"}
    ask(front_desk.handler, "POST /v1/desk/blocks", block, role="staff")
    told = week()
    assert (told["from"], told["staff"], len(told["days"])) == ("2026-03-02", "mei", 7)
    assert [[it["id"] for it in day["appointments"]] for day in told["days"][:3]] == [["a-1"], [], ["a-2"]]
    assert [len(day["blocks"]) for day in told["days"][:3]] == [0, 1, 1]
    assert told["days"][1]["off"][0]["why"] == "at the dentist's"
    assert [day["hours"][0]["start"][11:16] for day in told["days"][:2]] == ["09:00", "12:00"]


def test_a_week_has_nothing_of_anybody_else_s() -> None:
    assert [day["appointments"] for day in week(staff="jun")["days"]] == [[]] * 7
    answer = ask(front_desk.handler, "GET /v1/desk/week", role="staff", query={"staff": "sam", "from": "2026-03-02"})
    assert is_problem(answer, 404, "unknown_staff")
