"""Rule: a call on the staff's list is to be made, and not sent, until somebody says that they reached the client. What
came of it is in the ledger and in the follow-up, whose clocks only an answer stops.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine

import follow_ups as follow_ups_function
from kept.channels import Channel, Purpose
from kept.clients.wrong_number import WRONG_NUMBER
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp
from kept.messaging.message import Message
from kept.messaging.topic import MessageOfOurs
from kept.storage import follow_ups
from tests.asking import Answer, ask
from tests.functions.outbox import NOON, became, opened, owed, reached_by, she, stored, work

CALL, EMAIL = Channel.CALL, Channel.EMAIL
HOUR = timedelta(hours=1)
ID = "a-1-v1-call-two_days"


@pytest.fixture(autouse=True)
def message(monkeypatch: pytest.MonkeyPatch) -> Message:
    """Li Na is to be called about her visit, at noon."""
    opened(monkeypatch, reached_by(EMAIL), (EMAIL, CALL))
    listed = owed(CALL, "two_days")
    work(listed)
    return listed


def said(path: str, body: object, **how: Any) -> Answer:
    with time_machine.travel(NOON + HOUR, tick=False):
        return ask(follow_ups_function.handler, f"POST /v1/desk/follow-ups/{ID}/{path}", body, role="staff", **how)


def it() -> FollowUp:
    return follow_ups.load("lotus", ID)


def first_response() -> State:
    found = clocks(it().history, follow_ups.policies(it()), NOON + 2 * HOUR)
    return found[0].state


def test_a_call_that_nobody_made_is_to_be_made(message: Message) -> None:
    assert became(message) == ("to_call", "")
    assert stored(message).sent_at is None
    assert stored(message).provider_id == ID
    assert not MessageOfOurs(stored(message), she()).had_reached(NOON + HOUR)
    assert first_response() is State.RUNNING


OUTCOMES = [
    pytest.param("call", {"outcome": "reached"}, "sent", "", State.MET, id="reached"),
    pytest.param("call", {"outcome": "reached", "note": "will come"}, "sent", "", State.MET, id="with a note"),
    pytest.param("answer", {"note": "on the telephone"}, "sent", "", State.MET, id="answered as any other"),
    pytest.param("call", {"outcome": "no_answer"}, "to_call", "to_call: no_answer", State.RUNNING, id="no answer"),
    pytest.param("call", {"outcome": "voicemail"}, "to_call", "to_call: voicemail", State.RUNNING, id="voicemail"),
    pytest.param(
        "call", {"outcome": "wrong_number"}, "to_call", "to_call: called_wrong_number", State.RUNNING, id="wrong number"
    ),
    pytest.param("tried", {"channel": "call"}, "to_call", "", State.RUNNING, id="tried, as before"),
    pytest.param("note", {"note": "call after lunch"}, "to_call", "", State.RUNNING, id="a note is no call"),
    pytest.param(
        "snooze", {"why": "busy", "until": "2026-03-02T01:00:00Z"}, "to_call", "", State.RUNNING, id="put off"
    ),
    pytest.param("resolve", {"outcome": "settled"}, "missed", "missed: nobody_called", State.MET, id="closed uncalled"),
]


@pytest.mark.parametrize(("path", "body", "status", "reason", "state"), OUTCOMES)
def test_what_came_of_it_is_in_the_ledger_and_on_its_clock(
    path: str, body: object, status: str, reason: str, state: State, message: Message
) -> None:
    assert said(path, body).status == 200
    assert became(message) == (status, reason)
    assert first_response() is state
    assert (stored(message).sent_at is not None) is (status == "sent")


def test_tried_twice_and_then_reached_it_is_sent_when_they_were_reached(message: Message) -> None:
    for outcome in ("no_answer", "voicemail", "reached"):
        said("call", {"outcome": outcome})
    assert (became(message)[0], stored(message).sent_at) == ("sent", NOON + HOUR)
    assert [line.what for line in it().history][-3:] == ["tried", "tried", "answered"]


def test_a_repeat_says_it_once(message: Message) -> None:
    first, again = (said("call", {"outcome": "voicemail"}, key="a key that was drawn once") for _ in range(2))
    assert first.body == again.body
    assert [line.what for line in it().history].count(What.TRIED) == 1
    assert became(message) == ("to_call", "to_call: voicemail")


def test_after_a_wrong_number_nobody_writes_to_it() -> None:
    said("call", {"outcome": "wrong_number"})
    assert {stop.why for stop in she().stopped} == {WRONG_NUMBER}
    assert she().reach == "li@example.com"
    assert she().agreed(Purpose.TRANSACTIONAL, EMAIL)


@pytest.mark.parametrize("body", [{}, {"outcome": "busy"}, {"outcome": ""}, {"outcome": 1}], ids=str)
def test_what_is_no_outcome_is_refused(body: object, message: Message) -> None:
    assert said("call", body).status == 422
    assert became(message) == ("to_call", "")


def test_only_staff_say_so(message: Message) -> None:
    assert ask(follow_ups_function.handler, f"POST /v1/desk/follow-ups/{ID}/call", {"outcome": "reached"}).status == 401
    assert became(message) == ("to_call", "")


def test_of_another_matter_nothing_is_in_the_ledger(message: Message) -> None:
    other = replace(it(), id="f-9", revision=0)
    follow_ups.put_alone(other)
    with time_machine.travel(NOON + HOUR, tick=False):
        ask(follow_ups_function.handler, "POST /v1/desk/follow-ups/f-9/call", {"outcome": "reached"}, role="staff")
    assert became(message) == ("to_call", "")
