"""Every minute: hand each staff member who is owed the list of their day to a worker."""

from datetime import datetime

from kept.due_work import sweeping
from kept.due_work.sweeping import Swept
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> Swept:
    return sweeping.sweep(Lane.DAY_LIST, until=now)
