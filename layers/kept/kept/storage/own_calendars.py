"""Where the staff's own calendars are and when each is read next: beside the endpoints of events, for a lane of its own
costs an alarm and a schedule."""

from datetime import datetime
from math import ceil

from pynamodb.expressions.update import Action

from kept.booking.own_calendar import OwnCalendar
from kept.lanes import Key, Lane, lane_key
from kept.storage.codec import from_json, whole_json
from kept.storage.tables import EventItem
from kept.storage.transaction import alone, is_written

OWN = "calendar#"


def key(business: str, staff: str) -> Key:
    """What a queue carries for one that is due."""
    return Key(Lane.EVENT, business, OWN + staff)


def find(business: str, staff: str) -> OwnCalendar | None:
    try:
        return from_json(OwnCalendar, EventItem.get(business, OWN + staff, consistent_read=True).body)
    except EventItem.DoesNotExist:
        return None


def put(it: OwnCalendar, *, over: OwnCalendar | None, due_at: datetime) -> None:
    """Raises Lost where it says something else by now."""
    item = _item(it)
    unchanged = EventItem.body == whole_json(over) if over else EventItem.id.does_not_exist()
    with alone():
        item.update([EventItem.body.set(whole_json(it)), *_due(item, due_at)], condition=unchanged)


def claim(it: OwnCalendar, *, now: datetime, until: datetime) -> bool:
    """It is due, and as it was read: whoever claims it reads it alone until then. A crash costs as long."""
    item = _item(it)
    is_due = (EventItem.body == whole_json(it)) & (EventItem.due_at <= ceil(now.timestamp()))
    return is_written(lambda: item.update(_due(item, until), condition=is_due))


def wake(business: str, staff: str, *, at: datetime) -> bool:
    """It is due then, or sooner where it was to be."""
    item, seconds = EventItem(business, OWN + staff), ceil(at.timestamp())
    return is_written(
        lambda: item.update(_due(item, at), condition=EventItem.id.exists() & (EventItem.due_at > seconds))
    )


def drop(it: OwnCalendar) -> bool:
    """False where it says something else by now."""
    return is_written(lambda: _item(it).delete(condition=EventItem.body == whole_json(it)))


def _item(it: OwnCalendar) -> EventItem:
    return EventItem(it.business, OWN + it.staff)


def _due(item: EventItem, at: datetime) -> list[Action]:
    return [EventItem.due_at.set(ceil(at.timestamp())), EventItem.due_lane.set(lane_key(Lane.EVENT, item.id))]
