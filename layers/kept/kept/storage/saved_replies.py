"""Saved replies: beside the catalog and not in it, for it is read by every sender, and these by who types alone."""

from pynamodb.expressions.condition import Condition

from kept import ids
from kept.business.saved_reply import SavedReply
from kept.storage.codec import from_json, whole_json
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem
from kept.storage.transaction import alone


def load(business: str) -> list[SavedReply]:
    """All of them, by id."""
    return [from_json(SavedReply, item.body) for item in CatalogItem.query(_of(business), consistent_read=True)]


def find(business: str, id: str) -> SavedReply | None:
    body = body_of(_of(business), id)
    return from_json(SavedReply, body) if body else None


def revision(reply: SavedReply | None) -> str:
    """A digest of all that it says; "" for none."""
    return ids.digest(whole_json(reply)) if reply else ""


def save(business: str, reply: SavedReply, *, over: SavedReply | None) -> None:
    """Raises Lost where it does not say that any more."""
    with alone():
        CatalogItem(_of(business), reply.id, body=whole_json(reply)).save(condition=_unchanged(over))


def drop(business: str, reply: SavedReply) -> None:
    """Raises Lost."""
    with alone():
        CatalogItem(_of(business), reply.id).delete(condition=_unchanged(reply))


def _of(business: str) -> str:
    return f"{business}#saved-reply"


def _unchanged(over: SavedReply | None) -> Condition:
    if over is None:
        return CatalogItem.id.does_not_exist()
    condition: Condition = CatalogItem.body == whole_json(over)
    return condition
