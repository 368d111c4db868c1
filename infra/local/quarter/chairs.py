"""Who is served when: each person at work has one chair, and whoever is here waits until it is free."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import exp
from statistics import NormalDist

from infra.local.quarter.rates import rate
from infra.local.quarter.stage import Stage

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is here: their appointment, in whose chair, from when on, for how long, and what comes with it."""

    appointment: str
    staff: str
    starts: datetime
    lasts: timedelta
    begins: Callable[[], None]
    leaves: Callable[[], None]


class Chairs:
    """Of all who are here the one whose time was agreed on first; nobody begins before that time."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._taken: set[str] = set()
        self._waiting: dict[str, list[Guest]] = defaultdict(list)

    def waits(self, guest: Guest) -> None:
        self._waiting[guest.staff].append(guest)
        self._stage.at(guest.starts, partial(self._next, guest.staff))

    def _next(self, staff: str) -> None:
        there = [guest for guest in self._waiting[staff] if guest.starts <= self._stage.now]
        if staff in self._taken or not there:
            return
        guest = min(there, key=lambda it: it.starts)
        self._waiting[staff].remove(guest)
        self._taken.add(staff)
        begun = self._stage.desk(f"POST /v1/desk/appointments/{guest.appointment}/begin", {})
        self._stage.surely(begun, f"{guest.appointment} begins")
        guest.begins()
        self._stage.at(self._stage.now + guest.lasts, partial(self._is_free, guest))

    def _is_free(self, guest: Guest) -> None:
        self._taken.remove(guest.staff)
        guest.leaves()
        self._next(guest.staff)


def lasts(planned: timedelta, lot: float) -> timedelta:
    """As long as planned on average: lognormal, by a lot from 0 up to 1."""
    spread = rate("lasts_spread")
    return planned * exp(spread * NORMAL.inv_cdf(max(lot, 1e-9)) - spread**2 / 2)
