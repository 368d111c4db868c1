"""Businesses that were begun by a code: beside the catalogs, under a name that no business can have."""

import json
from dataclasses import dataclass

from kept.business.new_business import NewBusiness
from kept.storage.codec import from_json, whole_json
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem
from kept.storage.transaction import together

BEGUN = "#begun"


@dataclass(frozen=True, slots=True)
class Beginning:
    """`code` is its digest; what was begun by it, and whether all of that is there."""

    code: str
    wish: NewBusiness
    is_done: bool = False


def find(code: str) -> Beginning | None:
    body = body_of(BEGUN, f"code#{code}")
    return _read(code, body) if body else None


def begin(it: Beginning) -> None:
    """By a code that made none and under an address that is nobody's. Raises Lost."""
    with together() as transaction:
        transaction.save(_item(it), condition=CatalogItem.id.does_not_exist())
        taken = CatalogItem(BEGUN, f"business#{it.wish.id}", body=it.code)
        transaction.save(taken, condition=CatalogItem.id.does_not_exist())


def finish(it: Beginning) -> None:
    _item(Beginning(it.code, it.wish, is_done=True)).save()


def _item(it: Beginning) -> CatalogItem:
    body = json.dumps({"done": it.is_done, "wish": json.loads(whole_json(it.wish))}, ensure_ascii=False)
    return CatalogItem(BEGUN, f"code#{it.code}", body=body)


def _read(code: str, body: str) -> Beginning:
    told = json.loads(body)
    return Beginning(code, from_json(NewBusiness, json.dumps(told["wish"])), told["done"])
