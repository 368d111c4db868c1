"""What was written to the tables of visits, clients, messages, follow-ups, money and settings, given to who takes it.

One line of log a call, whatever is in it.
"""

from typing import Any

from kept.runtime import log
from kept.use_cases.events import stream_reading


def handler(event: dict[str, Any], context: object) -> Any:  # noqa: ARG001
    """Never fails; says from which record on the batch is to come again."""
    done = stream_reading.read(event["Records"])
    log.info("read", extra={"job": __name__, "records": done.records, "aside": done.aside, "again": done.again})
    return {"batchItemFailures": [{"itemIdentifier": done.again}] if done.again else []}
