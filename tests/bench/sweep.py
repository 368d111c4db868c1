"""One sweep with 50 reminders due, among few future appointments and among many, beside a look through them all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from tests.bench.cloud import PREFIX, Cloud
from tests.bench.figure import Figure

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""Before everything that the other figures leave in the tables."""
FUTURE = (1_000, 200_000)
DUE = 50
ITEM = 750
"""Bytes of an appointment, about."""
PER_READ = 8192
"""Bytes that an eventually consistent read unit buys."""
TABLE = f"{PREFIX}-appointments"
BATCH = 25


def rows(cloud: Cloud) -> Iterator[Figure]:
    """The many are the few and more; those that are due stay the same.

    The stand-in has no real index and goes through all items itself, so its time says nothing of DynamoDB's; the units
    of the sweep do, and those of the whole table, which it does not count by size, are worked out.
    """
    from kept.due import due
    from kept.lanes import Lane

    dynamodb = cloud.stack.client("dynamodb")
    _load(dynamodb, -DUE, 0)
    there = 0
    for future in FUTURE:
        _load(dynamodb, there, future)
        there = future
        units = cloud.meter.of(lambda: list(due(Lane.REMINDER, until=NOW)))
        sweep = _milliseconds(lambda: len(list(due(Lane.REMINDER, until=NOW))))
        whole = _milliseconds(lambda: _look_through(dynamodb))
        what = f"sweep of {DUE} due among {future:,} future appointments"
        paper = (future + DUE) * ITEM / PER_READ
        reference = f"{paper:,.0f} read on paper, {whole:.0f} ms (the whole table)"
        yield Figure(what, f"{units.reads:g} read, {sweep:.0f} ms", reference, "same reads; time is the stand-in's")


def _milliseconds(work: Callable[[], int]) -> float:
    began = perf_counter()
    if work() != DUE:
        raise AssertionError("it did not find what is due")
    return (perf_counter() - began) * 1000


def _look_through(dynamodb: Any) -> int:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=TABLE,
        FilterExpression="begins_with(due_lane, :lane) AND due_at <= :now",
        ExpressionAttributeValues={":lane": {"S": "reminder#"}, ":now": {"N": str(int(NOW.timestamp()))}},
        Select="COUNT",
    )
    return sum(page["Count"] for page in pages)


def _load(dynamodb: Any, first: int, last: int) -> None:
    """Appointments by number: due an hour before now for the negative ones, minutes after now for the others."""
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(lambda start: _put(dynamodb, start, min(start + BATCH, last)), range(first, last, BATCH)))


def _put(dynamodb: Any, first: int, last: int) -> None:
    from kept.lanes import Lane, lane_key

    requests = []
    for number in range(first, last):
        id, due_at = f"sweep-{number}", int(NOW.timestamp()) + (number * 60 + 60 if number >= 0 else -3600)
        texts = {"business": "sweep", "id": id, "due_lane": lane_key(Lane.REMINDER, id), "body": "x" * 600}
        numbers = {"revision": 1, "due_at": due_at}
        item = {k: {"S": v} for k, v in texts.items()} | {k: {"N": str(v)} for k, v in numbers.items()}
        requests.append({"PutRequest": {"Item": item}})
    dynamodb.batch_write_item(RequestItems={TABLE: requests})
