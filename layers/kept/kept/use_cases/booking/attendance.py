"""Who came: the checks on the day with what follows from them, and staff's own word on it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from kept.actor import KEPT, Change
from kept.attendance.delay import look_at
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.due_work.queues import hand_over
from kept.follow_up.follow_up import FollowUp
from kept.lanes import Key, Lane
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, follow_ups, messages
from kept.storage.transaction import Lost, together
from kept.use_cases.booking import delays
from kept.use_cases.booking.allocation import given_up
from kept.use_cases.booking.marking import CheckOutcome, no_show, outcome
from kept.use_cases.booking.requests import lapse
from kept.use_cases.booking.visits_around import visits_around
from kept.use_cases.follow_ups.attendance_question import question_answered
from kept.use_cases.optimistic_retry import done_once, retried
from kept.use_cases.policy.charging import charge


def check(catalog: Catalog, id: str, *, now: datetime) -> None:
    """Do what is owed now, if anything still is: what nobody answered for lapses, whom it holds up is told; else the
    mark and all that hangs on it in one write.

    A crash before the write costs nothing, for it stays due; one after it costs the message a minute, until the
    outbox is swept. Whoever comes second reads again and finds nothing owed.
    """
    business = catalog.business.id

    def attempt() -> None:
        appointment = appointments.load(business, id)
        if appointment.is_tentative:
            if lapse(catalog, id, now=now).is_tentative:
                _put_off(appointment, catalog, now)
            return
        if not appointment.is_expected:
            _look(appointment, catalog, now)
            return
        client = clients.load(business, appointment.client)
        others = visits_around(appointment, now=now)
        found = outcome(appointment, client, catalog, messages.about(business, id), now=now, others=others)
        if found:
            still = [it for it in others if it.is_expected]
            hand_over(_write(appointment, found, catalog, Change(KEPT, now), still=still))
        else:
            _put_off(appointment, catalog, now)

    retried(attempt)


def _look(appointment: Appointment, catalog: Catalog, now: datetime) -> None:
    """Whom it holds up is told; and it is looked at again, but where nobody says when a visit begins: its next step
    brings it back."""
    begun = delays.pass_on(catalog, now=now) if look_at(appointment, catalog.business.attendance) else ()
    if appointment.status is Status.ARRIVED and appointment.slot.staff not in begun:
        with suppress(Lost):
            appointments.refile(appointment, None, out_of=Lane.ATTENDANCE, now=now)
    else:
        _put_off(appointment.looked(now), catalog, now)


def _put_off(appointment: Appointment, catalog: Catalog, now: datetime) -> None:
    """Where it is still due, then by rules that hold no more: a business that has stopped checking in waits for nobody,
    and one that waits longer looks again later."""
    with suppress(Lost):
        appointments.refile(appointment, next_due(appointment, catalog), out_of=Lane.ATTENDANCE, now=now)


def mark_no_show(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """By staff, with the consequences of the automatic one. Raises MoveNotAllowed, UnknownAppointment, Outdated."""
    business = catalog.business.id

    def act(before: Appointment) -> Appointment:
        client = clients.load(business, before.client)
        marked = no_show(before, client, catalog, messages.about(business, id), change)
        hand_over(_write(before, marked, catalog, change, question_answered(before, marked.appointment, change)))
        return marked.appointment

    return done_once(business, id, act, change, version=version)


def release(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """The rest of a missed slot, for others to book. Raises MoveNotAllowed, UnknownAppointment, Outdated."""

    def act(before: Appointment) -> Appointment:
        after = before.release(change)
        if after is not before:
            _write(before, CheckOutcome(after, (), frees_slot=True), catalog, change)
        return after

    return done_once(catalog.business.id, id, act, change, version=version)


def _write(
    before: Appointment,
    found: CheckOutcome,
    catalog: Catalog,
    change: Change,
    answered: FollowUp | None = None,
    *,
    still: Iterable[Appointment] = (),
) -> list[Key]:
    """The keys of the messages that are to be sent now. Raises Lost, also where one of `still` has become another."""
    appointment = found.appointment
    pages = given_up(catalog.business, appointment.slot, appointment.id) if found.frees_slot else []
    with together() as transaction:
        appointments.put(appointment, next_due(appointment, catalog), transaction)
        charge(catalog.business, before, appointment, transaction, change)
        keys = messages.put_all(found.messages, transaction, now=change.at)
        for page in pages:
            day_pages.put(catalog.business.id, page, transaction)
        for follow_up in filter(None, (found.follow_up, answered)):
            follow_ups.put(follow_up, transaction)
        for visit in still:
            appointments.unchanged(visit, transaction)
    return keys
