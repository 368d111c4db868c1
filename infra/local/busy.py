"""What the stack still has in hand: read inside its process, where it can be seen without disturbing anything."""

import time

from ministack.services import lambda_svc, sqs


def busy() -> dict[str, object]:
    """Lambdas running, and per consumed queue the messages that are ready and those put off (by a retry or a delay)."""
    running, _ = lambda_svc.executions_in_flight()
    consumed = {mapping["EventSourceArn"] for _, _, mapping in lambda_svc._iter_all_esms()}
    ready, later = {}, {}
    for queue in list(sqs._queues._data.values()):
        if queue["attributes"]["QueueArn"] in consumed:
            visible = sum(message["visible_at"] <= time.time() for message in list(queue["messages"]))
            ready[queue["name"]] = visible
            later[queue["name"]] = len(queue["messages"]) - visible
    return {"running": running + sum(lambda_svc._esm_inflight.values()), "ready": ready, "later": later}
