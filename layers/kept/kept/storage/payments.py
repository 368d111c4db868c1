"""Payments online and when each is looked at next: beside the endpoints of events, for a lane of its own costs an alarm
and a schedule. Each is written on the condition that it is as it was read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from kept.lanes import Lane, lane_key
from kept.payments.payment import Payment
from kept.storage.codec import from_json, whole_json
from kept.storage.tables import EventItem
from kept.storage.transaction import alone, is_written

PAYMENT = "payment#"
NIGHT = "payment-night#"
"""The comparison with the provider, once for a business."""


def find(business: str, id: str) -> Payment | None:
    try:
        return from_json(Payment, EventItem.get(business, PAYMENT + id, consistent_read=True).body)
    except EventItem.DoesNotExist:
        return None


def of_visit(business: str, appointment: str) -> list[Payment]:
    """In the order of their tries."""
    begins = EventItem.id.startswith(f"{PAYMENT}{appointment}-")
    found = (from_json(Payment, item.body) for item in EventItem.query(business, begins, consistent_read=True))
    return sorted(found, key=lambda it: int(it.id.rpartition("-")[2]))


def listed(business: str, *, since: datetime) -> Iterator[Payment]:
    """Those that were begun since then, the newest first; eventually consistent in its order."""
    span = EventItem.listed_at >= int(since.timestamp() * 1000)
    rows = EventItem.listed.query(_listing(business), span, scan_index_forward=False)
    found = (find(business, row.id.removeprefix(PAYMENT)) for row in rows)
    return (payment for payment in found if payment)


def put(it: Payment, *, over: Payment | None, due_at: datetime | None) -> None:
    """Raises Lost where it says something else by now."""
    item = _item(it, due_at)
    with alone():
        item.save(condition=_unchanged(over))


def wake(business: str, id: str, *, at: datetime) -> bool:
    """It is due then, or sooner where it was to be; False where it is not there."""
    item, seconds = EventItem(business, PAYMENT + id), ceil(at.timestamp())
    is_later = EventItem.id.exists() & (EventItem.due_at.does_not_exist() | (EventItem.due_at > seconds))
    return is_written(lambda: item.update(_due(item, seconds), condition=is_later))


def postpone(business: str, id: str, *, at: datetime) -> None:
    """It is due then, whatever it was before: for what could not be done now."""
    item = EventItem(business, PAYMENT + id)
    seconds = ceil(at.timestamp())
    is_written(lambda: item.update(_due(item, seconds), condition=EventItem.id.exists()))


def plan_night(business: str, *, at: datetime, over: datetime | None = None) -> bool:
    """When its payments are compared next; `over` is when they were to be (None: they never were)."""
    item = EventItem(business, NIGHT + "all")
    was = EventItem.due_at == ceil(over.timestamp()) if over else EventItem.id.does_not_exist()
    actions = [EventItem.body.set("{}"), *_due(item, ceil(at.timestamp()))]
    return is_written(lambda: item.update(actions, condition=was))


def night(business: str) -> datetime | None:
    """When they are compared next."""
    try:
        due = EventItem.get(business, NIGHT + "all", consistent_read=True).due_at
    except EventItem.DoesNotExist:
        return None
    return datetime.fromtimestamp(int(due), UTC) if due else None


def _due(item: EventItem, seconds: int) -> list[Action]:
    return [EventItem.due_at.set(seconds), EventItem.due_lane.set(lane_key(Lane.EVENT, item.id))]


def _unchanged(over: Payment | None) -> Condition:
    return EventItem.body == whole_json(over) if over else EventItem.id.does_not_exist()


def _item(it: Payment, due_at: datetime | None) -> EventItem:
    item = EventItem(it.business, PAYMENT + it.id, body=whole_json(it))
    item.listing, item.listed_at = _listing(it.business), int(it.asked_at.timestamp() * 1000)
    if due_at:
        item.due_lane, item.due_at = lane_key(Lane.EVENT, item.id), ceil(due_at.timestamp())
    return item


def _listing(business: str) -> str:
    return f"{business}#payments"
