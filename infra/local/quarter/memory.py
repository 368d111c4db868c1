"""DynamoDB in memory for one thread: what PynamoDB asks, answered from dictionaries and sorted lists.

moto copies a whole table for each transaction and reads all of it for each query, which a quarter with its tens of
thousands of messages cannot wait for. Here a request costs what it touches. Items are replaced, never changed.
"""

import heapq
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.models import Model

from infra.local.quarter.expressions import Item, Value, condition, plain, update

Key = tuple[Any, Any]
"""The plain values of an item's hash and range key; a table without a range has "" there."""
Entry = tuple[Any, Key]
"""Of an index: what it is ordered by, and the item's key."""
NO_NAMES: Mapping[str, Any] = {}


class Table:
    """Its items by their keys, those of one hash in order, and its indexes."""

    def __init__(self, hash_key: str, range_key: str | None, indexes: Mapping[str, "Index"]) -> None:
        self.hash_key, self.range_key, self.indexes = hash_key, range_key, indexes
        self.items: dict[Key, dict[str, Value]] = {}
        self.order: dict[Any, list[Entry]] = defaultdict(list)

    def key(self, item: Item) -> Key:
        return plain(item[self.hash_key]), plain(item[self.range_key]) if self.range_key else ""

    def put(self, key: Key, item: dict[str, Value] | None) -> None:
        """None takes it away."""
        before = self.items.pop(key, None)
        if item is not None:
            self.items[key] = item
        if (before is None) is not (item is None):
            entry = (key[1], key)
            _moved(self.order[key[0]], entry if item is None else None, entry if before is None else None)
        for index in self.indexes.values():
            index.moved(key, before, item)


class Index:
    """Of those items that have both of its keys; it tells `heard` of whatever it is ordered by."""

    def __init__(self, hash_key: str, range_key: str | None, shows: frozenset[str] | None) -> None:
        self.hash_key, self.range_key, self.shows = hash_key, range_key, shows
        self.order: dict[Any, list[Entry]] = defaultdict(list)
        self.heard: Callable[[str, Any], None] = lambda *_: None

    def moved(self, key: Key, before: Item | None, after: Item | None) -> None:
        was, now = self._entry(key, before), self._entry(key, after)
        if was == now:
            return
        for told, gone in ((was, True), (now, False)):
            if told:
                lane, entry = told
                _moved(self.order[lane], entry if gone else None, None if gone else entry)
        if now:
            self.heard(now[0], now[1][0])

    def _entry(self, key: Key, item: Item | None) -> tuple[Any, Entry] | None:
        if item is None or self.hash_key not in item or (self.range_key and self.range_key not in item):
            return None
        return plain(item[self.hash_key]), (plain(item[self.range_key]) if self.range_key else "", key)


class Memory:
    """The client that PynamoDB is given instead of botocore's."""

    def __init__(self, tables: Iterable[type[Model]]) -> None:
        self.tables = {model.Meta.table_name: _table(model) for model in tables}
        self._due: list[tuple[int, str, str]] = []
        self.wrote: Callable[[str, Item | None, Item | None], None] = lambda *_: None
        """Hears of every write, as a stream does: the table, and the item before it and after it."""
        for name, table in self.tables.items():
            if "due" in table.indexes:
                table.indexes["due"].heard = lambda lane, at, name=name: heapq.heappush(self._due, (at, name, lane))  # type: ignore[misc]

    @contextmanager
    def in_place(self) -> Iterator["Memory"]:
        """PynamoDB asks here and nowhere else."""
        with patch.object(Connection, "client", property(lambda _: self)):
            yield self

    def next_due(self) -> tuple[int, str, Key] | None:
        """The epoch second of what is due first, its lane with the shard, and the key of the item."""
        while self._due:
            at, name, lane = self._due[0]
            first = next(iter(self.tables[name].indexes["due"].order[lane]), None)
            if first and first[0] == at:
                return at, lane, first[1]
            heapq.heappop(self._due)
        return None

    def everything(self, table: str) -> Iterator[Item]:
        """Of the table that ends so, as it is stored."""
        (found,) = (it for name, it in self.tables.items() if name.endswith(f"-{table}"))
        yield from found.items.values()

    def _make_api_call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self, f"_{operation}")(asked)
        return answer

    def _GetItem(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - as DynamoDB calls it; so below
        table = self.tables[asked["TableName"]]
        item = table.items.get(table.key(asked["Key"]))
        return {"Item": item} if item is not None else {}

    def _BatchGetItem(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        found = {
            name: [item for key in wanted["Keys"] if (item := self.tables[name].items.get(self.tables[name].key(key)))]
            for name, wanted in asked["RequestItems"].items()
        }
        return {"Responses": found, "UnprocessedKeys": {}}

    def _BatchWriteItem(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for name, wanted in asked["RequestItems"].items():
            table = self.tables[name]
            for one in wanted:
                put, gone = one.get("PutRequest"), one.get("DeleteRequest")
                item = put["Item"] if put else None
                table.put(table.key(item or gone["Key"]), item)
        return {"UnprocessedItems": {}}

    def _PutItem(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._written("PutItem", "Put", asked)

    def _DeleteItem(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._written("DeleteItem", "Delete", asked)

    def _UpdateItem(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return self._written("UpdateItem", "Update", asked)

    def _TransactWriteItems(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        """All are looked at before any is written."""
        ops = [next(iter(one.items())) for one in asked["TransactItems"]]
        held = [self._holds(kind, op) for kind, op in ops]
        if not all(held):
            reasons = [{"Code": "None" if it else "ConditionalCheckFailed", "Message": "a condition"} for it in held]
            raise _refused("TransactWriteItems", "TransactionCanceledException", CancellationReasons=reasons)
        for kind, op in ops:
            self._write(kind, op)
        return {}

    def _written(self, operation: str, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        if not self._holds(kind, asked):
            raise _refused(operation, "ConditionalCheckFailedException")
        return {"Attributes": self._write(kind, asked) or {}}

    def _holds(self, kind: str, op: dict[str, Any]) -> bool:
        table = self.tables[op["TableName"]]
        if not (text := op.get("ConditionExpression")):
            return True
        now = table.items.get(table.key(op["Item"] if kind == "Put" else op["Key"]), {})
        return condition(text)(now, _names(op), _values(op))

    def _write(self, kind: str, op: dict[str, Any]) -> dict[str, Value] | None:
        table, item = self.tables[op["TableName"]], None
        if kind == "ConditionCheck":
            return None
        key = table.key(op["Item"] if kind == "Put" else op["Key"])
        was = table.items.get(key)
        if kind == "Put":
            item = {name: value for name, value in op["Item"].items() if value is not None}
        elif kind == "Update":
            before = table.items.get(key, dict(op["Key"]))
            item = update(op["UpdateExpression"])(before, _names(op), _values(op))
        table.put(key, item)
        self.wrote(op["TableName"], was, item)
        return item

    def _Query(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        table = self.tables[asked["TableName"]]
        index = table.indexes[asked["IndexName"]] if "IndexName" in asked else None
        names, values = _names(asked), _values(asked)
        of, ordered_by = (index.hash_key, index.range_key) if index else (table.hash_key, table.range_key)
        text = asked["KeyConditionExpression"]
        entries = (index or table).order.get(_hash(text, of, names, values), [])
        matches = condition(text)
        low, high = _bounds(text, ordered_by, names, values)
        begin = bisect_left(entries, low, key=_ordered) if low is not None else 0
        end = bisect_right(entries, high, key=_ordered) if high is not None else len(entries)
        found = (entry[1] for entry in entries[begin:end])
        keys = [key for key in found if matches(table.items[key], names, values)]
        if not asked.get("ScanIndexForward", True):
            keys.reverse()
        return _page(table, keys, asked, index)

    def _Scan(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        table = self.tables[asked["TableName"]]
        index = table.indexes[asked["IndexName"]] if "IndexName" in asked else None
        lists = (index or table).order
        return _page(table, [key for one in list(lists) for _, key in lists[one]], asked, index)


def _page(table: Table, keys: list[Key], asked: dict[str, Any], index: Index | None) -> dict[str, Any]:
    """As many as are asked for, from where they were left; a filter counts after them, as DynamoDB has it."""
    if start := asked.get("ExclusiveStartKey"):
        keys = (
            keys[keys.index(table.key(start)) + 1 :] if table.key(start) in keys else _after(table, keys, start, asked)
        )
    limit = asked.get("Limit") or len(keys)
    part = keys[:limit]
    items = [table.items[key] for key in part]
    more = {"LastEvaluatedKey": _place(table, part[-1], index)} if part and len(keys) > len(part) else {}
    if text := asked.get("FilterExpression"):
        keep, names, values = condition(text), _names(asked), _values(asked)
        items = [item for item in items if keep(item, names, values)]
    shows = index.shows if index else None
    shown = items if shows is None else [{n: v for n, v in item.items() if n in shows} for item in items]
    return {"Items": shown, "Count": len(shown), "ScannedCount": len(part), **more}


def _after(table: Table, keys: list[Key], start: Item, asked: dict[str, Any]) -> list[Key]:
    """Where the item that was last is no more, those that stand behind it."""
    order = {key: place for place, key in enumerate(keys)}
    forward, last = asked.get("ScanIndexForward", True), table.key(start)
    return [key for key in order if (key > last) is forward]


def _place(table: Table, key: Key, index: Index | None) -> Item:
    names = {table.hash_key, table.range_key, index and index.hash_key, index and index.range_key}
    return {name: value for name, value in table.items[key].items() if name in names}


def _hash(text: str, of: str, names: Mapping[str, str], values: Mapping[str, Value]) -> Any:
    """The value that the hash key is to have."""
    placeholder = next(name for name, said in names.items() if said == of)
    told = text.split(f"{placeholder} = ", 1)[1].split(maxsplit=1)[0].strip("()")
    return plain(values[told])


def _bounds(text: str, by: str | None, names: Mapping[str, str], values: Mapping[str, Value]) -> tuple[Any, Any]:
    """Between what the range key is to be: what is outside is not looked at. None where the text sets no bound."""
    words = text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    placeholder = next((name for name, said in names.items() if said == by and name in words), None)
    if placeholder is None:
        return None, None
    at = words.index(placeholder)
    how = words[at - 1] if words[at - 1 : at] == ["begins_with"] else words[at + 1].upper()
    first = plain(values[words[at + 1] if how == "begins_with" else words[at + 2]])
    match how:
        case "begins_with":
            return first, first + chr(0x10FFFF)
        case "BETWEEN":
            return first, plain(values[words[at + 4]])
        case "=":
            return first, first
        case "<" | "<=":
            return None, first
    return first, None


def _ordered(entry: Entry) -> Any:
    return entry[0]


def _moved(order: list[Entry], gone: Entry | None, new: Entry | None) -> None:
    if gone is not None:
        del order[bisect_left(order, gone)]
    if new is not None:
        insort(order, new)


def _names(op: Mapping[str, Any]) -> Mapping[str, str]:
    return op.get("ExpressionAttributeNames") or NO_NAMES


def _values(op: Mapping[str, Any]) -> Mapping[str, Value]:
    return op.get("ExpressionAttributeValues") or NO_NAMES


def _refused(operation: str, code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "a condition did not hold"}, **more}, operation)  # type: ignore[typeddict-item]


def _table(model: Any) -> Table:
    keys = {"hash": None, "range": None}
    for it in model.get_attributes().values():
        keys["hash"] = it.attr_name if it.is_hash_key else keys["hash"]
        keys["range"] = it.attr_name if it.is_range_key else keys["range"]
    indexes = {it.Meta.index_name: _index(it, keys) for it in model._indexes.values()}
    return Table(str(keys["hash"]), keys["range"], indexes)


def _index(it: Any, keys: Mapping[str, str | None]) -> Index:
    own = {"hash": None, "range": None}
    for attribute in it.Meta.attributes.values():
        own["hash"] = attribute.attr_name if attribute.is_hash_key else own["hash"]
        own["range"] = attribute.attr_name if attribute.is_range_key else own["range"]
    kind = it.Meta.projection.projection_type
    more = it.Meta.projection.non_key_attributes or ()
    shows = None if kind == "ALL" else frozenset(filter(None, (*own.values(), *keys.values(), *more)))
    return Index(str(own["hash"]), own["range"], shows)
