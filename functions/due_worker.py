"""Whatever becomes due and has no worker of its own, done by the lane of its key."""

from collections.abc import Callable
from functools import partial

from kept import clock
from kept.due_work.queue_worker import Work, by_lane
from kept.lanes import Lane
from kept.storage.announced_delays import DELAY
from kept.storage.catalogs import DAY_END
from kept.storage.dismissals import DISMISSAL
from kept.storage.figure_days import DUE
from kept.storage.own_calendars import OWN
from kept.storage.payments import NIGHT, PAYMENT
from kept.storage.tickets import TICKET
from kept.storage.waitlist import WAITLIST
from kept.storage.webhooks import ENDPOINT
from kept.storage.zone_updates import LOCAL_TIMES
from kept.use_cases.booking import day_ends, day_lists, delays, zone_updates
from kept.use_cases.clients import indexing
from kept.use_cases.events import trying_again
from kept.use_cases.insight import adding_up
from kept.use_cases.outside import asking
from kept.use_cases.policy import dismissing
from kept.use_cases.waiting import near
from kept.use_cases.waitlist import waiting


def staff_day(business: str, id: str) -> None:
    """For one of the staff: the list of their day, or at its end the question who came. For a business: what its zone's
    rules make of its visits. And when the next one is due. For a client: what ends with their dismissal.

    The item in the catalog is a staff member, staff#mei, the end of their day, day_end#mei, how late they run,
    delay#mei, local_times#lotus, or dismissal#c-1.
    """
    kind, _, staff = id.partition("#")
    jobs: dict[str, Callable[..., None]] = {
        DAY_END: partial(day_ends.ask, business, staff),
        DELAY: partial(delays.go_on, business, staff),
        LOCAL_TIMES: partial(zone_updates.keep_up, business),
        DISMISSAL: partial(dismissing.go_on, business, staff),
    }
    jobs.get(kind, partial(day_lists.send, business, staff))(now=clock.now())


def event(business: str, id: str) -> None:
    """An endpoint that something waits for, endpoint#id; somebody's own calendar, calendar#mei; a payment,
    payment#a-1-1, or all of them compared at night; of figures the days that are over, added up; freed time or somebody
    who waits for it, waitlist#free#a-1-r2; a number of the queue whose turn may be near, ticket#2026-03-02-001; or a
    change that was set aside and put back, aside#..."""
    if id.startswith(ENDPOINT):
        asking.sender(business, id.removeprefix(ENDPOINT))
    elif id.startswith(OWN):
        asking.reader(business, id.removeprefix(OWN))
    elif id.startswith(PAYMENT):
        asking.payer(business, id.removeprefix(PAYMENT))
    elif id.startswith(NIGHT):
        asking.payer(business, "")
    elif id.startswith(WAITLIST):
        waiting.look(business, id, now=clock.now())
    elif id.startswith(TICKET):
        near.look(business, id.removeprefix(TICKET), now=clock.now())
    elif id.startswith(DUE):
        adding_up.add_up(business, id, now=clock.now())
    else:
        trying_again.again(business, id)


WORK: dict[Lane, Work] = {
    Lane.DAY_LIST: staff_day,
    Lane.SEARCH: indexing.index,
    Lane.EVENT: event,
}
"""A lane that is not here has a function of its own."""

handler = by_lane(WORK, job=__name__)
