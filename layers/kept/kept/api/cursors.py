"""How far somebody has read, as it travels: the `next` of one answer is the `after` of the next request."""

import re

from kept.errors import InvalidRequest
from kept.storage.follow_ups import Place


def cursor(place: Place | None) -> str | None:
    return f"{place.at}.{place.id}" if place else None


def place(cursor: str | None) -> Place | None:
    """Of a `next`. Raises InvalidRequest."""
    if cursor is None:
        return None
    if (match := re.fullmatch(r"([0-9]{1,12})\.([!-~]{1,255})", cursor)) is None:
        raise InvalidRequest(fields=[{"field": "after", "reason": "Not a cursor of this list."}])
    return Place(int(match[1]), match[2])
