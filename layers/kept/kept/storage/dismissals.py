"""What a dismissal still has to end: one item for each client, due until all of it is done."""

from dataclasses import dataclass
from math import ceil

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.lanes import Key, Lane, lane_key
from kept.storage.codec import from_json, to_json
from kept.storage.tables import CatalogItem

DISMISSAL = "dismissal"


@dataclass(frozen=True, slots=True)
class ToEnd:
    """By whose word, and whether what the client has booked is `cancelled` as well."""

    business: str
    client: str
    change: Change
    cancels: bool


def find(business: str, client: str) -> ToEnd | None:
    try:
        item = CatalogItem.get(business, _id(client), consistent_read=True)
    except CatalogItem.DoesNotExist:
        return None
    return from_json(ToEnd, item.body)


def put(it: ToEnd, transaction: TransactWrite) -> None:
    item = CatalogItem(it.business, _id(it.client), body=to_json(it))
    item.due_lane, item.due_at = lane_key(Lane.DAY_LIST, item.id), ceil(it.change.at.timestamp())
    transaction.save(item)


def done(it: ToEnd) -> None:
    CatalogItem(it.business, _id(it.client)).delete()


def key(it: ToEnd) -> Key:
    return Key(Lane.DAY_LIST, it.business, _id(it.client))


def _id(client: str) -> str:
    return f"{DISMISSAL}#{client}"
