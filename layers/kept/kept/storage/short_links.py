"""What short links stand for, by a digest of their letters: ids, a purpose and an end, and nothing about a person."""

from datetime import timedelta

from kept.client_links.short_links import ShortLink
from kept.storage.codec import from_json, to_json
from kept.storage.tables import LinkItem
from kept.storage.transaction import alone

KNOWN = timedelta(days=90)
"""After its end it is told as *expired* for so long; then DynamoDB removes it, and nobody knows it."""


def find(name: str, *, consistently: bool = True) -> ShortLink | None:
    try:
        item = LinkItem.get(name, consistent_read=consistently)
    except LinkItem.DoesNotExist:
        return None
    return from_json(ShortLink, item.body)


def put_new(name: str, link: ShortLink) -> None:
    """Raises Lost where there is one by that name."""
    item = LinkItem(name, body=to_json(link), expires=int((link.until + KNOWN).timestamp()))
    with alone():
        item.save(condition=LinkItem.name.does_not_exist())
