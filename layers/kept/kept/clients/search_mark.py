"""By what the search index tells that it has a client as they are now."""

from hashlib import sha256

from kept.clients.client import Client
from kept.clients.holding import forgotten_at

MERGED = "merged"
"""Of a record that leads to another: it is found by that one alone."""
RULES = "1"
"""Of the tokens. With another number every client is indexed anew as they are next written."""


def mark(client: Client) -> str:
    """Of what is searched, and of when it is forgotten; the same as long as none of that changes."""
    if client.merged_into:
        return MERGED
    told: tuple[object, ...] = (RULES, client.name, client.phone, client.email, forgotten_at(client))
    if client.merged:
        told = (*told, tuple(one.name for one in client.merged), client.also)
    return sha256(repr(told).encode()).hexdigest()[:8]


def is_to_index(client: Client) -> bool:
    return mark(client) != client.indexed
