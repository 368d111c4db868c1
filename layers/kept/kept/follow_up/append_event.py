"""What may be written into the history of a follow-up and when; whatever is refused has changed nothing."""

from dataclasses import replace
from datetime import datetime
from math import inf

from kept.clients.client import Tier
from kept.errors import InvalidSetting, ReasonRequired
from kept.follow_up.clock_inputs import ClockInputs, Policies
from kept.follow_up.events import FollowUpEvent, History, Priority, What, in_force, known, own
from kept.follow_up.merging import merged_into
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase, phase_at
from kept.follow_up.policy import ClockKind, ServicePolicy
from kept.follow_up.refusals import (
    FollowUpClosed,
    FollowUpFull,
    FollowUpOpen,
    InTheFuture,
    InvalidPause,
    NothingToDismiss,
    OutOfOrder,
    StepNotDue,
)
from kept.follow_up.runs import Run
from kept.follow_up.shortening import MOST, bytes_of_old

ON_A_CLOSED_ONE = frozenset({What.REOPENED, What.NOTED, What.SURVEYED})
ROOM = {What.ASSIGNED: 2 * MOST} | dict.fromkeys(
    (What.ANSWERED, What.DISMISSED, What.NOTED, What.STEP_DONE, What.RESOLVED, What.SURVEYED), inf
)
"""Whoever has it can always say that it was answered and close it, and it can be handed on long after it takes nothing
else; none of these can be repeated for ever without the others."""
PAUSES = {What.WAITING, What.SNOOZED}
NAMING = frozenset({What.TIER, What.PRIORITY, What.POLICY, What.ASSIGNED})


def opening(cause: OpenedBy, tier: Tier, policy: int, *, at: datetime, by: str, assignee: str = "") -> History:
    """What every history begins with, all at one instant: what it is about, for whom, by which policy, whose."""
    named = {What.TIER: tier, What.PRIORITY: Priority.NORMAL, What.POLICY: str(policy), What.ASSIGNED: assignee}
    return (
        FollowUpEvent(What.OPENED, at, by, to=cause),
        *(FollowUpEvent(what, at, by, to=to) for what, to in named.items()),
    )


def recorded(history: History, event: FollowUpEvent, policies: Policies, *, now: datetime) -> History:
    """With one more line; as it was where the line would change nothing.

    `policies` are asked only about a pause, a dismissal, a step, a reopening and another policy. Raises
    InTheFuture, OutOfOrder, FollowUpClosed, FollowUpOpen, FollowUpFull, and what a line of its kind is refused for: a
    pause InvalidPause and ReasonRequired, a dismissal NothingToDismiss, a step StepNotDue, an unknown policy
    InvalidSetting.
    """
    _check_order(history, event, now)
    phase = phase_at(known(history), event.at)
    if phase is Phase.CLOSED and event.what not in ON_A_CLOSED_ONE:
        raise FollowUpClosed(state=phase)
    if event.what is What.REOPENED and (into := merged_into(history)):
        raise FollowUpClosed(state=Phase.CLOSED, merged_into=into)
    if phase is not Phase.CLOSED and event.what in (What.REOPENED, What.SURVEYED):
        raise FollowUpOpen(state=phase)
    if _changes_nothing(history, event, phase):
        return history
    if bytes_of_old(history) > ROOM.get(event.what, MOST):
        raise FollowUpFull
    return (*history, _completed(history, event, policies))


def awaiting(history: History, policies: Policies) -> Run | None:
    """The exchange that the oldest unanswered message of the client began; none before the first answer."""
    open_ones = (
        r for r in ClockInputs.of(known(history), policies).runs() if r.kind is ClockKind.NEXT and r.stopped is None
    )
    return next(open_ones, None)


def step_due(history: History, policies: Policies) -> Run | None:
    """The step that the plan has come to."""
    steps = (
        r for r in ClockInputs.of(known(history), policies).runs() if r.kind is ClockKind.STEP and r.stopped is None
    )
    return next(steps, None)


def _check_order(history: History, event: FollowUpEvent, now: datetime) -> None:
    if event.at > now:
        raise InTheFuture(at=event.at.isoformat())
    if event.at < history[-1].at:
        raise OutOfOrder(not_before=history[-1].at.isoformat())


def _changes_nothing(history: History, event: FollowUpEvent, phase: Phase) -> bool:
    if event.what is What.RESUMED:
        return phase is Phase.OPEN
    return event.what in NAMING and bool(lines := own(history, event.what)) and in_force(lines, event.at) == event.to


def _completed(history: History, event: FollowUpEvent, policies: Policies) -> FollowUpEvent:
    """With what the policy decides about it now, so that a later policy does not rewrite it."""
    if event.what is What.POLICY and event.to not in map(str, policies):
        raise InvalidSetting(field="policy", reason=f"There is no policy with the number {event.to}.")
    if event.what in PAUSES:
        return _pause(event, _in_force(history, event, policies))
    if event.what is What.REOPENED:
        return replace(event, to=_in_force(history, event, policies).reopening)
    if event.what is What.DISMISSED and awaiting(history, policies) is None:
        raise NothingToDismiss
    if event.what is What.STEP_DONE:
        _check_step(event, step_due(history, policies))
    return event


def _in_force(history: History, event: FollowUpEvent, policies: Policies) -> ServicePolicy:
    return ClockInputs.of(known(history), policies).policy(event.at)


def _pause(event: FollowUpEvent, policy: ServicePolicy) -> FollowUpEvent:
    """Every pause has its end, so that nothing waits for ever; one that staff choose themselves has a reason too."""
    latest = event.at + policy.longest_pause
    until = latest if event.until is None else event.until
    if not event.at < until <= latest:
        raise InvalidPause(latest=latest.isoformat())
    if event.what is What.SNOOZED and not event.why.strip():
        raise ReasonRequired
    return replace(event, until=until)


def _check_step(event: FollowUpEvent, due: Run | None) -> None:
    name = due.step.name if due and due.step else None
    if event.to != name:
        raise StepNotDue(step=name)
