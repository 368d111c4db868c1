"""Somebody acted on a booking from one of its own addresses: it is written down, with what follows for whose it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kept import ids
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.clients.booked_as import BookedAs
from kept.clients.held import ContactKind
from kept.clients.proving import Acted, Proved, proved
from kept.clients.wrong_number import theirs_after_all
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients
from kept.storage.transaction import together
from kept.use_cases.clients.filing import give_way
from kept.use_cases.optimistic_retry import retried


def proved_by_reply(catalog: Catalog, id: str, address: str, *, now: datetime) -> None:
    """By words from there that confirm or move it. Nothing where the booking was not made with that address."""
    _proved(catalog, id, lambda said: next((k for k, it in said.contacts.items() if it == address), None), now=now)


def proved_by_link(catalog: Catalog, id: str, sent_to: ContactKind | None, *, now: datetime) -> None:
    """By a button on the page of a link that was sent there; a link that was only shown proves nothing."""
    if sent_to:
        _proved(catalog, id, lambda said: sent_to if _went_there(said, sent_to) else None, now=now)


def _went_there(said: BookedAs, sent_to: ContactKind) -> bool:
    """A link may be older than the number or address that stands in the booking now."""
    return sent_to in said.contacts and sent_to not in said.retyped


def _proved(catalog: Catalog, id: str, from_where: Callable[[BookedAs], ContactKind | None], *, now: datetime) -> None:
    """A crash between the act and this costs the proof, until the next act from there."""
    business = catalog.business.id

    def attempt() -> None:
        visit = appointments.load(business, id)
        client = clients.find(business, visit.client)
        if visit.booked_as is None or client is None or (kind := from_where(visit.booked_as)) is None:
            return
        holders = clients.holders(business, visit.booked_as.contacts, now=now)
        found = proved(client, Acted(kind, visit.booked_as, now, ids.new("c"), visit.tz), holders)
        again = theirs_after_all(found.client, visit.booked_as.contacts[kind])
        found = replace(found, client=again, is_news=found.is_news or again != found.client)
        if found.is_news:
            whose = visit.client if visit.client in found.client.ids else found.client.id
            _write(replace(visit, client=whose, booked_as=found.booked), found, catalog, now)

    retried(attempt)


def _write(visit: Appointment, found: Proved, catalog: Catalog, now: datetime) -> None:
    others = [id for other in found.gave_way for id in other.client.ids]
    with together() as transaction:
        appointments.put(visit, next_due(visit, catalog), transaction)
        if found.before is None:
            clients.put_new(found.client, transaction, now=now, from_others=others)
        elif found.client != found.before:
            clients.put_changed(found.before, found.client, transaction, now=now, from_others=others)
        give_way(found.gave_way, transaction, now=now)
