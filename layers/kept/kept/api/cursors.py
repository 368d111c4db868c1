"""How far somebody has read, as JSON: the `next` of one answer is the `after` of the next request."""

import re
from collections.abc import Mapping

from kept.errors import InvalidRequest
from kept.storage.parts import Cursor


def cursor(place: Cursor | None) -> str | None:
    return f"{place.at}.{place.id}" if place else None


def of_several(places: Mapping[str, Cursor]) -> str | None:
    """Of the lists of several people that are read as one."""
    return "~".join(f"{whose}@{cursor(place)}" for whose, place in places.items()) or None


def places(cursor: str | None) -> dict[str, Cursor]:
    """Of a `next` of several; empty at the beginning. Raises InvalidRequest."""
    if cursor is None:
        return {}
    parts = [part.rpartition("@") for part in cursor.split("~")]
    if not all(whose for whose, _, _ in parts):
        raise _no_cursor()
    return {whose: found for whose, _, rest in parts if (found := place(rest))}


def place(cursor: str | None) -> Cursor | None:
    """Of a `next`. Raises InvalidRequest."""
    if cursor is None:
        return None
    if (match := re.fullmatch(r"([0-9]{1,14})\.([!-~]{1,255})", cursor)) is None:
        raise _no_cursor()
    return Cursor(int(match[1]), match[2])


def _no_cursor() -> InvalidRequest:
    return InvalidRequest(fields=[{"field": "after", "reason": "Not a cursor of this list."}])
