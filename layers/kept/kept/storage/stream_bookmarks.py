"""How far the stream of each table was read: what was written until then is in every figure, and was told of."""

from dataclasses import dataclass
from datetime import datetime

from kept.storage.codec import from_json, whole_json
from kept.storage.tables import EventItem

EVERY = "*"
"""In place of a business: a stream is of all of them."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Of a table, by its name without the deployment's: what was read last was written at `at`, under that number.

    Of a table that nobody wrote to for hours it is hours old, and nothing is missing.
    """

    table: str
    at: datetime
    sequence: str


def put(it: Bookmark) -> None:
    """Whoever reads on after an older one writes a newer one over it: it tells, and decides nothing."""
    EventItem(EVERY, _id(it.table), body=whole_json(it)).save()


def find(table: str) -> Bookmark | None:
    """None where nothing was ever read."""
    try:
        return from_json(Bookmark, EventItem.get(EVERY, _id(table)).body)
    except EventItem.DoesNotExist:
        return None


def _id(table: str) -> str:
    return f"bookmark#{table}"
