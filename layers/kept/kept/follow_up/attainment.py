"""How well promises were kept: every share with its denominator, every time by its middle and its slow tenth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kept.follow_up.clock_metrics import Measured
from kept.follow_up.clocks import State
from kept.follow_up.events import History, What, known_at, own
from kept.follow_up.merging import merged_into
from kept.follow_up.policy import ClockKind
from kept.follow_up.survey import stars, was_asked


class By(StrEnum):
    """What figures are split by."""

    TIER = "tier"
    CAUSE = "cause"
    PERSON = "person"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; None of nothing, for no evidence is neither all nor none."""

    part: int
    whole: int

    @property
    def ratio(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Times:
    """Of `count` that were done: the median, and what nine of ten did not exceed (nearest rank)."""

    count: int
    median: timedelta | None
    p90: timedelta | None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> "Times":
        found = sorted(lengths)
        if not found:
            return cls(0, None, None)
        count = len(found)
        return cls(count, (found[(count - 1) // 2] + found[count // 2]) / 2, found[-(-count * 9 // 10) - 1])


@dataclass(frozen=True, slots=True)
class Figures:
    """Attainment is per clock, so a conversation of five exchanges counts five times; `running` is not decided yet."""

    attainment: Mapping[ClockKind, Share]
    running: int
    business: Mapping[ClockKind, Times]
    wall: Mapping[ClockKind, Times]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Of whole follow-ups: reopened of those ever closed, answers of those asked how it went, and the stars given."""

    reopened: Share
    rated: Share
    satisfaction: float | None


def figures(rows: Iterable[Measured]) -> Figures:
    """Times are those of what was done, late or not: of responses the answered ones, of the rest whatever stopped."""
    rows = tuple(rows)
    done = {kind: [row for row in rows if row.clock.run.kind is kind and _is_done(row)] for kind in ClockKind}
    return Figures(
        attainment={kind: _attainment(rows, kind) for kind in ClockKind},
        running=sum(row.clock.state in (State.RUNNING, State.PAUSED) for row in rows),
        business={kind: Times.of(row.clock.spent for row in found) for kind, found in done.items()},
        wall={kind: Times.of(row.wall for row in found) for kind, found in done.items()},
    )


def split(rows: Sequence[Measured], by: By) -> Mapping[str, Figures]:
    """The figures of each, in the order of their names."""
    key: Callable[[Measured], str] = {
        By.TIER: lambda row: row.tier,
        By.CAUSE: lambda row: row.cause,
        By.PERSON: lambda row: row.person,
        By.WEEK: lambda row: row.week,
    }[by]
    return {name: figures(row for row in rows if key(row) == name) for name in sorted({key(row) for row in rows})}


def misses(rows: Iterable[Measured]) -> tuple[Measured, ...]:
    """The most late first; `explained` tells the spans of each."""
    missed = (row for row in rows if row.clock.state is State.MISSED)
    return tuple(sorted(missed, key=lambda row: (row.clock.late, row.follow_up), reverse=True))


def outcomes(histories: Iterable[History], *, now: datetime) -> Outcomes:
    """Without those that were taken in by another."""
    known = [found for history in histories if (found := known_at(history, now)) and not merged_into(found)]
    closed = [history for history in known if own(history, What.RESOLVED)]
    asked = [history for history in closed if was_asked(history)]
    given = [rating for history in asked if (rating := stars(history)) is not None]
    return Outcomes(
        reopened=Share(sum(bool(own(history, What.REOPENED)) for history in closed), len(closed)),
        rated=Share(len(given), len(asked)),
        satisfaction=sum(given) / len(given) if given else None,
    )


def _attainment(rows: Iterable[Measured], kind: ClockKind) -> Share:
    decided = [row for row in rows if row.clock.run.kind is kind and row.counts]
    return Share(sum(row.clock.state is State.MET for row in decided), len(decided))


def _is_done(row: Measured) -> bool:
    if row.clock.run.kind in (ClockKind.FIRST, ClockKind.NEXT):
        return row.clock.run.ended_by is What.ANSWERED
    return row.clock.run.stopped is not None
