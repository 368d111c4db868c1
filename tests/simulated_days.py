"""Days of a house that takes walk-ins between its appointments, played minute by minute, and what each way of guessing
would have told whoever walked in. How long things truly take is the day's own; every guess has to learn it. Who is next
is what the product says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import isinf, log, sqrt
from random import Random
from statistics import mean, median
from time import perf_counter

from kept.waiting_room.durations import Durations, Law, Took, learnt
from kept.waiting_room.estimate import KNOWN_MISSES, Estimate, Told, estimates, miss, told
from kept.waiting_room.playing import Ahead, Chair, House, Serving, Waiting, first_that_fits, played

OPENS, CLOSES = 9 * 60, 18 * 60
GRACE = 15
PAUSES = (30, 45, 60, 90)
KNOWN_VISITS = 800


@dataclass(frozen=True, slots=True)
class World:
    """How a house truly is. `services`: what is planned for each, and by how much that is wrong; `people`: how fast
    each is; `walk_ins` an hour."""

    services: Mapping[str, tuple[int, float]] = field(
        default_factory=lambda: {"cut": (30, 0.7), "colour": (60, 1.1), "shave": (15, 1.7), "care": (30, 0.9)}
    )
    people: Mapping[str, float] = field(default_factory=lambda: {"ben": 0.85, "li": 1.0, "ann": 1.25})
    booked: float = 0.55
    walk_ins: float = 1.0
    average: float = 1.05
    cv: float = 0.3
    no_shows: float = 0.08
    late: float = 0.25
    """So many come late, by six minutes on average."""

    def usual(self, service: str, staff: str) -> float:
        """Minutes on average."""
        planned, wrong = self.services[service]
        return planned * wrong * self.people[staff] * self.average

    def law(self, service: str, staff: str) -> Law:
        """By which lengths are drawn: what nobody in the house can know."""
        planned, _ = self.services[service]
        spread = sqrt(log(1 + self.cv**2))
        return Law(log(self.usual(service, staff) / planned) - spread**2 / 2, spread)

    def drawn(self, chance: Random, service: str, staff: str) -> float:
        mean, spread = self.law(service, staff)
        return self.services[service][0] * chance.lognormvariate(mean, spread)


@dataclass(slots=True)
class Visit:
    """A visit as the day makes it; minutes of the day."""

    id: str
    service: str
    planned: int
    starts: float
    comes: float | None
    lasts: Mapping[str, float]
    staff: str = ""
    began: float | None = None
    is_walk_in: bool = False


@dataclass(slots=True)
class Wait:
    """One who walked in: what each way told them, and how long it was."""

    day: int
    guesses: dict[str, float]
    estimate: Estimate
    told: Told | None
    seconds: float
    at: float
    waited: float = 0.0


def waits(world: World, *, days: int, seed: int) -> Iterator[Wait]:
    """Of all who walk in on so many days in a row; each day is learnt from when it is over."""
    visits: list[Took] = []
    misses: list[float] = []
    for day in range(days):
        chance = Random(f"{seed}/{day}")
        today = _Day(world, chance, day, learnt(visits), misses, mean([v.actual for v in visits] or [45.0]))
        today.run()
        visits = [*visits, *today.over][-KNOWN_VISITS:]
        misses = [*misses, *(miss(w.estimate, w.waited) for w in today.waits if not isinf(w.estimate.upper))]
        misses = misses[-KNOWN_MISSES:]
        yield from today.waits


class _Day:
    def __init__(
        self, world: World, chance: Random, day: int, durations: Durations, misses: list[float], usual: float
    ) -> None:
        self.world, self.chance, self.day, self.durations, self.misses = world, chance, day, durations, misses
        self.usual = usual
        self.serving: dict[str, tuple[Visit, float]] = {}
        self.queue: list[Visit] = []
        self.over: list[Took] = []
        self.waits: list[Wait] = []
        self.asked: dict[str, Wait] = {}
        self.last_wait = 0.0
        self.ids = count()
        self.ahead = {staff: self._booked(staff) for staff in world.people}
        self.walk_ins = self._walk_ins()

    def run(self) -> None:
        """Until everybody was served."""
        for now in count(OPENS):
            self._end(now)
            while self.walk_ins and self.walk_ins[0].starts <= now:
                one = self.walk_ins.pop(0)
                self.queue.append(one)
                self._begin(now)
                if one.began is None:
                    self._tell(one, now)
            self._begin(now)
            if now > CLOSES and not (self.queue or self.serving or any(self.ahead.values())):
                return

    def _visit(self, starts: float, staff: str = "") -> Visit:
        service = self.chance.choice(sorted(self.world.services))
        lasts = {who: self.world.drawn(self.chance, service, who) for who in self.world.people}
        return Visit(str(next(self.ids)), service, self.world.services[service][0], starts, starts, lasts, staff)

    def _booked(self, staff: str) -> list[Visit]:
        """By the planned lengths, on quarters of the hour, until so much of the day is taken."""
        free = (CLOSES - OPENS) * (1 - self.world.booked)
        found: list[Visit] = []
        at = float(OPENS)
        while at < CLOSES:
            if self.chance.random() < 0.5 and free > 0:
                pause = self.chance.choice(PAUSES)
                free -= pause
                at += pause
            visit = self._visit(at, staff)
            if at + visit.planned > CLOSES:
                break
            if self.chance.random() < self.world.no_shows:
                visit.comes = None
            elif self.chance.random() < self.world.late:
                visit.comes = at + self.chance.expovariate(1 / 6)
            else:
                visit.comes = at - self.chance.uniform(0, 10)
            found.append(visit)
            at += -(-visit.planned // 15) * 15
        return found

    def _walk_ins(self) -> list[Visit]:
        at, found = float(OPENS), []
        while (at := at + self.chance.expovariate(self.world.walk_ins / 60)) < CLOSES - 60:
            visit = self._visit(at)
            visit.is_walk_in = True
            found.append(visit)
        return found

    def _end(self, now: float) -> None:
        for staff, (visit, ends) in list(self.serving.items()):
            if ends <= now:
                del self.serving[staff]
                self.over.append(Took(visit.service, staff, visit.planned, visit.lasts[staff]))

    def _begin(self, now: float) -> None:
        for staff in self.world.people:
            while staff not in self.serving and (one := self._next(staff, now)):
                self.serving[staff] = (one, now + one.lasts[staff])
                one.began = now
                if one.is_walk_in:
                    self.queue.remove(one)
                    self.last_wait = now - one.starts
                    if wait := self.asked.get(one.id):
                        wait.waited = now - wait.at
                else:
                    self.ahead[staff].remove(one)

    def _next(self, staff: str, now: float) -> Visit | None:
        ahead = self.ahead[staff]
        while ahead and ahead[0].starts + GRACE <= now and not _is_here(ahead[0], now):
            ahead.pop(0)
        if ahead and ahead[0].starts <= now:
            return ahead[0] if _is_here(ahead[0], now) else None
        booked = Ahead("", "", 0, ahead[0].starts) if ahead else None
        waiting = [_waiting(it, frozenset({staff})) for it in self.queue]
        found = first_that_fits(waiting, Chair(staff), booked, self.durations, now)
        return next((it for it in self.queue if found and it.id == found.id), None)

    def _tell(self, one: Visit, now: float) -> None:
        """What each would say at the moment of walking in."""
        house, seed = self._house(now), f"day-{self.day}"
        began = perf_counter()
        estimate = estimates(house, self.durations, now=now, seed=seed)[one.id]
        seconds = perf_counter() - began
        before = [it for it in self.queue if it is not one]
        here = len(before) + sum(_is_here(it, now) for ahead in self.ahead.values() for it in ahead)
        chairs = len(self.world.people)
        as_planned = _once(house, now, one.id)
        rest = sum(max(it.planned - (now - (it.began or now)), 0) for it, _ in self.serving.values())
        guesses = {
            PLAYED: estimate.middle,
            ORACLE: self._as_an_oracle(house, now, one.id),
            PLANNED: as_planned,
            PLANNED_AHEAD: (rest + sum(it.planned for it in before)) / chairs,
            PEOPLE: (here + (len(self.serving) == chairs)) * self.usual / chairs,
            LAST: self.last_wait,
        }
        wait = Wait(self.day, guesses, estimate, told(estimate, self.misses, at=now), seconds, now)
        self.asked[one.id] = wait
        self.waits.append(wait)

    def _as_an_oracle(self, house: House, now: float, id: str) -> float:
        """The middle of twice as many plays by the laws as they are, whom the house lets begin being the same."""
        true = _AsTheyAre(known=self.durations, world=self.world)
        begun = (played(house, true, now=now, seed=f"oracle-{n}")[id] for n in range(ORACLES))
        return median(at for run in begun for at in run) - now

    def _house(self, now: float) -> House:
        chairs = []
        for staff in self.world.people:
            now_in = self.serving.get(staff)
            serving = now_in and Serving(now_in[0].id, now_in[0].service, now_in[0].planned, now_in[0].began or now)
            ahead = tuple(
                Ahead(it.id, it.service, it.planned, it.starts, _is_here(it, now)) for it in self.ahead[staff]
            )
            chairs.append(Chair(staff, serving, ahead))
        anyone = frozenset(self.world.people)
        waiting = tuple(_waiting(it, anyone) for it in self.queue)
        return House(tuple(chairs), waiting, GRACE)


PLAYED, PLANNED = "day played on", "the day's page by planned lengths"
ORACLE = "an oracle of the true laws"
"""What no estimate can do better than but by luck: the rest is the chance of the day itself."""
ORACLES = 2
PEOPLE, LAST = "people ahead x mean / staff", "last one's wait"
PLANNED_AHEAD = "planned lengths ahead / staff"
REFERENCES = (PLANNED, PLANNED_AHEAD, PEOPLE, LAST)


def _waiting(it: Visit, staff: frozenset[str]) -> Waiting:
    return Waiting(it.id, it.service, it.planned, staff)


def _is_here(visit: Visit, now: float) -> bool:
    return visit.comes is not None and visit.comes <= now


def _once(house: House, now: float, id: str) -> float:
    """By the lengths as they are planned, everybody on time and nobody missed: what the day's page shows."""
    at = played(replace(house, misses=0.0), AS_PLANNED, now=now, seed="", runs=1)[id][0]
    return at - now


class _AsPlanned(Durations):
    """No chance in it."""

    def law(self, service: str, staff: str) -> Law:  # noqa: ARG002
        return Law(0.0, 1e-9)


class _TrueLaw(Law):
    """Lengths as they are; who fits into a gap is judged by what the house has learnt, as the house itself does."""

    true: Law

    def each(self, planned: float, deviations: Iterable[float]) -> tuple[float, ...]:
        return self.true.each(planned, deviations)

    def left(self, planned: float, gone: float, shares: Iterable[float]) -> tuple[float, ...]:
        return self.true.left(planned, gone, shares)


@dataclass(frozen=True, slots=True)
class _AsTheyAre(Durations):
    """What only the maker of the world knows."""

    known: Durations = field(default_factory=Durations)
    world: World = field(default_factory=World)

    def law(self, service: str, staff: str) -> Law:
        if (law := self.laws.get((service, staff))) is None:
            law = self.laws[service, staff] = _TrueLaw(*self.known.law(service, staff))
            law.true = self.world.law(service, staff)
        return law


AS_PLANNED = _AsPlanned()
WRONG_BOTH_WAYS = World()
TOO_SHORT = World(services={"cut": (30, 1.3), "colour": (60, 1.5), "shave": (15, 1.2), "care": (30, 1.1)})
AS_IT_IS = World(
    services={"cut": (30, 1.0), "colour": (60, 1.0), "shave": (15, 1.0), "care": (30, 1.0)},
    people={"ben": 1.0, "li": 1.0, "ann": 1.0},
)
WORLDS = {
    "planned lengths wrong both ways": WRONG_BOTH_WAYS,
    "planned lengths too short": TOO_SHORT,
    "planned lengths right": AS_IT_IS,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Of many waits: the error of each way of guessing in minutes, and how honest the range was."""

    waits: int
    mean_wait: float
    errors: Mapping[str, float]
    bias: float
    within: float
    longer: float
    width: float
    milliseconds: float

    @property
    def best(self) -> tuple[str, float]:
        return min(((name, self.errors[name]) for name in REFERENCES), key=lambda it: it[1])


def measured(found: Sequence[Wait]) -> Measured:
    ranged = [(it, it.told) for it in found if it.told]
    return Measured(
        len(found),
        mean(it.waited for it in found),
        {name: mean(abs(it.guesses[name] - it.waited) for it in found) for name in (PLAYED, ORACLE, *REFERENCES)},
        mean(it.estimate.middle - it.waited for it in found),
        mean(t.lower <= it.waited <= t.upper for it, t in ranged),
        mean(it.waited > t.upper + 10 for it, t in ranged),
        mean(t.upper - t.lower for _, t in ranged),
        1000 * mean(it.seconds for it in found),
    )
