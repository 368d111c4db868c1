"""One sweep with 50 reminders due, among few future appointments and among many, beside a look through them all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

from tests.bench.cloud import PREFIX, Cloud
from tests.bench.figure import Figure

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""Before everything that the other figures leave in the tables."""
FUTURE = (1_000, 200_000)
DUE = 50
TIMES = 3
TABLE = f"{PREFIX}-appointments"
BATCH = 25


def rows(cloud: Cloud) -> Iterator[Figure]:
    """The many are the few and more; those that are due stay the same.

    The units are DynamoDB's; the time is the stand-in's, which has no real index and goes through all items itself.
    """
    from kept.due import due
    from kept.lanes import Lane
    from kept.storage.tables import Patience

    Patience.read_timeout_seconds = 60
    dynamodb = cloud.stack.client("dynamodb")
    _load(dynamodb, -DUE, 0)
    there = 0
    for future in FUTURE:
        _load(dynamodb, there, future)
        there = future
        sweep = _measured(cloud, lambda: len(list(due(Lane.REMINDER, until=NOW))), TIMES)
        whole = _measured(cloud, lambda: _look_through(dynamodb), TIMES)
        what = f"sweep of {DUE} due among {future:,} future appointments"
        yield Figure(what, sweep, f"{whole} (the whole table)", "same reads, same time")


def _measured(cloud: Cloud, work: Callable[[], int], times: int) -> str:
    seconds = []
    units = cloud.meter.of(work)
    for _ in range(times):
        began = perf_counter()
        if work() != DUE:
            raise AssertionError("it did not find what is due")
        seconds.append(perf_counter() - began)
    return f"{units.reads:g} read, {median(seconds) * 1000:.0f} ms"


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
