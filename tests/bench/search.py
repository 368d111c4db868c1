"""A client found as somebody types: measured among 1,000 on a stack, and worked out for 20,000 from the index's items.

The stand-in for DynamoDB has no real index: it sorts the whole partition for each query, and does not come to an end
over the 400,000 items of 20,000 clients. A search reads a few items behind one place of a sorted partition, however
many there are, so that the units of 20,000 follow from which items stand there and how large they are.
"""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from math import ceil
from time import process_time
from typing import TYPE_CHECKING, Any

from tests.bench.cloud import PREFIX, Cloud
from tests.bench.figure import Figure

if TYPE_CHECKING:
    from kept.clients.client import Client
    from kept.clients.search_words import SearchWords
    from kept.storage.client_search import SearchItem

CLIENTS, HERE, BATCH = 20_000, 1_000, 25
"""As many as a search is held to, as many as are put into the stand-in, and as many items as one request writes."""
PATIENCE = 120
"""Seconds that the stand-in may take to sort its 20,000 items."""
SHOWN = 10
"""Clients that are looked for."""
READ_SIZE, EVENTUALLY = 4096, 0.5
"""Bytes of a read unit, and what an eventually consistent read takes of one."""
TABLE = f"{PREFIX}-clients"
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗曾单仇"
GIVEN = "芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文"
LATIN = ("Ann", "Ben", "Wang Fang", "José García", "O'Brien", "Müller", "Sofia Rossi", "Li Na", "Kim Minsu", "Zoë")
TYPED = (
    "wang", "wf", "王芳", "芳", "zeng", "5678", "+86 139 0000", "jose", "li", "ann7", "example.com", "mail199",
    "wang 5678", "王 139", "li mail199",
)  # fmt: skip


def rows(cloud: Cloud) -> Iterator[Figure]:
    """The time is the processor's, of the process that searches, without DynamoDB's own for the two requests; the
    units among 1,000 are as the stand-in counts them, those among 20,000 are worked out."""
    from kept.storage.client_search import NAMES, SearchItem, partition
    from kept.use_cases.clients.search import everybody, search

    meta: Any = SearchItem.Meta
    meta.read_timeout_seconds = PATIENCE
    _load(cloud.stack.client("dynamodb"))
    index = _index()
    yield Figure(f"the index of {CLIENTS:,} clients, on paper", f"{len(index):,} items, {_mean(index):.0f} bytes each")
    _taken(_one, SearchItem, partition("many"), NAMES)  # a connection is made once
    shortest, _ = _taken(_one, SearchItem, partition("many"), NAMES)
    for text in TYPED:
        told: list[Any] = []
        units = cloud.meter.of(partial(_note, told, search, "many", text, limit=SHOWN))
        what = f"search {text} among {HERE:,} clients: {len(told[1])} found"
        reference = f"{shortest:.1f} ms (a query of one item)"
        yield Figure(what, f"{units.reads:g} read, {told[0]:.1f} ms", reference, "≤ 8 read, 100 ms")
        reads, found = _on_paper(index, text)
        yield Figure(f"    on paper among {CLIENTS:,}: {found} found", f"{reads:g} read", "", "≤ 8 read")
    units = cloud.meter.of(partial(everybody, "many", after=None, limit=SHOWN))
    yield Figure(f"the first ten of {HERE:,} by name", f"{units.reads:g} read", "", "≤ 8 read")


def _index() -> "list[SearchItem]":
    """All items of all clients in the order in which they are kept."""
    from kept.clients.search_tokens import alphabetical, tokens
    from kept.storage.client_search import items

    found = (item for it in _clients(CLIENTS) for item in items(it, tokens(it), alphabetical(it.name)))
    return sorted(found, key=_name)


def _name(item: "SearchItem") -> str:
    return item.id


def _bytes(item: "SearchItem") -> int:
    """As DynamoDB counts them: the names of attributes and what they hold."""
    return sum(len(f"{name}{held}".encode()) for name, held in item.to_simple_dict().items())


def _mean(index: "list[SearchItem]") -> float:
    return sum(map(_bytes, index)) / len(index)


def _on_paper(index: "list[SearchItem]", text: str) -> tuple[float, int]:
    """What the index and the clients then found take, and how many are found: pages are read until there are enough."""
    from kept.clients.search_words import ways

    units, seen = 0.0, set[str]()
    for words in ways(text):
        if len(seen) < SHOWN:
            units += _units(index, words, seen)
    found = min(len(seen), SHOWN)
    return units + EVENTUALLY * (found + 1), found  # of each client one, and the mark that all are indexed


def _units(index: "list[SearchItem]", words: "SearchWords", seen: set[str]) -> float:
    """Of one way to understand what was typed; who is found is put down."""
    from kept.storage.client_search import MOST_READ, is_of, page_size

    begins, units = f"{words.lead.text}#" if words.lead.whole else words.lead.text, 0.0
    first, page = bisect_left(index, begins, key=_name), page_size(words)
    standing = [it for it in index[first : first + MOST_READ] if it.id.startswith(begins)]
    for n in range(0, max(len(standing), 1), page):
        some = standing[n : n + page]
        units += EVENTUALLY * max(1, ceil(sum(map(_bytes, some)) / READ_SIZE))
        seen |= {it.id.rpartition("#")[2] for it in some if is_of(it, words)}
        if len(seen) >= SHOWN:
            break
    return units


def _one(model: Any, partition: str, begins: str) -> object:
    return list(model.query(partition, model.id.startswith(begins), limit=1))


def _note(told: list[Any], work: Callable[..., Any], *asked: Any, **more: Any) -> None:
    told.extend(_taken(work, *asked, **more))


def _taken(work: Callable[..., Any], *told: Any, **more: Any) -> tuple[float, Any]:
    """Milliseconds of the processor, and what came of it."""
    began = process_time()
    found = work(*told, **more)
    return (process_time() - began) * 1000, found


def _clients(many: int) -> "Iterator[Client]":
    from kept.clients.client import Client

    chance = random.Random(7)  # people, and no secret
    for n in range(many):
        chinese = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
        name = f"{chance.choice(LATIN)}{n % 100}" if n % 4 == 0 else chinese
        email = f"mail{n}@example.com" if n % 3 == 0 else None
        yield Client("many", f"c-{n}", name, "en", "Asia/Shanghai", phone=f"+86139{n:08}", email=email)


def _load(dynamodb: Any) -> None:
    people = _clients(HERE)
    some = iter(lambda: list(islice(people, 100)), [])
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(partial(_put, dynamodb), some))


def _put(dynamodb: Any, some: "list[Client]") -> None:
    from kept.clients.search_tokens import alphabetical, tokens
    from kept.storage.client_search import items
    from kept.storage.clients import as_item

    entries: list[Any] = [as_item(client) for client in some]
    entries += [item for client in some for item in items(client, tokens(client), alphabetical(client.name))]
    requests = [{"PutRequest": {"Item": item.to_dynamodb_dict()}} for item in entries]
    for n in range(0, len(requests), BATCH):
        dynamodb.batch_write_item(RequestItems={TABLE: requests[n : n + BATCH]})
