"""A client's other visits in these hours: whoever is in the house for one of them is not missed at another."""

from datetime import datetime
from itertools import islice

from kept.attendance.in_house import REACH
from kept.booking.appointment import Appointment
from kept.storage import appointments, clients

MOST = 20
"""Of one client in three days, the earliest first; further ones keep nobody in the house."""


def visits_around(appointment: Appointment, *, now: datetime) -> list[Appointment]:
    """As they are now, read consistently; that they are theirs is found in the index, so not in the first moment."""
    business, whose = appointment.business, clients.ids(appointment.business, appointment.client)
    ids = appointments.of_client(business, whose, since=now - REACH, until=now + REACH)
    others = [id for id in islice(ids, MOST) if id != appointment.id]
    found = appointments.several(appointment.business, others, consistently=True) if others else ()
    return [other for other in found if _of_one_person(other, appointment)]


def _of_one_person(one: Appointment, other: Appointment) -> bool:
    """Of a family that is filed as one client, whoever is here was booked by name."""
    names = {visit.booked_as.name.casefold() for visit in (one, other) if visit.booked_as}
    return len(names) < 2
