"""Every minute: hand what is due to the sender: messages never queued, delayed till now, or claimed too long ago."""

from datetime import datetime, timedelta

from kept.due_work import sweeping
from kept.due_work.sweeping import Swept
from kept.lanes import Lane
from kept.runtime import scheduled

AHEAD = timedelta(seconds=59)
"""What is due before the next sweep is handed over for its very second: turns at a provider are seconds apart."""


@scheduled
def handler(now: datetime) -> Swept:
    return sweeping.sweep(Lane.MESSAGE, until=now, ahead=AHEAD)
