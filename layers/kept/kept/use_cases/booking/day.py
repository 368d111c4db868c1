"""The day as it stands in the book, and the whole of it: gone, cancelled and missed as well."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.booking.appointment import Appointment
from kept.booking.day_page import FARTHEST_PAGE, DayPage, Entry
from kept.booking.states import GONE
from kept.business.catalog import Catalog
from kept.storage import appointments, day_pages
from kept.timekeeping.local_time import first_minute, midnight
from kept.use_cases.booking.open_times import entries_of, staff_key


def on_day(catalog: Catalog, day: date) -> list[Appointment]:
    """All that touch this local day with their buffers and are, or were, to be there, by start."""
    found = appointments.several(catalog.business.id, _in_the_book(catalog, day))
    return in_order(visit for visit in found if visit.status not in GONE)


def whole_day(catalog: Catalog, day: date) -> list[Appointment]:
    """These, and all that were to start on it, by start: one query more, and one read for every hundred.

    What has just been booked may not be in the index of starts yet, and is in the book.
    """
    ids = _in_the_book(catalog, day).union(starting(catalog, day))
    return in_order(appointments.several(catalog.business.id, ids, consistently=True))


def of_day(catalog: Catalog, staff: str, day: date) -> list[Appointment]:
    """Theirs that start on this day, whatever has become of them, as far as the index has them."""
    found = appointments.several(catalog.business.id, set(starting(catalog, day)), consistently=True)
    return in_order(visit for visit in found if visit.slot.staff == staff)


def starting(catalog: Catalog, day: date) -> Iterator[str]:
    """Ids of the visits that start on it, whatever has become of them, as far as the index has them."""
    begins, ends = bounds(catalog, day)
    return appointments.starting(catalog.business.id, since=begins, before=ends)


def bounds(catalog: Catalog, first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """The midnights that begin a local day, or the first of several, and end it, or the last."""
    zone = catalog.business.zone
    return midnight(zone, first), midnight(zone, (last or first) + timedelta(days=1))


def pages_around(catalog: Catalog, day: date) -> dict[str, list[DayPage]]:
    """By person. The pages near by are read too: some may have been written by the dates of another zone. Those of who
    has left are among them until they are moved: a query more for each such person."""
    gone = catalog.gone.staff.keys() - catalog.staff.keys()
    reach = (day - FARTHEST_PAGE, day + FARTHEST_PAGE)
    return {id: day_pages.between(catalog.business.id, staff_key(id), *reach) for id in (*catalog.staff, *gone)}


def touching(entries: Iterable[Entry], zone: ZoneInfo, day: date) -> list[Entry]:
    """Those that reach into a local day with their buffers."""
    begins, ends = first_minute(zone, day), first_minute(zone, day + timedelta(days=1))
    return [it for it in entries if it.start - it.before < ends and begins < it.end + it.after]


def _in_the_book(catalog: Catalog, day: date) -> set[str]:
    entries = (entry for pages in pages_around(catalog, day).values() for entry in entries_of(pages))
    return {entry.ref for entry in touching(entries, catalog.business.zone, day) if entry.is_booking}


def in_order(visits: Iterable[Appointment]) -> list[Appointment]:
    return sorted(visits, key=lambda visit: (visit.starts, visit.id))
