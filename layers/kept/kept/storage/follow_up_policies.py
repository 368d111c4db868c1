"""The versions of a business's follow-up policy: each written once, kept for good, and read by its number."""

from collections.abc import Iterable
from functools import lru_cache

from pynamodb.transactions import TransactWrite

from kept.follow_up.clock_inputs import Policies
from kept.follow_up.policy import ServicePolicy
from kept.follow_up.refusals import UnknownPolicy
from kept.storage import catalogs
from kept.storage.codec import from_json, whole_json
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem

SHELF = "#follow_up_policies"
FIRST = 1
"""Where a business has saved none, it is the product's own."""


def load(business: str, numbers: Iterable[int]) -> Policies:
    """Raises UnknownPolicy."""
    return {number: _read(business, number) for number in numbers}


def put(business: str, policy: ServicePolicy, transaction: TransactWrite, *, after: int | None = None) -> None:
    """As the next version, by which follow-ups are opened from now on; on the condition that its number is free and
    that the one in force is `after` still (0: that there is none).

    With all its values, so that no later default of the product changes what was promised.
    """
    item = CatalogItem(_shelf(business), _id(policy.number), body=whole_json(policy))
    transaction.save(item, condition=CatalogItem.id.does_not_exist())
    still = CatalogItem.body == str(after) if after else CatalogItem.id.does_not_exist()
    in_force = CatalogItem(business, catalogs.POLICY, body=str(policy.number))
    transaction.save(in_force, condition=None if after is None else still)


def numbers(business: str) -> tuple[int, ...]:
    """Of all that were ever saved, in order."""
    return tuple(int(item.id) for item in CatalogItem.query(_shelf(business), attributes_to_get=["id"]))


@lru_cache(maxsize=1024)
def _read(business: str, number: int) -> ServicePolicy:
    """A version never changes, so a warm Lambda reads it once."""
    if body := body_of(_shelf(business), _id(number)):
        return from_json(ServicePolicy, body)
    if number == FIRST:
        return ServicePolicy()
    raise UnknownPolicy


def forget() -> None:
    """Read again on the next use."""
    _read.cache_clear()


def _shelf(business: str) -> str:
    return f"{business}{SHELF}"


def _id(number: int) -> str:
    return f"{number:06}"
