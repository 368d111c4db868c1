"""Every minute: hand what is due to the sender: messages never queued, delayed till now, or claimed too long ago."""

from datetime import datetime

from kept import due
from kept.due import Swept
from kept.lanes import Lane
from kept.runtime import scheduled
from kept.settings import setting


@scheduled
def handler(now: datetime) -> Swept:
    return due.sweep(Lane.MESSAGE, until=now, into=setting("MESSAGES_QUEUE"))
