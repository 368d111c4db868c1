"""What staff edit of a client, and the fingerprint by which two who edit at once know of each other."""

from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256

from kept.clients.client import Client
from kept.clients.names import as_named
from kept.errors import InvalidRequest

EDITED = frozenset(
    ("name", "locale", "tz", "tier", "preferred", "occupation", "best_from", "best_until", "do_not_disturb", "tags")
) | {"phone", "email", "wechat"}
"""What a message or a reply records beside it is nobody's edit and outdates nothing."""
MOST_TAGS, LONGEST_TAG = 20, 40


def revision(client: Client) -> str:
    """Of what staff edit; the same for as long as none of that changes."""
    told = [f"{it.name}={getattr(client, it.name)!r}" for it in fields(Client) if it.name in EDITED]
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def tags(typed: Iterable[str]) -> tuple[str, ...]:
    """Each once, however it is capitalised, in the order typed. Raises InvalidRequest."""
    seen = {tag.casefold(): tag for tag in reversed([as_named(tag) for tag in typed]) if tag}
    found = tuple(reversed(seen.values()))
    if len(found) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
        reason = f"{MOST_TAGS} at the most, of {LONGEST_TAG} characters each"
        raise InvalidRequest(fields=[{"field": "tags", "reason": reason}])
    return found
