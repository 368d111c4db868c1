"""The hours that a business offers on a day, of each of its people."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from kept.business.catalog import Catalog
from kept.insight.hours_offered import by_hour
from kept.insight.sums import Hours
from kept.storage import day_pages
from kept.timekeeping.weekly_hours import Span, open_minutes, without
from kept.use_cases.booking.open_times import busy_of, hours_of, staff_key

BESIDE = timedelta(days=1)


def hours_offered(catalog: Catalog, day: date) -> Mapping[str, Hours]:
    """Of all who are booked and work on it, less their time off, the holidays of the place, and the time at which they
    are busy by calendars of their own."""
    return next(offered_on(catalog, day, day))


def offered_on(catalog: Catalog, first: date, last: date) -> Iterator[Mapping[str, Hours]]:
    """Day by day; a query for each person, however many days there are."""
    business, booked = catalog.business, {id for it in catalog.services.values() for id in it.staff}
    zone, members = business.zone, [member for id, member in catalog.staff.items() if id in booked]
    busy = {it.id: _busy(business.id, it.id, first, last) for it in members}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        open = {it.id: open_minutes(hours_of(business, it, day, day), zone, day, day) for it in members}
        hours = {id: by_hour(without(spans, busy[id]), zone, day) for id, spans in open.items()}
        yield {id: of for id, of in hours.items() if of}


def _busy(business: str, staff: str, first: date, last: date) -> list[Span]:
    """They stand under the dates of UTC, a day of which reaches into two of anybody's."""
    return busy_of(day_pages.between(business, staff_key(staff), first - BESIDE, last + BESIDE))
