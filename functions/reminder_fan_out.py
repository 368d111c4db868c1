"""Every minute: hand each appointment that is owed a reminder to a worker."""

from datetime import datetime

from kept.due_work import sweeping
from kept.due_work.sweeping import Swept
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> Swept:
    return sweeping.sweep(Lane.REMINDER, until=now)
