"""Clients who may be one: by a number or an address that one has and the other typed, or by a name that is alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.search_mark import mark
from kept.clients.search_tokens import is_alike
from kept.storage import client_search, clients

MOST = 20
NAME = "name"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`why`: phone, email, wechat or name."""

    client: Client
    why: tuple[str, ...]


def duplicates(client: Client, *, now: datetime) -> list[Duplicate]:
    """Of whom more is the same come first, and a name alone last. A suggestion: who are one, a person says."""
    found: dict[str, tuple[Client, dict[str, None]]] = {}
    for other, why in _suspects(client, now):
        if other.id != client.id:
            found.setdefault(other.id, (other, {}))[1][why] = None
    lines = [Duplicate(other, tuple(why)) for other, why in found.values()]
    return sorted(lines, key=lambda it: (-len(it.why), it.why == (NAME,)))[:MOST]


def _suspects(client: Client, now: datetime) -> Iterator[tuple[Client, str]]:
    for kind, contact in contacts(client).items():
        yield from ((other, str(kind)) for other in clients.of_contact(client.business, contact, now=now))
    letters, hits = client_search.namesakes(client)
    known = clients.several(client.business, [hit.client for hit in hits])
    for hit in hits:
        if (other := known.get(hit.client)) and (
            (hit.place and hit.mark == mark(other)) or is_alike(other.name, letters)
        ):
            yield other, NAME
