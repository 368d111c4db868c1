"""The history of settings: beside the catalog and not in it, for every sender reads that. The newest first."""

from collections.abc import Iterator
from datetime import UTC
from itertools import islice

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.business.setting_change import SettingChange
from kept.storage.codec import from_json, packed, whole_json
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem

HISTORY = "#settings-history"
LOOKED_AT = 500
"""Lines that are read to find those of one thing."""


def put(business: str, change: SettingChange, transaction: TransactWrite) -> None:
    """Together with what it tells of. A line never stands in another's place."""
    transaction.save(_line(business, change), condition=CatalogItem.id.does_not_exist())


def put_alone(business: str, change: SettingChange) -> str:
    """Before what it tells of is done elsewhere; its key."""
    line = _line(business, change)
    line.save(condition=CatalogItem.id.does_not_exist())
    return str(line.id)


def drop(business: str, key: str) -> None:
    """What it tells of was refused."""
    CatalogItem(_of(business), key).delete()


def newest(
    business: str, *, kind: str = "", id: str = "", before: str = "", limit: int
) -> list[tuple[str, SettingChange]]:
    """Each with the key that asks for those `before` it; "" is any kind, and any thing of a kind."""
    lines = _lines(business, before)
    found = ((key, it) for key, it in lines if kind in ("", it.kind) and id in ("", it.id))
    return list(islice(found, limit))


def _lines(business: str, before: str) -> Iterator[tuple[str, SettingChange]]:
    condition = CatalogItem.id < before if before else None
    for item in CatalogItem.query(_of(business), condition, scan_index_forward=False, limit=LOOKED_AT):
        yield item.id, as_change(item)


def _line(business: str, change: SettingChange) -> CatalogItem:
    at = change.at.astimezone(UTC).isoformat(timespec="milliseconds")
    return CatalogItem(_of(business), f"{at}#{ids.new('line')}", body=packed(whole_json(change)))


def find(business: str, key: str) -> SettingChange | None:
    """The line of that key."""
    body = body_of(_of(business), key)
    return from_json(SettingChange, body) if body else None


def is_history(partition: str) -> bool:
    return partition.endswith(HISTORY)


def as_change(item: CatalogItem) -> SettingChange:
    return from_json(SettingChange, item.body)


def _of(business: str) -> str:
    return f"{business}{HISTORY}"
