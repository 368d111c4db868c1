"""What is asked of AWS while tests run, by the function that asks: an action, and what it is done to."""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from botocore.client import BaseClient

from tests.templates import ROOT, Function, output_of, queues, snake, streams

Needed = set[tuple[str, str]]
"""An action, and what it is done to: a table, a table/index/name, a queue in small letters, or nothing named."""

PREFIXES = {"sesv2": "ses", "pinpoint-sms-voice-v2": "sms-voice", "socialmessaging": "social-messaging"}
ACTIONS = {"SendMessageBatch": "SendMessage", "Invoke": "InvokeFunction"}
IN_A_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


POLLING = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
READING = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")

FUNCTIONS = str(ROOT / "functions")
NAMES = [file.stem for file in (ROOT / "functions").glob("*.py")]
WRAPPERS = {str(ROOT / "layers/kept/kept" / name) for name in ("api/app.py", "due_work/queue_worker.py", "runtime.py")}

Asked = defaultdict[str, dict[tuple[str, str], str]]
"""By function what it needed, and the test that asked for it first."""

_now_meddling = False


@contextmanager
def recording() -> Iterator[Asked]:
    """Everything that is asked meanwhile is written down with the function, if any, on whose behalf it is."""
    asked: Asked = defaultdict(dict)
    really: Callable[..., Any] = vars(BaseClient)["_make_api_call"]

    def make(client: Any, operation: str, said: dict[str, Any]) -> Any:
        if not _now_meddling and (name := _function()):
            for needed in _needed(client.meta.service_model.service_name, operation, said):
                asked[name].setdefault(needed, os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0])
        return really(client, operation, said)

    BaseClient._make_api_call = make  # type: ignore[attr-defined]
    try:
        yield asked
    finally:
        BaseClient._make_api_call = really  # type: ignore[attr-defined]


@contextmanager
def meddling() -> Iterator[None]:
    """What a test does in a function's midst, to stand for somebody else: it is not the function that asks."""
    global _now_meddling
    before, _now_meddling = _now_meddling, True
    try:
        yield
    finally:
        _now_meddling = before


def _function() -> str:
    """Whose call it is by the nearest of its frames on the stack; "" for what a test asks by itself."""
    frame: FrameType | None = sys._getframe(2)
    while frame:
        if name := _whose(frame):
            return name
        frame = frame.f_back
    return ""


def _whose(frame: FrameType) -> str:
    """A file in functions/, or one of our wrappers around it: what they ask before and after is the function's too."""
    name, wraps = _place(frame.f_code.co_filename)
    if name or not wraps or frame.f_code.co_name != "handler":
        return name
    job, app = frame.f_locals.get("job", ""), frame.f_locals.get("app")
    if app is None:
        return str(getattr(job, "__module__", job) if callable(job) else job)
    return next((name for name in NAMES if getattr(sys.modules.get(name), "app", None) is app), "")


@cache
def _place(file: str) -> tuple[str, bool]:
    """The function whose file this is, and whether it is a wrapper's: asked for some eighty frames at every call."""
    path = Path(file)
    return path.stem if str(path.parent) == FUNCTIONS else "", file in WRAPPERS


def _needed(service: str, operation: str, said: dict[str, Any]) -> Needed:
    if operation == "TransactWriteItems":
        writes = [(IN_A_TRANSACTION[kind], item) for one in said["TransactItems"] for kind, item in one.items()]
        return {(f"dynamodb:{action}", _table(item)) for action, item in writes}
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return {(f"dynamodb:{operation}", table.removeprefix("kept-")) for table in said["RequestItems"]}
    if operation == "SendEmail" and "Raw" in said["Content"]:
        return {("ses:SendEmail", ""), ("ses:SendRawEmail", "")}  # which of the two is asked for, SES decides
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


def asked_by_lambda(function: Function) -> Needed:
    """What is asked in a function's name by what feeds it: no test sees the poller of a queue or a stream."""
    polled = (queue for queue, worker in queues().items() if worker == function.name)
    read = [f"{table}_stream" for table, reader in streams().items() if reader == function.name]
    lost = {("sqs:SendMessage", "lost_schedules")} if read else set()
    return (
        {(f"sqs:{action}", queue) for queue in polled for action in POLLING}
        | {(f"dynamodb:{action}", stream) for stream in read for action in READING}
        | lost
    )
