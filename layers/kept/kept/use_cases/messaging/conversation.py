"""All that was said to an address, to whomever of those who may be reached there."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.business.text_names import PLAIN_WORDS, SURVEY
from kept.channels import CONVERSATIONS, Purpose
from kept.clients.client import Client
from kept.clients.sender import spellings
from kept.messaging.message import Message
from kept.messaging.topic import MessageOfOurs
from kept.storage import appointments, clients, messages

SINCE = timedelta(days=31)
"""A visit that began so long ago may still be written of, and spoken of."""


def known_at(address: str, business: str, *, now: datetime) -> list[Client]:
    """Everybody who holds it or typed it for a booking: a number may be a family's. `business` is "" where all of them
    write from one account; only then it is eventually consistent.
    """
    return clients.of_contact(business, address, now=now) if business else clients.anywhere(address, now=now)


def conversation(known: Iterable[Client], address: str, *, now: datetime) -> list[MessageOfOurs]:
    """What is about their visits and about themselves, of what was written to that very address to be answered."""
    return [said for client in known for said in _said_to(client, spellings(address), now)]


def visits_to_come(known: Iterable[Client], *, now: datetime) -> list[Appointment]:
    """Of all of these clients, soonest first."""
    found = [visit for client in known for visit in _visits(client, now)]
    return sorted((one for one in found if one.is_to_come and one.ends > now), key=lambda one: one.starts)


def _said_to(client: Client, forms: tuple[str, ...], now: datetime) -> Iterator[MessageOfOurs]:
    """The question how it went goes where its visit was spoken of; it counts wherever that was."""
    about_them = [one for id in client.ids for one in _to_be_answered(client.business, id)]
    yield from (
        MessageOfOurs(one, client) for one in about_them if one.stage == SURVEY or client.address(one.channel) in forms
    )
    for visit in _visits(client, now):
        booked = addressee(client, visit)
        about_it = _to_be_answered(visit.business, visit.id)
        yield from (MessageOfOurs(one, client, visit) for one in about_it if booked.address(one.channel) in forms)


def _to_be_answered(business: str, about: str) -> list[Message]:
    said = messages.about(business, about)
    asks = (one for one in said if one.stage not in PLAIN_WORDS)
    return [one for one in asks if one.channel in CONVERSATIONS and one.purpose is not Purpose.STAFF]


def _visits(client: Client, now: datetime) -> list[Appointment]:
    ids = list(appointments.of_client(client.business, client.ids, since=now - SINCE))
    return list(appointments.several(client.business, ids))
