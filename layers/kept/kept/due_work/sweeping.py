"""What is due when: every aggregate carries its next instant in a lane of a sparse index, swept into a queue.

An item stays in its lane until its work is committed, so an outage loses nothing and the next sweep catches up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from kept.due_work import queues
from kept.lanes import Key, Lane, lane_keys
from kept.storage.due_tables import TABLES
from kept.storage.tables import Due

DEEP = 2_000
"""A queue with more records than this waiting, of ten keys at the most, is given no more; what is due stays due."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did; `waiting` when the queue was too deep to add to."""

    lane: Lane
    handed_over: int
    waiting: bool = False


def sweep(lane: Lane, *, until: datetime, ahead: timedelta = timedelta(0)) -> Swept:
    """Hand everything due by then to its lane's queue, oldest first within a shard.

    What becomes due `ahead` of the next sweep goes too, to be seen at its very second. Costs what is due, not what
    exists. A crash half-way hands some over twice; workers find nothing left to do.
    """
    if queues.depth(lane) > DEEP:
        return Swept(lane, 0, waiting=True)
    soon = ((key, max(0, ceil((at - until).total_seconds()))) for key, at in due(lane, until=until + ahead))
    return Swept(lane, queues.send_in(lane, soon))


def due(lane: Lane, *, until: datetime) -> Iterator[tuple[Key, datetime]]:
    for key in lane_keys(lane):
        found = TABLES[lane].due.query(key, Due.due_at <= int(until.timestamp()))
        yield from (
            (Key(lane, item.business, item.id), datetime.fromtimestamp(int(item.due_at), UTC)) for item in found
        )
