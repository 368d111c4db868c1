"""The endpoints of a business, when each is called next, and every delivery with what was answered.

A delivery waits in the list of its endpoint, in order of when it is due, and stands in another one once it is over; the
endpoint alone is due work. So a receiver that takes its time has one call of ours at a time, and nobody else waits.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from time import monotonic

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from kept.events.delivery import DeliveryStatus, EventDelivery
from kept.events.receivers import Endpoint
from kept.lanes import Key, Lane, lane_key
from kept.storage.codec import from_json, packed, to_json, whole_json
from kept.storage.event_log import milliseconds
from kept.storage.leases import leased
from kept.storage.parts import Cursor, begin_after
from kept.storage.tables import EventItem, Listed
from kept.storage.transaction import alone, is_written

FRESH = 10.0
"""Seconds that a warm Lambda trusts what it read of the endpoints: a new one hears of what happens from then on."""
RETENTION = timedelta(days=30)
"""Of a delivery, since it was last tried."""
ENDPOINT, DELIVERY, LEASE = "endpoint#", "delivery#", "lease#"
TOGETHER = 100

_read: dict[str, tuple[float, tuple[Endpoint, ...]]] = {}


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Part of a list, and where the next part begins if there may be more."""

    deliveries: tuple[EventDelivery, ...]
    more_after: Cursor | None


def endpoints(business: str, *, afresh: bool = True) -> tuple[Endpoint, ...]:
    """By id; `afresh` False is as they were FRESH ago at the most."""
    read_at, known = _read.get(business, (0.0, None))
    if afresh or known is None or monotonic() - read_at > FRESH:
        found = EventItem.query(business, EventItem.id.startswith(ENDPOINT), consistent_read=True)
        known = tuple(from_json(Endpoint, item.body) for item in found)
        _read[business] = (monotonic(), known)
    return known


def forget() -> None:
    """Read again on the next use."""
    _read.clear()


def endpoint(business: str, id: str) -> Endpoint | None:
    try:
        return from_json(Endpoint, EventItem.get(business, ENDPOINT + id, consistent_read=True).body)
    except EventItem.DoesNotExist:
        return None


def put_endpoint(it: Endpoint, *, over: Endpoint | None) -> None:
    """When it is called next stays as it is. Raises Lost where it says something else by now."""
    unchanged = EventItem.body == whole_json(over) if over else EventItem.id.does_not_exist()
    with alone():
        EventItem(it.business, ENDPOINT + it.id).update([EventItem.body.set(whole_json(it))], condition=unchanged)
    _read.pop(it.business, None)


def drop_endpoint(it: Endpoint) -> None:
    """Its deliveries are forgotten by themselves. Raises Lost."""
    with alone():
        EventItem(it.business, ENDPOINT + it.id).delete(condition=EventItem.body == whole_json(it))
    _read.pop(it.business, None)


def key(business: str, id: str) -> Key:
    """What a queue carries for an endpoint that is due."""
    return Key(Lane.EVENT, business, ENDPOINT + id)


def wake(business: str, id: str, *, at: datetime) -> None:
    """It is called then, or sooner where it was to be; nothing where it is no more. Whoever is calling it meanwhile
    finds that it was woken."""
    item, seconds = EventItem(business, ENDPOINT + id), ceil(at.timestamp())
    woken = EventItem.woken_at.set(milliseconds(at))
    later = EventItem.due_at.does_not_exist() | (EventItem.due_at > seconds)
    if not _updated(item, [*_due(item, at), woken], EventItem.id.exists() & later):
        _updated(item, [woken], EventItem.id.exists())


def woken_at(business: str, id: str) -> int | None:
    """When it was woken last, in epoch milliseconds."""
    try:
        found = EventItem.get(business, ENDPOINT + id, consistent_read=True).woken_at
    except EventItem.DoesNotExist:
        return None
    return int(found) if found is not None else None


def put_off(business: str, id: str, *, woken: int | None, until: datetime | None) -> bool:
    """Until then, None for not at all; False where somebody woke it since `woken`."""
    item = EventItem(business, ENDPOINT + id)
    unchanged = EventItem.woken_at == woken if woken is not None else EventItem.woken_at.does_not_exist()
    return _updated(item, _due(item, until), EventItem.id.exists() & unchanged)


def _updated(item: EventItem, actions: list[Action], condition: Condition) -> bool:
    return is_written(lambda: item.update(actions, condition=condition))


def lease(business: str, id: str, *, now: datetime, lasts: timedelta) -> AbstractContextManager[bool]:
    """Whoever has it calls this endpoint alone."""
    return leased(EventItem(business, LEASE + id, expires=ceil((now + lasts).timestamp())), now=now, lasts=lasts)


def put_new(it: EventDelivery) -> bool:
    """False where it was put before, whatever became of it."""
    return is_written(lambda: _item(it).save(condition=EventItem.id.does_not_exist()))


def put(it: EventDelivery) -> None:
    """As it has become: whoever has the lease writes it, or somebody who begins it anew."""
    _item(it).save()


def delivery(business: str, id: str) -> EventDelivery | None:
    try:
        return _delivery(EventItem.get(business, DELIVERY + id, consistent_read=True))
    except EventItem.DoesNotExist:
        return None


def due(business: str, endpoint: str, *, now: datetime, limit: int) -> list[EventDelivery]:
    """Those that wait and are due, the longest due first, read afresh."""
    ids = _listed(_waiting(business, endpoint), Listed.listed_at <= milliseconds(now), limit)
    found = {it.id: it for it in _several(business, ids)}
    ordered = (found[id.removeprefix(DELIVERY)] for id in ids if id.removeprefix(DELIVERY) in found)
    return [it for it in ordered if it.due_at is not None and it.due_at <= now]


def next_due(business: str, endpoint: str) -> datetime | None:
    """Of what waits; eventually consistent."""
    for item in EventItem.listed.query(_waiting(business, endpoint), limit=1):
        return datetime.fromtimestamp(int(item.listed_at) / 1000, UTC)
    return None


def earlier(it: EventDelivery) -> EventDelivery | None:
    """The first one of the same thing and endpoint that still waits and comes before it."""
    lead = f"{DELIVERY}{it.endpoint}#{it.kind}#{it.thing}#"
    span = EventItem.id.between(lead, DELIVERY + it.id)
    for item in EventItem.query(it.business, span, consistent_read=True):
        other = _delivery(item)
        if other.thing == it.thing and other.id < it.id and other.status is DeliveryStatus.WAITING:
            return other
    return None


def page(business: str, endpoint: str, *, waiting: bool, after: Cursor | None, limit: int) -> DeliveryPage:
    """What waits, the soonest first; or what is over, the latest first."""
    listing = _waiting(business, endpoint) if waiting else _over(business, endpoint)
    begin = begin_after(after, "listed_at", listing=listing, business=business)
    found = EventItem.listed.query(listing, scan_index_forward=waiting, limit=limit, last_evaluated_key=begin)
    lines = [Cursor(int(item.listed_at), item.id) for item in found]
    known = {DELIVERY + it.id: it for it in _several(business, [line.id for line in lines])}
    some = tuple(known[line.id] for line in lines if line.id in known)
    return DeliveryPage(some, lines[-1] if len(lines) == limit else None)


def _listed(listing: str, span: object, limit: int) -> list[str]:
    return [item.id for item in EventItem.listed.query(listing, span, limit=limit)]  # type: ignore[arg-type]


def _several(business: str, ids: Iterable[str]) -> Iterator[EventDelivery]:
    keys = [(business, id) for id in ids]
    return (_delivery(item) for item in EventItem.batch_get(keys, consistent_read=True)) if keys else iter(())


def _item(it: EventDelivery) -> EventItem:
    item = EventItem(it.business, DELIVERY + it.id, body=packed(to_json(it)))
    place = it.due_at or (it.attempts[-1].at if it.attempts else it.made_at)
    item.listing = _waiting(it.business, it.endpoint) if it.due_at else _over(it.business, it.endpoint)
    item.listed_at = milliseconds(place)
    item.expires = int((place + RETENTION).timestamp())
    return item


def _delivery(item: EventItem) -> EventDelivery:
    return from_json(EventDelivery, item.body)


def _due(item: EventItem, at: datetime | None) -> list[Action]:
    if at is None:
        return [EventItem.due_at.remove(), EventItem.due_lane.remove()]
    return [EventItem.due_at.set(ceil(at.timestamp())), EventItem.due_lane.set(lane_key(Lane.EVENT, item.id))]


def _waiting(business: str, endpoint: str) -> str:
    return f"waiting#{business}#{endpoint}"


def _over(business: str, endpoint: str) -> str:
    return f"over#{business}#{endpoint}"
