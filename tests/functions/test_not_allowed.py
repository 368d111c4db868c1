"""What may not be done: without the right link, token, key or hold, and what the state table forbids."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import booking
import front_desk
import my_appointment
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.client_links.links import LinkPurpose
from kept.storage import day_pages
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.refusing import BOOK, CUT, DESK, EVENING, HOLD, MINE, cut, is_problem, link, refused, without

RULES = lotus.the_salon().business.changes


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The salon and the garage, and Li Na's hour with Mei on Monday at 17:00."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def tampered() -> str:
    token = link()
    return token.replace("a-1", "a-2")


LINKS: dict[str, tuple[int, str, Callable[[], str]]] = {
    "none": (401, "link_required", str),
    "garbage": (403, "link_invalid", lambda: "garbage"),
    "for another appointment than was signed": (403, "link_invalid", tampered),
    "of another key": (403, "link_invalid", lambda: link().replace(".k1.", ".k2.")),
    "of another purpose": (403, "link_invalid", lambda: link(purpose=LinkPurpose.HOLD)),
    "expired": (410, "link_expired", lambda: link(expires=lotus.NOW)),
    "to an appointment that is none": (404, "unknown_appointment", lambda: link("a-9")),
    "of another business with this one's id": (404, "unknown_appointment", lambda: link(business="garage")),
    "of a business nobody runs": (404, "unknown_business", lambda: link(business="nobody")),
}
WITH_A_LINK: dict[str, object] = {
    f"GET {MINE}": None,
    f"POST {MINE}/confirm": {},
    f"POST {MINE}/reschedule": {"start": EVENING},
    f"POST {MINE}/cancel": {"reason": "time"},
    f"POST {MINE}/on-my-way": {"minutes": 10},
    f"POST {MINE}/wait": {},
    f"GET {MINE}/later-times": None,
}


@pytest.mark.parametrize("kind", LINKS)
def test_with_a_link_that_is_not_good_nothing_can_be_done(kind: str) -> None:
    status, code, made = LINKS[kind]
    for route, body in WITH_A_LINK.items():
        assert is_problem(refused(route, body, bearer=made()), status, code)


AS_STAFF: dict[str, object] = {
    f"GET {DESK}/a-1": None,
    f"GET {DESK}/a-1/messages": None,
    f"POST {DESK}/a-1/confirm": {},
    f"POST {DESK}/a-1/check-in": {},
    f"POST {DESK}/a-1/begin": {},
    f"POST {DESK}/a-1/complete": {},
    f"POST {DESK}/a-1/no-show": {},
    f"POST {DESK}/a-1/cancel": {},
    f"POST {DESK}/a-1/reverse-no-show": {"reason": "our_fault"},
    f"POST {DESK}/a-1/reschedule": {"start": EVENING},
}


def test_staff_of_another_business_find_nothing_of_this_one() -> None:
    for route, body in AS_STAFF.items():
        answer = refused(route, body, role="owner", business="garage", staff="sam")
        assert is_problem(answer, 404, "unknown_appointment")
    seen = ask(front_desk.handler, f"GET {DESK}", role="owner", business="garage", query={"on": "2026-03-02"})
    assert seen.body == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        pytest.param({}, 401, "sign_in_required", id="without a token"),
        pytest.param({"role": "owner", "business": ""}, 401, "sign_in_required", id="with one that names no business"),
        pytest.param({"role": "client"}, 403, "role_required", id="in a group that is none of the desk's"),
    ],
)
def test_who_is_not_of_the_staff_does_nothing_at_the_desk(asked: dict[str, Any], status: int, code: str) -> None:
    for route, body in (AS_STAFF | {f"GET {DESK}": None, f"POST {DESK}": CUT}).items():
        assert is_problem(refused(route, body, **asked), status, code)


def test_a_key_with_another_body_is_refused() -> None:
    assert ask(booking.handler, BOOK, CUT, key="the-same-key").status == 201
    assert is_problem(refused(BOOK, cut(note="and a wash"), key="the-same-key"), 422, "idempotency_key_reused")


def test_a_key_used_on_this_appointment_for_something_else_is_refused() -> None:
    assert ask(my_appointment.handler, f"POST {MINE}/confirm", {}, bearer=link(), key="the-same-key").status == 200
    answer = refused(f"POST {MINE}/cancel", {}, bearer=link(), key="the-same-key")
    assert is_problem(answer, 422, "idempotency_key_reused")


def held(**changed: Any) -> dict[str, Any]:
    """A booking of the slot that it holds at 18:30, but for what is changed."""
    answer = ask(booking.handler, HOLD, without("client") | {"staff": "mei"})
    assert answer.status == 201
    return cut(hold=answer.body["hold"]) | changed


def test_a_hold_is_for_its_own_time() -> None:
    wanted = held(start="2026-03-02T18:45:00+08:00")
    assert is_problem(refused(BOOK, wanted), 400, "hold_mismatch")


def test_a_hold_that_was_given_back_is_missing() -> None:
    wanted = held()
    (page,) = day_pages.load("lotus", "staff:mei", [STARTS.date()])
    (hold,) = (entry for entry in page.entries if entry.hold_until)
    day_pages.put_alone("lotus", page.without(hold.ref))
    assert is_problem(refused(BOOK, wanted), 409, "hold_missing")


@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(hours=23), timedelta(days=2)], ids=str)
def test_a_hold_that_ran_out_is_told_as_expired(late: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = held()
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + late)
    assert is_problem(refused(BOOK, wanted), 410, "hold_expired")


def test_a_hold_of_another_business_is_none_here() -> None:
    wanted = held()
    token = link("h_x-69a55b58", "garage", purpose=LinkPurpose.HOLD)
    assert is_problem(refused(BOOK, wanted | {"hold": token}), 403, "link_invalid")


def test_a_hold_without_a_room_does_not_book_one_that_needs_it() -> None:
    """Mei alone is held; colouring takes the basin as well."""
    wanted = held(service="colour")
    assert is_problem(refused(BOOK, wanted), 400, "hold_mismatch")


STATES: dict[Status, list[Callable[[Appointment, Change], Appointment]]] = {
    Status.BOOKED: [],
    Status.CONFIRMED: [Appointment.confirm],
    Status.ARRIVED: [Appointment.check_in],
    Status.IN_SERVICE: [Appointment.check_in, Appointment.begin],
    Status.COMPLETED: [Appointment.check_in, Appointment.complete],
    Status.NO_SHOW: [lambda it, cause: it.mark_no_show(cause, evidence=())],
    Status.CANCELLED: [lambda it, cause: it.cancel(cause, rules=RULES)],
}
FORBIDDEN: dict[str, tuple[object, set[Status]]] = {
    "confirm": ({}, set(STATES) - {Status.BOOKED, Status.CONFIRMED}),
    "check-in": ({}, set(STATES) - {Status.BOOKED, Status.CONFIRMED}),
    "begin": ({}, set(STATES) - {Status.ARRIVED}),
    "complete": ({}, {Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}),
    "undo": ({}, {Status.BOOKED, Status.CONFIRMED}),
    "release": ({}, set(STATES)),
    "no-show": ({}, set(STATES) - {Status.BOOKED, Status.CONFIRMED}),
    "cancel": ({}, set(STATES) - {Status.BOOKED, Status.CONFIRMED, Status.ARRIVED}),
    "reverse-no-show": ({"reason": "our_fault"}, set(STATES) - {Status.NO_SHOW}),
    "reschedule": ({"start": EVENING}, set(STATES) - {Status.BOOKED, Status.CONFIRMED}),
}


def in_state(state: Status) -> Appointment:
    made = an_appointment(f"a-{state}", starts=STARTS + timedelta(days=1 + list(STATES).index(state)))
    for step in STATES[state]:
        made = step(made, Change(CLIENT, lotus.NOW))
    return lotus.put(made)


@pytest.mark.parametrize("move", FORBIDDEN)
def test_moves_that_the_state_table_forbids(move: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By staff, when all the visits are long over, so that no other rule stands in the way."""
    body, states = FORBIDDEN[move]
    appointments = [in_state(state) for state in sorted(states)]
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(days=30))
    for appointment in appointments:
        answer = refused(f"POST {DESK}/{appointment.id}/{move}", body, role="staff")
        assert is_problem(answer, 409, "move_not_allowed")
        assert answer.body["state"] == appointment.status


@pytest.mark.parametrize("act", ["confirm", "reschedule", "cancel"])
def test_a_client_changes_nothing_that_has_begun(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: STARTS)
    route = f"POST {MINE}/{act}"
    assert is_problem(refused(route, WITH_A_LINK[route], bearer=link()), 409, "already_started")


@pytest.mark.parametrize("act", ["confirm", "reschedule", "cancel", "on-my-way"])
def test_a_page_that_speaks_of_an_earlier_version_changes_nothing(act: str) -> None:
    moved = replace(an_appointment("a-2", starts=STARTS + timedelta(days=3)), version=2)
    lotus.put(moved)
    route = f"POST {MINE}/{act}"
    body = dict(WITH_A_LINK[route] or {}) | {"version": 1}  # type: ignore[call-overload]
    answer = refused(route, body, bearer=link("a-2"))
    assert is_problem(answer, 409, "outdated")
    assert answer.body["version"] == 2


def test_a_client_moves_three_times_and_not_once_more() -> None:
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(days=3)), reschedules=3))
    answer = refused(f"POST {MINE}/reschedule", {"start": EVENING}, bearer=link("a-2"))
    assert is_problem(answer, 409, "reschedule_limit")
    assert answer.body["limit"] == 3


def test_nobody_moves_onto_somebody_else() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=3)))
    answer = refused(f"POST {MINE}/reschedule", {"start": STARTS.isoformat()}, bearer=link("a-2"))
    assert is_problem(answer, 409, "slot_taken")
    assert [slot["start"] for slot in answer.body["alternatives"]] == [
        "2026-03-02T15:45:00+08:00",
        "2026-03-02T16:00:00+08:00",
        "2026-03-02T18:00:00+08:00",
    ]


def test_on_my_way_is_for_those_who_are_still_to_come() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=3)).cancel(Change(CLIENT, lotus.NOW), rules=RULES))
    answer = refused(f"POST {MINE}/on-my-way", {"minutes": 5}, bearer=link("a-2"))
    assert is_problem(answer, 409, "move_not_allowed")
