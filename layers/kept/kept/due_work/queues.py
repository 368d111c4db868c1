"""Keys of due work on their way to a worker."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby, islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kept.lanes import Key, Lane
from kept.runtime import aws, log
from kept.settings import setting

QUEUES = {
    Lane.REMINDER: "TOUCHPOINTS_QUEUE",
    Lane.ATTENDANCE: "ATTENDANCE_QUEUE",
    Lane.FOLLOW_UP: "FOLLOW_UPS_QUEUE",
    Lane.MESSAGE: "MESSAGES_QUEUE",
}
"""The settings that hold the queues' URLs, of the lanes whose worker does nothing else."""

SHARED = "DUE_QUEUE"
"""Of all other lanes; their worker tells them apart by the key."""

BATCH = 10
"""The most records that SQS takes in one request."""

CHUNK = 10
"""Keys in one record: SQS is paid by the request."""


class QueueRefused(Exception):
    """SQS did not take some of a batch; they stay due and are swept again."""


def send(lane: Lane, keys: Iterable[Key]) -> int:
    """How many were handed over. Raises QueueRefused."""
    return send_in(lane, ((key, 0) for key in keys))


_waiting: list[Key] | None = None
"""Messages to be handed over when the record that is worked on is done; None outside of one. A Lambda does one at a
time."""


@contextmanager
def together() -> Iterator[None]:
    """Messages that are handed over inside go out at its end, ten keys to a record, for SQS is paid by the request.

    A crash before that leaves them to the outbox sweep, as one right before their own hand-over would.
    """
    global _waiting  # it is the process's own
    waiting: list[Key] = []
    _waiting = waiting
    try:
        yield
    finally:
        _waiting = None
    hand_over(waiting)


def hand_over(keys: Iterable[Key]) -> None:
    """Queue messages, and what else is due at once, that are committed. A failure costs a minute: they are due, and
    the sweep of their lane finds them."""
    if _waiting is not None:
        _waiting.extend(keys)
        return
    try:
        for lane, some in groupby(sorted(keys, key=lambda key: key.lane), key=lambda key: key.lane):
            send(lane, some)
    except (BotoCoreError, ClientError, QueueRefused) as error:
        log.warning("not queued; left to the sweep", extra={"error": type(error).__name__})


def send_in(lane: Lane, keys: Iterable[tuple[Key, int]]) -> int:
    """The same, each to be seen after so many seconds (up to 900), and then alone in its record."""
    sent, records = 0, _records(keys)
    while batch := list(islice(records, BATCH)):
        entries: list[Any] = [
            {"Id": str(n), "MessageBody": json.dumps([asdict(key) for key in some]), "DelaySeconds": delay}
            for n, (some, delay) in enumerate(batch)
        ]
        answer = aws("sqs").send_message_batch(QueueUrl=_url(lane), Entries=entries)
        if refused := answer.get("Failed"):
            raise QueueRefused(f"{len(refused)} of {len(batch)}: {refused[0]['Code']}")
        sent += sum(len(some) for some, _ in batch)
    return sent


def depth(lane: Lane) -> int:
    """Roughly how many records wait in it."""
    answer = aws("sqs").get_queue_attributes(QueueUrl=_url(lane), AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def _url(lane: Lane) -> str:
    return setting(QUEUES.get(lane, SHARED))


def _records(keys: Iterable[tuple[Key, int]]) -> Iterator[tuple[list[Key], int]]:
    for delay, together in groupby(keys, key=lambda one: one[1]):
        while some := [key for key, _ in islice(together, 1 if delay else CHUNK)]:
            yield some, delay


def send_body(queue: str, body: str) -> None:
    """Something else than keys, into the queue of this setting."""
    aws("sqs").send_message(QueueUrl=setting(queue), MessageBody=body)
