"""Ask a client who has not come whether they are on the way, or mark the no-show with all that follows from it."""

from kept import clock
from kept.due_work.queue_worker import worker
from kept.storage import catalogs
from kept.use_cases.booking import attendance


@worker
def handler(business: str, id: str) -> None:
    attendance.check(catalogs.load(business), id, now=clock.now())
