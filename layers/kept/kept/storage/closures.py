"""Closures: beside the catalog and not in it, for every sender reads that, and these by who decides alone."""

from pynamodb.expressions.condition import Condition

from kept.booking.closure import Closure
from kept.storage.codec import from_json, packed, whole_json
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem
from kept.storage.transaction import alone


def find(business: str, id: str) -> Closure | None:
    body = body_of(_of(business), id)
    return from_json(Closure, body) if body else None


def some(business: str, *, limit: int) -> list[Closure]:
    """The newest first."""
    items = CatalogItem.query(_of(business), consistent_read=True)
    return sorted((from_json(Closure, it.body) for it in items), key=lambda it: it.at, reverse=True)[:limit]


def save(it: Closure, *, over: Closure | None) -> None:
    """Raises Lost where it does not say that any more."""
    with alone():
        CatalogItem(_of(it.business), it.id, body=_body(it)).save(condition=_unchanged(over))


def _of(business: str) -> str:
    return f"{business}#closure"


def _body(it: Closure) -> str:
    return packed(whole_json(it))


def _unchanged(over: Closure | None) -> Condition:
    if over is None:
        return CatalogItem.id.does_not_exist()
    condition: Condition = CatalogItem.body == _body(over)
    return condition
