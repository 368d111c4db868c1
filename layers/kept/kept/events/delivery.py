"""One event on its way to one endpoint: what was answered, and when it is tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zlib import crc32

from kept.events.catalogue import EventType
from kept.events.change import Kind

SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
)
"""Before each attempt, since the one before: 75 hours and a half in all, as Standard Webhooks advises."""
JITTER = 0.1
"""A tenth longer at the most, so that what failed together does not come back together."""
LONGEST_WAIT = timedelta(hours=24)
"""However long a receiver asks for."""
NEXT = timedelta(milliseconds=1)
SHOWN = 200
"""Characters of an answer."""
REMEMBERED = 12
"""Attempts, the latest."""
GONE = 410
SLOWER = frozenset({429, 502, 503, 504})
"""What asks to come back later, and may say when."""


class DeliveryStatus(StrEnum):
    """Stopped: its endpoint was switched off or taken away before."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`status` is 0 where there was no answer, and `said` then says why; else the first of what was answered."""

    at: datetime
    status: int
    milliseconds: int
    said: str
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class EventDelivery:
    """`due_at` is when it is tried (again), None once it is over. `tried` counts the attempts since it began or was
    replayed. A test carries its own `body`; else that stands in the log."""

    business: str
    endpoint: str
    event: str
    type: EventType
    kind: Kind
    thing: str
    number: int
    made_at: datetime
    due_at: datetime | None
    status: DeliveryStatus = DeliveryStatus.WAITING
    attempts: tuple[Attempt, ...] = ()
    tried: int = 0
    body: str = ""

    @property
    def id(self) -> str:
        """In order of the events of one thing; a second telling of one is the same delivery."""
        return f"{self.endpoint}#{self.kind}#{self.thing}#{self.number:014}#{self.event}"

    def answered(self, attempt: Attempt) -> "EventDelivery":
        """Over where it was taken, where nobody wants it any more, and after the last attempt."""
        after = replace(self, attempts=(*self.attempts, attempt)[-REMEMBERED:], tried=self.tried + 1)
        if attempt.is_taken:
            return after.over(DeliveryStatus.DELIVERED)
        if attempt.status == GONE:
            return after.over(DeliveryStatus.STOPPED)
        if after.tried >= len(SCHEDULE):
            return after.over(DeliveryStatus.GIVEN_UP)
        return replace(after, due_at=attempt.at + _wait(after, attempt))

    def over(self, status: DeliveryStatus) -> "EventDelivery":
        return replace(self, status=status, due_at=None)

    def again(self, *, now: datetime) -> "EventDelivery":
        """From the beginning; one that waits still goes on as it does."""
        if self.status is DeliveryStatus.WAITING:
            return self
        return replace(self, status=DeliveryStatus.WAITING, due_at=now, tried=0)

    def behind(self, earlier: "EventDelivery") -> "EventDelivery":
        """After an earlier one of the same thing, which is still to be tried."""
        due = max(filter(None, (self.due_at, earlier.due_at)), default=None)
        return replace(self, due_at=due + NEXT if due else None)


def _wait(delivery: EventDelivery, attempt: Attempt) -> timedelta:
    planned = SCHEDULE[delivery.tried] * (1 + JITTER * _share(delivery))
    asked = min(attempt.retry_after or timedelta(0), LONGEST_WAIT) if attempt.status in SLOWER else timedelta(0)
    return max(planned, asked)


def _share(delivery: EventDelivery) -> float:
    """Of the jitter: from 0 to 1, another for each delivery and attempt, and the same whoever works it out."""
    return crc32(f"{delivery.id}#{delivery.tried}".encode()) / 0xFFFFFFFF
