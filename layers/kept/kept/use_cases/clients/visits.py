"""A client's visits, what they come to in figures, and the list behind each figure."""

from kept.attendance.record import Counted, behind
from kept.booking.appointment import Appointment
from kept.clients.client import Client
from kept.storage import client_visits
from kept.storage.client_visits import Visits
from kept.storage.parts import Cursor

COUNTED = 500
"""Visits, the newest; each of them is read."""


def known(client: Client) -> tuple[Appointment, ...]:
    """Those that are counted, those to come among them."""
    return client_visits.newest(client.business, client.ids, limit=COUNTED).visits


class Records:
    """The visits of each client that one request asks for, read once."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Appointment, ...]] = {}

    def of(self, client: Client) -> tuple[Appointment, ...]:
        if client.id not in self._read:
            self._read[client.id] = known(client)
        return self._read[client.id]


def counted(client: Client, what: Counted, *, after: Cursor | None, limit: int) -> Visits:
    """Those that the figure counts, those to come among them, the latest first; with `after` what stands behind it."""
    found = [visit for visit in behind(what, known(client)) if after is None or _is_behind(_place(visit), after)]
    return Visits(tuple(found[:limit]), _place(found[limit - 1]) if len(found) > limit else None)


def _place(visit: Appointment) -> Cursor:
    return Cursor(int(visit.starts.timestamp()), visit.id)


def _is_behind(place: Cursor, after: Cursor) -> bool:
    """Of one second by the id."""
    return (place.at, after.id) < (after.at, place.id)
