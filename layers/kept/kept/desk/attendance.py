"""Who came: the checks on the day with what follows from them, and staff's own word on it."""

from collections.abc import Iterable
from datetime import datetime

from kept.attendance.marking import MISSED_YOU, Outcome, closed_with_it, follow_up_id, no_show, outcome
from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog
from kept.booking.history import Cause
from kept.booking.states import ReversalReason, Status
from kept.desk import untold
from kept.desk.filing import came
from kept.desk.places import given_up
from kept.desk.settled import answered_before, first_answer, settled
from kept.desk.visits_around import visits_around
from kept.follow_up.causes import Cause as OpenedBy
from kept.follow_up.follow_up import FollowUp
from kept.messaging.message import MessageStatus
from kept.queues import Key, hand_over
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, follow_ups, messages
from kept.storage.transaction import together


def check(catalog: Catalog, id: str, *, now: datetime) -> None:
    """Do what is owed now, if anything still is: the mark and all that hangs on it in one write.

    A crash before the write costs nothing, for it stays due; one after it costs the message a minute, until the
    outbox is swept. Whoever comes second reads again and finds nothing owed.
    """
    business = catalog.business.id

    def attempt() -> None:
        appointment = appointments.load(business, id)
        client = clients.load(business, appointment.client)
        others = visits_around(appointment, now=now)
        found = outcome(appointment, client, catalog, messages.about(business, id), now=now, others=others)
        if found:
            hand_over(_write(found, catalog, still=[it for it in others if it.is_expected]))

    settled(attempt)


def mark_no_show(catalog: Catalog, id: str, cause: Cause, *, version: int | None = None) -> Appointment:
    """By staff, with the consequences of the automatic one. Raises MoveNotAllowed, UnknownAppointment, Outdated."""
    business = catalog.business.id

    def attempt() -> Appointment:
        appointment = appointments.load(business, id)
        if answer := answered_before(appointment, cause):
            return appointment.as_of(answer)
        appointment.must_be_at(version)
        client = clients.load(business, appointment.client)
        marked = no_show(appointment, client, catalog, messages.about(business, id), cause)
        hand_over(_write(marked, catalog, question_answered(appointment, marked.appointment, cause)))
        return marked.appointment

    return settled(attempt, done=lambda: first_answer(business, id, cause))


def take_back_no_show(
    catalog: Catalog, id: str, reason: ReversalReason, cause: Cause, *, version: int | None = None
) -> Appointment:
    """With the follow-up it opened; the slot stays free, for somebody may have it by now.

    Raises MoveNotAllowed for what is no no-show, UnknownAppointment, Outdated.
    """
    business = catalog.business.id

    def attempt() -> Appointment:
        appointment = appointments.load(business, id)
        if answer := answered_before(appointment, cause):
            return appointment.as_of(answer)
        appointment.must_be_at(version)
        after = appointment.reverse_no_show(reason, cause)
        opened = follow_ups.load(business, follow_up_id(appointment, OpenedBy.NO_SHOW))
        closed = closed_with_it(opened, reason, cause)
        call = _call(after, catalog, cause)
        with together() as transaction:
            appointments.put(after, next_due(after, catalog), transaction)
            if closed is not opened:
                follow_ups.put(closed, transaction)
            if after.has_come:
                came(after, transaction, now=cause.at)
            if call:
                follow_ups.put(call, transaction)
        return after

    return settled(attempt, done=lambda: first_answer(business, id, cause))


def _call(after: Appointment, catalog: Catalog, cause: Cause) -> FollowUp | None:
    """Whoever was told that they were missed is told that they were not; who came after all knows."""
    said = (m for m in messages.about(after.business, after.id) if m.stage == MISSED_YOU and m.version == after.version)
    if after.status is Status.ARRIVED or not any(m.sent_at or m.status is MessageStatus.SENDING for m in said):
        return None
    return untold.taken_back(after, clients.load(after.business, after.client), catalog, now=cause.at)


def question_answered(before: Appointment, after: Appointment, cause: Cause) -> FollowUp | None:
    """What staff were asked at the end of the visit, closed by their saying how it was; None if nothing is open."""
    if cause.at < before.ends or not before.is_expected or after.is_expected:
        return None
    asked = follow_ups.find(before.business, follow_up_id(before, OpenedBy.ATTENDANCE_QUESTION))
    if asked is None or asked.is_over:
        return None
    return asked.resolve(Cause(cause.by, max(cause.at, asked.last.at), why=after.status))


def _write(
    found: Outcome, catalog: Catalog, answered: FollowUp | None = None, *, still: Iterable[Appointment] = ()
) -> list[Key]:
    """The keys of the messages that are to be sent. Raises Lost, also where one of `still` has become another."""
    appointment = found.appointment
    pages = given_up(catalog.business, appointment.slot, appointment.id) if found.frees_slot else []
    with together() as transaction:
        appointments.put(appointment, next_due(appointment, catalog), transaction)
        for message in found.messages:
            messages.put(message, transaction)
        for page in pages:
            day_pages.put(catalog.business.id, page, transaction)
        for follow_up in filter(None, (found.follow_up, answered)):
            follow_ups.put(follow_up, transaction)
        for visit in still:
            appointments.unchanged(visit, transaction)
    return [messages.key(message) for message in found.messages if message.is_owed]
