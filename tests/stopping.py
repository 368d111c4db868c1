"""Workers that are stopped, overtaken or given strange records."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.client import BaseClient
from pynamodb.connection import Connection

from kept.due_work import queues
from kept.storage import transaction
from tests.asked_of_aws import meddling

WRITES = frozenset({"PutItem", "UpdateItem", "TransactWriteItems", "SendMessage", "SendMessageBatch"})


class Killed(BaseException):
    """Ended from outside: nothing in the worker can catch this and tidy up."""


def die(*_: object, **__: object) -> None:
    raise Killed


class Meddled(Connection):
    """A connection to DynamoDB with something happening right before or right after its next transaction."""

    def __init__(self, before: Callable[[], object] | None, after: Callable[[], object] | None) -> None:
        super().__init__()
        self.before, self.after = before, after

    def transact_write_items(self, *args: Any, **kwargs: Any) -> Any:
        before, self.before = self.before, None
        after, self.after = self.after, None
        with meddling():
            if before:
                before()
        written = super().transact_write_items(*args, **kwargs)
        with meddling():
            if after:
                after()
        return written


def meddle(
    patched: pytest.MonkeyPatch,
    *,
    before: Callable[[], object] | None = None,
    after: Callable[[], object] | None = None,
) -> None:
    """Let something happen right before or right after the next transaction is written."""
    connection = Meddled(before, after)
    patched.setattr(transaction, "connection", lambda: connection)


def at_write(patched: pytest.MonkeyPatch, number: int, happens: Callable[[], object]) -> None:
    """Let something happen right before the write of this number (from 0) to a table or a queue, until undone."""
    clients: Any = BaseClient
    call, made = clients._make_api_call, 0

    def counted(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        nonlocal made
        if operation in WRITES:
            made += 1
            if made == number + 1:
                with meddling():
                    happens()
        return call(client, operation, request)

    patched.setattr(BaseClient, "_make_api_call", counted)


def is_killed(act: Callable[[], object], write: int) -> bool:
    """Right before the write of this number (from 0); not where it makes fewer."""
    with pytest.MonkeyPatch.context() as patched:
        at_write(patched, write, die)
        try:
            act()
        except Killed:
            return True
    return False


def die_at_the_queue(patched: pytest.MonkeyPatch) -> None:
    """Until undone."""
    patched.setattr(queues, "send", die)


def records(*keys: tuple[str, str] | str, lane: str = "message") -> dict[str, Any]:
    """An SQS event of these keys, numbered from 0; a text stands for a body as it is. Most workers ask for no lane."""
    bodies = [
        key if isinstance(key, str) else json.dumps({"lane": lane, "business": key[0], "id": key[1]}) for key in keys
    ]
    return {"Records": [_record(str(n), body) for n, body in enumerate(bodies)]}


def _record(id: str, body: str) -> dict[str, Any]:
    return {
        "messageId": id,
        "receiptHandle": id,
        "body": body,
        "attributes": {},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:any",
        "awsRegion": "us-east-1",
    }
