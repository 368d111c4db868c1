"""Taking a number, being called, the way through the chair, leaving the queue, and each of it taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Literal

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import EXPECTED, TENTATIVE, Status
from kept.business.catalog import Catalog
from kept.clients.contact import normal_phone
from kept.clients.guest import Details, guest
from kept.storage import appointments, tickets
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.desk_day import desk_day
from kept.use_cases.booking.taking_back import taken_back
from kept.use_cases.limits.counting import FREE, Admission
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waiting.line import line_of, today_of
from kept.waiting_room.refusals import NotToday, NotWaiting, UnknownStage
from kept.waiting_room.ticket import Ticket, TicketState, next_number

IN_THE_CHAIR = frozenset({Status.IN_SERVICE, Status.COMPLETED})
"""Or were."""


def walk_in(
    catalog: Catalog,
    service: str,
    staff: str | None,
    name: str,
    change: Change,
    admission: Admission = FREE,
    *,
    phone: str = "",
) -> Ticket:
    """A number for who has no appointment; the same request again is answered with the same one. Raises UnknownService,
    UnknownStaff, InvalidPhone, QueueFull, and TooManyRequests where the `admission` lets nobody in."""
    catalog.staff_for(catalog.service(service), staff)
    phone = normal_phone(phone, catalog.business.country) if phone else ""
    today = _today(catalog, change)
    new = Ticket(catalog.business.id, today, 0, service, change.at, staff, name, phone, key=change.key)
    with admission:
        return _numbered(catalog, new, admission)


def arrived(catalog: Catalog, appointment: str, change: Change) -> Ticket:
    """A number for who has one, and checks in with it; whoever has theirs already is answered with it, and who left
    with it gets another, behind. Raises UnknownAppointment, NotToday, MoveNotAllowed, QueueFull."""
    today = _today(catalog, change)
    visit = appointments.load(catalog.business.id, appointment)
    if visit.starts.astimezone(catalog.business.zone).date() != today or visit.status in TENTATIVE:
        raise NotToday
    if visit.status in EXPECTED:
        apply_change(catalog, appointment, partial(_here, change=change), change)
    elif visit.status is not Status.ARRIVED:
        raise NotToday
    staff = visit.slot.staff
    new = Ticket(
        catalog.business.id, today, 0, visit.service, change.at, staff, appointment=appointment, is_booked=True
    )
    return _numbered(catalog, new)


def call(catalog: Catalog, id: str, change: Change) -> Ticket:
    """They are asked to come to the chair; nobody is booked by it. Raises NumberOfAnotherDay, NotWaiting."""
    return _changed(catalog, id, lambda it: _as_it_is(it).call(at=change.at), change)


def begin(catalog: Catalog, id: str, staff: str | None, change: Change) -> Ticket:
    """To the chair: their visit is begun, and a walk-in's is booked for that, now and with somebody who is free.

    The visit is written first: a crash before the number is costs nothing, for said again it finds the visit. Raises
    NumberOfAnotherDay, NotWaiting, and what the visit is refused for.
    """
    read = _of_today(catalog, id, change)
    ticket = _as_it_is(read)
    if not ticket.is_waiting:
        raise NotWaiting(state=ticket.state)
    visit = ticket.appointment or _booked(catalog, ticket, staff, change).id
    apply_change(catalog, visit, partial(_in_service, change=change), replace(change, key="", body=""))

    def act(it: Ticket) -> Ticket:
        return (it if ticket is read else it.wait_again()).begin(visit, at=change.at)

    return _changed(catalog, id, act, change)


def at_stage(catalog: Catalog, id: str, stage: int, change: Change) -> Ticket:
    """To this one of the service's own stages, from 0, on or back. Raises NumberOfAnotherDay, UnknownStage, NotWaiting
    of who is not in the chair."""
    ticket = _of_today(catalog, id, change)
    visit = _visit_of(ticket)
    if visit is None or visit.status is not Status.IN_SERVICE:
        raise NotWaiting(state=ticket.state)
    if not 0 <= stage < len(catalog.service_of(visit).visit_stages):
        raise UnknownStage(stage=stage)
    return _changed(catalog, id, lambda it: it.at_stage(stage, at=change.at), change)


def complete(catalog: Catalog, id: str, change: Change) -> Ticket:
    """Raises NumberOfAnotherDay, NotWaiting of who was not begun, MoveNotAllowed."""
    ticket = _of_today(catalog, id, change)
    visit = _visit_of(ticket)
    if visit is None or visit.status not in IN_THE_CHAIR:
        raise NotWaiting(state=ticket.state)
    apply_change(catalog, visit.id, partial(_done, change=change), replace(change, key="", body=""))
    return ticket


def leave(catalog: Catalog, id: str, change: Change) -> Ticket:
    """Out of the queue; an appointment stays what it is. Raises NumberOfAnotherDay, NotWaiting."""
    return _changed(catalog, id, lambda it: _as_it_is(it).leave(at=change.at), change)


def back(catalog: Catalog, id: str, to: Literal["waiting", "in_service"], change: Change) -> Ticket:
    """What was done by mistake: to the chair whoever was done, to the queue whoever was called, begun or gone.

    The number is written first: a crash before the visit is leaves it begun, and said again it is taken back. Raises
    NumberOfAnotherDay, NotWaiting where that is not where they came from, MoveNotAllowed.
    """
    ticket = _of_today(catalog, id, change)
    visit = _visit_of(ticket)
    if to == "in_service":
        if visit is None or visit.status not in IN_THE_CHAIR:
            raise NotWaiting(state=ticket.state)
        _take_back(catalog, visit, Status.COMPLETED, change)
        return ticket
    if visit and visit.status not in (Status.ARRIVED, Status.IN_SERVICE):
        raise NotWaiting(state=ticket.state)
    after = _changed(catalog, id, Ticket.wait_again, change)
    if visit:
        _take_back(catalog, visit, Status.IN_SERVICE, change)
    return after


def _take_back(catalog: Catalog, visit: Appointment, done: Status, change: Change) -> None:
    """Of a visit that is at this step the step, of any other nothing. Raises NotWaiting where it has moved on since."""
    if visit.status is not done:
        return

    def step(before: Appointment) -> Appointment:
        if before.status is not done:
            raise NotWaiting(state=before.status)
        return before.undo(change)

    taken_back(catalog, visit.id, step, replace(change, key="", body=""), None)


def _visit_of(ticket: Ticket) -> Appointment | None:
    return appointments.load(ticket.business, ticket.appointment) if ticket.appointment else None


def _as_it_is(ticket: Ticket) -> Ticket:
    """Waiting again, where their visit was taken back elsewhere at the desk."""
    visit = _visit_of(ticket) if ticket.state is TicketState.BEGUN else None
    return ticket.wait_again() if visit and visit.status is Status.ARRIVED else ticket


def _numbered(catalog: Catalog, new: Ticket, admission: Admission = FREE) -> Ticket:
    """With the next number, and what can be promised now. Two at once: one reads again and has the number behind."""
    business = catalog.business.id
    day = desk_day(catalog, new.day, now=new.came_at)

    def attempt() -> Ticket:
        known = tickets.of_day(business, new.day)
        if first := next((it for it in known if _is_same(it, new)), None):
            admission.give_back()
            return first
        admission.take()
        ticket = replace(new, number=next_number(known))
        theirs = line_of(catalog, day, [*known, ticket], now=new.came_at).of(ticket)
        ticket = ticket.promised(theirs.estimate, theirs.told) if theirs.estimate else ticket
        tickets.put(ticket, over=None)
        return ticket

    return retried(attempt)


def _is_same(known: Ticket, new: Ticket) -> bool:
    left = known.state is TicketState.LEFT
    by_visit = new.appointment is not None and known.appointment == new.appointment and not left
    return by_visit or (bool(new.key) and known.key == new.key)


def _changed(catalog: Catalog, id: str, act: Callable[[Ticket], Ticket], change: Change) -> Ticket:
    def attempt() -> Ticket:
        before = _of_today(catalog, id, change)
        after = act(before)
        if after is not before:
            tickets.put(after, over=before)
        return after

    return retried(attempt)


def _of_today(catalog: Catalog, id: str, change: Change) -> Ticket:
    """Raises UnknownNumber, NumberOfAnotherDay."""
    ticket = tickets.load(catalog.business.id, id)
    ticket.must_be_of(_today(catalog, change))
    return ticket


def _booked(catalog: Catalog, ticket: Ticket, staff: str | None, change: Change) -> Appointment:
    """One a number, however often it is asked for."""
    typed = Details(ticket.name or f"#{ticket.number}", ticket.phone)
    client = guest(typed, catalog.business, ids.new("c"), source=str(change.by), words="", now=change.at, by_staff=True)
    key = ids.digest(f"queue\n{ticket.id}")
    asked = BookingRequest(
        ticket.service, change.at, client, client.zone, staff or ticket.staff, walk_in=True, open=frozenset()
    )
    return book(catalog, asked, replace(change, key=key, body=key))


def _here(visit: Appointment, change: Change) -> Appointment:
    return visit if visit.status is Status.ARRIVED else visit.check_in(change)


def _in_service(visit: Appointment, change: Change) -> Appointment:
    return visit if visit.status is Status.IN_SERVICE else visit.begin(change)


def _done(visit: Appointment, change: Change) -> Appointment:
    return visit if visit.status is Status.COMPLETED else visit.complete(change)


def _today(catalog: Catalog, change: Change) -> date:
    return today_of(catalog, change.at)
