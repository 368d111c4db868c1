"""What the clocks of a follow-up cause: each reminder and each level once, at its own instant, whoever looks."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import RETARGETING, History, What, known
from kept.follow_up.policy import ASSIGNEE, ClockKind, ServicePolicy
from kept.reasons import Code, Reason, because


class NoticeKind(StrEnum):
    """The value is the name of the notice's text."""

    REMINDER = "follow_up_reminder"
    BREACH = "follow_up_breached"
    ESCALATION = "follow_up_escalated"


@dataclass(frozen=True, slots=True)
class ClockNotice:
    """Owed from just after `at`: an answer at that instant is in time. `clock` is its name, `to` a role of a level;
    the assignee is whoever has it when the notice is sent. `step` is a threshold, or a level from 1."""

    clock: str
    tells: NoticeKind
    at: datetime
    to: str
    step: str

    @property
    def stage(self) -> str:
        """Unique within a follow-up, so that a notice found twice is one message."""
        return f"{self.clock}_{self.tells}_{self.step}"


Timeline = tuple[ClockNotice, ...]


def timeline(history: History, policies: Policies) -> Timeline:
    """Every notice there was and, if nothing more happens, will be; in order of time.

    It is as if somebody had looked at every instant: before a change of tier, priority or policy by what was known
    then. What such a change brings into the past is owed from the change on, and what it moves is not told again. A
    merge takes over what either follow-up has told already, so both are brought up to it before.
    """
    found: dict[str, ClockNotice] = {}
    told: set[str] = set()
    for begins, ends, part in _eras(history):
        told |= {notice.stage for notice in _told_before_a_merge(part, policies, begins)}
        for notice in _notices(part, policies, begins, ends):
            if notice.stage not in told:
                found.setdefault(notice.stage, notice)
    return tuple(sorted(found.values(), key=lambda notice: notice.at))


def reached(line: Timeline, *, processed_until: datetime, now: datetime) -> Timeline:
    """Those between the last look and now: [processed_until, now)."""
    return tuple(notice for notice in line if processed_until <= notice.at < now)


def untold(line: Timeline, *, processed_until: datetime, ahead: Collection[str] = ()) -> Timeline:
    """Those from the last look on, but for what was told ahead of it; some may be past."""
    return tuple(notice for notice in line if notice.at >= processed_until and notice.stage not in ahead)


def overtaken_at(notice: ClockNotice, line: Timeline) -> datetime | None:
    """When a reminder stops making sense: at the next notice of its clock, be it at the same instant, as where a change
    of policy brings several into the past. What tells of a miss always does."""
    if notice.tells is not NoticeKind.REMINDER:
        return None
    return next((n.at for n in line[line.index(notice) + 1 :] if n.clock == notice.clock), None)


def why_pointless(notice: ClockNotice, line: Timeline, standing: Iterable[Clock], *, now: datetime) -> Reason | None:
    """Why one that was reached is not told any more; None where it is. After a sleep the last reminder at most is."""
    clock = next((clock for clock in standing if clock.run.name == notice.clock), None)
    if clock is None:
        return because(Code.NO_TARGET)
    if clock.run.stopped is not None:
        return because(Code.ANSWERED_MEANWHILE)
    if notice.tells is NoticeKind.REMINDER and clock.state is State.PAUSED:
        return because(Code.WAITING_FOR_CLIENT)
    overtaken = overtaken_at(notice, line)
    return because(Code.LATER_NOTICE) if overtaken is not None and overtaken < now else None


def _eras(history: History) -> Iterator[tuple[datetime, datetime | None, History]]:
    """Between two changes of targets, [begins, ends), and what was known just before its end."""
    changes = sorted({event.at for event in history if event.what in RETARGETING and event.at > history[0].at})
    for begins, ends in zip([history[0].at, *changes], [*changes, None], strict=True):
        yield begins, ends, known(tuple(event for event in history if ends is None or event.at < ends))


def _notices(part: History, policies: Policies, begins: datetime, ends: datetime | None) -> Iterator[ClockNotice]:
    for clock in clocks(part, policies, ends or max(begins, part[-1].at)) if part else ():
        end = min(filter(None, (ends, clock.run.stopped)), default=None)
        for notice in sorted(_of(clock, policies[clock.policy]), key=lambda notice: notice.at):
            owed = replace(notice, at=max(notice.at, begins))
            if end is None or owed.at < end:
                yield owed


def _of(clock: Clock, policy: ServicePolicy) -> Iterator[ClockNotice]:
    for spent, tells, to, step in _steps(clock, policy):
        is_reached = clock.run.stopped is None or spent <= clock.spent
        if is_reached and spent > timedelta(0) and (at := clock.reaches(spent)) is not None:
            yield ClockNotice(clock.run.name, tells, at, to, step)


def _steps(clock: Clock, policy: ServicePolicy) -> Iterator[tuple[timedelta, NoticeKind, str, str]]:
    """A step of a plan is its assignee's own matter: they hear of it when it is late, and nobody above them does."""
    is_step = clock.run.kind is ClockKind.STEP
    for threshold in () if is_step else policy.thresholds:
        yield threshold.spent(clock.target), NoticeKind.REMINDER, ASSIGNEE, threshold.name
    for n, level in enumerate(policy.levels, start=1):
        if level.role == ASSIGNEE:
            yield clock.target + level.after, NoticeKind.BREACH, ASSIGNEE, str(n)
        elif not is_step:
            yield clock.target + level.after, NoticeKind.ESCALATION, level.role, str(n)


def _told_before_a_merge(part: History, policies: Policies, at: datetime) -> Iterator[ClockNotice]:
    """By the follow-ups that were taken in then, each from the history it had of its own."""
    for merge in part:
        if merge.what is What.MERGED and not merge.thread and merge.at == at:
            before = (event for event in part if event.thread and event.at < at)
            theirs = (replace(e, thread="" if e.thread == merge.to else e.thread) for e in before)
            if history := known(tuple(theirs)):
                yield from reached(timeline(history, policies), processed_until=history[0].at, now=at)
