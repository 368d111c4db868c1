"""The versions of what clients accept when they book: each written with the settings that begin it, and never again."""

from functools import lru_cache

from pynamodb.transactions import TransactWrite

from kept.business.catalog import Business
from kept.business.policy_version import PolicyVersion, in_force
from kept.storage.codec import from_json, whole_json
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem

SHELF = "#policy_versions"


def put(business: Business, transaction: TransactWrite, *, before: Business | None) -> None:
    """The one that these settings put in force, and the one they end: a business that was set up by hand has none yet.

    Saved with them, so that no number is ever in force without it. The same number says the same again.
    """
    versions = {it.policy_version: in_force(it) for it in (before, business) if it}
    for version in versions.values():
        transaction.save(CatalogItem(_shelf(business.id), _id(version.number), body=whole_json(version)))


def load(business: Business, number: int) -> PolicyVersion:
    """Of a number from before versions were kept it is what is in force."""
    if number == business.policy_version:
        return in_force(business)
    return _read(business.id, number) or in_force(business)


def words_of(business: Business, number: int, language: str) -> str:
    """What was accepted under it, in the business's own words; "" where it had none."""
    return load(business, number).text_in(language)


@lru_cache(maxsize=1024)
def _read(business: str, number: int) -> PolicyVersion | None:
    """A version that is in force no more never changes, so a warm Lambda reads it once."""
    body = body_of(_shelf(business), _id(number))
    return from_json(PolicyVersion, body) if body else None


def _shelf(business: str) -> str:
    return f"{business}{SHELF}"


def _id(number: int) -> str:
    return f"{number:06}"
