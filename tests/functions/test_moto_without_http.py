"""What DynamoDB in memory says without HTTP is what it says over HTTP, word for word, and it stores the same."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from kept.runtime import aws
from tests.functions import moto_without_http

TABLE = "kept-appointments"
KEY = {"business": {"S": "lotus"}, "id": {"S": "a1"}}
OTHER = {"business": {"S": "lotus"}, "id": {"S": "a2"}}
ITEM = KEY | {
    "revision": {"N": "1"},
    "body": {"S": '{"text": "剪发 ✂️"}'},
    "client_key": {"S": "lotus#li"},
    "starts": {"N": "1772442000"},
    "tags": {"SS": ["early", "vip"]},
    "all": {"L": [{"M": {"yes": {"BOOL": True}}}, {"NULL": True}, {"N": "0.50"}]},
}
NEW = {"ConditionExpression": "attribute_not_exists(business)"}
THE_FIRST = {"ConditionExpression": "revision = :r", "ExpressionAttributeValues": {":r": {"N": "1"}}}
THE_THIRD = {"ConditionExpression": "revision = :r", "ExpressionAttributeValues": {":r": {"N": "3"}}}
WITH_ITEM = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
ONE_MORE = {
    "UpdateExpression": "SET revision = revision + :one REMOVE #all ADD tags :tag",
    "ExpressionAttributeNames": {"#all": "all"},
    "ExpressionAttributeValues": {":one": {"N": "1"}, ":tag": {"SS": ["late"]}},
}
OF_LOTUS = {"KeyConditionExpression": "business = :b", "ExpressionAttributeValues": {":b": {"S": "lotus"}}}
OF_LI = {
    "IndexName": "by_client",
    "KeyConditionExpression": "client_key = :c AND starts BETWEEN :from AND :to",
    "ExpressionAttributeValues": {":c": {"S": "lotus#li"}, ":from": {"N": "0"}, ":to": {"N": "9999999999"}},
    "ScanIndexForward": False,
}

REQUESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "an item": ("GetItem", {"Key": KEY, "ConsistentRead": True}),
    "an item that is not there": ("GetItem", {"Key": OTHER}),
    "some of an item": ("GetItem", {"Key": KEY, "ProjectionExpression": "revision, tags"}),
    "what its use costs": ("GetItem", {"Key": KEY, "ReturnConsumedCapacity": "TOTAL"}),
    "a key that is none": ("GetItem", {"Key": {"business": {"S": "lotus"}, "name": {"S": "a1"}}}),
    "an empty key": ("GetItem", {"Key": {"business": {"S": ""}, "id": {"S": "a1"}}}),
    "a new item": ("PutItem", {"Item": ITEM | OTHER, **NEW}),
    "an item in the place of another": ("PutItem", {"Item": KEY, "ReturnValues": "ALL_OLD"}),
    "a new item that is there": ("PutItem", {"Item": ITEM, **NEW}),
    "a new item that is there, to be shown": ("PutItem", {"Item": ITEM, **NEW, **WITH_ITEM}),
    "more of an item": ("UpdateItem", {"Key": KEY, **ONE_MORE, "ReturnValues": "ALL_NEW"}),
    "what was changed": ("UpdateItem", {"Key": KEY, **ONE_MORE, "ReturnValues": "UPDATED_OLD"}),
    "nothing said of it": ("UpdateItem", {"Key": KEY, **ONE_MORE}),
    "more of nothing": ("UpdateItem", {"Key": OTHER, **ONE_MORE}),
    "an expression that is none": ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET revision ="}),
    "a version that has gone": ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET starts = :r", **THE_THIRD}),
    "one away": ("DeleteItem", {"Key": KEY, "ReturnValues": "ALL_OLD", **THE_FIRST}),
    "one away that has changed": ("DeleteItem", {"Key": KEY, **THE_THIRD, **WITH_ITEM}),
    "one away that is not there": ("DeleteItem", {"Key": OTHER}),
    "all of a business": ("Query", OF_LOTUS),
    "one at a time": ("Query", {**OF_LOTUS, "Limit": 1}),
    "how many": ("Query", {**OF_LOTUS, "Select": "COUNT"}),
    "by an index": ("Query", OF_LI),
    "by an index that is none": ("Query", {**OF_LI, "IndexName": "by_shoe_size"}),
    "nobody's": ("Query", {**OF_LOTUS, "ExpressionAttributeValues": {":b": {"S": "garage"}}}),
    "everything": ("Scan", {"ReturnConsumedCapacity": "INDEXES"}),
    "what is the first": (
        "Scan",
        {"FilterExpression": "revision = :r", "ExpressionAttributeValues": {":r": {"N": "1"}}},
    ),
}
TOGETHER: dict[str, tuple[str, dict[str, Any]]] = {
    "several": ("BatchGetItem", {"RequestItems": {TABLE: {"Keys": [KEY, OTHER]}}}),
    "one twice": ("BatchGetItem", {"RequestItems": {TABLE: {"Keys": [KEY, KEY]}}}),
    "one in and one out": (
        "BatchWriteItem",
        {"RequestItems": {TABLE: [{"PutRequest": {"Item": ITEM | OTHER}}, {"DeleteRequest": {"Key": KEY}}]}},
    ),
    "all or nothing, all": (
        "TransactWriteItems",
        {
            "TransactItems": [
                {"Put": {"TableName": TABLE, "Item": ITEM | OTHER, **NEW}},
                {"Update": {"TableName": TABLE, "Key": KEY, **ONE_MORE}},
            ]
        },
    ),
    "all or nothing, nothing": (
        "TransactWriteItems",
        {
            "TransactItems": [
                {"Put": {"TableName": TABLE, "Item": ITEM | OTHER, **NEW}},
                {"ConditionCheck": {"TableName": TABLE, "Key": KEY, **THE_THIRD, **WITH_ITEM}},
            ]
        },
    ),
    "one twice in one": (
        "TransactWriteItems",
        {
            "TransactItems": [
                {"Delete": {"TableName": TABLE, "Key": KEY}},
                {"Put": {"TableName": TABLE, "Item": ITEM}},
            ]
        },
    ),
}
ALL = {name: (call, {"TableName": TABLE, **request}) for name, (call, request) in REQUESTS.items()} | TOGETHER


@pytest.mark.parametrize(("call", "asked"), ALL.values(), ids=ALL)
def test_both_ways_say_and_store_the_same(call: str, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    near = _said_and_stored(call, asked)
    with monkeypatch.context() as patched:
        patched.setattr(moto_without_http, "ABOUT_ITEMS", frozenset())
        assert _said_and_stored(call, asked) == near


def test_every_call_of_items_is_tried() -> None:
    assert {call for call, _ in ALL.values()} == moto_without_http.ABOUT_ITEMS


def test_what_is_read_is_nobody_elses() -> None:
    """As over HTTP: who changes what was read or written changes nothing that is stored."""
    written: dict[str, Any] = {**ITEM, "tags": {"SS": ["early", "vip"]}}
    aws("dynamodb").put_item(TableName=TABLE, Item=written)
    written["tags"]["SS"].clear()
    read = aws("dynamodb").get_item(TableName=TABLE, Key=KEY)["Item"]
    read["all"]["L"].clear()
    assert aws("dynamodb").get_item(TableName=TABLE, Key=KEY)["Item"] == ITEM


def _said_and_stored(call: str, request: dict[str, Any]) -> tuple[Any, Any]:
    """From the same beginning: one item and nothing else."""
    dynamodb = aws("dynamodb")
    dynamodb.delete_item(TableName=TABLE, Key=OTHER)
    dynamodb.put_item(TableName=TABLE, Item=ITEM)
    try:
        said = dynamodb._make_api_call(call, request)
    except ClientError as error:
        said = error.response
    said.pop("ResponseMetadata")
    return said, dynamodb.scan(TableName=TABLE)["Items"]
