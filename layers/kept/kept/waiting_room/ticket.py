"""A number in the queue of one day: whose it is, what was told them, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite

from kept.waiting_room.estimate import Estimate, Told, miss
from kept.waiting_room.refusals import NotWaiting, NumberOfAnotherDay, QueueFull

MOST = 500
"""Numbers a day."""
MINUTE = timedelta(minutes=1)


class TicketState(StrEnum):
    """Who is served, and who was, is known by their visit."""

    WAITING = "waiting"
    BEGUN = "begun"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`day` is the business's own. `appointment` is the visit they came for, or what a walk-in became when it began;
    `staff` None is anybody. `estimate` and `told` are of when they came (None: no promise could be made), `missed` how
    far off that was in the end; `key` that of the form it was taken with. In the chair they are at `stage` of the
    service's own, counted from 0, since `stage_at`. `tell` is the client who asked to be told when their turn is near,
    `looks_at` when the estimate is looked at next for that, `told_near_at` when it was done."""

    business: str
    day: date
    number: int
    service: str
    came_at: datetime
    staff: str | None = None
    name: str = ""
    phone: str = ""
    appointment: str | None = None
    is_booked: bool = False
    state: TicketState = TicketState.WAITING
    estimate: Estimate | None = None
    told: Told | None = None
    missed: float | None = None
    called_at: datetime | None = None
    ended_at: datetime | None = None
    stage: int = 0
    stage_at: datetime | None = None
    key: str = ""
    tell: str = ""
    looks_at: datetime | None = None
    told_near_at: datetime | None = None

    @property
    def id(self) -> str:
        return ticket_id(self.day, self.number)

    @property
    def is_waiting(self) -> bool:
        return self.state is TicketState.WAITING

    @property
    def due_at(self) -> datetime | None:
        """When it is looked at next whether their turn is near; what was begun by mistake goes on where it was."""
        return self.looks_at if self.is_waiting and self.tell and self.told_near_at is None else None

    def must_be_of(self, today: date) -> None:
        """Raises NumberOfAnotherDay."""
        if self.day != today:
            raise NumberOfAnotherDay(day=self.day.isoformat())

    def promised(self, estimate: Estimate, told: Told | None) -> "Ticket":
        """What was told when they came; what nobody could say is no promise."""
        return replace(self, estimate=estimate, told=told) if told and isfinite(estimate.upper) else self

    def call(self, *, at: datetime) -> "Ticket":
        """They are asked to come; said again it changes nothing. Raises NotWaiting."""
        self._must_wait()
        return self if self.called_at else replace(self, called_at=at, looks_at=self.looks_at and at)

    def begin(self, appointment: str, *, at: datetime) -> "Ticket":
        """They are in the chair; said again of the same visit it changes nothing. Raises NotWaiting."""
        if self.state is TicketState.BEGUN and self.appointment == appointment:
            return self
        self._must_wait()
        missed = miss(self.estimate, (at - self.came_at) / MINUTE) if self.estimate else None
        return replace(self, state=TicketState.BEGUN, appointment=appointment, missed=missed, ended_at=at, stage_at=at)

    def leave(self, *, at: datetime) -> "Ticket":
        """They went without it; said again it changes nothing. Raises NotWaiting."""
        if self.state is TicketState.LEFT:
            return self
        self._must_wait()
        return replace(self, state=TicketState.LEFT, ended_at=at)

    def at_stage(self, stage: int, *, at: datetime) -> "Ticket":
        """Of the service's own stages to this one, on or back; said again it changes nothing."""
        return self if self.stage == stage else replace(self, stage=stage, stage_at=at)

    def ask_to_be_told(self, client: str, *, at: datetime) -> "Ticket":
        """Before their turn; the number is looked at at once. Raises NotWaiting."""
        self._must_wait()
        return replace(self, tell=client, looks_at=at)

    def ask_no_more(self) -> "Ticket":
        """Where they are not told yet."""
        return replace(self, tell="", looks_at=None) if self.tell and self.told_near_at is None else self

    def wait_again(self) -> "Ticket":
        """Called, begun or gone by mistake: as if it had not been."""
        return replace(
            self, state=TicketState.WAITING, called_at=None, missed=None, ended_at=None, stage=0, stage_at=None
        )

    def _must_wait(self) -> None:
        if not self.is_waiting:
            raise NotWaiting(state=self.state)


def ticket_id(day: date, number: int) -> str:
    return f"{day.isoformat()}-{number:03}"


def next_number(tickets: Iterable[Ticket]) -> int:
    """Behind all of the day; nobody has a number that somebody had. Raises QueueFull."""
    number = max((ticket.number for ticket in tickets), default=0) + 1
    if number > MOST:
        raise QueueFull(most=MOST)
    return number
