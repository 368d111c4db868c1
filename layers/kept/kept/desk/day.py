"""The day as it stands in the book."""

from datetime import date, timedelta

from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog
from kept.booking.day_page import FARTHEST_PAGE
from kept.booking.local_time import first_minute
from kept.desk.open_times import staff_key
from kept.storage import appointments, day_pages


def on_day(catalog: Catalog, day: date) -> list[Appointment]:
    """All that touch this local day with their buffers, by start; what was cancelled or did not come has left the page.

    The pages near by are read too: some may have been written by the dates of another zone. Those of who has left are
    among them until they are moved: a query more for each such person.
    """
    business, zone = catalog.business.id, catalog.business.zone
    begins, ends = first_minute(zone, day), first_minute(zone, day + timedelta(days=1))
    gone = catalog.gone.staff.keys() - catalog.staff.keys()
    pages = [
        page
        for id in (*catalog.staff, *gone)
        for page in day_pages.between(business, staff_key(id), day - FARTHEST_PAGE, day + FARTHEST_PAGE)
    ]
    booked = {
        entry.ref
        for page in pages
        for entry in page.entries
        if entry.hold_until is None and entry.start - entry.before < ends and begins < entry.end + entry.after
    }
    return sorted(appointments.several(business, booked), key=lambda appointment: appointment.starts)
