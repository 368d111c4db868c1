"""Every minute: hand each appointment whose client is to be asked after, or waited for no more, to a worker."""

from datetime import datetime

from kept.due_work import sweeping
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> sweeping.Swept:
    return sweeping.sweep(Lane.ATTENDANCE, until=now)
