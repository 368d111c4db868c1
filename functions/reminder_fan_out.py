"""Every minute: hand each appointment that is owed a reminder to a worker."""

from datetime import datetime

from kept import due
from kept.due import Swept
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> Swept:
    return due.sweep(Lane.REMINDER, until=now)
