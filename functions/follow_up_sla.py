"""Every minute: hand each follow-up whose clock has reached a reminder, its breach or an escalation to a worker."""

from datetime import datetime

from kept.due_work import sweeping
from kept.lanes import Lane
from kept.runtime import scheduled


@scheduled
def handler(now: datetime) -> sweeping.Swept:
    return sweeping.sweep(Lane.FOLLOW_UP, until=now)
