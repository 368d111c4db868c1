"""A history made ready for its clocks: what it is about, whose targets it had when, and who was awaited when."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from kept.clients.client import Tier
from kept.follow_up.events import FollowUpEvent, History, Priority, What, in_force, own
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase, PhaseStretch, phases
from kept.follow_up.policy import ClockKind, Row, ServicePolicy
from kept.follow_up.runs import Run, runs

Policies = Mapping[int, ServicePolicy]
"""By number. A follow-up keeps the number alone, so that ten thousand share one calendar."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open; `ends` None is still to come. Of one that counts, the calendar decides how much."""

    begins: datetime
    ends: datetime | None
    phase: Phase
    why: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ClockInputs:
    """A history made ready: what it is about, in which order its lines set tier, priority and policy, and its phases.

    The plan and whether the next response runs from the opening stay as the policy had them when it was opened.
    """

    history: History
    policies: Policies
    stretches: tuple[PhaseStretch, ...]
    tiers: tuple[FollowUpEvent, ...]
    priorities: tuple[FollowUpEvent, ...]
    numbers: tuple[FollowUpEvent, ...]
    cause: OpenedBy | None

    @classmethod
    def of(cls, history: History, policies: Policies) -> "ClockInputs":
        cause = own(history, What.OPENED)[0].to
        return cls(
            history=history,
            policies=policies,
            stretches=phases(history),
            tiers=own(history, What.TIER),
            priorities=own(history, What.PRIORITY),
            numbers=own(history, What.POLICY),
            cause=OpenedBy(cause) if cause else None,
        )

    def runs(self) -> Iterator[Run]:
        first = self.policies[int(self.numbers[0].to)]
        plan = first.plans.get(self.cause, ()) if self.cause else ()
        return runs(self.history, self.stretches, plan, next_from_opening=first.next_from_opening)

    def policy(self, at: datetime) -> ServicePolicy:
        return self.policies[int(in_force(self.numbers, at))]

    def row(self, at: datetime) -> Row | None:
        tier, priority = in_force(self.tiers, at), in_force(self.priorities, at)
        return self.policy(at).row(Tier(tier) if tier else None, self.cause, Priority(priority) if priority else None)

    def spans(self, run: Run, pausing: frozenset[ClockKind]) -> tuple[Span, ...]:
        """The phases from its start to its end, or as far as they are known."""
        first = max(bisect_right(self.stretches, run.started, key=lambda stretch: stretch.begins) - 1, 0)
        later = takewhile(lambda s: run.stopped is None or s.begins < run.stopped, self.stretches[first + 1 :])
        return tuple(_cut(stretch, run, pausing) for stretch in (self.stretches[first], *later))


def _cut(stretch: PhaseStretch, run: Run, pausing: frozenset[ClockKind]) -> Span:
    begins, ends = max(stretch.begins, run.started), stretch.ends
    if run.stopped is not None and (ends is None or run.stopped < ends):
        ends = run.stopped
    return Span(begins, ends, stretch.phase, stretch.why, _counts(stretch.phase, run.kind, pausing))


def _counts(phase: Phase, kind: ClockKind, pausing: frozenset[ClockKind]) -> bool:
    return phase is Phase.OPEN or (phase is not Phase.CLOSED and kind not in pausing)
