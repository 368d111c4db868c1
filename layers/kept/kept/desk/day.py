"""The day as it stands in the book."""

from datetime import date

from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog
from kept.desk.open_times import staff_key
from kept.storage import appointments, day_pages


def on_day(catalog: Catalog, day: date) -> list[Appointment]:
    """All that touch this local day, by start; what was cancelled or did not come has left the page.

    Those of who has left are among them until they are moved: a query more for each such person.
    """
    business, gone = catalog.business.id, catalog.gone.staff.keys() - catalog.staff.keys()
    pages = [page for id in (*catalog.staff, *gone) for page in day_pages.between(business, staff_key(id), day, day)]
    booked = {entry.ref for page in pages for entry in page.entries if entry.hold_until is None}
    return sorted(appointments.several(business, booked), key=lambda appointment: appointment.starts)
