"""From when to when each clock of a follow-up runs, before anything is said of targets and pauses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kept.follow_up.events import FollowUpEvent, History, Reopening, What, own
from kept.follow_up.phases import Phase, PhaseStretch
from kept.follow_up.plans import Plan, Step
from kept.follow_up.policy import ClockKind


@dataclass(frozen=True, slots=True)
class Run:
    """`name` is unique within the follow-up and stays, whatever is merged or moved; `ended_by` is what stopped it."""

    kind: ClockKind
    name: str
    started: datetime
    stopped: datetime | None
    ended_by: What | None
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class _Cycle:
    """A follow-up has one, and one more each time it is reopened to begin anew; `closed` is its final close."""

    number: int
    began: datetime
    closed: datetime | None
    events: History

    def named(self, what: str) -> str:
        return what if self.number == 1 else f"{what}_cycle_{self.number}"

    def run(
        self, kind: ClockKind, name: str, started: datetime, end: FollowUpEvent | None, step: Step | None = None
    ) -> Run:
        """Until `end`, and at the latest until it is closed."""
        if end is not None:
            return Run(kind, name, started, end.at, end.what, step)
        return Run(kind, name, started, self.closed, What.RESOLVED if self.closed else None, step)


def runs(
    history: History, stretches: tuple[PhaseStretch, ...], plan: Plan, *, next_from_opening: bool
) -> Iterator[Run]:
    """Per cycle one first response, one next response per exchange, one resolution and the steps of the plan so far."""
    for cycle in _cycles(history, stretches):
        answer = next((event for event in cycle.events if event.what is What.ANSWERED), None)
        yield cycle.run(ClockKind.FIRST, cycle.named(ClockKind.FIRST), cycle.began, answer)
        yield from _exchanges(cycle, next_from_opening=next_from_opening)
        yield cycle.run(ClockKind.RESOLUTION, cycle.named(ClockKind.RESOLUTION), cycle.began, None)
        yield from _steps(cycle, plan)


def _exchanges(cycle: _Cycle, *, next_from_opening: bool) -> Iterator[Run]:
    """From the oldest unanswered message to the answer or the dismissal that ends the exchange; a note ends none.

    What is written before the first answer is that one's to answer. A follow-up taken in is one more message.
    """
    asked: datetime | None = cycle.began if next_from_opening else None
    listening = next_from_opening
    for event in cycle.events:
        if event.what in (What.ANSWERED, What.DISMISSED):
            if asked is not None:
                yield cycle.run(ClockKind.NEXT, _of_exchange(asked), asked, event)
            asked, listening = None, listening or event.what is What.ANSWERED
        elif listening and asked is None and event.what in (What.CLIENT_WROTE, What.OPENED):
            asked = event.at
    if asked is not None:
        yield cycle.run(ClockKind.NEXT, _of_exchange(asked), asked, None)


def _of_exchange(asked: datetime) -> str:
    return f"{ClockKind.NEXT}_{asked.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def _steps(cycle: _Cycle, plan: Plan) -> Iterator[Run]:
    """One after the other: a step begins when the one before is done, and not at all once the matter is closed."""
    done = {event.to: event for event in cycle.events if event.what is What.STEP_DONE}
    since = cycle.began
    for step in plan:
        since += step.after
        if cycle.closed is not None and since >= cycle.closed:
            return
        end = done.get(step.name)
        yield cycle.run(ClockKind.STEP, cycle.named(f"{ClockKind.STEP}_{step.name}"), since, end, step)
        if end is None:
            return
        since = end.at


def _cycles(history: History, stretches: tuple[PhaseStretch, ...]) -> Iterator[_Cycle]:
    starts = [0, *(n for n, event in enumerate(history) if _begins_anew(event))]
    for n, (first, end) in enumerate(zip(starts, [*starts[1:], len(history)], strict=True), start=1):
        events = history[first:end]
        last = stretches[-1] if end == len(history) else None
        closed = _last_close(events) if last is None else last.begins if last.phase is Phase.CLOSED else None
        yield _Cycle(n, events[0].at, closed, events)


def _begins_anew(event: FollowUpEvent) -> bool:
    return event.what is What.REOPENED and event.to == Reopening.NEW_CYCLE and not event.thread


def _last_close(events: History) -> datetime:
    return own(events, What.RESOLVED)[-1].at
