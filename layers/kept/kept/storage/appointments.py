"""Appointments, each with the next instant at which something is due for it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from math import ceil

from pynamodb.transactions import TransactWrite

from kept.booking.appointment import Appointment
from kept.booking.history import Event
from kept.booking.refusals import UnknownAppointment
from kept.lanes import Lane, lane_key
from kept.storage.codec import from_json, packed, to_json
from kept.storage.old_lines import OfAppointment, Shelf
from kept.storage.tables import AppointmentItem, ByClient, ByStart
from kept.storage.transaction import alone


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
    return _appointment(item)


def several(business: str, ids: Iterable[str], *, consistently: bool = False) -> Iterator[Appointment]:
    """Those of them that exist, in no order; eventually consistent unless it is asked otherwise."""
    keys = [(business, id) for id in ids]
    return (_appointment(item) for item in AppointmentItem.batch_get(keys, consistent_read=consistently))


def of_client(business: str, client: str, *, since: datetime, until: datetime | None = None) -> Iterator[str]:
    """Ids of what starts from then on (and no later than `until`), soonest first; eventually consistent."""
    first = int(since.timestamp())
    later = ByClient.starts.between(first, int(until.timestamp())) if until else ByClient.starts >= first
    return (item.id for item in AppointmentItem.by_client.query(f"{business}#{client}", later))


def starting(business: str, *, since: datetime, before: datetime) -> Iterator[str]:
    """Ids of all that start in between, cancelled and missed ones too, soonest first; eventually consistent."""
    within = ByStart.starts.between(int(since.timestamp()), int(before.timestamp()) - 1)
    return (item.id for item in AppointmentItem.by_start.query(business, within))


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
        due_lane=lane_key(due[0], appointment.id) if due else None,
        due_at=ceil(due[1].timestamp()) if due else None,
    )


def _shelf(appointment: Appointment) -> Shelf:
    return Shelf(OfAppointment, appointment.business, appointment.id)


def _appointment(item: AppointmentItem) -> Appointment:
    return replace(from_json(Appointment, item.body), revision=int(item.revision))
