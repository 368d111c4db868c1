"""The pictures of each business: beside the catalog, which knows one name alone, for every sender reads that."""

from base64 import b64decode, b64encode
from hashlib import sha256

from kept.actor import Change
from kept.business.refusals import UnknownPicture
from kept.business.setting_change import LOGO, SettingChange
from kept.storage import catalogs, setting_changes
from kept.storage.shelves import body_of, says_still
from kept.storage.tables import CatalogItem
from kept.storage.transaction import together

ID, PAGE = "logo#page", "page"
HAD = "had"
"""Beside the pictures: the names of those that are there, the newest first."""
MOST_HAD = 5
"""Pictures, so that one before can be put back; the oldest goes when a sixth comes."""


def put(business: str, content: bytes, kind: str, change: Change) -> str:
    """Its name, which is another for other bytes. The picture first: a crash in between leaves the one before, and
    bytes that are found when the same picture is set again. Raises Lost."""
    name = f"{sha256(content).hexdigest()[:16]}.{kind}"
    CatalogItem(_of(business), name, body=b64encode(content).decode()).save()
    _show(business, name, change)
    return name


def put_back(business: str, name: str, change: Change) -> None:
    """One of the last few again. Raises UnknownPicture, Lost."""
    if name not in had(business):
        raise UnknownPicture
    _show(business, name, change)


def drop(business: str, change: Change) -> None:
    """Dropping none changes nothing. Raises Lost."""
    _show(business, "", change)


def load(business: str, name: str) -> bytes | None:
    body = body_of(_of(business), name, consistently=False)
    return b64decode(body) if body else None


def had(business: str) -> list[str]:
    """The names of the pictures that can be put back, the newest first, with the one in use."""
    return [name for name in (body_of(business, ID), *body_of(_of(business), HAD).split()) if name]


def _show(business: str, name: str, change: Change) -> None:
    """In one write with its line of the history; what is shown already is not shown again."""
    before, known = body_of(business, ID), body_of(_of(business), HAD)
    if name != before:
        names = list(dict.fromkeys(filter(None, (name, before, *known.split()))))
        shown = CatalogItem(business, ID, body=name)
        with together() as transaction:
            if name:
                transaction.save(shown, condition=says_still(before))
            else:
                transaction.delete(shown, condition=says_still(before))
            transaction.save(
                CatalogItem(_of(business), HAD, body=" ".join(names[:MOST_HAD])), condition=says_still(known)
            )
            line = SettingChange(LOGO, PAGE, change.by.id, change.at, before, name)
            setting_changes.put(business, line, transaction)
        for gone in names[MOST_HAD:]:
            CatalogItem(_of(business), gone).delete()
    catalogs.forget()


def _of(business: str) -> str:
    return f"{business}#logo"
