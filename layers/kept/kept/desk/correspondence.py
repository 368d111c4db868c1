"""All that a client and the business said to each other lately."""

from datetime import datetime, timedelta

from kept.clients.client import Client
from kept.messaging.message import Message
from kept.messaging.received import Received
from kept.storage import appointments, messages

LATELY = timedelta(days=180)
MOST = 200
"""Lines; of more, the latest."""


def correspondence(client: Client, *, now: datetime) -> list[Message | Received]:
    """In order of time: their words, and our messages about their visits of that time and about themselves."""
    since = now - LATELY
    about = [client.id, *appointments.of_client(client.business, client.id, since=since)]
    ours = (message for id in about for message in messages.about(client.business, id))
    lines: list[Message | Received] = [message for message in ours if message.recipient == client.id]
    lines += messages.received(client.business, client.id)
    return [line for line in sorted(lines, key=said_at) if said_at(line) >= since][-MOST:]


def said_at(line: Message | Received) -> datetime:
    """A message that was never sent stands where it was decided."""
    return line.at if isinstance(line, Received) else line.sent_at or line.created_at
