"""How long visits really take, learnt from those that are over: as planned while nothing else is known."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt
from statistics import NormalDist
from typing import NamedTuple, TypeVar

AS_PLANNED = 20
"""As many visits weigh as much, on each level, as that nothing is different there: after five of one service by one
person, nothing else being known, its length is half way from the planned one to theirs."""
SPREAD = 0.3
"""How far one visit goes from the next (of the logarithm of actual over planned) until their own spread is known."""
FARTHEST = 4.0
"""Whoever took four times as long as planned, or a quarter of it, was ticked too late or too early: it says nothing."""
NORMAL = NormalDist()
K = TypeVar("K", bound=Hashable)
SHORTEST_REST = 0.05
"""Of what was planned: whoever is in the chair is never told to be done this very moment."""
LONGEST = NORMAL.cdf(3.5)
"""A visit that outlasts nearly all others is drawn no further along the tail than this."""


class Took(NamedTuple):
    """One visit that is over; minutes."""

    service: str
    staff: str
    planned: float
    actual: float


class Law(NamedTuple):
    """Of a visit's length by what was planned: log-normal, the mean and deviation of its logarithm."""

    mean: float = 0.0
    spread: float = SPREAD

    def usual(self, planned: float) -> float:
        """Half of them take no longer; minutes."""
        return planned * exp(self.mean)

    def each(self, planned: float, deviations: Iterable[float]) -> tuple[float, ...]:
        """A length for each of these deviations from the usual."""
        usual, spread = self.usual(planned), self.spread
        return tuple(usual * exp(spread * z) for z in deviations)

    def left(self, planned: float, gone: float, shares: Iterable[float]) -> tuple[float, ...]:
        """What is left of one that has lasted `gone` minutes already, so is no shorter than that, for each of these
        shares (0 to 1) of the visits that are not; more than 0."""
        over = NORMAL.cdf((log(gone / planned) - self.mean) / self.spread) if gone > 0 else 0.0
        drawn = (NORMAL.inv_cdf(min(over + (1 - over) * share, LONGEST)) for share in shares)
        return tuple(max(whole - gone, planned * SHORTEST_REST) for whole in self.each(planned, drawn))


@dataclass(frozen=True, slots=True)
class Durations:
    """What is added to the logarithm for the house, for a service, for a person, and for both together; and the spread
    of each service."""

    effects: Mapping[Hashable, float] = field(default_factory=dict)
    spreads: Mapping[str, float] = field(default_factory=dict)
    laws: dict[tuple[str, str], Law] = field(default_factory=dict, compare=False)
    """Those that were asked for: sixty days ask for each many times."""

    def law(self, service: str, staff: str) -> Law:
        if (law := self.laws.get((service, staff))) is None:
            mean = sum(self.effects.get(key(service, staff), 0.0) for key in LEVELS)
            law = self.laws[service, staff] = Law(mean, self.spreads.get(service, SPREAD))
        return law


LEVELS: tuple[Callable[[str, str], Hashable], ...] = (
    lambda _service, _staff: (),
    lambda service, _staff: ("service", service),
    lambda _service, staff: ("staff", staff),
    lambda service, staff: (service, staff),
)
"""From the widest to the narrowest: each explains of the rest only as much as its own visits bear out, so a new person
begins as the house does, and a new house as planned."""


def learnt(visits: Iterable[Took]) -> Durations:
    """From the visits of the last weeks, in any order."""
    known = [it for it in visits if it.planned > 0 and 1 / FARTHEST <= it.actual / it.planned <= FARTHEST]
    rest = [log(it.actual / it.planned) for it in known]
    effects: dict[Hashable, float] = {}
    for key in LEVELS:
        keys = [key(it.service, it.staff) for it in known]
        found = {k: sum(rs) / (len(rs) + AS_PLANNED) for k, rs in _by(keys, rest).items()}
        rest = [r - found[k] for k, r in zip(keys, rest, strict=True)]
        effects |= found
    by_service = _by([it.service for it in known], rest)
    return Durations(effects, {service: _spread(rs) for service, rs in by_service.items()})


def _spread(rest: list[float]) -> float:
    return sqrt((AS_PLANNED * SPREAD**2 + sum(r * r for r in rest)) / (AS_PLANNED + len(rest)))


def _by(keys: Iterable[K], values: Iterable[float]) -> dict[K, list[float]]:
    found: defaultdict[K, list[float]] = defaultdict(list)
    for key, value in zip(keys, values, strict=True):
        found[key].append(value)
    return found
