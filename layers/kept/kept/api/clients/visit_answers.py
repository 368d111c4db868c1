"""A client's visits as a list of them needs each."""

from collections.abc import Iterable
from datetime import datetime

from kept.api.base import Answer
from kept.api.cursors import cursor
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.storage.client_visits import Visits


class VisitAnswer(Answer):
    """Instants with the offset of the business's zone. `late`: cancelled or moved too late for a free change;
    `booked_as`: the name it was booked in, where that is not the client's."""

    id: str
    version: int
    status: Status
    service: str
    service_name: str
    staff: str
    staff_name: str
    room: str | None
    start: datetime
    end: datetime
    late: bool
    released: bool
    note: str
    booked_as: str | None


class VisitsAnswer(Answer):
    """`coming` soonest first, 100 at the most; `past` the latest first, and `next` asks for what came before."""

    coming: list[VisitAnswer]
    past: list[VisitAnswer]
    next: str | None


def visits(coming: Iterable[Appointment], past: Visits, name: str, catalog: Catalog) -> VisitsAnswer:
    return VisitsAnswer(
        coming=[_visit(it, name, catalog) for it in coming],
        past=[_visit(it, name, catalog) for it in past.visits],
        next=cursor(past.next),
    )


def _visit(it: Appointment, name: str, catalog: Catalog) -> VisitAnswer:
    """Of what is offered no more the name is as it was, and of what is forgotten the id."""
    zone = catalog.business.zone
    services = {**catalog.gone.services, **catalog.services}
    staff = {**catalog.gone.staff, **catalog.staff}
    booked_as = it.booked_as.name if it.booked_as else name
    return VisitAnswer(
        id=it.id,
        version=it.version,
        status=it.status,
        service=it.service,
        service_name=services[it.service].name if it.service in services else it.service,
        staff=it.slot.staff,
        staff_name=staff[it.slot.staff].name if it.slot.staff in staff else it.slot.staff,
        room=it.slot.room,
        start=it.starts.astimezone(zone),
        end=it.ends.astimezone(zone),
        late=it.late,
        released=it.released,
        note=it.note,
        booked_as=booked_as if booked_as != name else None,
    )
