"""What is due when: every aggregate carries its next instant in a lane of a sparse index, swept into a queue.

An item stays in its lane until its work is committed, so an outage loses nothing and the next sweep catches up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kept import queues
from kept.lanes import Lane, lane_keys
from kept.storage.tables import AppointmentItem, Due, FollowUpItem, MessageItem

DEEP = 20_000
"""A queue with more than this waiting is given no more; what is due stays due."""


INDEXES: dict[Lane, Due] = {
    Lane.REMINDER: AppointmentItem.due,
    Lane.ATTENDANCE: AppointmentItem.due,
    Lane.MESSAGE: MessageItem.due,
    Lane.FOLLOW_UP: FollowUpItem.due,
}


@dataclass(frozen=True, slots=True)
class Key:
    """Which item of which lane; what the queues carry."""

    lane: Lane
    business: str
    id: str


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did; `waiting` when the queue was too deep to add to."""

    lane: Lane
    handed_over: int
    waiting: bool = False


def sweep(lane: Lane, *, until: datetime, into: str) -> Swept:
    """Hand everything due by then to the queue at this URL, oldest first within a shard.

    Costs what is due, not what exists. A crash half-way hands some over twice; workers find nothing left to do.
    """
    if queues.depth(into) > DEEP:
        return Swept(lane, 0, waiting=True)
    return Swept(lane, queues.send(into, due(lane, until=until)))


def due(lane: Lane, *, until: datetime) -> Iterator[Key]:
    for key in lane_keys(lane):
        found = INDEXES[lane].query(key, Due.due_at <= int(until.timestamp()))
        yield from (Key(lane, item.business, item.id) for item in found)
