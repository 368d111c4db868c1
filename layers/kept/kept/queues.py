"""Keys of due work on their way to a worker."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from kept.runtime import aws

if TYPE_CHECKING:
    from kept.due import Key

BATCH = 10
"""The most that SQS takes in one request."""


class QueueRefused(Exception):
    """SQS did not take some of a batch; they stay due and are swept again."""


def send(queue: str, keys: Iterable["Key"]) -> int:
    """How many were handed over. Raises QueueRefused."""
    sent = 0
    waiting = iter(keys)
    while batch := list(islice(waiting, BATCH)):
        entries = [{"Id": str(n), "MessageBody": json.dumps(asdict(key))} for n, key in enumerate(batch)]
        answer = aws("sqs").send_message_batch(QueueUrl=queue, Entries=entries)
        if refused := answer.get("Failed"):
            raise QueueRefused(f"{len(refused)} of {len(batch)}: {refused[0]['Code']}")
        sent += len(batch)
    return sent


def depth(queue: str) -> int:
    """Roughly how many wait in it."""
    answer = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])
