"""The picture of each business: beside the catalog, which knows its name alone, for every sender reads that."""

from base64 import b64decode, b64encode
from hashlib import sha256

from kept.storage import catalogs
from kept.storage.shelves import body_of
from kept.storage.tables import CatalogItem

ID = "logo#page"


def put(business: str, content: bytes, kind: str) -> str:
    """Its name, which is another for other bytes. The picture first: a crash in between leaves the one before."""
    name = f"{sha256(content).hexdigest()[:16]}.{kind}"
    CatalogItem(_of(business), name, body=b64encode(content).decode()).save()
    before = body_of(business, ID)
    CatalogItem(business, ID, body=name).save()
    if before not in ("", name):
        CatalogItem(_of(business), before).delete()
    catalogs.forget()
    return name


def drop(business: str) -> None:
    """Dropping none changes nothing."""
    before = body_of(business, ID)
    CatalogItem(business, ID).delete()
    if before:
        CatalogItem(_of(business), before).delete()
    catalogs.forget()


def load(business: str, name: str) -> bytes | None:
    body = body_of(_of(business), name, consistently=False)
    return b64decode(body) if body else None


def _of(business: str) -> str:
    return f"{business}#logo"
