"""What all who play have in common: the world, the plan, the luck, and what comes next."""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from infra.local.quarter import salon
from infra.local.quarter.memory import Memory
from infra.local.quarter.people import Visit
from infra.local.quarter.rates import Chance
from infra.local.quarter.salon import ID, OWNER, ZONE, Policy, local
from infra.local.quarter.world import Answer, World
from kept.storage import tables

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played."""

    policies: frozenset[Policy] = frozenset()
    clients: int = 600
    weeks: int = 13
    seed: int = 7

    @property
    def last(self) -> date:
        return salon.FIRST + timedelta(weeks=self.weeks) - DAY

    def under(self, policies: frozenset[Policy]) -> "Plan":
        return replace(self, policies=policies)


@dataclass
class Journal:
    """What people did, written down by themselves: nobody asked the product for it."""

    did: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    visits: dict[str, Visit] = field(default_factory=dict)


class Unforeseen(Exception):
    """The product answered what nobody who plays was prepared for."""


class Stage:
    """One run, as far as it has come."""

    def __init__(self, plan: Plan, memory: Memory | None = None) -> None:
        self.plan, self.chance = plan, Chance(plan.seed)
        self.world = World(local(salon.FIRST, 7).astimezone(UTC), ID, memory or Memory(tables.TABLES))
        self.journal = Journal()
        self.numbers = itertools.count()
        self._to_come: list[tuple[datetime, int, Callable[[], None]]] = []

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def today(self) -> date:
        """By the salon's calendar."""
        return self.now.astimezone(ZONE).date()

    def at(self, instant: datetime, happening: Callable[[], None]) -> None:
        """To the second; at once where it has passed."""
        at = max(instant.astimezone(UTC).replace(microsecond=0), self.now)
        heapq.heappush(self._to_come, (at, next(self.numbers), happening))

    def play_until(self, end: datetime) -> None:
        """What people do in the order of time, with everything that falls due in between."""
        while self._to_come:
            at, _, happening = heapq.heappop(self._to_come)
            self.world.pass_until(at)
            happening()
        self.world.pass_until(end.astimezone(UTC))

    def desk(
        self,
        route: str,
        body: object = None,
        *,
        function: str = "front_desk",
        key: str = "",
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """By whoever stands at the desk."""
        return self.world.ask(route, body, function=function, role="owner", staff=OWNER, key=key, query=query)

    def surely(self, answer: Answer, what: str) -> Any:
        """Its body. Raises Unforeseen for what was refused."""
        if answer.status >= 400:
            raise Unforeseen(f"{what} at {self.now}: {answer.body}")
        return answer.body

    def refused(self, answer: Answer, what: str) -> None:
        """Told with the run. Raises Unforeseen for an error of the server's own."""
        if answer.status >= 500:
            raise Unforeseen(f"{what}: {answer.body}")
        self.journal.refused[f"{what}: {answer.code}"] += 1


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
