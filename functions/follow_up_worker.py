"""Tell people of a follow-up's clocks: reminders to whoever has it, the breach, and each level above."""

from datetime import datetime

from kept import clock
from kept.due_work.queue_worker import worker
from kept.runtime import log
from kept.storage import catalogs
from kept.storage.transaction import Lost
from kept.use_cases.follow_ups.clock_check import look


@worker
def handler(business: str, id: str) -> None:
    tell(business, id, now=clock.now())


def tell(business: str, id: str, *, now: datetime) -> None:
    try:
        look(catalogs.load(business), id, now=now)
    except Lost:
        log.info("somebody was first", extra={"business": business, "follow_up": id})
