"""For one appointment: the reminder owed now, those that were missed, and what is due next, in one write."""

from datetime import datetime

from kept import clock
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.due_work.queue_worker import worker
from kept.due_work.queues import hand_over
from kept.lanes import Lane
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.reminders.timeline import Touchpoint, missed, next_due, owed, timeline
from kept.runtime import log
from kept.storage import appointments, catalogs, clients, messages
from kept.storage.transaction import Lost, together


@worker
def handler(business: str, id: str) -> None:
    remind(business, id, now=clock.now())


def remind(business: str, id: str, *, now: datetime) -> None:
    """A crash before the write leaves the appointment due, one after it leaves the message due; both are swept again.

    Whoever loses the race to write finds the work done.
    """
    appointment, catalog = appointments.load(business, id), catalogs.load(business)
    line = timeline(appointment, catalog)
    due, late = owed(line, now=now), missed(line, now=now)
    if not (due or late):
        _settings_changed(appointment, catalog, now)
        return
    client = clients.load(business, appointment.client)
    said: list[Message] = [
        _reminder(touchpoint, appointment, client, catalog, now).over(
            MessageStatus.MISSED, reason=because(Code.TOO_LATE)
        )
        for touchpoint in late
    ]
    if due:
        said.append(_reminder(due, appointment, client, catalog, now))
    looked = appointment.looked(max(t.at for t in (*late, *([due] if due else []))))
    try:
        with together() as transaction:
            appointments.put(looked, next_due(looked, catalog), transaction)
            keys = [messages.put(message, transaction) for message in said]
    except Lost:
        log.info("somebody was first", extra={"business": business, "appointment": id})
        return
    hand_over(key for key, message in zip(keys, said, strict=True) if message.is_owed)


def _reminder(
    touchpoint: Touchpoint, appointment: Appointment, client: Client, catalog: Catalog, now: datetime
) -> Message:
    return to_client(
        appointment,
        client,
        catalog.business,
        touchpoint.name,
        now=now,
        useful_until=touchpoint.pointless_after,
        over=touchpoint.over,
    )


def _settings_changed(appointment: Appointment, catalog: Catalog, now: datetime) -> None:
    """Due for a stage that was dropped or put off since: it goes to where it belongs now, or no check would find it."""
    try:
        appointments.refile(appointment, next_due(appointment, catalog), out_of=Lane.REMINDER, now=now)
    except Lost:
        log.info("not due any more", extra={"business": appointment.business, "appointment": appointment.id})
