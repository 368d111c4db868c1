"""The links of calendars, by the digests of their addresses, and which of them is somebody's now.

The link and what points to it are written together: making another ends the one before in the same act.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from pynamodb.expressions.condition import Condition

from kept.client_links.calendar_links import CalendarLink, CalendarOf
from kept.storage.codec import from_json, to_json
from kept.storage.tables import LinkItem
from kept.storage.transaction import alone, together

KNOWN = timedelta(days=400)
"""After its end a calendar may go on asking; for so long it is told that the link is over."""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link and the digest of its address."""

    digest: str
    link: CalendarLink


def find(digest: str) -> CalendarLink | None:
    body = _body(_name(digest))
    return from_json(CalendarLink, body) if body else None


def current(of: CalendarOf) -> StoredLink | None:
    """The last that was made for them, be it good still or not."""
    digest = _body(_pointer(of))
    link = find(digest) if digest else None
    return StoredLink(digest, link) if link else None


def put_new(digest: str, link: CalendarLink, *, over: Iterable[StoredLink], last: StoredLink | None) -> None:
    """In the place of these others, on the condition that `last` is still the last that was made for them. Raises
    Lost."""
    is_last = LinkItem.body == last.digest if last else LinkItem.name.does_not_exist()
    with together() as transaction:
        transaction.save(LinkItem(_pointer(link.of), body=digest), condition=is_last)
        transaction.save(_item(digest, link), condition=LinkItem.name.does_not_exist())
        for one in over:
            transaction.save(_item(one.digest, replace(one.link, ended=True)), condition=_unchanged(one.link))


def put(found: StoredLink, link: CalendarLink) -> None:
    """As it has become. Raises Lost."""
    with alone():
        _item(found.digest, link).save(condition=_unchanged(found.link))


def _item(digest: str, link: CalendarLink) -> LinkItem:
    return LinkItem(_name(digest), body=to_json(link), expires=int((link.until + KNOWN).timestamp()))


def _unchanged(link: CalendarLink) -> Condition:
    unchanged: Condition = LinkItem.body == to_json(link)
    return unchanged


def _body(name: str) -> str:
    try:
        return LinkItem.get(name, consistent_read=True).body
    except LinkItem.DoesNotExist:
        return ""


def _name(digest: str) -> str:
    return f"calendar#{digest}"


def _pointer(of: CalendarOf) -> str:
    return f"calendar-of#{of}"
