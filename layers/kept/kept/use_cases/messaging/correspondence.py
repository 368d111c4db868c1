"""All that a client and the business said to each other lately."""

from datetime import datetime, timedelta
from itertools import islice

from kept.booking.appointment import Appointment
from kept.clients.client import Client
from kept.messaging.message import Message
from kept.messaging.received import Received
from kept.storage import appointments, clients, messages

LATELY = timedelta(days=180)
MOST = 200
"""Lines; of more, the latest."""


def correspondence(client: Client, *, now: datetime) -> list[Message | Received]:
    """In order of time: their words, and our messages about their visits of that time and about themselves."""
    since = now - LATELY
    about = [*client.ids, *appointments.of_client(client.business, client.ids, since=since)]
    ours = (message for id in about for message in messages.about(client.business, id))
    lines: list[Message | Received] = [message for message in ours if message.recipient in client.ids]
    lines += islice(messages.received(client.business, client.ids, since=since), MOST)
    return [line for line in sorted(lines, key=said_at) if said_at(line) >= since][-MOST:]


def replies_about(visit: Appointment) -> list[Received]:
    """What the client wrote about it since it was booked, oldest first; of more than MOST the latest."""
    whose = clients.ids(visit.business, visit.client)
    theirs = messages.received(visit.business, whose, since=visit.booked_at)
    return list(islice((one for one in theirs if one.about == visit.id), MOST))[::-1]


def said_at(line: Message | Received) -> datetime:
    """A message that was never sent stands where it was decided."""
    return line.at if isinstance(line, Received) else line.sent_at or line.created_at
