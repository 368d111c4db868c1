"""The list of their day that staff get in the morning."""

from datetime import UTC, datetime, timedelta

from kept.booking.catalog import Business
from kept.desk.day import on_day
from kept.desk.settled import hand_over
from kept.messaging.outgoing import list_of_the_day
from kept.storage import catalog, messages
from kept.storage.transaction import Lost, together

DAY = timedelta(days=1)
JUST_NOW = timedelta(minutes=5)
"""Whoever is saved in the minute of the list gets it still; a day's second list would be the first."""


def next_list(business: Business, *, after: datetime) -> datetime | None:
    """In the business's zone; None where it sends none."""
    if business.day_list is None:
        return None
    day = after.astimezone(business.zone).date()
    at = (datetime.combine(day + DAY * n, business.day_list, business.zone).astimezone(UTC) for n in range(3))
    return next(found for found in at if found > after)


def send(business: str, staff: str, *, now: datetime) -> None:
    """The list and the date of the next one in one write; a day without visits has none.

    A crash before it leaves the list due, one after it the message; whoever comes second finds nothing due.
    """
    due = catalog.list_due(business, staff)
    if due is None or due > now:
        return
    book = catalog.load(business)
    day = due.astimezone(book.business.zone).date()
    message = list_of_the_day(staff, business, day, now=due)
    has_visits = any(visit.slot.staff == staff for visit in on_day(book, day))
    try:
        with together() as transaction:
            catalog.put_off_list(
                business, staff, of=due, until=next_list(book.business, after=now), transaction=transaction
            )
            if has_visits:
                messages.put(message, transaction)
    except Lost:
        return
    if has_visits:
        hand_over([messages.key(message)])
