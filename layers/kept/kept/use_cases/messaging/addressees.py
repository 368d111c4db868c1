"""Whom to speak to about a booking: those it was made for, and whoever else has the address that was typed."""

from collections.abc import Sequence
from datetime import datetime

from kept.booking.addressee import addressee, own_channels, respecting
from kept.booking.appointment import Appointment
from kept.channels import Channel
from kept.clients.client import Client
from kept.clients.refusals import UnknownClient
from kept.storage import appointments, clients


def addressee_of(visit: Appointment) -> Client:
    """The client as this booking was made: whom to name, in which language and zone. Raises UnknownClient."""
    return addressee(clients.load(visit.business, visit.client), visit)


def as_shown(visit: Appointment) -> tuple[Client, Client | None]:
    """The same for staff to see, with the client as they stand: nothing of one who was forgotten, whose bookings keep
    what was typed. Raises UnknownClient."""
    record = clients.find(visit.business, visit.client)
    if record is None and visit.booked_as is None:
        raise UnknownClient
    return _shown(visit, record)


def all_as_shown(visits: Sequence[Appointment]) -> list[tuple[Client, Client | None]]:
    """The same of visits of one business, whose clients are read together; one whom nobody knows has no name."""
    records = clients.several(visits[0].business, (visit.client for visit in visits)) if visits else {}
    return [_shown(visit, records.get(visit.client)) for visit in visits]


def _shown(visit: Appointment, record: Client | None) -> tuple[Client, Client | None]:
    nobody = Client(visit.business, visit.client, "", "", visit.tz)
    return addressee(record or nobody, visit), record


def of_matter(business: str, about: str, client: Client) -> Client:
    """The same for a matter that may be about a visit (its id, or "")."""
    visit = appointments.find(business, about) if about else None
    return addressee(client, visit) if visit else client


def respected(record: Client, reached: Client, channel: Channel, *, now: datetime) -> Client:
    """Where the address is none of the client's own, whoever else has it is asked whether anything may go there."""
    address = reached.address(channel)
    if address is None or channel in own_channels(record, reached):
        return reached
    return respecting(reached, channel, clients.of_contact(record.business, address, now=now), at=now)
