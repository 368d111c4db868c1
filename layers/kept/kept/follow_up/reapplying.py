"""A policy put on follow-ups that are open already: only on purpose, and after seeing what it would do to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import FollowUpEvent, History, What


class Effect(StrEnum):
    """On one clock, the first that fits."""

    BREACHES_NOW = "breaches_now"
    RELIEVED = "relieved"
    ADDED = "added"
    DROPPED = "dropped"
    SOONER = "sooner"
    LATER = "later"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Preview:
    """The follow-ups in which each effect appears, in the order in which they came; `total` is how many there were."""

    total: int
    by_effect: Mapping[Effect, tuple[str, ...]]

    @property
    def words(self) -> str:
        """ "23 would breach now": what decides whether it is done."""
        return f"{len(self.by_effect[Effect.BREACHES_NOW])} would breach now"


def preview(open_ones: Mapping[str, History], policies: Policies, number: int, *, now: datetime) -> Preview:
    """What re-applying the policy of that number would do now; nothing is changed."""
    effects = {id: effects_on(history, policies, number, now=now).values() for id, history in open_ones.items()}
    by_effect = {effect: tuple(id for id, found in effects.items() if effect in found) for effect in Effect}
    return Preview(len(effects), by_effect)


def effects_on(history: History, policies: Policies, number: int, *, now: datetime) -> Mapping[str, Effect]:
    """On each clock that has not stopped, by its name."""
    before = _running(history, policies, now)
    after = _running((*history, FollowUpEvent(What.POLICY, now, to=str(number))), policies, now)
    return {name: _effect(before.get(name), after.get(name)) for name in before | after}


def _running(history: History, policies: Policies, now: datetime) -> dict[str, Clock]:
    return {clock.run.name: clock for clock in clocks(history, policies, now) if clock.run.stopped is None}


def _effect(before: Clock | None, after: Clock | None) -> Effect:
    was_missed, is_missed = (clock is not None and clock.state is State.MISSED for clock in (before, after))
    if was_missed != is_missed:
        return Effect.BREACHES_NOW if is_missed else Effect.RELIEVED
    if before is None or after is None:
        return Effect.ADDED if before is None else Effect.DROPPED
    if before.remaining == after.remaining:
        return Effect.UNCHANGED
    return Effect.SOONER if after.remaining < before.remaining else Effect.LATER
