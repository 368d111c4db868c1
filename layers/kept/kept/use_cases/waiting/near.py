"""Who waits elsewhere is told ten minutes before their turn: asked for, taken back, and done, once.

The number itself is due as long as it is waited for with it, and looked at again and again: what is before them moves
by much that is no act of the queue.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from kept.actor import Change
from kept.business.catalog import Catalog
from kept.business.text_names import TURN_NEAR
from kept.channels import Purpose
from kept.clients.client import Client
from kept.clients.refusals import NoContact
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, channel_for
from kept.storage import appointments, catalogs, clients, messages, tickets
from kept.storage.transaction import together
from kept.use_cases.clients.filing import Booker, filed_for, write
from kept.use_cases.limits.counting import FREE, Admission
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waiting.line import InLine, line, today_of
from kept.waiting_room.ticket import Ticket
from kept.waiting_room.turn_near import is_near, looks_again

OF_USE = timedelta(minutes=30)
"""After the time for which they are asked back."""


def reachable(catalog: Catalog, ticket: Ticket) -> Client | None:
    """Whose number it is, where they have agreed to be written to somewhere already."""
    if ticket.appointment is None:
        return None
    visit = appointments.load(ticket.business, ticket.appointment)
    client = clients.find(ticket.business, visit.client)
    return client if client and client.channels(Purpose.TRANSACTIONAL, catalog.business.channels) else None


def ask(
    catalog: Catalog, id: str, change: Change, *, typed: Client | None = None, admission: Admission = FREE
) -> Ticket:
    """At the contact that their appointment has, or at one that was `typed`, which files them as who books is; said
    again it changes nothing. Raises UnknownNumber, NumberOfAnotherDay, NotWaiting, NoContact, TooManyRequests."""

    def attempt() -> Ticket:
        ticket = _of_today(catalog, id, change)
        if ticket.tell and ticket.is_waiting:
            admission.give_back()
            return ticket
        if typed is None:
            return _asked_by_known(catalog, ticket, change)
        filing = filed_for(Booker(typed), change, ends=change.at)
        after = ticket.ask_to_be_told(filing.client.id, at=change.at)
        admission.take()
        with together() as transaction:
            write(filing, transaction, ends=change.at, now=change.at)
            tickets.put(after, transaction, over=ticket)
        hand_over([tickets.due_key(after), *clients.to_index(filing.client)])
        return after

    with admission:
        return retried(attempt)


def take_back(catalog: Catalog, id: str, change: Change) -> Ticket:
    """Whoever was told was told. Raises UnknownNumber, NumberOfAnotherDay."""

    def attempt() -> Ticket:
        ticket = _of_today(catalog, id, change)
        after = ticket.ask_no_more()
        if after is not ticket:
            tickets.put(after, over=ticket)
        return after

    return retried(attempt)


def look(business: str, id: str, *, now: datetime) -> None:
    """They are told, in one write with the number that knows it, or it is looked at again; what is over is let go.
    Repeated, it finds nothing to do."""
    catalog = catalogs.load(business)

    def attempt() -> None:
        ticket = tickets.find(business, id)
        if ticket is None or ticket.due_at is None or ticket.due_at > now:
            return
        client = clients.find(business, ticket.tell)
        is_over = ticket.day != today_of(catalog, now) or client is None
        place = InLine(ticket) if is_over else line(catalog, now=now).of(ticket)
        if is_over or client is None or not place.is_waiting:
            tickets.put(replace(ticket, looks_at=None), over=ticket)
        elif is_near(place.told, called=place.is_called):
            _tell(catalog, client, ticket, place, now)
        else:
            tickets.put(replace(ticket, looks_at=looks_again(place.told, now=now)), over=ticket)

    retried(attempt)


def _tell(catalog: Catalog, client: Client, ticket: Ticket, place: InLine, now: datetime) -> None:
    back = now if place.is_called or place.back_at is None else max(place.back_at, now)
    with together() as transaction:
        tickets.put(replace(ticket, looks_at=None, told_near_at=now), transaction, over=ticket)
        keys = messages.put_all([_message(catalog, client, ticket, back, now)], transaction, now=now)
    hand_over(keys)


def _message(catalog: Catalog, client: Client, ticket: Ticket, back: datetime, now: datetime) -> Message:
    return about_no_visit(
        client,
        TURN_NEAR,
        channel_for(client, catalog.business, Purpose.TRANSACTIONAL),
        now=now,
        useful_until=back + OF_USE,
        occasion=ticket.id,
        detail=(ticket.service, ticket.id, back.isoformat()),
    )


def _asked_by_known(catalog: Catalog, ticket: Ticket, change: Change) -> Ticket:
    if (client := reachable(catalog, ticket)) is None:
        raise NoContact
    after = ticket.ask_to_be_told(client.id, at=change.at)
    tickets.put(after, over=ticket)
    hand_over([tickets.due_key(after)])
    return after


def _of_today(catalog: Catalog, id: str, change: Change) -> Ticket:
    ticket = tickets.load(catalog.business.id, id)
    ticket.must_be_of(today_of(catalog, change.at))
    return ticket
