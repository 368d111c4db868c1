"""The lanes of due work: its kind, and one of SHARDS parts so that no single partition takes all the writes."""

from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

SHARDS = 4


class Lane(StrEnum):
    """The kinds of due work, each with its own sweep and queue."""

    REMINDER = "reminder"
    ATTENDANCE = "attendance"
    MESSAGE = "message"
    FOLLOW_UP = "follow_up"
    DAY_LIST = "day_list"
    SEARCH = "search"
    EVENT = "event"


STANDS_IN = {
    Lane.REMINDER: "appointments",
    Lane.ATTENDANCE: "appointments",
    Lane.MESSAGE: "messages",
    Lane.FOLLOW_UP: "follow_ups",
    Lane.DAY_LIST: "catalog",
    Lane.SEARCH: "clients",
    Lane.EVENT: "events",
}
"""The table whose items are due in each, with its index `due`."""


@dataclass(frozen=True, slots=True)
class Key:
    """Which item of which lane; what the queues carry."""

    lane: Lane
    business: str
    id: str


def lane_key(lane: Lane, id: str) -> str:
    return f"{lane}#{crc32(id.encode()) % SHARDS}"


def lane_keys(lane: Lane) -> list[str]:
    return [f"{lane}#{shard}" for shard in range(SHARDS)]
