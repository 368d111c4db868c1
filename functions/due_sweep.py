"""Every minute, once for each schedule that names a lane: hand what is due there to its worker.

A message that is due was never queued, delayed till now, or claimed too long ago. What else becomes due needs no
function of its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kept.due_work import sweeping
from kept.lanes import Lane
from kept.runtime import scheduled


def handler(event: Mapping[str, Any], context: object) -> Any:
    """`ahead`, in seconds: what is due before the next sweep is handed over for its very second.

    Raises KeyError or ValueError for a schedule that names no lane, so the alarm on failures tells.
    """
    lane, ahead = Lane(event["lane"]), timedelta(seconds=event.get("ahead", 0))

    def sweep(now: datetime) -> sweeping.Swept:
        return sweeping.sweep(lane, until=now, ahead=ahead)

    return scheduled(sweep)(event, context)
