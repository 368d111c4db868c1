"""Every minute: hand each appointment whose client is to be asked after, or waited for no more, to a worker."""

from datetime import datetime

from kept import due
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> due.Swept:
    return due.sweep(Lane.ATTENDANCE, until=now)
