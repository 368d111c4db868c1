"""What is due when, read from the sparse `due` indexes of the stack's tables."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from infra.local.place import STACK_NAME, Place
from infra.local.stack import client

INDEX = "due"
_plain = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class Due:
    """One item that something must happen to at `at`."""

    at: datetime
    table: str
    lane: str
    business: str
    id: str


def everything_due(place: Place) -> list[Due]:
    """In order of time. Reads the whole of each index: for a handful of demo businesses, not for a real deployment."""
    dynamodb, tables = _tables_of(place)
    with ThreadPoolExecutor(len(tables) or 1) as pool:
        found = pool.map(lambda table: list(_of(dynamodb, table)), tables)
        return sorted((due for items in found for due in items), key=lambda due: due.at)


@cache
def _tables_of(place: Place) -> tuple[Any, list[str]]:
    """Asked once: a deployment keeps its tables, and time that passes looks here at every stop."""
    dynamodb = client(place, "dynamodb")
    return dynamodb, list(_tables_with_index(dynamodb))


def _tables_with_index(dynamodb: Any) -> Iterator[str]:
    for page in dynamodb.get_paginator("list_tables").paginate():
        for table in page["TableNames"]:
            indexes = dynamodb.describe_table(TableName=table)["Table"].get("GlobalSecondaryIndexes", [])
            if table.startswith(f"{STACK_NAME}-") and INDEX in (index["IndexName"] for index in indexes):
                yield table


def _of(dynamodb: Any, table: str) -> Iterator[Due]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, IndexName=INDEX):
        for item in page["Items"]:
            said = {name: _plain(value) for name, value in item.items()}
            yield Due(
                at=datetime.fromtimestamp(int(said["due_at"]), UTC),
                table=table.removeprefix(f"{STACK_NAME}-"),
                lane=said["due_lane"],
                business=str(said.get("business", "")),
                id=str(said.get("id", "")),
            )
