"""What one at a time may do for a business, where what is changed stands elsewhere and knows no conditional write."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from kept import ids
from kept.errors import InProgress
from kept.storage.tables import CatalogItem
from kept.storage.transaction import is_written

LASTS = timedelta(seconds=40)
"""Longer than any request runs; who crashed in the middle is waited for so long."""


@contextmanager
def alone_at(what: str, business: str, *, now: datetime) -> Iterator[None]:
    """Raises InProgress while somebody else is at it."""
    until = f"{(now + LASTS).isoformat()} {ids.new('lease')}"
    item = CatalogItem(f"{business}#leases", what, body=until)
    free = CatalogItem.id.does_not_exist() | (CatalogItem.body < now.isoformat())
    if not is_written(lambda: item.save(condition=free)):
        raise InProgress
    try:
        yield
    finally:
        is_written(lambda: item.delete(condition=CatalogItem.body == until))
