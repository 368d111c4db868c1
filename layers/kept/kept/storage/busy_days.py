"""When somebody is busy by their own calendar: an item for each day, beside the page of that day in the book.

They have versions of their own, so that reading a calendar never stands in the way of a booking; and they come with the
same query as the pages, so that availability costs no read more.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from kept.storage.tables import DayPageItem
from kept.timekeeping.weekly_hours import Span

BUSY = "#busy"
"""Ends the date of such an item; the page's own comes right before it."""
LAST = "$"
"""Follows on every item of a date."""


def put(business: str, calendar: str, spans: Mapping[date, Sequence[Span]], *, first: date) -> int:
    """In the place of all that was known from that day on; how many days are others now. Whoever reads meanwhile finds
    each day as it was or as it is."""
    key = f"{business}#{calendar}"
    known = {
        item.day: item.entries for item in DayPageItem.query(key, DayPageItem.day >= first.isoformat()) if is_busy(item)
    }
    wanted = {day.isoformat() + BUSY: _written(some) for day, some in spans.items() if day >= first and some}
    changed = {day: entries for day, entries in wanted.items() if known.get(day) != entries}
    with DayPageItem.batch_write() as batch:
        for day, entries in changed.items():
            batch.save(DayPageItem(key, day, revision=0, entries=entries))
        for day in known.keys() - wanted.keys():
            batch.delete(DayPageItem(key, day))
    return len(changed) + len(known.keys() - wanted.keys())


def is_busy(item: DayPageItem) -> bool:
    return item.day.endswith(BUSY)


def spans_of(item: DayPageItem) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in json.loads(item.entries))


def _written(spans: Sequence[Span]) -> str:
    return json.dumps(spans, separators=(",", ":"))
