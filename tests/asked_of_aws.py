"""What is asked of AWS while tests run, by the function that asks: an action, and what it is done to."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

from tests.templates import ROOT, Function, output_of, snake

Needed = set[tuple[str, str]]
"""An action, and what it is done to: a table, a table/index/name, a queue in small letters, or nothing named."""

PREFIXES = {"dynamodb": "dynamodb", "sqs": "sqs", "secretsmanager": "secretsmanager", "sesv2": "ses"}
ACTIONS = {"SendMessageBatch": "SendMessage", "SendTextMessage": "SendTextMessage"}
IN_A_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


FUNCTIONS = str(ROOT / "functions")

by_function: defaultdict[str, Needed] = defaultdict(set)
"""Of all tests of this run."""


@contextmanager
def recording() -> Iterator[None]:
    """Everything that is asked meanwhile is written down with the function, if any, on whose behalf it is."""
    really: Callable[..., Any] = vars(BaseClient)["_make_api_call"]

    def make(client: Any, operation: str, said: dict[str, Any]) -> Any:
        if name := _function():
            by_function[name] |= _needed(client.meta.service_model.service_name, operation, said)
        return really(client, operation, said)

    BaseClient._make_api_call = make  # type: ignore[attr-defined]
    try:
        yield
    finally:
        BaseClient._make_api_call = really  # type: ignore[attr-defined]


def _function() -> str:
    """The file in functions/ that stands nearest on the stack; "" for what a test asks by itself."""
    frame = sys._getframe(2)
    while frame:
        path = Path(frame.f_code.co_filename)
        if str(path.parent) == FUNCTIONS:
            return path.stem
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def _needed(service: str, operation: str, said: dict[str, Any]) -> Needed:
    if operation == "TransactWriteItems":
        writes = [(IN_A_TRANSACTION[kind], item) for one in said["TransactItems"] for kind, item in one.items()]
        return {(f"dynamodb:{action}", _table(item)) for action, item in writes}
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return {(f"dynamodb:{operation}", table.removeprefix("kept-")) for table in said["RequestItems"]}
    action = f"{PREFIXES.get(service, service)}:{ACTIONS.get(operation, operation)}"
    if service == "dynamodb":
        return {(action, _table(said))}
    if service == "sqs":
        return {(action, said["QueueUrl"].rpartition("/")[2].removesuffix("_QUEUE").lower())}
    return {(action, "")}


def _table(said: dict[str, Any]) -> str:
    index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
    return str(said["TableName"]).removeprefix("kept-") + index


def allowed(function: Function) -> Needed:
    """What its block in template.yaml allows."""
    found: Needed = set()
    for statement in function.statements:
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        found |= {(action, _thing(resource)) for action in statement["Action"] for resource in resources}
    return found


def _thing(resource: dict[str, Any]) -> str:
    if "Fn::GetAtt" in resource:
        return snake(output_of(resource))
    output, _, index = str(resource.get("Fn::Sub", "")).partition("Arn}")
    return snake(output.removeprefix("${Tables.Outputs.")) + index if output.startswith("${Tables") else ""
