"""The messages that an event causes, ready for the transaction that commits it."""

from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.catalog import Business
from kept.clients.client import Client
from kept.messaging.message import Message
from kept.messaging.purpose import Channel, Purpose


def to_client(
    appointment: Appointment,
    client: Client,
    business: Business,
    stage: str,
    *,
    now: datetime,
    useful_until: datetime | None = None,
    over: Channel | None = None,
    occasion: str = "",
) -> Message:
    """One text about their booking over the channel they prefer; where none is open to us the ledger will say so.

    `over` another channel that the stage or the client chose; `occasion` is the reply that it answers.
    """
    return Message(
        business=appointment.business,
        about=appointment.id,
        version=appointment.version,
        stage=stage,
        channel=over or channel_for(client, business, Purpose.TRANSACTIONAL),
        purpose=Purpose.TRANSACTIONAL,
        recipient=client.id,
        created_at=now,
        due_at=now,
        useful_until=useful_until,
        occasion=occasion,
    )


def to_staff(appointment: Appointment, stage: str, *, now: datetime) -> Message:
    """To whoever the appointment is with, by e-mail."""
    return Message(
        business=appointment.business,
        about=appointment.id,
        version=appointment.version,
        stage=stage,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=appointment.slot.staff,
        created_at=now,
        due_at=now,
    )


def channel_for(client: Client, business: Business, purpose: Purpose) -> Channel:
    usable = client.channels(purpose, business.channels)
    reachable = [channel for channel in business.channels if client.address(channel)]
    return next(iter([*usable, *reachable]), business.channels[0])
