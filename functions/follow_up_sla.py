"""Every minute: hand each follow-up whose clock has reached a reminder, its breach or an escalation to a worker."""

from datetime import datetime

from kept import due
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> due.Swept:
    return due.sweep(Lane.FOLLOW_UP, until=now)
