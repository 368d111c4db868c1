"""The clock of a follow-up's first response: its notices, which of them are owed now, and why it is due when it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kept.booking.history import KEPT
from kept.booking.history import Cause as Change
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.targets import due_after

ASSIGNEE = "assignee"
"""Stands for whoever has it when the notice is sent; the other addressees are roles."""


class Kind(StrEnum):
    """The value is the name of the notice's text."""

    REMINDER = "follow_up_reminder"
    BREACH = "follow_up_breached"
    ESCALATION = "follow_up_escalated"


@dataclass(frozen=True, slots=True)
class Notice:
    """Owed from just after `at`: an answer at that instant is in time. `step` is a percentage, or a level from 1."""

    kind: Kind
    at: datetime
    to: str = ASSIGNEE
    step: int | None = None

    @property
    def stage(self) -> str:
        """Unique within a follow-up, so that a notice found twice is one message."""
        return self.kind if self.step is None else f"{self.kind}_{self.step}"


def timeline(follow_up: FollowUp) -> tuple[Notice, ...]:
    """In order of time; at the same instant the assignee hears of it first."""
    levels = enumerate(follow_up.levels, start=1)
    return (
        *(Notice(Kind.REMINDER, _spent(follow_up, percent), step=percent) for percent in follow_up.thresholds),
        Notice(Kind.BREACH, follow_up.due),
        *(Notice(Kind.ESCALATION, follow_up.due + level.after, level.role, n) for n, level in levels),
    )


def next_due(follow_up: FollowUp) -> datetime | None:
    """The next notice to be sent or recorded as missed; None when the clock stopped before any other."""
    return next((notice.at for notice in _ahead(follow_up)), None)


def reached(follow_up: FollowUp, *, now: datetime) -> tuple[Notice, ...]:
    """Those between the last look and now that came before any answer: [looked_until, now)."""
    return tuple(notice for notice in _ahead(follow_up) if notice.at < now)


def is_pointless(notice: Notice, follow_up: FollowUp, *, now: datetime) -> bool:
    """Found late: all of them once it was answered, and a reminder that a later notice has overtaken."""
    if follow_up.stopped_at is not None:
        return True
    return notice.kind is Kind.REMINDER and notice != reached(follow_up, now=now)[-1]


def overtaken_at(notice: Notice, follow_up: FollowUp) -> datetime | None:
    """When a reminder stops making sense: at the next notice. What tells of a breach always does."""
    if notice.kind is not Kind.REMINDER:
        return None
    return next(later.at for later in timeline(follow_up) if later.at > notice.at)


def owed(follow_up: FollowUp, *, now: datetime) -> tuple[Notice, ...]:
    """To be sent now: after a sleep the last reminder at most, but the breach and every level once."""
    return tuple(n for n in reached(follow_up, now=now) if not is_pointless(n, follow_up, now=now))


def looked_at(follow_up: FollowUp, *, now: datetime) -> FollowUp:
    """Brought up to now; a breach on the way enters the history at its own instant, not at the checker's."""
    breach = next((n for n in reached(follow_up, now=now) if n.kind is Kind.BREACH), None)
    if breach is not None:
        follow_up = follow_up.noted("first response missed", Change(by=KEPT, at=breach.at))
    return follow_up.looked(now)


class State(StrEnum):
    """How the first response stands."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why it is due when it is; `remaining` is negative by how late it is or was."""

    state: State
    started: datetime
    target: timedelta
    due: datetime
    stopped: datetime | None
    spent: timedelta

    @property
    def remaining(self) -> timedelta:
        return self.target - self.spent


def explain(follow_up: FollowUp, *, now: datetime) -> Explanation:
    """In wall time the one span that counts is from the opening to the answer, or to now."""
    stopped = follow_up.stopped_at
    return Explanation(
        state=_state(follow_up, now),
        started=follow_up.opened_at,
        target=follow_up.target,
        due=follow_up.due,
        stopped=stopped,
        spent=(stopped or now) - follow_up.opened_at,
    )


def _spent(follow_up: FollowUp, percent: int) -> datetime:
    return due_after(follow_up.opened_at, follow_up.target * percent / 100)


def _state(follow_up: FollowUp, now: datetime) -> State:
    if follow_up.is_missed(now=now):
        return State.MISSED
    return State.RUNNING if follow_up.stopped_at is None else State.MET


def _ahead(follow_up: FollowUp) -> tuple[Notice, ...]:
    """What nobody has looked at yet, up to where the clock stopped."""
    stopped = follow_up.stopped_at
    unseen = (n for n in timeline(follow_up) if n.at >= follow_up.looked_until)
    return tuple(n for n in unseen if stopped is None or n.at < stopped)
