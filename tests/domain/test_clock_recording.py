"""What a history takes and what it refuses, each refusal by its code; and what folds into whose turn it is."""

from datetime import datetime, timedelta

import pytest

from kept.clients.client import Tier
from kept.errors import InvalidSetting, ReasonRequired, Refusal
from kept.follow_up.append_event import awaiting, opening, recorded, step_due
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import FollowUpEvent, History, Priority, Reopening, What, in_force, own
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase, phase_at, phases
from kept.follow_up.plans import Step
from kept.follow_up.policy import ClockKind, ServicePolicy
from kept.follow_up.refusals import (
    FollowUpClosed,
    FollowUpOpen,
    InTheFuture,
    InvalidPause,
    NothingToDismiss,
    OutOfOrder,
    StepNotDue,
)
from tests.histories import DAY, HOUR, MONDAY, a_policy, at, did, opened

POLICY = a_policy(4 * HOUR, 2 * HOUR, 24 * HOUR, longest_pause=3 * DAY)
STEPS = a_policy(4 * HOUR, plans={OpenedBy.MANUAL: (Step("call", HOUR), Step("offer", HOUR))})
TAKEN_IN = did(What.RESOLVED, 2, "merged", why="f2")
ANSWERED, CLOSED = did(What.ANSWERED, 1), did(What.RESOLVED, 2)


def written(history: History, event: FollowUpEvent, policy: ServicePolicy = POLICY) -> History:
    return recorded(history, event, {policy.number: policy}, now=at(99))


@pytest.mark.parametrize(
    ("lines", "event", "refusal"),
    [
        pytest.param((), did(What.ANSWERED, 100), InTheFuture, id="an answer still to come"),
        pytest.param((), did(What.ANSWERED, -1), OutOfOrder, id="an answer before the opening"),
        pytest.param((ANSWERED,), did(What.NOTED, 0.5), OutOfOrder, id="before what is already written"),
        pytest.param((CLOSED,), did(What.ANSWERED, 3), FollowUpClosed, id="an answer to a closed one"),
        pytest.param((CLOSED,), did(What.RESOLVED, 3), FollowUpClosed, id="closed twice"),
        pytest.param((CLOSED,), did(What.CLIENT_WROTE, 3), FollowUpClosed, id="a message: it is reopened first"),
        pytest.param((CLOSED,), did(What.ASSIGNED, 3, "lou"), FollowUpClosed, id="a closed one handed on"),
        pytest.param((), did(What.REOPENED, 3), FollowUpOpen, id="an open one reopened"),
        pytest.param((TAKEN_IN,), did(What.REOPENED, 3), FollowUpClosed, id="one that is part of another reopened"),
        pytest.param((), did(What.SURVEYED, 3, "5"), FollowUpOpen, id="an open one rated"),
        pytest.param((), did(What.WAITING, 3, until=3), InvalidPause, id="a pause of no time"),
        pytest.param((), did(What.WAITING, 3, until=2), InvalidPause, id="a pause that ends before it begins"),
        pytest.param((), did(What.WAITING, 3, until=75.01), InvalidPause, id="a pause longer than the longest"),
        pytest.param((), did(What.SNOOZED, 3, until=9), ReasonRequired, id="put off without a reason"),
        pytest.param((), did(What.SNOOZED, 3, until=9, why=" "), ReasonRequired, id="put off with a blank one"),
        pytest.param((), did(What.DISMISSED, 3), NothingToDismiss, id="dismissed before the first answer"),
        pytest.param((ANSWERED,), did(What.DISMISSED, 3), NothingToDismiss, id="dismissed without a message"),
        pytest.param((), did(What.POLICY, 3, "9"), InvalidSetting, id="a policy that does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused(lines: History, event: FollowUpEvent, refusal: type[Refusal]) -> None:
    """A history holds nothing from the future, out of order, or that its state does not allow."""
    with pytest.raises(refusal):
        written((*opened(), *lines), event)


@pytest.mark.parametrize(
    ("lines", "event"),
    [
        pytest.param((), did(What.ANSWERED, 99), id="at this very instant"),
        pytest.param((ANSWERED,), did(What.NOTED, 1), id="at the instant of the line before"),
        pytest.param((), did(What.ANSWERED, 0), id="at the instant of the opening"),
    ],
)
def test_what_happens_now_or_together_is_written(lines: History, event: FollowUpEvent) -> None:
    """The edges are allowed: two things may happen at one instant."""
    assert written((*opened(), *lines), event)[-1] == event


@pytest.mark.parametrize(
    ("lines", "event"),
    [
        pytest.param((), did(What.RESUMED, 1), id="resumed while nothing is paused"),
        pytest.param((did(What.SNOOZED, 1, until=2),), did(What.RESUMED, 3), id="resumed after the pause ran out"),
        pytest.param((), did(What.TIER, 1, "regular"), id="the tier it has"),
        pytest.param((), did(What.ASSIGNED, 1, "mei"), id="whose it is already"),
    ],
)
def test_what_changes_nothing_leaves_no_line(lines: History, event: FollowUpEvent) -> None:
    """A history shows what happened, and no change that was none."""
    history = (*opened(), *lines)
    assert written(history, event) is history


@pytest.mark.parametrize(
    ("event", "until"),
    [
        pytest.param(did(What.WAITING, 3), 75, id="waiting without an end: the longest pause"),
        pytest.param(did(What.WAITING, 3, until=5), 5, id="waiting until"),
        pytest.param(did(What.SNOOZED, 3, until=75, why="back on Thursday"), 75, id="put off as long as may be"),
    ],
)
def test_every_pause_has_an_end(event: FollowUpEvent, until: float) -> None:
    """Nothing is put off for ever: without an end it lasts as long as the policy allows."""
    history = written(opened(), event)
    assert history[-1].until == at(until)
    assert [phase_at(history, at(when)) for when in (2.9, until)] == [Phase.OPEN, Phase.OPEN]
    assert phase_at(history, at(3)) in (Phase.WAITING, Phase.SNOOZED)


@pytest.mark.parametrize("mode", Reopening, ids=str)
def test_how_it_was_reopened_is_written_down(mode: Reopening) -> None:
    """So that a later policy does not rewrite it."""
    policy = a_policy(HOUR, reopening=mode)
    assert written((*opened(), CLOSED), did(What.REOPENED, 9), policy)[-1].to == mode


def test_a_closed_one_takes_notes_and_stars() -> None:
    """What is said of it afterwards is kept without opening it again."""
    history = written((*opened(), CLOSED), did(What.NOTED, 3))
    assert written(history, did(What.SURVEYED, 4, "5"))[-2:] == (did(What.NOTED, 3), did(What.SURVEYED, 4, "5"))


def test_a_thanks_is_dismissed() -> None:
    """It needs no answer, so the clock that it started ends and counts as met."""
    thanked = (*opened(), ANSWERED, did(What.CLIENT_WROTE, 2))
    exchange = awaiting(thanked, {1: POLICY})
    assert exchange is not None
    assert exchange.started == at(2)
    dismissed = written(thanked, did(What.DISMISSED, 3))
    assert awaiting(dismissed, {1: POLICY}) is None
    assert [c.state for c in clocks(dismissed, {1: POLICY}, at(9)) if c.run.kind is ClockKind.NEXT] == [State.MET]


@pytest.mark.parametrize(
    ("lines", "name", "due"),
    [
        pytest.param((), "offer", "call", id="not before its turn"),
        pytest.param((did(What.STEP_DONE, 1, "call"),), "call", "offer", id="not twice"),
        pytest.param((), "dance", "call", id="not one that the plan does not have"),
        pytest.param(
            (did(What.STEP_DONE, 1, "call"), did(What.STEP_DONE, 2, "offer")), "offer", None, id="not after the last"
        ),
    ],
)
def test_only_the_step_that_is_due_can_be_done(lines: History, name: str, due: str | None) -> None:
    """A plan is followed in order, and the refusal names the step whose turn it is."""
    with pytest.raises(StepNotDue) as refused:
        written((*opened(), *lines), did(What.STEP_DONE, 3, name), STEPS)
    assert refused.value.facts == {"step": due}


def test_the_step_that_is_due_is_done_with_its_outcome() -> None:
    done = written(opened(), did(What.STEP_DONE, 1, "call", why="wants Friday"), STEPS)
    step = step_due(done, {1: STEPS})
    assert step is not None
    assert (step.name, step.started) == ("step_offer", at(1))


def test_a_history_begins_with_all_that_its_clocks_need() -> None:
    """Tier, priority and policy stand in it from its first instant."""
    policy = a_policy(HOUR, number=7)
    history = opening(OpenedBy.COMPLAINT, Tier.VIP, 7, at=MONDAY, by="client", assignee="mei")
    named = {what: in_force(own(history, what), MONDAY) for what in (What.TIER, What.PRIORITY, What.POLICY)}
    assert named == {What.TIER: Tier.VIP, What.PRIORITY: Priority.NORMAL, What.POLICY: "7"}
    assert {line.at for line in history} == {MONDAY}
    response, call = clocks(history, {7: policy}, MONDAY)
    assert (response.due, response.policy, call.run.name) == (at(1), 7, "step_call")


def test_a_naive_instant_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        written(opened(), FollowUpEvent(What.NOTED, datetime(2026, 3, 2, 10)))  # noqa: DTZ001


Q = (Phase.OPEN, Phase.WAITING, Phase.SNOOZED, Phase.CLOSED)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param((), [(0, Phase.OPEN)], id="open from the start"),
        pytest.param((did(What.WAITING, 1, until=3),), [(0, Q[0]), (1, Q[1]), (3, Q[0])], id="a pause runs out"),
        pytest.param(
            (did(What.WAITING, 1, until=3), did(What.NOTED, 5)),
            [(0, Q[0]), (1, Q[1]), (3, Q[0])],
            id="whoever writes later",
        ),
        pytest.param(
            (did(What.WAITING, 1, until=3), did(What.CLIENT_WROTE, 2)),
            [(0, Q[0]), (1, Q[1]), (2, Q[0])],
            id="or is ended",
        ),
        pytest.param(
            (did(What.WAITING, 1, until=9), did(What.SNOOZED, 2, until=3)),
            [(0, Q[0]), (1, Q[1]), (2, Q[2]), (3, Q[0])],
            id="put off instead of waiting",
        ),
        pytest.param(
            (did(What.WAITING, 1, until=9), did(What.RESOLVED, 2), did(What.REOPENED, 4)),
            [(0, Q[0]), (1, Q[1]), (2, Q[3]), (4, Q[0])],
            id="closing ends the pause",
        ),
    ],
)
def test_a_history_folds_into_phases(lines: History, expected: list[tuple[float, Phase]]) -> None:
    """A pause ends by itself, by the client's words or by closing, and does not come back."""
    assert [(s.begins, s.phase) for s in phases((*opened(), *lines))] == [(at(h), phase) for h, phase in expected]


def test_phases_follow_each_other_without_a_gap() -> None:
    found = phases((*opened(), did(What.WAITING, 1, until=3), CLOSED))
    assert [s.ends for s in found] == [*(s.begins for s in found[1:]), None]
    assert all(s.ends is None or s.ends - s.begins > timedelta(0) for s in found)
