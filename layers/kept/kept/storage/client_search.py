"""The search index of clients: one small item for each token, in a partition of its own for each business.

It lags behind the clients by a second or so and is put right by itself: a hit says as what the client was indexed, and
whoever searches reads the client. What a client is indexed under is written down beside it, so that it can be taken
out again. A client who is to be forgotten takes their tokens along.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from kept.clients.client import Client
from kept.clients.holding import forgotten_at
from kept.clients.search_mark import mark
from kept.clients.search_tokens import Matched, Token
from kept.clients.search_words import SearchWords, beside
from kept.lanes import Key, Lane, lane_key
from kept.storage.clients import AT_ONCE, as_client
from kept.storage.tables import ClientItem, RequestTimeouts
from kept.storage.transaction import Lost, alone

NAMES, RECORD, ALL = "#name#", "#of#", "#all"
"""Begin what is no token, for no token begins with a #."""
DONE = "done"
MOST_READ = 400
"""Tokens for one search: one client may have many that begin alike."""


class SearchItem(Model):
    """`business` is lotus#search; `id` is token#kind#client, #name#and where they stand#client, or #of#client, whose
    body lists the others. The body of a token is the mark of the client as they were indexed; `also` is
    what else they are found by, so that further words need no further request."""

    class Meta(RequestTimeouts):
        table_name = ClientItem.Meta.table_name

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    also = UnicodeAttribute(null=True)
    expires = NumberAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Hit:
    """A client who was indexed so; `place` is where a list goes on behind it."""

    client: str
    of: Matched
    mark: str
    place: str


def partition(business: str) -> str:
    return f"{business}#search"


def hits(business: str, typed: SearchWords) -> Iterator[Hit]:
    """In the order of the tokens, read as far as they are asked for; eventually consistent."""
    lead = typed.lead
    begins = SearchItem.id.startswith(f"{lead.text}#" if lead.whole else lead.text)
    found = SearchItem.query(partition(business), begins, limit=MOST_READ, page_size=page_size(typed))
    return (_hit(item) for item in found if is_of(item, typed))


def page_size(typed: SearchWords) -> int:
    """Of several words most of what is read is not meant."""
    return 100 if typed.others else 50


def is_of(item: SearchItem, typed: SearchWords) -> bool:
    """As far as the item knows."""
    only = typed.lead.only
    return (only is None or _hit(item).of is only) and (not typed.others or typed.narrow(_beside(item)))


def by_name(business: str, *, after: str | None, limit: int) -> list[Hit]:
    """Of all, from behind that place on."""
    last = f"{NAMES[:-1]}{chr(ord('#') + 1)}"
    span = SearchItem.id.between(f"{NAMES}{after}\x01" if after else NAMES, last)
    return [_hit(item) for item in SearchItem.query(partition(business), span, limit=limit)]


def namesakes(client: Client) -> tuple[str, list[Hit]]:
    """The letters of their name as it was indexed, and who stands where they do in a list of all, or has those letters:
    two queries, of ten each."""
    place = next((name for name in _record(client.business, client.id) if name.startswith(NAMES)), NAMES)
    said = place.removeprefix(NAMES).partition("#")[0]
    letters = said.replace(" ", "")
    begins = (f"{NAMES}{said}#", f"{letters}#{_letter(Matched.NAME)}#") if letters else ()
    spans = (SearchItem.id.startswith(one) for one in begins)
    found = (item for span in spans for item in SearchItem.query(partition(client.business), span, limit=10))
    return letters, [_hit(item) for item in found]


def read(business: str, ids: Iterable[str]) -> tuple[dict[str, Client], bool]:
    """Those of them that exist, by their id, and whether all clients of the business are or will be indexed: one
    request. Eventually consistent."""
    keys = [(business, id) for id in dict.fromkeys(ids)]
    found = list(ClientItem.batch_get([*keys, (business, ALL)]))
    is_begun = any(item.id == ALL for item in found)
    known = {item.id: as_client(item) for item in found if item.id != ALL}
    return {id: one for id, one in known.items() if not one.merged_into}, is_begun


def write(client: Client, found: Collection[Token], place: str) -> None:
    """In place of what they were indexed under before.

    A crash in between is made good by the next try, for what is written down is never less than there is. Of two at
    once the later may leave a token of the earlier: a hit that is dropped by whoever reads it.
    """
    entries = {item.id: item for item in items(client, found, place)}
    before = _record(client.business, client.id)
    _note(client, entries.keys() | before)
    with SearchItem.batch_write() as batch:
        for item in entries.values():
            batch.save(item)
        for name in sorted(before - entries.keys()):
            batch.delete(SearchItem(partition(client.business), name))
    if before - entries.keys():
        _note(client, entries.keys())


def items(client: Client, found: Collection[Token], place: str) -> list[SearchItem]:
    """All under which they are found, in order."""
    names = {f"{token.text}#{_letter(token.of)}#{client.id}" for token in found}
    also = "#".join(f"{_letter(token.of)}{token.text}" for token in beside(found))
    listed = _item(client, f"{NAMES}{place}#{client.id}", mark(client))
    return [listed, *(_item(client, name, mark(client), also) for name in sorted(names))]


def take_out(business: str, client: str) -> None:
    """Of a client who is no more."""
    with SearchItem.batch_write() as batch:
        for name in sorted(_record(business, client)):
            batch.delete(SearchItem(partition(business), name))
    SearchItem(partition(business), f"{RECORD}{client}").delete()


def begin(business: str) -> Key:
    """All clients of the business are to be indexed; begun already, it goes on."""
    item = _progress(business, 1, "")
    with suppress(Lost), alone():
        item.save(condition=ClientItem.id.does_not_exist())
    return Key(Lane.SEARCH, business, ALL)


def progress(business: str) -> tuple[int, str] | None:
    """How often it went on and the last id that it came to; None where there is nothing to do."""
    try:
        item = ClientItem.get(business, ALL, consistent_read=True)
    except ClientItem.DoesNotExist:
        return None
    return None if item.body == DONE else (int(item.revision), item.body)


def go_on(business: str, revision: int, last: str | None) -> None:
    """From this id on; None: all are indexed. Raises Lost."""
    item = _progress(business, revision + 1, DONE if last is None else last)
    with alone():
        item.save(condition=ClientItem.revision == revision)


def _progress(business: str, revision: int, body: str) -> ClientItem:
    item = ClientItem(business, ALL, revision=revision, body=body)
    item.due_lane, item.due_at = (lane_key(Lane.SEARCH, ALL), AT_ONCE) if body != DONE else (None, None)
    return item


def _record(business: str, client: str) -> set[str]:
    try:
        item = SearchItem.get(partition(business), f"{RECORD}{client}", consistent_read=True)
    except SearchItem.DoesNotExist:
        return set()
    return set(item.body.split("\n"))


def _note(client: Client, names: Collection[str]) -> None:
    _item(client, f"{RECORD}{client.id}", "\n".join(sorted(names))).save()


def _item(client: Client, name: str, body: str, also: str | None = None) -> SearchItem:
    until = forgotten_at(client)
    expires = ceil(until.timestamp()) if until else None
    return SearchItem(partition(client.business), name, body=body, also=also, expires=expires)


def _hit(item: SearchItem) -> Hit:
    if item.id.startswith(NAMES):
        return Hit(item.id.rpartition("#")[2], Matched.NAME, item.body, item.id.removeprefix(NAMES))
    _, letter, client = item.id.split("#")
    return Hit(client, _of(letter), item.body, "")


def _beside(item: SearchItem) -> list[Token]:
    return [Token(one[1:], _of(one[0])) for one in (item.also or "").split("#") if one]


def _letter(of: Matched) -> str:
    """So that of one text the name comes before the pinyin, and so on."""
    return chr(ord("a") + list(Matched).index(of))


def _of(letter: str) -> Matched:
    return list(Matched)[ord(letter) - ord("a")]
