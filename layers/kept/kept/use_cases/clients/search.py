"""Clients found as somebody types, or all by name: a query of the index for each way to understand what was typed, one
or two, and one request for the clients."""

from collections.abc import Iterable
from dataclasses import dataclass

from kept.clients.client import Client
from kept.clients.search_mark import mark
from kept.clients.search_tokens import Matched, plain_tokens
from kept.clients.search_words import SearchWords, ways
from kept.due_work.queues import hand_over
from kept.storage import client_search
from kept.storage.client_search import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """A client, and what of them is as it was typed."""

    client: Client
    of: Matched


def search(business: str, text: str, *, limit: int) -> list[Found]:
    """Each once. What has changed since it was indexed is looked at as it is now: so nobody is found by a name or a
    number that they have no more, and who has just got one is found a moment later."""
    if not (meant := ways(text)):
        return []
    seen = _hits(business, meant, limit)
    known = _read(business, seen)
    return [Found(it, hit.of) for id, (hit, by) in seen.items() if (it := known.get(id)) and _is_so(it, hit, by)]


def _hits(business: str, meant: Iterable[SearchWords], limit: int) -> dict[str, tuple[Hit, SearchWords]]:
    """By the client, each as they were found first."""
    seen: dict[str, tuple[Hit, SearchWords]] = {}
    for words in meant:
        for hit in client_search.hits(business, words):
            seen.setdefault(hit.client, (hit, words))
            if len(seen) == limit:
                return seen
    return seen


def everybody(business: str, *, after: str | None, limit: int) -> tuple[list[Found], str | None]:
    """By name, and the place where to go on."""
    found = client_search.by_name(business, after=after, limit=limit)
    known = _read(business, [hit.client for hit in found])
    lines = {hit.client: hit for hit in found if hit.client in known}
    more = found[-1].place if len(found) == limit else None
    return [Found(known[id], hit.of) for id, hit in lines.items()], more


def _read(business: str, ids: Iterable[str]) -> dict[str, Client]:
    """The first look of a business has all its clients indexed."""
    known, is_begun = client_search.read(business, ids)
    if not is_begun:
        hand_over([client_search.begin(business)])
    return known


def _is_so(client: Client, hit: Hit, wanted: SearchWords) -> bool:
    return hit.mark == mark(client) or wanted.are_of(plain_tokens(client))
