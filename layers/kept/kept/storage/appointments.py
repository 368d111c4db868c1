"""Appointments, each with the next instant at which something is due for it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from heapq import merge
from math import ceil
from typing import NamedTuple

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.booking.appointment import Appointment
from kept.booking.day_page import is_block
from kept.booking.face import face
from kept.booking.history import Event
from kept.booking.refusals import UnknownAppointment
from kept.lanes import Lane, lane_key
from kept.storage.codec import from_json, packed, to_json
from kept.storage.old_lines import OfAppointment, Shelf
from kept.storage.parts import by_id
from kept.storage.tables import AppointmentItem, ByClient, ByStart
from kept.storage.transaction import alone


class Face(NamedTuple):
    """Of a visit or a block: when it starts (epoch seconds), whose it is, a digest of what a screen shows of it, and
    who had it before."""

    starts: int
    id: str
    staff: str
    face: str
    had: tuple[str, ...] = ()


def load(business: str, id: str) -> Appointment:
    """Raises UnknownAppointment."""
    if (found := find(business, id)) is None:
        raise UnknownAppointment
    return found


def find(business: str, id: str) -> Appointment | None:
    try:
        item = AppointmentItem.get(business, id, consistent_read=True)
    except AppointmentItem.DoesNotExist:
        return None
    return as_appointment(item)


def several(business: str, ids: Iterable[str], *, consistently: bool = False) -> Iterator[Appointment]:
    """Those of them that exist, in no order; eventually consistent unless it is asked otherwise."""
    keys = [(business, id) for id in ids]
    return (as_appointment(item) for item in AppointmentItem.batch_get(keys, consistent_read=consistently))


def some(business: str, *, after: str, limit: int) -> tuple[list[Appointment], str | None]:
    """Among so many items of the business behind that id; and the id behind which there may be more."""
    items, more = by_id(AppointmentItem, business, after=after, limit=limit)
    return [as_appointment(item) for item in items if "#" not in item.id], more


def of_client(business: str, ids: Collection[str], *, since: datetime, until: datetime | None = None) -> Iterator[str]:
    """Ids of what starts from then on (and no later than `until`), soonest first; eventually consistent.

    `ids` are all of the client's own.
    """
    first = int(since.timestamp())
    later = ByClient.starts.between(first, int(until.timestamp())) if until else ByClient.starts >= first
    found = (AppointmentItem.by_client.query(f"{business}#{id}", later) for id in ids)
    return (item.id for item in merge(*found, key=lambda item: item.starts))


def starting(business: str, *, since: datetime, before: datetime) -> Iterator[str]:
    """Ids of all that start in between, cancelled and missed ones too, soonest first; eventually consistent."""
    return (it.id for it in faces(business, since=since, before=before) if not is_block(it.id))


def faces(business: str, *, since: datetime, before: datetime) -> Iterator[Face]:
    """Of all that start in between, blocks too: one query, half a read unit for every fifty."""
    within = ByStart.starts.between(int(since.timestamp()), int(before.timestamp()) - 1)
    found = AppointmentItem.by_start.query(business, within)
    return (Face(int(item.starts), item.id, *staff_and_face(item.face)) for item in found)


def face_of(staff: str, shown: str, had: Iterable[str] = ()) -> str:
    """As it stands in the index: whose it is, and was, can be told without reading it."""
    return f"{','.join((staff, *had))}#{ids.digest(shown)}"


def staff_and_face(stored: str | None) -> tuple[str, str, tuple[str, ...]]:
    people, _, digest = (stored or "").partition("#")
    staff, *had = people.split(",")
    return staff, digest, tuple(had)


def put(appointment: Appointment, due: tuple[Lane, datetime] | None, transaction: TransactWrite) -> None:
    """With what is due next, on the condition that it is as it was read (or, new, that its id is free).

    Lines that it has no room for move out in the same transaction.
    """
    kept, moved = appointment.shortened
    _shelf(appointment).put(((line, line.key) for line in moved), first=appointment.archived, transaction=transaction)
    transaction.save(
        as_item(kept, due),
        condition=(
            AppointmentItem.revision == appointment.revision
            if appointment.revision
            else AppointmentItem.id.does_not_exist()
        ),
    )


def answer_to(appointment: Appointment, key: str) -> Event | None:
    """What was done under this idempotency key, however long ago."""
    found = appointment.answer_to(key)
    return found or (_shelf(appointment).under(Event, key) if key and appointment.archived else None)


def earlier(appointment: Appointment, *, before: int, limit: int) -> list[Event]:
    """Lines of its history by their number, from 0; those from `archived` on stand in the appointment."""
    return _shelf(appointment).before(Event, min(before, appointment.archived), limit=limit)


def unchanged(appointment: Appointment, transaction: TransactWrite) -> None:
    """The other writes are on the condition that it is as it was read."""
    transaction.condition_check(
        AppointmentItem,
        appointment.business,
        appointment.id,
        condition=AppointmentItem.revision == appointment.revision,
    )


def refile(appointment: Appointment, due: tuple[Lane, datetime] | None, *, out_of: Lane, now: datetime) -> None:
    """As it was read, with another thing due next. Raises Lost, also when it is not due in that lane any more."""
    still_due = (AppointmentItem.due_lane == lane_key(out_of, appointment.id)) & (
        AppointmentItem.due_at <= int(now.timestamp())
    )
    with alone():
        as_item(appointment, due).save(condition=(AppointmentItem.revision == appointment.revision) & still_due)


def as_item(appointment: Appointment, due: tuple[Lane, datetime] | None) -> AppointmentItem:
    return AppointmentItem(
        appointment.business,
        appointment.id,
        revision=appointment.revision + 1,
        body=packed(to_json(appointment)),
        client_key=f"{appointment.business}#{appointment.client}",
        starts=int(appointment.starts.timestamp()),
        face=face_of(appointment.slot.staff, face(appointment), appointment.had_by),
        due_lane=lane_key(due[0], appointment.id) if due else None,
        due_at=ceil(due[1].timestamp()) if due else None,
    )


def _shelf(appointment: Appointment) -> Shelf:
    return Shelf(OfAppointment, appointment.business, appointment.id)


def as_appointment(item: AppointmentItem) -> Appointment:
    return replace(from_json(Appointment, item.body), revision=int(item.revision))
