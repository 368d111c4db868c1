"""What was said at the desk of how late somebody runs: one item for each person, due until whom it reaches was told."""

from math import ceil

from kept.attendance.delay import Announced
from kept.lanes import Lane, lane_key
from kept.storage.codec import from_json, to_json
from kept.storage.tables import CatalogItem
from kept.storage.transaction import alone, is_written

DELAY = "delay"


def of_business(business: str) -> dict[str, Announced]:
    """By person; those of other days too."""
    found = CatalogItem.query(business, CatalogItem.id.startswith(f"{DELAY}#"), consistent_read=True)
    return {it.staff: it for it in (from_json(Announced, item.body) for item in found)}


def put(business: str, it: Announced) -> None:
    """In place of what was said of them before."""
    item = _item(business, it)
    item.due_lane, item.due_at = lane_key(Lane.DAY_LIST, item.id), ceil(it.at.timestamp())
    with alone():
        item.save()


def told(business: str, it: Announced) -> bool:
    """Due no more, unless somebody has said something else meanwhile."""
    item = _item(business, it)
    return is_written(lambda: item.save(condition=CatalogItem.body == item.body))


def _item(business: str, it: Announced) -> CatalogItem:
    return CatalogItem(business, f"{DELAY}#{it.staff}", body=to_json(it))
