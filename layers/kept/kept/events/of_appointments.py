"""The events of an appointment: one for each line that its history has more than before."""

from collections.abc import Iterator

from kept.booking.appointment import Appointment
from kept.booking.history import (
    APPROVED,
    ASKED_FOR,
    AWAITING_DEPOSIT,
    BOOKED,
    DECLINED,
    DEPOSIT_LET_OFF,
    DEPOSIT_PAID,
    DEPOSIT_UNPAID,
    LAPSED,
    LOCAL_TIME_KEPT,
    REINSTATED,
    RESCHEDULED,
    RESIZED,
    UNDONE,
    WITHDRAWN,
    Event,
)
from kept.events.catalogue import AppointmentTold, EventType, OutgoingEvent, an_event
from kept.events.change import Kind

NAMED = {
    BOOKED: EventType.BOOKED,
    ASKED_FOR: EventType.ASKED_FOR,
    AWAITING_DEPOSIT: EventType.AWAITING_DEPOSIT,
    DEPOSIT_PAID: EventType.BOOKED,
    DEPOSIT_LET_OFF: EventType.BOOKED,
    DEPOSIT_UNPAID: EventType.AWAITING_DEPOSIT,
    APPROVED: EventType.APPROVED,
    DECLINED: EventType.DECLINED,
    WITHDRAWN: EventType.WITHDRAWN,
    LAPSED: EventType.LAPSED,
    "confirmed": EventType.CONFIRMED,
    RESCHEDULED: EventType.MOVED,
    LOCAL_TIME_KEPT: EventType.MOVED,
    RESIZED: EventType.RESIZED,
    "cancelled": EventType.CANCELLED,
    "arrived": EventType.ARRIVED,
    "in_service": EventType.STARTED,
    "completed": EventType.COMPLETED,
    "no_show": EventType.NO_SHOW,
    "no_show_reversed": EventType.NO_SHOW_REVERSED,
    UNDONE: EventType.UNDONE,
    REINSTATED: EventType.REINSTATED,
}
"""By the line's name; every other line is a change of something beside its state and its time."""

STEP = 10
"""From the number of one line to the next: between them is room."""


def events(before: Appointment | None, after: Appointment) -> Iterator[OutgoingEvent]:
    known = before.archived + len(_whole(before)) if before else 0
    for n, line in enumerate(_whole(after), start=after.archived):
        if n >= known:
            yield _event(line, n, after)


def _whole(visit: Appointment) -> list[Event]:
    """What stands in it still; the lines before these have the numbers before."""
    return [line for line in visit.history if not line.is_old]


def _event(line: Event, n: int, visit: Appointment) -> OutgoingEvent:
    told = AppointmentTold(
        what=line.what,
        by=by(line.by),
        status=line.status,
        service=visit.service,
        staff=line.staff,
        room=line.room,
        client=visit.client,
        starts=line.starts,
        ends=line.ends,
        version=line.version,
        late=line.late,
    )
    type = NAMED.get(line.what, EventType.APPOINTMENT_CHANGED)
    number = (n + 1) * STEP
    return an_event(type, visit.business, Kind.APPOINTMENT, visit.id, number=number, at=line.at, data=told, of=str(n))


def by(actor: str) -> str:
    """Of staff with who it was; a client is named elsewhere, and Kept is itself."""
    kind = actor.partition(":")[0]
    return actor if kind == "staff" else kind
