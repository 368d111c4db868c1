"""Every clock of a follow-up at any instant, from its history and the policy it keeps: nothing else is the truth."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from kept.follow_up.clock_inputs import ClockInputs, Policies, Span
from kept.follow_up.events import History, known_at
from kept.follow_up.policy import Row
from kept.follow_up.runs import Run
from kept.timekeeping.business_calendar import BusinessCalendar

NOTHING = timedelta(0)


class State(StrEnum):
    """MISSED is a fact from just after the due instant on, whether it runs still or was stopped too late."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """`before` is what was counted until it begins, `after` until it ends."""

    begins: datetime
    ends: datetime | None
    before: timedelta
    after: timedelta | None


@dataclass(frozen=True, slots=True)
class Clock:
    """As of one instant. `due` is the last instant at which to stop it in time; an exact fill ends at closing, so that
    whether it was missed goes by instants and not by time spent. It is None in a pause without an end."""

    run: Run
    target: timedelta
    policy: int
    calendar: BusinessCalendar
    spans: tuple[Span, ...]
    counted: tuple[CountedSpan, ...]
    due: datetime | None
    state: State
    spent: timedelta

    @property
    def remaining(self) -> timedelta:
        """Negative by as much counted time as it is late."""
        return self.target - self.spent

    @property
    def late(self) -> timedelta:
        return max(-self.remaining, NOTHING)

    @property
    def deadline(self) -> datetime | None:
        """What is still to be kept: none once it has stopped, nor while it is paused."""
        return None if self.run.stopped is not None or self.state is State.PAUSED else self.due

    @property
    def counts_from(self) -> datetime:
        """Since when it runs without a break, as far as it is to come."""
        return self.counted[-1].begins if self.counted else self.run.started

    def reaches(self, spent: timedelta) -> datetime | None:
        """The instant by which so much has been counted, if nothing else happens."""
        return _reaches(spent, self.counted, self.calendar)


def clocks(history: History, policies: Policies, now: datetime) -> tuple[Clock, ...]:
    """By what has happened until now. Targets are those of the tier, the priority and the policy now in force, counted
    from the beginning; a clock that has stopped keeps those it stopped with."""
    known = known_at(history, now)
    if not known:
        return ()
    matter = ClockInputs.of(known, policies)
    return tuple(clock for run in matter.runs() if (clock := _clock(run, matter, now)) is not None)


def next_deadline(found: Iterable[Clock]) -> datetime | None:
    """Of several clocks the first that is still to be kept, past where it is missed."""
    return min((clock.deadline for clock in found if clock.deadline is not None), default=None)


def _clock(run: Run, matter: ClockInputs, now: datetime) -> Clock | None:
    at = now if run.stopped is None else run.stopped
    policy, row = matter.policy(at), matter.row(at)
    target = _target(run, row)
    if row is None or target is None:
        return None
    spans = matter.spans(run, policy.pausing)
    calendar = policy.calendar(row)
    counted = tuple(_counted(spans, calendar))
    due = _reaches(target, counted, calendar)
    return Clock(
        run=run,
        target=target,
        policy=policy.number,
        calendar=calendar,
        spans=spans,
        counted=counted,
        due=due,
        state=_state(run, spans, due, now),
        spent=_spent(at, counted, calendar),
    )


def _target(run: Run, row: Row | None) -> timedelta | None:
    if row is None:
        return None
    return row.target(run.kind) if run.step is None else run.step.target


def _counted(spans: tuple[Span, ...], calendar: BusinessCalendar) -> Iterator[CountedSpan]:
    """Neighbours that both count are one. The last goes on past the end of the run, so that what was stopped in time
    has its due instant too."""
    before = NOTHING
    for counts, neighbours in groupby(spans, key=lambda span: span.counts):
        if counts:
            together = list(neighbours)
            first, last = together[0], together[-1]
            if last is spans[-1] or last.ends is None:
                yield CountedSpan(first.begins, None, before, None)
                return
            after = before + calendar.between(first.begins, last.ends)
            yield CountedSpan(first.begins, last.ends, before, after)
            before = after


def _reaches(spent: timedelta, counted: tuple[CountedSpan, ...], calendar: BusinessCalendar) -> datetime | None:
    """What is filled at the very instant at which a pause begins is reached when it ends: whatever is done at the due
    instant is done in time."""
    for span in counted:
        if span.before == spent:
            return span.begins
        if span.after is None or spent <= span.after:
            at = calendar.add(span.begins, spent - span.before)
            if at != span.ends:
                return at
    return None


def _spent(until: datetime, counted: tuple[CountedSpan, ...], calendar: BusinessCalendar) -> timedelta:
    span = next((c for c in reversed(counted) if c.begins < until), None)
    if span is None:
        return NOTHING
    return span.before + calendar.between(span.begins, min(until, span.ends or until))


def _state(run: Run, spans: tuple[Span, ...], due: datetime | None, now: datetime) -> State:
    if due is not None and (run.stopped or now) > due:
        return State.MISSED
    if run.stopped is not None:
        return State.MET
    counts = next((span.counts for span in reversed(spans) if span.begins <= now), True)
    return State.RUNNING if counts else State.PAUSED
