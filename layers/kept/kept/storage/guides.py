"""How far each new business is with its guide: beside the catalog and not in it, for every sender reads that."""

from kept.business.guide import NONE, Guide
from kept.storage.codec import from_json, whole_json
from kept.storage.shelves import body_of, says_still
from kept.storage.tables import CatalogItem
from kept.storage.transaction import alone

ID = "guide"


def load(business: str) -> tuple[Guide, str]:
    """With what is stored of it, over which a change of it is written."""
    body = body_of(_of(business), ID)
    return (from_json(Guide, body) if body else NONE), body


def save(business: str, guide: Guide, *, over: str) -> None:
    """Raises Lost where somebody else marked a step meanwhile."""
    with alone():
        CatalogItem(_of(business), ID, body=whole_json(guide)).save(condition=says_still(over))


def _of(business: str) -> str:
    return f"{business}#guide"
