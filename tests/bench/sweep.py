"""One sweep with 50 due, among few appointments or follow-ups to come and among many, beside a look through all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from tests.bench.cloud import PREFIX, Cloud
from tests.bench.figure import Figure

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""Before everything that the other figures leave in the tables."""
DUE = 50
PER_READ = 8192
"""Bytes that an eventually consistent read unit buys."""
BATCH = 25


@dataclass(frozen=True, slots=True)
class Kind:
    """What is swept: the name of its lane and its table, how many lie ahead, how many bytes one has, and its lists."""

    lane: str
    table: str
    what: str
    ahead: tuple[int, ...]
    size: int
    lists: tuple[str, ...] = ()


KINDS = (
    Kind("reminder", f"{PREFIX}-appointments", "future appointments", (1_000, 200_000), 750),
    Kind("follow_up", f"{PREFIX}-follow_ups", "open follow-ups", (1_000, 100_000), 950, ("board", "mine")),
)


def rows(cloud: Cloud) -> Iterator[Figure]:
    """The many are the few and more; those that are due stay the same.

    The stand-in has no real index and goes through all items itself, so its time says nothing of DynamoDB's; the units
    of the sweep do, and those of the whole table, which it does not count by size, are worked out.
    """
    for kind in KINDS:
        yield from _of(kind, cloud)


def _of(kind: Kind, cloud: Cloud) -> Iterator[Figure]:
    from kept.due_work.sweeping import due
    from kept.lanes import Lane

    dynamodb, lane = cloud.stack.client("dynamodb"), Lane(kind.lane)
    _load(dynamodb, kind, -DUE, 0)
    there = 0
    for ahead in kind.ahead:
        _load(dynamodb, kind, there, ahead)
        there = ahead
        units = cloud.meter.of(lambda: list(due(lane, until=NOW)))
        sweep = _milliseconds(lambda: len(list(due(lane, until=NOW))))
        whole = _milliseconds(lambda: _look_through(dynamodb, kind))
        what = f"sweep of {DUE} due among {ahead:,} {kind.what}"
        paper = (ahead + DUE) * kind.size / PER_READ
        reference = f"{paper:,.0f} read on paper, {whole:.0f} ms (the whole table)"
        yield Figure(what, f"{units.reads:g} read, {sweep:.0f} ms", reference, "same reads; time is the stand-in's")


def _milliseconds(work: Callable[[], int]) -> float:
    began = perf_counter()
    if work() != DUE:
        raise AssertionError("it did not find what is due")
    return (perf_counter() - began) * 1000


def _look_through(dynamodb: Any, kind: Kind) -> int:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=kind.table,
        FilterExpression="begins_with(due_lane, :lane) AND due_at <= :now",
        ExpressionAttributeValues={":lane": {"S": f"{kind.lane}#"}, ":now": {"N": str(int(NOW.timestamp()))}},
        Select="COUNT",
    )
    return sum(page["Count"] for page in pages)


def _load(dynamodb: Any, kind: Kind, first: int, last: int) -> None:
    """By number: due an hour before now for the negative ones, minutes after now for the others."""
    starts = range(first, last, BATCH)
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(lambda start: _put(dynamodb, kind, start, min(start + BATCH, last)), starts))


def _put(dynamodb: Any, kind: Kind, first: int, last: int) -> None:
    from kept.lanes import Lane, lane_key

    requests = []
    for number in range(first, last):
        id, due_at = f"sweep-{number}", int(NOW.timestamp()) + (number * 60 + 60 if number >= 0 else -3600)
        body = "x" * (kind.size - 150)
        texts = {"business": "sweep", "id": id, "due_lane": lane_key(Lane(kind.lane), id), "body": body}
        texts |= dict.fromkeys(kind.lists, "sweep")
        numbers = {"revision": 1, "due_at": due_at} | ({"answer_by": due_at} if kind.lists else {})
        item = {k: {"S": v} for k, v in texts.items()} | {k: {"N": str(v)} for k, v in numbers.items()}
        requests.append({"PutRequest": {"Item": item}})
    dynamodb.batch_write_item(RequestItems={kind.table: requests})
