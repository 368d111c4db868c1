"""The list of their day that staff get in the morning, and the dates of that and of the one at its end."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from kept.attendance.day_end import next_day_end
from kept.business.catalog import Business, StaffMember
from kept.due_work.queues import hand_over
from kept.messaging.outgoing import LIST_IS_NEWS, list_of_the_day
from kept.storage import catalogs, messages
from kept.storage.catalogs import DayEnd
from kept.storage.transaction import Lost, together
from kept.use_cases.booking import zone_updates
from kept.use_cases.booking.day import on_day

DAY = timedelta(days=1)


def next_list(business: Business, *, after: datetime) -> datetime | None:
    """In the business's zone; None where it sends none."""
    if business.day_list is None:
        return None
    day = after.astimezone(business.zone).date()
    at = (datetime.combine(day + DAY * n, business.day_list, business.zone).astimezone(UTC) for n in range(3))
    return next(found for found in at if found > after)


def arrange(business: Business, members: Iterable[StaffMember], *, now: datetime) -> None:
    """When each is next asked who came; of a day that is waited for already no later than it was. That the business's
    visits keep their local times is looked at from then on as well."""
    zone_updates.arrange(business.id, now=now)
    for member in members:
        before, found = catalogs.day_end(business.id, member.id), next_day_end(business, member, now=now)
        if found and (before is None or before.at is None or found[1] < before.at):
            with suppress(Lost), together() as transaction:
                catalogs.put_day_end(DayEnd(business.id, member.id, *found), of=before, transaction=transaction)


def send(business: str, staff: str, *, now: datetime) -> None:
    """The list and the date of the next one in one write; a day without visits has none, and no day has two.

    A crash before it leaves the list due, one after it the message; whoever comes second finds nothing due. Whoever
    comes days late goes on with today's, if that is news still.
    """
    due = catalogs.list_due(business, staff)
    if due is None or due > now:
        return
    catalog = catalogs.load(business)
    if member := catalog.staff.get(staff):
        arrange(catalog.business, [member], now=now)
    day = due.astimezone(catalog.business.zone).date()
    message = list_of_the_day(staff, business, day, now=due)
    has_visits = any(visit.slot.staff == staff for visit in on_day(catalog, day))
    told = [message] if has_visits and messages.find(business, message.id) is None else []
    until = next_list(catalog.business, after=max(due, now - LIST_IS_NEWS))
    try:
        with together() as transaction:
            catalogs.put_off_list(business, staff, of=due, until=until, transaction=transaction)
            keys = [messages.put(one, transaction) for one in told]
    except Lost:
        return
    hand_over(keys)
