"""Every minute: hand each staff member who is owed the list of their day to a worker."""

from datetime import datetime

from kept import due
from kept.due import Swept
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> Swept:
    return due.sweep(Lane.DAY_LIST, until=now)
