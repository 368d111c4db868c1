"""Work that was given up on: it leaves its lane for one of things set aside, where people see it and put it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kept.lanes import Key, Lane, lane_key
from kept.storage.due_tables import TABLES
from kept.storage.refusals import UnknownItem
from kept.storage.transaction import Lost, alone, is_written


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was due when, and is waiting for a person."""

    lane: Lane
    id: str
    due_at: datetime


MOST = 100
"""Of one lane that are shown, the oldest: put back, they make room for those behind them."""


def set_aside(key: Key, *, now: datetime) -> bool:
    """False when it is not due any more: somebody did it after all."""
    table = TABLES[key.lane]
    still_due = (table.due_lane == lane_key(key.lane, key.id)) & (table.due_at <= int(now.timestamp()))
    aside = [table.due_lane.set(lane_aside(key.lane, key.business))]
    return is_written(lambda: table(key.business, key.id).update(aside, condition=still_due))


def put_back(key: Key) -> None:
    """Due at once, as it was. Raises UnknownItem."""
    table = TABLES[key.lane]
    try:
        with alone():
            table(key.business, key.id).update(
                [table.due_lane.set(lane_key(key.lane, key.id))],
                condition=table.due_lane == lane_aside(key.lane, key.business),
            )
    except Lost:
        raise UnknownItem from None


def waiting(business: str) -> Iterator[SetAside]:
    """What of this business was set aside, by lane and time: the MOST oldest of each. One query a lane, which reads
    nothing of others."""
    for lane, table in TABLES.items():
        for item in table.due.query(lane_aside(lane, business), limit=MOST):
            yield SetAside(lane, item.id, datetime.fromtimestamp(int(item.due_at), UTC))


def lane_aside(lane: Lane, business: str) -> str:
    """What of this business was set aside stands there, in its table's own index of what is due."""
    return f"aside#{lane}#{business}"
