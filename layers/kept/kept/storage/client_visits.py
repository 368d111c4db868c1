"""The visits of one client, page by page in the order of their start."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby, islice

from pynamodb.expressions.condition import Condition

from kept.booking.appointment import Appointment
from kept.storage import appointments
from kept.storage.parts import Cursor
from kept.storage.tables import AppointmentItem, ByClient


@dataclass(frozen=True, slots=True)
class Visits:
    """Some of them, and where to go on."""

    visits: tuple[Appointment, ...]
    next: Cursor | None = None


def coming(business: str, ids: Collection[str], *, since: datetime, limit: int) -> Visits:
    """What starts from then on, soonest first. `ids` are all of the client's own, here and below."""
    return _page(business, ids, first=int(since.timestamp()), last=None, after=None, limit=limit)


def past(business: str, ids: Collection[str], *, before: datetime, after: Cursor | None, limit: int) -> Visits:
    """What started before that, the latest first."""
    last = int(before.timestamp()) - 1
    return _page(business, ids, first=None, last=last, after=after, limit=limit)


def newest(business: str, ids: Collection[str], *, limit: int) -> Visits:
    """Of all, those to come among them."""
    return _page(business, ids, first=None, last=None, after=None, limit=limit)


def count(business: str, id: str) -> int:
    """All that stand under this very id."""
    return AppointmentItem.by_client.count(f"{business}#{id}")


def _page(
    business: str, ids: Collection[str], *, first: int | None, last: int | None, after: Cursor | None, limit: int
) -> Visits:
    """It goes on behind the place by what stands there, so that it may have begun under another id of theirs."""
    span, is_forward = None if last is None else ByClient.starts <= last, first is not None
    span = span if first is None else ByClient.starts >= first
    if after:
        span = ByClient.starts <= (after.at if last is None else min(after.at, last))
    rows = merge(
        *(_ordered(business, id, span, is_forward=is_forward, page=limit + 1) for id in ids),
        key=lambda row: (row.at if is_forward else -row.at, row.id),
    )
    behind = (row for row in rows if after is None or (row.at, after.id) < (after.at, row.id))
    lines = list(islice(behind, limit + 1))
    more = lines[limit - 1] if len(lines) > limit else None
    known = {visit.id: visit for visit in appointments.several(business, [row.id for row in lines])} if lines else {}
    return Visits(tuple(known[row.id] for row in lines[:limit] if row.id in known), more)


def _ordered(business: str, id: str, span: Condition | None, *, is_forward: bool, page: int) -> Iterator[Cursor]:
    """Those of one second by their id."""
    found = AppointmentItem.by_client.query(f"{business}#{id}", span, page_size=page, scan_index_forward=is_forward)
    rows: Iterable[Cursor] = (Cursor(int(item.starts), item.id) for item in found)
    for _, together in groupby(rows, key=lambda row: row.at):
        yield from sorted(together, key=lambda row: row.id)
