"""A follow-up's life: who answers, who has it, and what a closed one refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kept.booking.history import Actor, Cause
from kept.errors import FollowUpClosed
from kept.follow_up.follow_up import MOVES, FollowUp, FollowUpStatus
from kept.follow_up.targets import FirstResponse, FollowUpPolicy
from tests.builders import STARTS as OPENED
from tests.builders import a_follow_up

MEI = Actor("staff", "mei")
HOUR = timedelta(hours=1)


def by_mei(*, after: timedelta, why: str = "", key: str = "") -> Cause:
    return Cause(by=MEI, at=OPENED + after, why=why, key=key)


def in_status(status: FollowUpStatus) -> FollowUp:
    return replace(a_follow_up(), status=status)


@pytest.mark.parametrize("status", list(FollowUpStatus))
@pytest.mark.parametrize(("move", "to"), [("answer", FollowUpStatus.ANSWERED), ("resolve", FollowUpStatus.RESOLVED)])
def test_the_table_of_moves_is_what_happens(status: FollowUpStatus, move: str, to: FollowUpStatus) -> None:
    follow_up = in_status(status)
    if to in MOVES[status]:
        assert getattr(follow_up, move)(by_mei(after=HOUR)).status is to
    else:
        with pytest.raises(FollowUpClosed):
            getattr(follow_up, move)(by_mei(after=HOUR))


def test_the_first_answer_stops_the_clock_and_a_second_does_not_move_it() -> None:
    twice = a_follow_up().answer(by_mei(after=HOUR)).answer(by_mei(after=30 * HOUR))
    assert twice.answered_at == OPENED + HOUR
    assert [e.what for e in twice.history] == ["opened", "answered", "answered"]


def test_resolving_without_an_answer_stops_the_clock_too() -> None:
    resolved = a_follow_up().resolve(by_mei(after=HOUR, why="came in by themselves"))
    assert (resolved.answered_at, resolved.stopped_at) == (None, OPENED + HOUR)
    assert resolved.history[-1].why == "came in by themselves"


def test_a_note_is_not_an_answer() -> None:
    noted = a_follow_up().noted("note", by_mei(after=HOUR, why="no luck by phone"))
    assert (noted.status, noted.stopped_at) == (FollowUpStatus.OPEN, None)


def test_reassignment_is_kept_with_who_when_and_why() -> None:
    moved = a_follow_up().reassign("jun", by_mei(after=HOUR, why="on holiday"))
    line = moved.history[-1]
    assert moved.assignee == "jun"
    assert (line.what, line.at, line.by, line.why) == ("assigned to jun", OPENED + HOUR, "staff:mei", "on holiday")


def test_a_closed_one_is_not_reassigned() -> None:
    with pytest.raises(FollowUpClosed):
        in_status(FollowUpStatus.RESOLVED).reassign("jun", by_mei(after=HOUR))


def test_what_was_done_under_an_idempotency_key_is_found_again() -> None:
    answered = a_follow_up().answer(by_mei(after=HOUR, key="k"))
    assert answered.event_under("k") == answered.history[-1]
    assert answered.event_under("other") is None
    assert answered.event_under("") is None


@pytest.mark.parametrize(
    ("answered_after", "missed"),
    [(23 * HOUR, False), (24 * HOUR, False), (24 * HOUR + timedelta(microseconds=1), True), (30 * HOUR, True)],
    ids=["in time", "at the due instant", "just after it", "late"],
)
def test_an_answer_at_the_due_instant_is_met(answered_after: timedelta, missed: bool) -> None:
    answered = a_follow_up().answer(by_mei(after=answered_after))
    assert answered.is_missed(now=OPENED + 100 * HOUR) is missed


@pytest.mark.parametrize(("now", "missed"), [(24 * HOUR, False), (25 * HOUR, True)], ids=["at due", "after due"])
def test_an_unanswered_one_is_missed_once_it_is_due(now: timedelta, missed: bool) -> None:
    assert a_follow_up().is_missed(now=OPENED + now) is missed


def test_an_edit_of_the_policy_does_not_touch_an_open_clock() -> None:
    slow = FollowUpPolicy(FirstResponse(vip=48 * HOUR), thresholds=(10,))
    before, after = a_follow_up(), a_follow_up(policy=slow)
    assert (before.due, before.thresholds) == (OPENED + 24 * HOUR, (50, 75, 90))
    assert (after.due, after.thresholds) == (OPENED + 48 * HOUR, (10,))
