"""Who waits and what came free. Those who wait stand together, apart from those who did, so that the list is one query.

When either is looked at next stands beside the endpoints of events, for a lane of its own costs an alarm and a
schedule; it is written and taken away with what it is of.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.lanes import Key, Lane, lane_key
from kept.storage.codec import from_json, packed, to_json
from kept.storage.tables import EventItem, WaitlistItem
from kept.storage.transaction import is_written, last
from kept.waitlist.entry import WaitlistEntry
from kept.waitlist.opening import Opening
from kept.waitlist.refusals import UnknownOpening, UnknownWait

WAITS, WAITED, FREE = "wait#", "waited#", "free#"
WAITLIST = "waitlist#"
"""Begins the name of what is due."""
KEPT_FOR = timedelta(days=400)
"""The record of what is over."""
AFTERWARDS = timedelta(days=2)
"""So long freed time is known after its end."""


def entry_key(business: str, id: str) -> Key:
    return Key(Lane.EVENT, business, WAITLIST + WAITS + id)


def opening_key(business: str, id: str) -> Key:
    """What a queue carries for one that is due."""
    return Key(Lane.EVENT, business, WAITLIST + FREE + id)


def find(business: str, id: str) -> WaitlistEntry | None:
    """Waiting still, or not."""
    return _entry(business, WAITS + id) or _entry(business, WAITED + id)


def load(business: str, id: str) -> WaitlistEntry:
    """Raises UnknownWait."""
    if (found := find(business, id)) is None:
        raise UnknownWait
    return found


def waiting(business: str, *, of: str = "") -> list[WaitlistEntry]:
    """All who wait, or the waits `of` one client; in no order. One query, consistently."""
    begins = WaitlistItem.id.startswith(f"{WAITS}{of}-" if of else WAITS)
    return [_as_entry(item) for item in WaitlistItem.query(business, begins, consistent_read=True)]


def of_client(business: str, ids: Iterable[str]) -> list[WaitlistEntry]:
    """All that somebody waits for, under each of their ids; a query for each."""
    return [entry for id in ids for entry in waiting(business, of=id)]


def is_anybody_waiting(business: str) -> bool:
    found = WaitlistItem.query(business, WaitlistItem.id.startswith(WAITS), limit=1)
    return next(iter(found), None) is not None


def put(entry: WaitlistEntry, transaction: TransactWrite, *, ends: datetime) -> None:
    """On the condition that it is as it was read; at the end of the transaction, as it is then. What is over goes to
    those who waited. Raises Lost on commit."""

    def write(transaction: TransactWrite) -> None:
        lives = _entry_item(WAITS, entry)
        if entry.is_live:
            transaction.save(lives, condition=_unchanged(entry.revision))
            _due(entry_key(entry.business, entry.id), ends, transaction)
            return
        transaction.delete(lives, condition=WaitlistItem.revision == entry.revision)
        over = _entry_item(WAITED, entry)
        over.expires = ceil((entry.lines[-1].at + KEPT_FOR).timestamp())
        transaction.save(over)
        _due(entry_key(entry.business, entry.id), None, transaction)

    last(transaction)[WAITS + entry.id] = write


def put_back(entry: WaitlistEntry, transaction: TransactWrite, *, ends: datetime) -> None:
    """From those who waited to those who wait, on the condition that nobody else has done it. Raises Lost on commit."""

    def write(transaction: TransactWrite) -> None:
        over = WaitlistItem(entry.business, WAITED + entry.id)
        transaction.delete(over, condition=WaitlistItem.revision == entry.revision)
        transaction.save(_entry_item(WAITS, entry), condition=WaitlistItem.id.does_not_exist())
        _due(entry_key(entry.business, entry.id), ends, transaction)

    last(transaction)[WAITS + entry.id] = write


def unchanged(entry: WaitlistEntry, transaction: TransactWrite) -> None:
    """A condition alone, unless it is written as well."""

    def check(transaction: TransactWrite) -> None:
        is_so = WaitlistItem.revision == entry.revision
        transaction.condition_check(WaitlistItem, entry.business, WAITS + entry.id, is_so)

    last(transaction).setdefault(WAITS + entry.id, check)


def find_opening(business: str, id: str) -> Opening | None:
    try:
        return _as_opening(WaitlistItem.get(business, FREE + id, consistent_read=True))
    except WaitlistItem.DoesNotExist:
        return None


def load_opening(business: str, id: str) -> Opening:
    """Raises UnknownOpening."""
    if (found := find_opening(business, id)) is None:
        raise UnknownOpening
    return found


def openings(business: str) -> list[Opening]:
    """Those that are not long over, in no order."""
    begins = WaitlistItem.id.startswith(FREE)
    return [_as_opening(item) for item in WaitlistItem.query(business, begins, consistent_read=True)]


def put_opening(it: Opening, transaction: TransactWrite, *, due_at: datetime | None) -> None:
    """The same; `due_at` is when it is looked at next."""

    def write(transaction: TransactWrite) -> None:
        written = replace(it, looks_at=due_at)
        item = WaitlistItem(it.business, FREE + it.id, revision=it.revision + 1, body=packed(to_json(written)))
        item.expires = ceil((it.ends + AFTERWARDS).timestamp())
        transaction.save(item, condition=_unchanged(it.revision))
        _due(opening_key(it.business, it.id), due_at if it.is_open else None, transaction)

    last(transaction)[FREE + it.id] = write


def wake_opening(business: str, id: str, *, at: datetime) -> None:
    """It is looked at then, or sooner where it was to be; nothing where it is over."""
    item, seconds = EventItem(business, opening_key(business, id).id), ceil(at.timestamp())
    is_written(lambda: item.update([EventItem.due_at.set(seconds)], condition=EventItem.due_at > seconds))


def put_off_opening(business: str, id: str, *, to: datetime, now: datetime) -> None:
    """It was looked at in vain: where it is due by now it is due then, and otherwise as it was."""
    item = EventItem(business, opening_key(business, id).id)
    is_due = EventItem.due_at <= ceil(now.timestamp())
    is_written(lambda: item.update([EventItem.due_at.set(ceil(to.timestamp()))], condition=is_due))


def _due(key: Key, at: datetime | None, transaction: TransactWrite) -> None:
    item = EventItem(key.business, key.id, body="{}")
    if at is None:
        transaction.delete(item)
    else:
        item.due_lane, item.due_at = lane_key(key.lane, key.id), ceil(at.timestamp())
        transaction.save(item)


def _entry(business: str, id: str) -> WaitlistEntry | None:
    try:
        return _as_entry(WaitlistItem.get(business, id, consistent_read=True))
    except WaitlistItem.DoesNotExist:
        return None


def _entry_item(kind: str, entry: WaitlistEntry) -> WaitlistItem:
    body = packed(to_json(entry))
    return WaitlistItem(entry.business, kind + entry.id, revision=entry.revision + 1, body=body)


def _as_entry(item: WaitlistItem) -> WaitlistEntry:
    return replace(from_json(WaitlistEntry, item.body), revision=int(item.revision))


def _as_opening(item: WaitlistItem) -> Opening:
    return replace(from_json(Opening, item.body), revision=int(item.revision))


def _unchanged(revision: int) -> Condition:
    return WaitlistItem.revision == revision if revision else WaitlistItem.id.does_not_exist()
