"""What the stack still has in hand: read inside its process, where it can be seen without disturbing anything."""

import threading
import time
from typing import Any

from ministack.services import dynamodb, lambda_svc, sqs

_received, _dispatched = sqs._receive_messages_for_esm, lambda_svc._dispatch_esm_batch
_between = threading.Event()
"""A batch has left its queue and has not come to its worker yet: on a busy machine that may take a while."""


def _receive(*told: Any) -> Any:
    _between.set()
    batch = _received(*told)
    if not batch:
        _between.clear()
    return batch


def _dispatch(*told: Any) -> None:
    _dispatched(*told)
    _between.clear()


sqs._receive_messages_for_esm, lambda_svc._dispatch_esm_batch = _receive, _dispatch


def busy() -> dict[str, object]:
    """Lambdas running or about to, and per consumed queue the messages that are ready and those put off (by a retry or
    a delay); a table's stream is one more, whose records are always ready."""
    running, _ = lambda_svc.executions_in_flight()
    consumed = {mapping["EventSourceArn"] for _, _, mapping in lambda_svc._iter_all_esms()}
    ready, later = {}, {}
    for queue in list(sqs._queues._data.values()):
        if queue["attributes"]["QueueArn"] in consumed:
            visible = sum(message["visible_at"] <= time.time() for message in list(queue["messages"]))
            ready[queue["name"]] = visible
            later[queue["name"]] = len(queue["messages"]) - visible
    for account, region, mapping in lambda_svc._iter_all_esms():
        if "/stream/" in mapping["EventSourceArn"]:
            ready[_table(mapping)] = _unread(account, region, mapping)
    running += sum(lambda_svc._esm_inflight.values()) + _between.is_set()
    return {"running": running, "ready": ready, "later": later}


def _table(mapping: dict[str, Any]) -> str:
    return str(mapping["EventSourceArn"].partition("/stream/")[0].rpartition("/")[2])


def _unread(account: str, region: str, mapping: dict[str, Any]) -> int:
    read = lambda_svc._dynamodb_stream_positions.get_scoped(account, region, mapping["UUID"]) or 0
    end = dynamodb.stream_end_position(_table(mapping), account_id=account, region=region)
    return max(0, int(end) - int(read))
