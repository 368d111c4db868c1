"""What changes an appointment where it stands: confirm, check in, begin, complete, cancel, on my way."""

from collections.abc import Callable

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.day_page import DayPage
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import change_of_today, to_client, undoable
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking.allocation import given_up
from kept.use_cases.clients.filing import came
from kept.use_cases.follow_ups.attendance_question import question_answered
from kept.use_cases.messaging import undelivered
from kept.use_cases.optimistic_retry import done_once


def as_it_is(message: Message) -> Message:
    return message


def apply_change(
    catalog: Catalog,
    id: str,
    act: Callable[[Appointment], Appointment],
    change: Change,
    *,
    version: int | None = None,
    telling: Callable[[Message], Message] = as_it_is,
) -> Appointment:
    """The appointment after `act`, written with what follows from it: a cancelled one gives its slot back and is told,
    in the message that `telling` makes of it.

    Raises what `act` refuses, UnknownAppointment, and Outdated when it has moved on from `version`.
    """
    business = catalog.business.id

    def written(before: Appointment) -> Appointment:
        after = act(before)
        if after is before:
            return before
        closed = filter(None, (question_answered(before, after, change), undelivered.needless(before, after, change)))
        pages, told = _cancelled(catalog, after, change, telling) if after.status is Status.CANCELLED else ([], [])
        with together() as transaction:
            appointments.put(after, next_due(after, catalog), transaction)
            for page in pages:
                day_pages.put(business, page, transaction)
            for follow_up in closed:
                follow_ups.put(follow_up, transaction)
            if after.has_come and not before.has_come:
                came(after, transaction, now=change.at)
            keys = [(message, messages.put(message, transaction)) for message in told]
        hand_over(key for message, key in keys if not message.waits(now=change.at))
        return after

    return done_once(business, id, written, change, version=version)


def _cancelled(
    catalog: Catalog, appointment: Appointment, change: Change, telling: Callable[[Message], Message]
) -> tuple[list[DayPage], list[Message]]:
    """The pages without it, and the message that says so."""
    client = clients.load(catalog.business.id, appointment.client)
    told = telling(to_client(appointment, client, catalog.business, "cancelled", now=change.at))
    staff = change_of_today(appointment, appointment, catalog.business, change)
    said = [undoable(message, change) for message in (told, *staff)]
    return given_up(catalog.business, appointment.slot, appointment.id), said
