"""Reads one person's own calendar for when they are busy: apart from all other work, for what answers is a stranger's.

Asked for by due_worker, once for each that is due; what there is no time for is given up, and tried later.
"""

from collections.abc import Mapping
from typing import Any

from kept.due_work.queue_worker import Context
from kept.runtime import log
from kept.use_cases.booking import reading_calendars

NEEDS = 15_000
"""Milliseconds to write down what was found, and for the longest of rules that nothing comes of."""


def handler(event: Mapping[str, Any], context: Context | None) -> Any:
    def has_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() >= NEEDS

    done = reading_calendars.read(event["business"], event["staff"], has_time=has_time)
    said = {"read": done is not None, "trouble": done.trouble if done else None}
    log.info("calendar", extra={"job": __name__, **said})
    return said
