"""The end of the day, where nobody is checked in: one list of who came with everybody ticked, and its answer.

What nobody has answered when the next day's list is due is as it was ticked: they came. Of who has left, no list comes;
their visits are closed on the desk's own page.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from kept.actor import KEPT, Change
from kept.attendance.day_end import CAME_LATE, DAY, Came, day_end
from kept.booking.appointment import Appointment
from kept.booking.refusals import MoveNotAllowed
from kept.booking.states import OPEN, Status
from kept.business.catalog import Catalog
from kept.due_work.queues import hand_over
from kept.errors import Refusal
from kept.messaging.outgoing import ANSWERED_WITHIN, end_of_the_day
from kept.reasons import Code, Reason, because, is_because
from kept.storage import appointments, catalogs, messages
from kept.storage.catalogs import DayEnd
from kept.storage.transaction import Lost, together
from kept.use_cases.booking import zone_updates
from kept.use_cases.booking.attendance import mark_no_show
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.day import of_day

NOBODY_SAID = str(because(Code.NOBODY_SAID_OTHERWISE))


def ask(business: str, staff: str, *, now: datetime) -> None:
    """The day before is closed as it was ticked, then this one's list goes out, if the day is over.

    Each visit is a write of its own, the list and the date of the next one are the last: what stops in the middle goes
    on, and whoever comes second finds nothing due.
    """
    asked = catalogs.day_end(business, staff)
    if asked is None or asked.at is None or asked.at > now:
        return
    catalog = catalogs.load(business)
    zone_updates.arrange(business, now=now)
    member = catalog.staff.get(staff)
    if member is None or catalog.business.attendance.checks_in:
        _next(asked, replace(asked, at=None))
        return
    visits = of_day(catalog, staff, asked.day)
    over = day_end(catalog.business, member, asked.day, visits)
    if over > now:
        _next(asked, replace(asked, at=over))
        return
    _close(catalog, of_day(catalog, staff, asked.day - DAY), now)
    tomorrow = DayEnd(business, staff, asked.day + DAY, day_end(catalog.business, member, asked.day + DAY))
    is_news = now < over + ANSWERED_WITHIN and any(visit.status in OPEN for visit in visits)
    _next(asked, tomorrow, list_it=is_news, now=now)


def answer(catalog: Catalog, said: Mapping[str, Came], change: Change) -> dict[str, Refusal | None]:
    """Each visit on its own: what one of them refuses keeps no other from being closed.

    Said again it is as it is; what was closed otherwise is refused, for nothing of it is done.
    """
    late = replace(change, why=CAME_LATE)
    acts: dict[Came, Callable[[str], object]] = {
        Came.CAME: lambda visit: _complete(catalog, visit, change),
        Came.LATE: lambda visit: _complete(catalog, visit, late),
        Came.MISSED: lambda visit: _missed(catalog, visit, change),
    }
    return {id: _refused(acts[how], id) for id, how in said.items()}


def _refused(act: Callable[[str], object], id: str) -> Refusal | None:
    try:
        act(id)
    except Refusal as refusal:
        return refusal
    return None


def _close(catalog: Catalog, visits: Iterable[Appointment], now: datetime) -> None:
    """What somebody has just moved, or closed in another way, is theirs."""
    for visit in visits:
        if visit.status in OPEN and visit.ends <= now:
            with suppress(Refusal):
                _complete(catalog, visit.id, Change(KEPT, now, NOBODY_SAID))


def _complete(catalog: Catalog, id: str, change: Change) -> Appointment:
    return apply_change(catalog, id, lambda it: it if _ended_so(it, change) else it.complete(change), change)


def _ended_so(visit: Appointment, change: Change) -> bool:
    """Who came late came; of who came nobody has said yet that it was late."""
    ended = next((event for event in reversed(visit.history) if event.what == Status.COMPLETED), None)
    was_late = ended is not None and is_because(Reason.read(ended.why), Code.CAME_LATE)
    return visit.status is Status.COMPLETED and (change.why != CAME_LATE or was_late)


def _missed(catalog: Catalog, id: str, change: Change) -> None:
    try:
        mark_no_show(catalog, id, change)
    except MoveNotAllowed:
        if appointments.load(catalog.business.id, id).status is not Status.NO_SHOW:
            raise


def _next(asked: DayEnd, following: DayEnd, *, list_it: bool = False, now: datetime | None = None) -> None:
    told = [end_of_the_day(asked.staff, asked.business, asked.day, now=now)] if list_it and now else []
    new = [message for message in told if messages.find(asked.business, message.id) is None]
    try:
        with together() as transaction:
            catalogs.put_day_end(following, of=asked, transaction=transaction)
            keys = [messages.put(message, transaction) for message in new]
    except Lost:
        return
    hand_over(keys)
