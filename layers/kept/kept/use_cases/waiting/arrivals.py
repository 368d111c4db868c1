"""Taking a number, being called to the chair, being done, and leaving the queue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import EXPECTED, TENTATIVE, Status
from kept.business.catalog import Catalog
from kept.clients.guest import Details, guest
from kept.storage import appointments, tickets
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.desk_day import desk_day
from kept.use_cases.limits.counting import FREE, Admission
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waiting.line import line_of, today_of
from kept.waiting_room.refusals import NotToday, NotWaiting
from kept.waiting_room.ticket import Ticket, TicketState, next_number


def walk_in(
    catalog: Catalog, service: str, staff: str | None, name: str, change: Change, admission: Admission = FREE
) -> Ticket:
    """A number for who has no appointment; the same request again is answered with the same one. Raises UnknownService,
    UnknownStaff, QueueFull, and TooManyRequests where the `admission` lets nobody in."""
    catalog.staff_for(catalog.service(service), staff)
    new = Ticket(catalog.business.id, _today(catalog, change), 0, service, change.at, staff, name, key=change.key)
    with admission:
        return _numbered(catalog, new, admission)


def arrived(catalog: Catalog, appointment: str, change: Change) -> Ticket:
    """A number for who has one, and checks in with it; whoever has theirs already is answered with it. Raises
    UnknownAppointment, NotToday, MoveNotAllowed, QueueFull."""
    today = _today(catalog, change)
    visit = appointments.load(catalog.business.id, appointment)
    if visit.starts.astimezone(catalog.business.zone).date() != today or visit.status in TENTATIVE:
        raise NotToday
    if visit.status in EXPECTED:
        apply_change(catalog, appointment, partial(_here, change=change), change)
    elif visit.status is not Status.ARRIVED:
        raise NotToday
    new = Ticket(
        catalog.business.id, today, 0, visit.service, change.at, visit.slot.staff, "", appointment, is_booked=True
    )
    return _numbered(catalog, new)


def begin(catalog: Catalog, id: str, staff: str | None, change: Change) -> Ticket:
    """To the chair: their visit is begun, and a walk-in's is booked for that, now and with somebody who is free.

    The visit is written first: a crash before the number is costs nothing, for said again it finds the visit. Raises
    NumberOfAnotherDay, NotWaiting, and what the visit is refused for.
    """
    ticket = _of_today(catalog, id, change)
    if not ticket.is_waiting:
        raise NotWaiting(state=ticket.state)
    visit = ticket.appointment or _booked(catalog, ticket, staff, change).id
    apply_change(catalog, visit, partial(_in_service, change=change), replace(change, key="", body=""))
    return _changed(catalog, id, lambda it: it.begin(visit, at=change.at), change)


def complete(catalog: Catalog, id: str, change: Change) -> Ticket:
    """Raises NumberOfAnotherDay, NotWaiting of who was not begun, MoveNotAllowed."""
    ticket = _of_today(catalog, id, change)
    if ticket.state is not TicketState.BEGUN or ticket.appointment is None:
        raise NotWaiting(state=ticket.state)
    apply_change(catalog, ticket.appointment, partial(_done, change=change), replace(change, key="", body=""))
    return ticket


def leave(catalog: Catalog, id: str, change: Change) -> Ticket:
    """Out of the queue; an appointment stays what it is. Raises NumberOfAnotherDay, NotWaiting."""
    return _changed(catalog, id, lambda it: it.leave(at=change.at), change)


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
    by_visit = new.appointment is not None and known.appointment == new.appointment
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
    typed = Details(ticket.name or f"#{ticket.number}")
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
