"""The rest of the day played forward: when each of those who wait would begin, in some sixty ways it may go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heapify, heappop, heappush
from math import inf
from random import Random
from statistics import NormalDist
from zlib import crc32

from kept.waiting_room.durations import Durations

RUNS = 60
DEVIATIONS = tuple(NormalDist().inv_cdf((run + 0.5) / RUNS) for run in range(RUNS))
"""Every part of the distribution is drawn once, in an order of each visit's own: sixty do the work of hundreds."""
ORDERS = 199
"""So many orders of the parts are known, each begun anywhere: no two visits of a day share one but by chance."""
NOT_LATE = 5
"""Minutes after its time at which an appointment has not begun late yet."""
OVERDUE_MISSES = 0.5
"""Of those who should be here by now and are not, half do not come."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Who is in service; minutes since any one instant, as everywhere here."""

    id: str
    service: str
    planned: float
    began: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """An appointment that has not begun; it keeps its time, and nobody overtakes it. `is_here`: they have come. Or
    (`is_fixed`) a break, which is as long as it is planned."""

    id: str
    service: str
    planned: float
    starts: float
    is_here: bool = False
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Chair:
    """One person's rest of the day: `ahead` by start; nobody who walks in is begun after `until`, nor before `since`,
    when their hours begin."""

    staff: str
    serving: Serving | None = None
    ahead: tuple[Ahead, ...] = ()
    until: float = inf
    since: float = -inf


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has walked in and waits for one of these people."""

    id: str
    service: str
    planned: float
    staff: frozenset[str]


@dataclass(frozen=True, slots=True)
class House:
    """The house at one moment: its chairs, and who waits, in their order. An appointment is waited for until `grace`
    after its start; `misses` is the share of them to which nobody comes."""

    chairs: tuple[Chair, ...]
    waiting: tuple[Waiting, ...] = ()
    grace: float = 15
    misses: float = 0.08


@dataclass(frozen=True, slots=True)
class Appointed:
    """One appointment as the runs have it: `lasts` a length a run, and `comes` when they are here, infinite where they
    are missed; both by the number of the run."""

    id: str
    starts: float
    lasts: tuple[float, ...]
    comes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Runs:
    """What chance there is in all runs, drawn once: when each chair is free first, its appointments, and how long who
    waits lasts with each of the staff."""

    free: tuple[tuple[float, ...], ...]
    ahead: tuple[tuple[Appointed, ...], ...]
    lasts: Mapping[tuple[str, str], tuple[float, ...]]


def played(house: House, durations: Durations, *, now: float, seed: str, runs: int = RUNS) -> Mapping[str, list[float]]:
    """When each who waits would begin, with an appointment or without, a number a run, the earliest first; infinite
    where it would not be today."""
    drawn = _drawn(house, durations, now, seed)
    here = [it.id for chair in house.chairs for it in chair.ahead if it.is_here and not it.is_fixed]
    found = [_once(house, durations, drawn, run, len(here)) for run in range(runs)]
    return {id: sorted(begun.get(id, inf) for begun in found) for id in (*(one.id for one in house.waiting), *here)}


def _once(house: House, durations: Durations, drawn: Runs, run: int, here: int) -> dict[str, float]:
    chairs, waiting = house.chairs, list(house.waiting)
    free = [(times[run], number) for number, times in enumerate(drawn.free)]
    turn = [0] * len(chairs)
    begun: dict[str, float] = {}
    heapify(free)
    while free and (waiting or here):
        at, number = heappop(free)
        chair, ahead, nth = chairs[number], drawn.ahead[number], turn[number]
        booked = ahead[nth] if nth < len(ahead) else None
        if one := first_that_fits(waiting, chair, booked, durations, at):
            waiting.remove(one)
            begun[one.id] = at
            heappush(free, (at + drawn.lasts[one.id, chair.staff][run], number))
        elif booked:
            turn[number] += 1
            if chair.ahead[nth].is_here and not chair.ahead[nth].is_fixed:
                begun[booked.id] = max(at, booked.starts)
                here -= 1
            heappush(free, (_after(booked, at, run, house.grace), number))
    return begun


def _after(booked: Appointed, at: float, run: int, grace: float) -> float:
    """When the person is free again after this appointment, or has given it up."""
    comes = booked.comes[run]
    if comes == inf:
        return max(at, booked.starts + grace)
    return max(at, booked.starts, comes) + booked.lasts[run]


def first_that_fits(
    waiting: Sequence[Waiting], chair: Chair, booked: Ahead | Appointed | None, durations: Durations, at: float
) -> Waiting | None:
    """Of those who wait the first whom this person may begin now: they have room in the book before whoever is `booked`
    next, and are usually done by then, or so little later that nobody calls it late."""
    gap = (booked.starts if booked else inf) - at
    if gap <= 0 or at >= chair.until:
        return None
    for one in waiting:
        law = durations.law(one.service, chair.staff)
        if chair.staff in one.staff and one.planned <= gap and law.usual(one.planned) <= gap + NOT_LATE:
            return one
    return None


def _drawn(house: House, durations: Durations, now: float, seed: str) -> Runs:
    lasts = {
        (one.id, staff): durations.law(one.service, staff).each(one.planned, _deviations(seed, one.id))
        for one in house.waiting
        for staff in one.staff
    }
    free = tuple(_free_from(chair, durations, now, seed) for chair in house.chairs)
    ahead = tuple(
        tuple(_appointed(it, chair.staff, house, durations, now, seed) for it in chair.ahead) for chair in house.chairs
    )
    return Runs(free, ahead, lasts)


def _free_from(chair: Chair, durations: Durations, now: float, seed: str) -> tuple[float, ...]:
    if (it := chair.serving) is None:
        return (max(now, chair.since),) * RUNS
    left = durations.law(it.service, chair.staff).left(it.planned, now - it.began, _shares(seed, it.id))
    return tuple(max(now + minutes, chair.since) for minutes in left)


def _appointed(it: Ahead, staff: str, house: House, durations: Durations, now: float, seed: str) -> Appointed:
    if it.is_fixed:
        return Appointed(it.id, it.starts, (it.planned,) * RUNS, (it.starts,) * RUNS)
    lasts = durations.law(it.service, staff).each(it.planned, _deviations(seed, it.id))
    return Appointed(it.id, it.starts, lasts, _comes(it, house, now, seed))


def _comes(it: Ahead, house: House, now: float, seed: str) -> tuple[float, ...]:
    """On time, where they are not missed; whoever is overdue comes at any moment until they are given up, or not."""
    if it.is_here:
        return (now,) * RUNS
    if it.starts > now:
        return tuple(inf if share < house.misses else it.starts for share in _shares(seed, f"{it.id}?"))
    left = it.starts + house.grace - now
    if left <= 0:
        return (inf,) * RUNS
    shares = _shares(seed, f"{it.id}?")
    return tuple(inf if share < OVERDUE_MISSES else now + left * (share / OVERDUE_MISSES - 1) for share in shares)


def _deviations(seed: str, id: str) -> list[float]:
    """The same whenever they are asked for: an estimate told twice differs only by what has happened in between."""
    return [DEVIATIONS[part] for part in _parts(f"{seed}/{id}")]


def _shares(seed: str, id: str) -> list[float]:
    """The same between 0 and 1."""
    return [(part + 0.5) / RUNS for part in _parts(f"{seed}/{id}")]


def _parts(name: str) -> tuple[int, ...]:
    shift, number = divmod(crc32(name.encode()), ORDERS)
    order, shift = _order(number), shift % RUNS
    return order[shift:] + order[:shift]


@cache
def _order(number: int) -> tuple[int, ...]:
    parts = list(range(RUNS))
    Random(number).shuffle(parts)  # noqa: S311  # chances of a day, no secret
    return tuple(parts)
