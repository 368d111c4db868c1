"""The log of events: each once, listed in the order in which they were written down, for whoever was not there to hear.

One small item and its line in the index: two units of writing for an event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kept.events.catalogue import EventType, OutgoingEvent
from kept.events.envelope import About, envelope
from kept.storage.codec import from_json, whole_json
from kept.storage.parts import Cursor, begin_after
from kept.storage.tables import EventItem, Listed
from kept.storage.transaction import is_written

RETENTION = timedelta(days=90)
"""DynamoDB drops what is older."""
STILL_MOVING = timedelta(seconds=5)
"""What was written down since is not listed yet: two who write at once and an index that is a little behind may put one
before another, and nobody must find that they have read past something."""
LOG = "event#"


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """As it stands there; `data` as its type has it, in JSON's own values."""

    id: str
    type: EventType
    version: int
    timestamp: datetime
    business: str
    about: About
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LogPage:
    """Part of the log, the oldest first; `read_to` is where the next part begins, None where nothing was read."""

    events: tuple[LoggedEvent, ...]
    read_to: Cursor | None
    is_end: bool


def put(event: OutgoingEvent, *, now: datetime) -> bool:
    """False where it was written down before: whatever tells of it a second time changes nothing."""
    item = EventItem(event.business, LOG + event.id, body=whole_json(envelope(event)))
    item.listing, item.listed_at = _listing(event.business), _place(now)
    item.expires = int((now + RETENTION).timestamp())
    return is_written(lambda: item.save(condition=EventItem.id.does_not_exist()))


def find(business: str, id: str) -> LoggedEvent | None:
    try:
        return _event(EventItem.get(business, LOG + id, consistent_read=True))
    except EventItem.DoesNotExist:
        return None


def page(
    business: str,
    *,
    after: Cursor | None,
    types: frozenset[EventType],
    limit: int,
    now: datetime,
    span: tuple[datetime, datetime] | None = None,
) -> LogPage:
    """Among the next `limit` those of these types, all where none is named: half a unit of reading for some fifty, and
    one for every eight that are shown. `span`: of those that were written down in [since, until)."""
    since, until = 0, milliseconds(now - STILL_MOVING)
    if span:
        since, until = milliseconds(span[0]), min(until, milliseconds(span[1]) - 1)
    if since > until:
        return LogPage((), after, is_end=True)
    begin = begin_after(after, "listed_at", listing=_listing(business), business=business)
    found = EventItem.listed.query(
        _listing(business), Listed.listed_at.between(since, until), limit=limit, last_evaluated_key=begin
    )
    lines = [Cursor(int(item.listed_at), item.id) for item in found]
    known = _several(business, [line.id for line in lines])
    some = tuple(known[line.id] for line in lines if line.id in known)
    wanted = tuple(one for one in some if not types or one.type in types)
    return LogPage(wanted, lines[-1] if lines else after, is_end=len(lines) < limit)


_last = 0
STEPPED_BACK = 1_000
"""Milliseconds: a clock that is as far behind what was written last was put back, as on one machine it can be."""


def _place(now: datetime) -> int:
    """Behind what this process wrote before it, also within one millisecond: a thing's events stand in their order."""
    global _last  # a Lambda writes one at a time
    at = milliseconds(now)
    _last = max(at, _last + 1) if _last - at < STEPPED_BACK else at
    return _last


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _several(business: str, names: Iterable[str]) -> dict[str, LoggedEvent]:
    keys = [(business, name) for name in names]
    return {item.id: _event(item) for item in EventItem.batch_get(keys, consistent_read=True)} if keys else {}


def _event(item: EventItem) -> LoggedEvent:
    return from_json(LoggedEvent, item.body)


def _listing(business: str) -> str:
    return f"log#{business}"
