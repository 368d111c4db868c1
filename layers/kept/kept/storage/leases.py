"""What one at a time may do, where what is changed stands elsewhere and knows no conditional write."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from kept import ids
from kept.errors import InProgress
from kept.storage.tables import CatalogItem, EventItem
from kept.storage.transaction import is_written

LASTS = timedelta(seconds=40)
"""Longer than any request runs; who crashed in the middle is waited for so long."""


@contextmanager
def alone_at(what: str, business: str, *, now: datetime) -> Iterator[None]:
    """Raises InProgress while somebody else is at it."""
    with leased(CatalogItem(f"{business}#leases", what), now=now, lasts=LASTS) as is_ours:
        if not is_ours:
            raise InProgress
        yield


@contextmanager
def leased(item: CatalogItem | EventItem, *, now: datetime, lasts: timedelta) -> Iterator[bool]:
    """Whether nobody else has it; given back on leaving the block. A crash costs as long as it lasts."""
    its, until = type(item), f"{(now + lasts).isoformat()} {ids.new('lease')}"
    item.body = until
    is_ours = is_written(lambda: item.save(condition=its.id.does_not_exist() | (its.body < now.isoformat())))
    try:
        yield is_ours
    finally:
        if is_ours:
            is_written(lambda: item.delete(condition=its.body == until))
