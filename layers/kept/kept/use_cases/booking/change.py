"""What changes an appointment where it stands: approve, confirm, check in, begin, complete, cancel, on my way."""

from collections.abc import Callable
from dataclasses import replace

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.errors import Refusal
from kept.messaging.message import Message
from kept.messaging.outgoing import change_of_today, to_client, undoable
from kept.messaging.replies.reading import RequestedTime
from kept.messaging.to_tell import TOLD_BY
from kept.policy.make_good import as_waited
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking.allocation import given_up
from kept.use_cases.booking.unheard import unheard
from kept.use_cases.follow_ups.attendance_question import question_answered
from kept.use_cases.follow_ups.request_answered import request_answered
from kept.use_cases.messaging import undelivered
from kept.use_cases.optimistic_retry import done_once
from kept.use_cases.policy.charging import charge
from kept.use_cases.policy.earning import earn
from kept.use_cases.policy.making_good import as_made_good, make_good, regard
from kept.use_cases.replies.requested_times import wished_times


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
        after = as_waited(after, before, catalog.business, change)
        after = as_made_good(catalog, before, after, change)
        closed = filter(
            None,
            (
                question_answered(before, after, change),
                request_answered(before, after, change),
                undelivered.needless(before, after, change),
            ),
        )
        is_cancelled = after.status is Status.CANCELLED is not before.status
        pages = given_up(catalog.business, after.slot, after.id) if is_cancelled else []
        is_told = is_cancelled or (before.is_tentative and after.is_to_come and after.status is not before.status)
        told = _told(catalog, before, after, change, telling) if is_told else []
        with together() as transaction:
            appointments.put(after, next_due(after, catalog), transaction)
            for page in pages:
                day_pages.put(business, page, transaction)
            for follow_up in closed:
                follow_ups.put(follow_up, transaction)
            regard(catalog.business, before, after, transaction, change)
            charge(catalog.business, before, after, transaction, change)
            earn(catalog.business, before, after, transaction, change)
            told += make_good(catalog, before, after, transaction, change)
            keys = messages.put_all(told, transaction, now=change.at)
        hand_over(keys)
        return after

    return done_once(business, id, written, change, version=version)


def _told(
    catalog: Catalog, before: Appointment, after: Appointment, change: Change, telling: Callable[[Message], Message]
) -> list[Message]:
    """That it is cancelled, with other times where it was late; that it is declined, or booked after all; or what told
    of it, withdrawn."""
    taken_back = unheard(before, after, change)
    if taken_back is not None:
        return taken_back
    client = clients.load(catalog.business.id, after.client)
    stage, until = TOLD_BY[after.history[-1].what], after.starts if after.is_to_come else None
    letter = to_client(after, client, catalog.business, stage, now=change.at, useful_until=until)
    if after.late:
        letter = replace(letter, detail=_other_times(catalog, before, client, change))
    told = telling(letter)
    staff = change_of_today(after, after, catalog.business, change)
    return [undoable(message, change) for message in (told, *staff)]


def _other_times(catalog: Catalog, before: Appointment, client: Client, change: Change) -> tuple[str, ...]:
    """Near the one they had; none where they cannot be had, as when who it was with has left."""
    try:
        return tuple(at.isoformat() for at in wished_times(before, client, catalog, RequestedTime(), now=change.at))
    except Refusal:
        return ()
