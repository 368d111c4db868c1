"""The client's own appointment by its link: seen, confirmed, moved, cancelled, waited for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import my_appointment
from kept import clock
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.lanes import Lane
from kept.reminders.timeline import next_due
from kept.storage import appointments, catalogs, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import EVENING, MINE, link

KEY = "f3a1c0de-0000-4000-8000-000000000002"
Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    """So long after it was booked, two days before it starts."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(**passed))


def does(act: str, body: object = None, *, key: str = "") -> Answer:
    return ask(my_appointment.handler, f"POST {MINE}/{act}", body or {}, bearer=link(), key=key)


def stored() -> Appointment:
    return appointments.load("lotus", "a-1")


def said() -> list[str]:
    return sorted(message.id for message in messages.about("lotus", "a-1"))


def test_it_is_shown_with_what_a_change_would_cost() -> None:
    answer = ask(my_appointment.handler, f"GET {MINE}", bearer=link()).body
    assert answer["start"] == "2026-03-02T17:00:00+08:00"
    assert (answer["status"], answer["version"], answer["reschedules_left"]) == ("booked", 1, 3)
    assert answer["free_change_until"] == "2026-02-28T17:15:00+08:00", "two days before, and a quarter of an hour"


def test_confirming_twice_is_confirming_once() -> None:
    assert [does("confirm").body["status"] for _ in range(2)] == ["confirmed", "confirmed"]
    assert [event.what for event in stored().history] == ["booked", "confirmed"]


def test_moving_takes_the_slot_the_reminders_and_the_checks_along(queued: Queued) -> None:
    answer = does("reschedule", {"start": "2026-03-06T10:00:00+08:00", "version": 1}).body
    assert (answer["version"], answer["start"], answer["reschedules_left"]) == (2, "2026-03-06T10:00:00+08:00", 2)
    assert next_due(stored(), catalogs.load("lotus")) == (Lane.REMINDER, stored().starts - timedelta(hours=48))
    assert lotus.on_page() == []
    assert [entry.ref for entry in lotus.on_page(day=stored().starts.date())] == ["a-1"]
    assert said() == ["a-1#v2#rescheduled#email"]
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == said()


def test_moving_within_its_own_hour_is_no_conflict_with_itself() -> None:
    assert does("reschedule", {"start": "2026-03-02T17:30:00+08:00"}).status == 200
    assert [entry.ref for entry in lotus.on_page()] == ["a-1"]


def test_moving_to_somebody_else_leaves_the_first_one_s_page() -> None:
    assert does("reschedule", {"start": EVENING, "staff": "jun"}).body["staff"] == "jun"
    assert (lotus.on_page(), [entry.ref for entry in lotus.on_page("jun")]) == ([], ["a-1"])


def test_a_confirmed_one_is_to_be_confirmed_anew_after_a_move() -> None:
    does("confirm")
    assert does("reschedule", {"start": EVENING}).body["status"] == "booked"


@pytest.mark.parametrize(
    ("passed", "late"),
    [({"minutes": 15}, False), ({"minutes": 15, "seconds": 1}, True)],
    ids=["at the last", "a second after"],
)
def test_a_change_is_free_until_two_days_before_and_just_after_it_was_booked(
    passed: dict[str, int], late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, **passed)
    assert does("cancel", {"reason": "illness"}).body["late"] is late


def test_cancelling_gives_the_slot_back_and_says_so(queued: Queued) -> None:
    assert does("cancel", {"reason": "time", "note": "a trip"}).body["status"] == "cancelled"
    assert lotus.on_page() == []
    assert stored().history[-1].why == "time: a trip"
    assert next_due(stored(), catalogs.load("lotus")) is None
    assert said() == [key["id"] for key in queued("MESSAGES_QUEUE")] == ["a-1#v1#cancelled#email"]


def test_on_my_way_is_waited_for_within_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, days=2, minutes=6)
    assert does("on-my-way", {"minutes": 120}).status == 200
    assert stored().waits_until == STARTS + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("act", "body"),
    [("confirm", {}), ("reschedule", {"start": EVENING, "version": 1}), ("cancel", {"reason": "cost", "version": 1})],
    ids=["confirm", "move", "cancel"],
)
def test_a_repeat_under_the_same_key_is_answered_as_the_first_time(act: str, body: dict[str, Any]) -> None:
    first = does(act, body, key=KEY)
    before = lotus.everything()
    assert does(act, body, key=KEY).body == first.body
    assert lotus.everything() == before


def test_a_no_show_cannot_be_cancelled_away_by_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only staff take it back, with a reason and with all that hangs on it."""
    missed = an_appointment("a-2", starts=STARTS + timedelta(hours=2)).mark_no_show(Change(KEPT, STARTS), evidence=())
    lotus.put(missed)
    at(monkeypatch, days=3)
    answer = ask(my_appointment.handler, f"POST {MINE}/cancel", {}, bearer=link("a-2"))
    assert answer.code == "move_not_allowed"
    assert appointments.load("lotus", "a-2").status is Status.NO_SHOW
