"""What one consumer could not take in of a change: set aside, in the lane of events, until a person puts it back.

One item for a consumer and a thing, however often that failed: what is tried again is the thing as it is then.
"""

from dataclasses import dataclass
from datetime import datetime

from kept.events.change import Kind
from kept.lanes import Lane
from kept.storage.aside import lane_aside
from kept.storage.codec import from_json, whole_json
from kept.storage.tables import EventItem
from kept.storage.transaction import is_written

ASIDE = "aside#"


@dataclass(frozen=True, slots=True)
class Failed:
    """`why` names the error and says nothing of anybody; `sequence` is the write it failed at."""

    consumer: str
    kind: Kind
    id: str
    at: datetime
    sequence: str
    why: str


def put(business: str, it: Failed) -> None:
    """Over what failed of the same thing before. A crash before it has the whole batch read again."""
    item = EventItem(business, name(it.consumer, it.kind, it.id), body=whole_json(it))
    item.due_lane, item.due_at = lane_aside(Lane.EVENT, business), int(it.at.timestamp())
    item.save()


def find(business: str, name: str) -> Failed | None:
    try:
        return from_json(Failed, EventItem.get(business, name, consistent_read=True).body)
    except EventItem.DoesNotExist:
        return None


def done(business: str, it: Failed) -> None:
    """It is taken in, unless a later change of it failed meanwhile: then that one waits."""
    item = EventItem(business, name(it.consumer, it.kind, it.id))
    is_written(lambda: item.delete(condition=EventItem.body == whole_json(it)))


def name(consumer: str, kind: Kind, id: str) -> str:
    return f"{ASIDE}{consumer}#{kind}#{id}"


def about(name: str) -> tuple[Kind, str] | None:
    """Of which thing; None for what is no such name."""
    match name.split("#", 3):
        case [_, _, kind, id] if name.startswith(ASIDE) and kind in tuple(Kind):
            return Kind(kind), id
    return None
