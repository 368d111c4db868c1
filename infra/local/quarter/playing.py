"""A quarter played to its end."""

from datetime import timedelta

from infra.local.quarter import salon
from infra.local.quarter.booking_ahead import BookingAhead
from infra.local.quarter.chairs import Chairs
from infra.local.quarter.desk_rounds import DeskRounds
from infra.local.quarter.memory import Memory
from infra.local.quarter.people import DAY, Person
from infra.local.quarter.salon import local
from infra.local.quarter.stage import Plan, Stage
from infra.local.quarter.till import Till
from infra.local.quarter.visiting import Visiting
from infra.local.quarter.waiting import Waiting

AFTERWARDS = timedelta(days=10)
"""After the last day: what a missed visit leads to is played to its end, and nothing is booked any more."""


class Quarter(Stage):
    """One run, and everybody in it."""

    def __init__(self, plan: Plan, memory: Memory | None = None) -> None:
        super().__init__(plan, memory)
        self.people = [Person(number, self.chance) for number in range(plan.clients)]
        chairs = Chairs(self)
        visiting = Visiting(self, Till(self), chairs)
        self._booking, self._rounds = BookingAhead(self, visiting), DeskRounds(self, visiting, chairs)
        Waiting(self, visiting, self._booking)

    def play(self) -> None:
        """Call inside `world.in_place()`."""
        salon.open_for_business(self.world, self.plan.policies)
        for person in self.people:
            self._booking.is_born(person)
        until = self.plan.last + AFTERWARDS
        for n in range((until - salon.FIRST).days):
            self._rounds.plan(salon.FIRST + DAY * n)
        self.play_until(local(until, salon.CLOSES))
