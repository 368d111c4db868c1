"""The messages that an event causes, ready for the transaction that commits it."""

from datetime import datetime

from kept.booking.appointment import Appointment
from kept.clients.client import Client
from kept.messaging.message import Message
from kept.messaging.purpose import Channel, Purpose


def to_client(
    appointment: Appointment, client: Client, stage: str, *, now: datetime, useful_until: datetime | None = None
) -> Message:
    """One text about their booking over the channel they prefer; where none is open to us the ledger will say so."""
    return Message(
        business=appointment.business,
        about=appointment.id,
        version=appointment.version,
        stage=stage,
        channel=_channel(client),
        purpose=Purpose.TRANSACTIONAL,
        recipient=client.id,
        created_at=now,
        due_at=now,
        useful_until=useful_until,
    )


def _channel(client: Client) -> Channel:
    usable = client.channels(Purpose.TRANSACTIONAL)
    reachable = [channel for channel in Channel if client.address(channel)]
    return next(iter([*usable, *reachable]), Channel.EMAIL)
