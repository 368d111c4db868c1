"""By which rules of its zone the visits of a business have their local times, and when that is looked at next."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from pynamodb.transactions import TransactWrite

from kept.lanes import Lane, lane_key
from kept.storage.tables import CatalogItem

LOCAL_TIMES = "local_times"


@dataclass(frozen=True, slots=True)
class KeptBy:
    """`kept` are the rules that all visits had their local times by, `seen` those found last; "" is none yet."""

    business: str
    at: datetime
    kept: str = ""
    seen: str = ""


def find(business: str) -> KeptBy | None:
    """None for a business for which nobody has arranged it."""
    try:
        item = CatalogItem.get(business, _id(business), consistent_read=True)
    except CatalogItem.DoesNotExist:
        return None
    kept, _, seen = item.body.partition(" ")
    return KeptBy(business, datetime.fromtimestamp(int(item.due_at), UTC), kept, seen)


def put(it: KeptBy, *, of: KeptBy | None, transaction: TransactWrite) -> None:
    """In the place of what was known before, on the condition that nobody did so meanwhile."""
    item = CatalogItem(it.business, _id(it.business), body=f"{it.kept} {it.seen}")
    item.due_lane, item.due_at = lane_key(Lane.DAY_LIST, item.id), ceil(it.at.timestamp())
    unchanged = CatalogItem.due_at == int(of.at.timestamp()) if of else CatalogItem.id.does_not_exist()
    transaction.save(item, condition=unchanged)


def _id(business: str) -> str:
    return f"{LOCAL_TIMES}#{business}"
