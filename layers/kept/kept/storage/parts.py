"""Long lists read in parts: how far somebody has read, and where the next part begins."""

from dataclasses import dataclass
from typing import Any, TypeVar

from pynamodb.models import Model

T = TypeVar("T", bound=Model)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far down a list somebody has read: the number it is ordered by (epoch seconds, or milliseconds where many
    things happen at once) and the id of the last one they saw."""

    at: int
    id: str


def begin_after(after: Cursor | None, ordered_by: str, **key: str) -> dict[str, Any] | None:
    """As DynamoDB takes it; `key` are the texts that the place is known by beside its id."""
    if after is None:
        return None
    return {name: {"S": text} for name, text in key.items()} | {ordered_by: {"N": str(after.at)}, "id": {"S": after.id}}


def by_id(
    table: type[T], business: str, *, after: str, limit: int, consistently: bool = False
) -> tuple[list[T], str | None]:
    """Among so many items of the business behind that id; and the id behind which there may be more."""
    ids: Any = table.id  # type: ignore[attr-defined]
    found = table.query(business, ids > (after or " "), limit=limit, consistent_read=consistently)
    items = list(found)
    return items, items[-1].id if items and found.last_evaluated_key else None  # type: ignore[attr-defined]
