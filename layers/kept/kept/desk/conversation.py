"""All that was said to an address, to whomever of those who may be reached there."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.clients.client import Client
from kept.clients.sender import spellings
from kept.messaging.message import Message
from kept.messaging.purpose import CONVERSATIONS, Purpose
from kept.messaging.topic import Said
from kept.storage import appointments, clients, messages

SINCE = timedelta(days=31)
"""A visit that began so long ago may still be written of, and spoken of."""


def known_at(address: str, business: str) -> list[Client]:
    """Everybody who may write from there: a number may be a family's. `business` is "" where all share the account."""
    found = [client for form in spellings(address) for client in _holding(form, business)]
    return list({(client.business, client.id): client for client in found}.values())


def conversation(known: Iterable[Client], address: str, *, now: datetime) -> list[Said]:
    """What is about their visits and about themselves, of what was written to that very address to be answered."""
    return [said for client in known for said in _said_to(client, spellings(address), now)]


def visits_to_come(known: Iterable[Client], *, now: datetime) -> list[Appointment]:
    """Of all of these clients, soonest first."""
    found = [visit for client in known for visit in _visits(client, now)]
    return sorted((one for one in found if one.is_expected and one.ends > now), key=lambda one: one.starts)


def _holding(contact: str, business: str) -> Iterator[Client]:
    """The one who holds it at that business is read consistently, as one who has just booked has to be found."""
    if business and (client := clients.by_contact(business, contact)):
        yield client
    yield from (client for client in clients.anywhere(contact) if business in ("", client.business))


def _said_to(client: Client, forms: tuple[str, ...], now: datetime) -> Iterator[Said]:
    yield from (Said(one, client) for one in _written(client, client.business, client.id, forms))
    for visit in _visits(client, now):
        yield from (Said(one, client, visit) for one in _written(client, visit.business, visit.id, forms))


def _written(reader: Client, business: str, about: str, forms: tuple[str, ...]) -> list[Message]:
    said = [one for one in messages.about(business, about) if one.channel in CONVERSATIONS]
    return [one for one in said if one.purpose is not Purpose.STAFF and reader.address(one.channel) in forms]


def _visits(client: Client, now: datetime) -> list[Appointment]:
    ids = list(appointments.of_client(client.business, client.id, since=now - SINCE))
    return list(appointments.several(client.business, ids))
