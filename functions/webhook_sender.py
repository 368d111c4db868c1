"""Calls one address with the events that are due for it: apart from all other work, for what answers is a stranger's.

Asked for by due_worker, once for all that waits for that address; what there is no time for is asked for again.
"""

from collections.abc import Mapping
from typing import Any

from kept.due_work.queue_worker import Context
from kept.runtime import log
from kept.use_cases.events import calling
from kept.use_cases.outside.https_call import TAKES

NEEDS = (TAKES + 5) * 1000
"""Milliseconds for one call that takes its longest, with its records."""


def handler(event: Mapping[str, Any], context: Context | None) -> Any:
    def has_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() >= NEEDS

    done = calling.call_all(event["business"], event["endpoint"], has_time=has_time)
    log.info("called", extra={"job": __name__, "calls": done.calls, "taken": done.taken})
    return {"calls": done.calls, "taken": done.taken}
