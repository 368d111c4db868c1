"""The day as it stands in the book, and the whole of it: gone, cancelled and missed as well."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from kept.booking.appointment import Appointment
from kept.booking.day_page import FARTHEST_PAGE
from kept.booking.states import GONE
from kept.business.catalog import Catalog
from kept.storage import appointments, day_pages
from kept.timekeeping.local_time import first_minute, midnight
from kept.use_cases.booking.open_times import staff_key


def on_day(catalog: Catalog, day: date) -> list[Appointment]:
    """All that touch this local day with their buffers and are, or were, to be there, by start."""
    found = appointments.several(catalog.business.id, _in_the_book(catalog, day))
    return _in_order(visit for visit in found if visit.status not in GONE)


def whole_day(catalog: Catalog, day: date) -> list[Appointment]:
    """These, and all that were to start on it, by start: one query more, and one read for every hundred.

    What has just been booked may not be in the index of starts yet, and is in the book.
    """
    ids = _in_the_book(catalog, day).union(_starting(catalog, day))
    return _in_order(appointments.several(catalog.business.id, ids, consistently=True))


def of_day(catalog: Catalog, staff: str, day: date) -> list[Appointment]:
    """Theirs that start on this day, whatever has become of them, as far as the index has them."""
    found = appointments.several(catalog.business.id, set(_starting(catalog, day)), consistently=True)
    return _in_order(visit for visit in found if visit.slot.staff == staff)


def _starting(catalog: Catalog, day: date) -> Iterator[str]:
    zone = catalog.business.zone
    begins, ends = midnight(zone, day), midnight(zone, day + timedelta(days=1))
    return appointments.starting(catalog.business.id, since=begins, before=ends)


def _in_the_book(catalog: Catalog, day: date) -> set[str]:
    """The pages near by are read too: some may have been written by the dates of another zone. Those of who has left
    are among them until they are moved: a query more for each such person."""
    business, zone = catalog.business.id, catalog.business.zone
    begins, ends = first_minute(zone, day), first_minute(zone, day + timedelta(days=1))
    gone = catalog.gone.staff.keys() - catalog.staff.keys()
    pages = [
        page
        for id in (*catalog.staff, *gone)
        for page in day_pages.between(business, staff_key(id), day - FARTHEST_PAGE, day + FARTHEST_PAGE)
    ]
    return {
        entry.ref
        for page in pages
        for entry in page.entries
        if entry.hold_until is None and entry.start - entry.before < ends and begins < entry.end + entry.after
    }


def _in_order(visits: Iterable[Appointment]) -> list[Appointment]:
    return sorted(visits, key=lambda visit: (visit.starts, visit.id))
