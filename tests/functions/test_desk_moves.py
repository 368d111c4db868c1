"""Moves at the desk: what they would do, another end alone, and a client who says that they are late."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import booking
import front_desk
import my_appointment
from kept import clock
from kept.booking.states import Status
from kept.channels import Channel
from kept.storage import appointments, catalogs, clients, messages
from kept.use_cases.booking.breaks import breaks
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import DESK, is_problem, link, refused

KEY = "f3a1c0de-0000-4000-8000-00000000000c"
AT_FIVE = "2026-03-02T17:00:00+08:00"
AT_SEVEN = "2026-03-02T19:00:00+08:00"


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monday, 9:00 in Shanghai; Li Na comes to Mei at 17:00 for an hour."""
    at(monkeypatch, hours=-8)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(**passed))


def does(act: str, body: object = None, *, key: str = "") -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body or {}, role="staff", key=key)


def resize(minutes: int, *, key: str = "", **more: Any) -> Answer:
    return does("reschedule", {"start": AT_FIVE, "minutes": minutes} | more, key=key)


def would(**move: Any) -> Any:
    before = lotus.everything()
    answer = does("move-preview", {"start": AT_FIVE} | move)
    assert lotus.everything() == before
    assert answer.status == 200, answer.body
    return answer.body


def on_page(staff: str = "mei") -> list[tuple[str, int]]:
    return [(entry.ref, entry.end - entry.start) for entry in lotus.on_page(staff)]


def said() -> list[str]:
    return [message.stage for message in messages.about("lotus", "a-1")]


def test_another_end_keeps_what_the_client_was_told() -> None:
    """No new version, no message, still confirmed; one line of history."""
    does("confirm")
    answer = resize(90)
    assert (answer.status, answer.body["version"], answer.body["status"]) == (200, 1, "confirmed")
    assert answer.body["end"] == "2026-03-02T18:30:00+08:00"
    assert (answer.body["history"][-1]["what"], answer.body["history"][-1]["by"]) == ("resized", "staff:mei")
    assert (on_page(), said()) == ([("a-1", 90)], [])


def test_a_visit_made_longer_stays_so_when_it_is_moved() -> None:
    """By staff and by its client, whatever its service takes."""
    resize(90)
    does("reschedule", {"start": "2026-03-02T15:00:00+08:00"})
    assert on_page() == [("a-1", 90)]
    moved = ask(my_appointment.handler, "POST /v1/appointment/reschedule", {"start": AT_FIVE}, bearer=link())
    assert (moved.status, on_page()) == (200, [("a-1", 90)])


def test_a_visit_made_shorter_meets_nobody_when_its_service_takes_longer() -> None:
    """A change of settings counts it as long as staff made it."""
    resize(30)
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(hours=1)))
    before = catalogs.load("lotus")
    longer = {"cut": replace(before.services["cut"], duration=90)}
    assert breaks(before, replace(before, services=longer), now=clock.now()).total == 0


def test_moved_and_made_longer_in_one_is_a_move() -> None:
    answer = does("reschedule", {"start": "2026-03-02T14:00:00+08:00", "minutes": 30, "staff": "jun"})
    assert (answer.body["version"], answer.body["end"], answer.body["staff"]) == (2, "2026-03-02T14:30:00+08:00", "jun")
    assert (on_page(), on_page("jun"), said()) == ([], [("a-1", 30)], ["rescheduled", "staff_moved"])


def test_made_longer_into_the_next_visit_is_refused_with_who_has_the_time() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(hours=1)))
    answer = refused(f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 75}, role="staff")
    assert is_problem(answer, 409, "slot_taken")
    assert [it["appointment"] for it in answer.body["taken_by"]] == ["a-2"]


def test_a_visit_that_goes_on_can_be_made_longer_and_one_that_is_over_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, minutes=50)
    for act in ("check-in", "begin"):
        does(act)
    assert resize(80).body["status"] == "in_service"
    does("complete")
    wanted = {"start": AT_FIVE, "minutes": 90}
    assert is_problem(refused(f"POST {DESK}/a-1/reschedule", wanted, role="staff"), 409, "move_not_allowed")


def test_what_was_made_shorter_is_free_for_others() -> None:
    resize(30)
    query = {"service": "cut", "staff": "mei", "from": "2026-03-02", "to": "2026-03-02"}
    slots = ask(booking.handler, "GET /v1/businesses/lotus/availability", query=query).body["slots"]
    assert "2026-03-02T17:30:00+08:00" in [slot["start"] for slot in slots]


def test_the_same_length_again_changes_nothing() -> None:
    before = lotus.everything()
    assert resize(60).status == 200
    assert lotus.everything() == before


def test_a_repeat_under_one_key_is_answered_as_the_first_time() -> None:
    first = resize(90, key=KEY)
    resize(30)
    assert resize(90, key=KEY).body["end"] == first.body["end"]
    assert on_page() == [("a-1", 30)]


def test_over_midnight_it_stands_on_both_pages_and_leaves_both_again() -> None:
    """Beyond Mei's hours, so by hand alone."""
    refusal = refused(f"POST {DESK}/a-1/reschedule", {"start": AT_FIVE, "minutes": 480}, role="staff")
    assert is_problem(refusal, 422, "not_offered")
    resize(480, override="a wedding")
    assert [len(lotus.on_page(day=date(2026, 3, day))) for day in (2, 3)] == [1, 1]
    resize(60)
    assert [len(lotus.on_page(day=date(2026, 3, day))) for day in (2, 3)] == [1, 0]


def test_a_move_is_foretold_with_whom_it_tells() -> None:
    told = would(start=AT_SEVEN)
    assert told == {
        "possible": True,
        "code": None,
        "detail": None,
        "overridable": False,
        "taken_by": [],
        "alternatives": [],
        "cost": None,
        "free": True,
        "tells": [{"channel": "email", "at": "2026-03-02T09:02:00+08:00", "to": "li@example.com"}],
        "call": False,
        "deposit": None,
        "pay_until": None,
    }
    assert does("reschedule", {"start": AT_SEVEN}).status == 200


def test_by_night_it_is_foretold_for_the_end_of_the_quiet_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """23:00 on Sunday."""
    at(monkeypatch, hours=-18)
    assert [it["at"] for it in would(start=AT_SEVEN)["tells"]] == ["2026-03-02T08:00:00+08:00"]


def test_whom_no_message_reaches_has_to_be_called() -> None:
    silent = clients.load("lotus", "c-1")
    clients.put_alone(replace(silent, do_not_disturb=True))
    assert [would(start=AT_SEVEN)[name] for name in ("possible", "tells", "call")] == [True, [], True]


def test_another_end_or_no_move_at_all_tells_nobody() -> None:
    assert [would(minutes=90)[name] for name in ("possible", "tells", "call")] == [True, [], False]
    assert [would()[name] for name in ("possible", "tells", "call")] == [True, [], False]


def test_a_conflict_is_foretold_with_who_has_the_time_and_others_that_are_free() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(hours=1, minutes=30)))
    told = would(start=AT_SEVEN)
    assert (told["possible"], told["code"], told["overridable"]) == (False, "slot_taken", False)
    assert told["detail"] == "This time has just been taken."
    assert [(it["appointment"], it["client_name"]) for it in told["taken_by"]] == [("a-2", "Li Na")]
    assert len(told["alternatives"]) == 3
    assert is_problem(refused(f"POST {DESK}/a-1/reschedule", {"start": AT_SEVEN}, role="staff"), 409, "slot_taken")


def test_what_only_the_rules_for_clients_forbid_can_be_overridden() -> None:
    told = would(start="2026-03-02T21:00:00+08:00")
    assert (told["possible"], told["code"], told["overridable"]) == (False, "not_offered", True)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This time is not offered."), ("zh-Hans", "这个时间不开放预约。"), ("fr", "This time is not offered.")],
)
def test_why_not_is_said_in_the_language_of_who_asks(language: str, said: str) -> None:
    """The desk shows it as it comes."""
    body = {"start": "2026-03-02T21:00:00+08:00"}
    told = ask(front_desk.handler, f"POST {DESK}/a-1/move-preview", body, role="staff", language=language).body
    assert (told["code"], told["detail"]) == ("not_offered", said)


def test_the_past_cannot_be_overridden() -> None:
    told = would(start="2026-03-01T10:00:00+08:00")
    assert (told["possible"], told["code"], told["overridable"]) == (False, "in_the_past", False)


def test_a_move_by_hand_into_the_past_is_refused() -> None:
    wanted = {"start": "2026-03-01T10:00:00+08:00", "override": "a slip of the mouse"}
    assert is_problem(refused(f"POST {DESK}/a-1/reschedule", wanted, role="staff"), 422, "in_the_past")


@pytest.mark.parametrize(
    ("passed", "minutes", "until"),
    [
        pytest.param(-60, 14, 15, id="within the grace, which holds as well"),
        pytest.param(-60, 20, 20, id="told before it begins: after its start"),
        pytest.param(5, 20, 25, id="told after it began: from now on"),
        pytest.param(0, 240, 30, id="no longer than anybody is waited for"),
    ],
)
def test_who_says_that_they_are_late_is_waited_for(
    passed: int, minutes: int, until: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, minutes=passed)
    answer = does("running-late", {"minutes": minutes, "version": 1})
    assert (answer.status, answer.body["history"][-1]["what"]) == (200, "on_my_way")
    assert appointments.load("lotus", "a-1").waits_until == STARTS + timedelta(minutes=until)


def test_who_is_here_is_not_late() -> None:
    does("check-in")
    assert is_problem(refused(f"POST {DESK}/a-1/running-late", {"minutes": 10}, role="staff"), 409, "move_not_allowed")
    assert appointments.load("lotus", "a-1").status is Status.ARRIVED


def test_over_which_channel_they_hear_is_that_which_the_sender_would_take() -> None:
    """A text message is not registered for it in China, so the e-mail follows."""
    client = clients.load("lotus", "c-1")
    clients.put_alone(replace(client, phone="+8613800001111", preferred=Channel.SMS))
    assert [it["channel"] for it in would(start=AT_SEVEN)["tells"]] == ["email"]
