"""A batch of a table's stream, record by record: decoded, and given to every consumer.

Nothing is raised: on one machine a failed call has its batch come again for ever, and no other change of that table is
read. What a consumer fails with is set aside for it, and the next record is read. Only where even that cannot be
written down the batch comes again from there: a lost change would be worse than a repeated one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from kept import clock
from kept.events.change import AggregateChange, Kind
from kept.runtime import log
from kept.settings import table
from kept.storage import changes_aside, stream_bookmarks, stream_images
from kept.storage.changes_aside import Failed
from kept.storage.stream_bookmarks import Bookmark
from kept.storage.stream_images import ForeignStream, StreamWrite
from kept.use_cases.events.consumers import CONSUMERS

MARKED_EVERY = timedelta(minutes=1)
"""A bookmark is written as often, and once at the beginning: it may be that much older than what was read."""

_marked: dict[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class BatchRead:
    """How many records there were, what of them was set aside, and the number of the first that must come again."""

    records: int
    aside: int
    again: str | None = None


def read(records: Iterable[Mapping[str, Any]]) -> BatchRead:
    count, aside, last = 0, 0, None
    for count, record in enumerate(records, start=1):
        try:
            it = stream_images.written(record)
        except ForeignStream:
            log.error("no record of ours", extra={"event": str(record.get("eventID"))})
            continue
        try:
            aside += take(it, record)
        except Exception as error:  # whatever it is, what follows must not be read before it
            log.error("comes again", extra={"table": it.table, "error": type(error).__name__})
            return BatchRead(count, aside, again=it.sequence)
        last = it
    if last:
        _mark(last)
    return BatchRead(count, aside)


def take(it: StreamWrite, record: Mapping[str, Any]) -> int:
    """How many consumers it was set aside for. Raises what setting it aside raises."""
    if (kind := stream_images.kind_of(it)) is None:
        return 0
    try:
        change = stream_images.change_of(it, kind, record)
    except Exception as error:  # an item that nobody can read stops nobody behind it
        return sum(_aside(name, it, kind, error) for name in CONSUMERS)
    return sum(_given(name, change, it, kind) for name in CONSUMERS)


def _given(name: str, change: AggregateChange, it: StreamWrite, kind: Kind) -> int:
    try:
        CONSUMERS[name](change)
    except Exception as error:  # the other consumers, and what was written after it, are not to suffer for it
        return _aside(name, it, kind, error)
    return 0


def _aside(consumer: str, it: StreamWrite, kind: Kind, error: Exception) -> int:
    """Counted for the alarm."""
    business, why = stream_images.business_of(it), type(error).__name__
    changes_aside.put(business, Failed(consumer, kind, it.id, it.at, it.sequence, why))
    log.error("set aside", extra={"consumer": consumer, "kind": kind, "business": business, "id": it.id, "why": why})
    with single_metric("SetAside", MetricUnit.Count, 1, namespace="Kept") as metric:
        metric.add_dimension("service", "kept")
    return 1


def _mark(it: StreamWrite) -> None:
    """Failing costs an older bookmark."""
    now = clock.now()
    if now - _marked.get(it.table, now - 2 * MARKED_EVERY) < MARKED_EVERY:
        return
    try:
        stream_bookmarks.put(Bookmark(it.table.removeprefix(table("")), it.at, it.sequence))
        _marked[it.table] = now
    except Exception as error:  # it tells, and decides nothing
        log.warning("no bookmark", extra={"table": it.table, "error": type(error).__name__})


def forget() -> None:
    """The next batch is marked."""
    _marked.clear()
