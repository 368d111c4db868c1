"""What each function asks of AWS on an ordinary day, and what template.yaml allows it."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.client import BaseClient

from kept import clock, link_keys
from kept.runtime import aws
from kept.storage import catalog, follow_up_policies
from tests.functions.conftest import cloud, made
from tests.sample_events import samples, something_set_aside, the_world
from tests.templates import Function, functions, output_of, snake

__all__ = ["cloud", "made"]
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


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Needed:
    """Everything that is asked of AWS from now on."""
    needed: Needed = set()
    really: Callable[..., Any] = vars(BaseClient)["_make_api_call"]

    def make(client: Any, operation: str, said: dict[str, Any]) -> Any:
        needed.update(_needed(client.meta.service_model.service_name, operation, said))
        return really(client, operation, said)

    the_world()
    something_set_aside()
    monkeypatch.setattr(link_keys, "_read", None)
    catalog.forget()
    follow_up_policies.forget()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    monkeypatch.setattr(BaseClient, "_make_api_call", make)
    return needed


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


@pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
def test_a_function_may_do_what_it_does_on_an_ordinary_day(
    function: Function, asked: Needed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of its sample events needs more than its block allows; what is missing is refused in the cloud alone."""
    for sample in (sample for sample in samples() if sample.function == function.name):
        happens = sample.happens
        monkeypatch.setattr(clock, "now", lambda happens=happens: happens)
        importlib.import_module(sample.function).handler(sample.event, None)
    assert asked - allowed(function) == set()
