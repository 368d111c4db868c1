"""The list of their day that staff get in the morning."""

from datetime import UTC, datetime, timedelta

from kept.booking.catalog import Business
from kept.desk.day import on_day
from kept.messaging.outgoing import LIST_IS_NEWS, list_of_the_day
from kept.queues import hand_over
from kept.storage import catalog, messages
from kept.storage.transaction import Lost, together

DAY = timedelta(days=1)


def next_list(business: Business, *, after: datetime) -> datetime | None:
    """In the business's zone; None where it sends none."""
    if business.day_list is None:
        return None
    day = after.astimezone(business.zone).date()
    at = (datetime.combine(day + DAY * n, business.day_list, business.zone).astimezone(UTC) for n in range(3))
    return next(found for found in at if found > after)


def send(business: str, staff: str, *, now: datetime) -> None:
    """The list and the date of the next one in one write; a day without visits has none, and no day has two.

    A crash before it leaves the list due, one after it the message; whoever comes second finds nothing due. Whoever
    comes days late goes on with today's, if that is news still.
    """
    due = catalog.list_due(business, staff)
    if due is None or due > now:
        return
    book = catalog.load(business)
    day = due.astimezone(book.business.zone).date()
    message = list_of_the_day(staff, business, day, now=due)
    has_visits = any(visit.slot.staff == staff for visit in on_day(book, day))
    told = [message] if has_visits and messages.find(business, message.id) is None else []
    until = next_list(book.business, after=max(due, now - LIST_IS_NEWS))
    try:
        with together() as transaction:
            catalog.put_off_list(business, staff, of=due, until=until, transaction=transaction)
            keys = [messages.put(one, transaction) for one in told]
    except Lost:
        return
    hand_over(keys)
