"""The front desk's day: who comes, booking by hand, each move of a visit, and the no-show with its undo."""

from dataclasses import replace
from datetime import timedelta

import pytest

import front_desk
import my_appointment
from kept import clock
from kept.booking.states import CancelReason, Status
from kept.business.change_rules import Terms
from kept.client_links.tokens import manage_token
from kept.follow_up.follow_up import FollowUpStatus
from kept.storage import appointments, follow_ups, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import DESK, cut

KEY = "f3a1c0de-0000-4000-8000-000000000003"


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, minutes=-10)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    """So long after the visit begins."""
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(**passed))


def does(act: str, body: object = None, *, role: str = "staff", key: str = "") -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body or {}, role=role, key=key)


def today(**query: str) -> list[str]:
    return [line["id"] for line in ask(front_desk.handler, f"GET {DESK}", role="staff", query=query).body]


def status() -> Status:
    return appointments.load("lotus", "a-1").status


def test_the_day_is_told_in_order_and_with_names() -> None:
    lotus.put(an_appointment("a-0", starts=STARTS - timedelta(hours=6)))
    lotus.put(an_appointment("a-9", starts=STARTS + timedelta(days=1)))
    assert today() == today(on="2026-03-02") == ["a-0", "a-1"]
    assert today(on="2026-03-03") == ["a-9"]
    line = ask(front_desk.handler, f"GET {DESK}/a-1", role="staff").body
    assert (line["client_name"], line["history"][0]["what"]) == ("Li Na", "booked")


def test_today_is_the_business_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 23:00 UTC on Sunday it is Monday in Shanghai."""
    at(monkeypatch, hours=-10)
    assert today() == ["a-1"]


def test_a_visit_from_the_door_to_its_end() -> None:
    assert [does(act).body["status"] for act in ("confirm", "check-in", "begin", "complete")] == [
        "confirmed",
        "arrived",
        "in_service",
        "completed",
    ]
    assert [event.by for event in appointments.load("lotus", "a-1").history[1:]] == ["staff:mei"] * 4


def test_staff_book_outside_the_rules_when_they_say_why() -> None:
    wanted = cut(start="2026-03-02T22:10:00+08:00", staff="jun", override="after the wedding")
    made = ask(front_desk.handler, f"POST {DESK}", wanted, role="staff")
    assert made.status == 201
    assert appointments.load("lotus", made.body["id"]).history[0].why == "after the wedding"


def test_staff_move_without_using_up_the_client_s_moves() -> None:
    moved = does("reschedule", {"start": "2026-03-04T10:00:00+08:00"}).body
    assert (moved["version"], moved["reschedules_left"], moved["late"]) == (2, 3, False)


def test_staff_cancel_without_it_being_late() -> None:
    cancelled = does("cancel", {"reason": CancelReason.ILLNESS, "note": "Mei is ill"}).body
    assert (cancelled["status"], cancelled["late"]) == ("cancelled", False)
    assert (today(), lotus.on_page()) == (["a-1"], []), "the day shows it, and its time is free"


TERMS = Terms(timedelta(hours=48), timedelta(minutes=15), late_fee=2000, move_fee=500, currency="CNY")


@pytest.mark.parametrize(
    ("act", "body", "fee"),
    [
        pytest.param("cancel", {"reason": "time"}, 2000, id="cancelled"),
        pytest.param("reschedule", {"start": "2026-03-04T10:00:00+08:00"}, 500, id="moved"),
    ],
)
def test_what_the_client_asks_for_by_telephone_costs_what_they_agreed_to(
    act: str, body: dict[str, object], fee: int
) -> None:
    """And it says so before it is done; the history keeps that staff did it for them."""
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(hours=2)), accepted=TERMS))
    path = f"POST {DESK}/a-2"
    foretold = ask(
        front_desk.handler, f"{path}/move-preview", {"start": "2026-03-04T10:00:00+08:00", "for_client": True},
        role="staff",
    ).body  # fmt: skip
    assert (foretold["free"], foretold["cost"]) == (False, {"minor": 500, "currency": "CNY"})
    ours = ask(front_desk.handler, f"{path}/move-preview", {"start": "2026-03-04T10:00:00+08:00"}, role="staff").body
    assert (ours["free"], ours["cost"]) == (True, None)
    shown = ask(front_desk.handler, f"GET {DESK}/a-2", role="staff").body
    assert (shown["costs"], shown["fees"]["cancelling"]["minor"]) == (None, 2000)
    done = ask(front_desk.handler, f"{path}/{act}", body | {"for_client": True}, role="staff").body
    assert (done["late"], done["costs"]) == (True, {"minor": fee, "currency": "CNY"})
    line = done["history"][-1]
    assert (line["by"], line["for_client"]) == ("staff:mei", True)


def test_a_client_does_nothing_for_a_client() -> None:
    """The word is the desk's alone."""
    token = manage_token(appointments.load("lotus", "a-1"))
    body = {"reason": "time", "for_client": True}
    assert ask(my_appointment.handler, "POST /v1/appointment/cancel", body, bearer=token).status == 422


def test_a_no_show_by_hand_has_all_the_consequences_of_the_automatic_one(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, minutes=20)
    assert does("no-show", {"version": 1}).body["status"] == "no_show"
    assert [message.stage for message in messages.about("lotus", "a-1")] == ["missed_you"]
    assert follow_ups.load("lotus", "a-1-v1-no_show").status is FollowUpStatus.OPEN
    assert [entry.ref for entry in lotus.on_page()] == ["a-1"], "the chair is theirs until staff say otherwise"


@pytest.mark.parametrize(
    ("reason", "words", "state"),
    [
        ("came_after_all", "the client came after all", Status.ARRIVED),
        ("our_fault", "it was our fault", Status.CANCELLED),
        ("emergency", "it was an emergency", Status.CANCELLED),
    ],
)
def test_a_no_show_is_taken_back_with_its_reason(
    reason: str, words: str, state: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, minutes=20)
    does("no-show")
    answer = does("reverse-no-show", {"reason": reason, "note": "the door was locked"})
    told = answer.body["history"][-1]
    assert told["why"] == f"The no-show was taken back: {words}: the door was locked"
    assert told["why_code"] == f"taken_back_{reason}"
    assert status() is state
    assert follow_ups.load("lotus", "a-1-v1-no_show").status is FollowUpStatus.RESOLVED


def test_the_ledger_tells_what_was_said_and_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, minutes=20)
    does("no-show")
    (line,) = ask(front_desk.handler, f"GET {DESK}/a-1/messages", role="staff").body
    assert (line["stage"], line["channel"], line["status"], line["reason"]) == ("missed_you", "email", "queued", "")


def test_a_repeat_under_the_same_key_is_answered_as_the_first_time() -> None:
    first = does("check-in", key=KEY)
    does("complete")
    before = lotus.everything()
    assert does("check-in", key=KEY).body == first.body
    assert lotus.everything() == before


@pytest.mark.parametrize("role", ["staff", "manager", "owner", "owner staff"])
def test_every_role_of_the_business_works_at_the_desk(role: str) -> None:
    assert does("check-in", role=role).status == 200
