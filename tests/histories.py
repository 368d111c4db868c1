"""Histories of follow-ups in few words: a test says only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from kept.clients.client import Tier
from kept.follow_up.clocks import Clock, clocks
from kept.follow_up.events import FollowUpEvent, History, What
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import ClockKind, Row, ServicePolicy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(hours: float) -> datetime:
    """So many hours after Monday, 2 March 2026, 09:00 UTC."""
    return MONDAY + timedelta(hours=hours)


def opened(
    when: datetime = MONDAY,
    *,
    tier: Tier = Tier.REGULAR,
    cause: OpenedBy = OpenedBy.MANUAL,
    policy: int = 1,
    to: str = "mei",
) -> History:
    """The lines that every history begins with."""
    return (
        FollowUpEvent(What.OPENED, when, to=cause),
        FollowUpEvent(What.TIER, when, to=tier),
        FollowUpEvent(What.POLICY, when, to=str(policy)),
        FollowUpEvent(What.ASSIGNED, when, to=to),
    )


def did(what: What, hours: float, to: str = "", *, until: float | None = None, **rest: Any) -> FollowUpEvent:
    """At so many hours, in the same count as `at`."""
    return FollowUpEvent(what, at(hours), to=to, until=None if until is None else at(until), **rest)


def a_policy(
    first: timedelta | None = None,
    following: timedelta | None = None,
    resolution: timedelta | None = None,
    **rest: Any,
) -> ServicePolicy:
    """One row for everybody, in wall time unless `rows` are given."""
    return ServicePolicy(**{"rows": (Row(first, following, resolution),)} | rest)


def clock(
    history: Sequence[FollowUpEvent], policy: ServicePolicy, now: datetime, kind: ClockKind = ClockKind.FIRST
) -> Clock:
    """The last of its kind."""
    return [c for c in clocks(tuple(history), {policy.number: policy}, now) if c.run.kind is kind][-1]
