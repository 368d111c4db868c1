"""Booking as it is often written, the reference of the race and of its cost: look whether it is free, then write."""

from typing import Any
from uuid import uuid4

from tests.bench.cloud import PREFIX

TABLE = f"{PREFIX}-appointments"


def book(dynamodb: Any, starts: str, client: str) -> bool:
    """Whether the slot looked free."""
    if count(dynamodb, starts):
        return False
    item = {"business": {"S": f"naive#{starts}"}, "id": {"S": uuid4().hex}, "body": {"S": client}}
    dynamodb.put_item(TableName=TABLE, Item=item)
    return True


def count(dynamodb: Any, starts: str) -> int:
    """How many have the slot."""
    found = dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="business = :b",
        ExpressionAttributeValues={":b": {"S": f"naive#{starts}"}},
        ConsistentRead=True,
    )
    return int(found["Count"])
