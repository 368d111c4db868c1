"""The last word to a number that wants no more of ours, or is not the client's: once for each time that it asks."""

from datetime import datetime, timedelta

from kept import ids
from kept.business.text_names import WRONG_NUMBER
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.clients.sender import spellings
from kept.due_work.queues import hand_over
from kept.messaging.outgoing import about_no_visit
from kept.messaging.received import Received
from kept.storage import messages
from kept.storage.transaction import Lost

ANSWERED_BEFORE_US = frozenset({Channel.SMS, Channel.WEBHOOK})
"""Where the carrier, or the business's own gateway, answers a word for an opt-out by itself."""
USEFUL = timedelta(hours=12)


def say_goodbye(stage: str, received: Received, client: Client, address: str, *, now: datetime) -> None:
    """Over the channel it came by, and to that address alone; no link and nothing of a visit is in it.

    Not where somebody has answered already, nor to an address that was only typed for a booking of theirs. A second
    STOP is not answered again, before they said START and STOP anew. A crash before it costs the word, not the STOP.
    """
    channel = received.channel
    carriers_own = stage != WRONG_NUMBER and received.carriers_word and channel in ANSWERED_BEFORE_US
    if carriers_own or client.address(channel) not in spellings(address):
        return
    asked = ids.digest(f"{address}\n{_agreed_at(client, channel)}")
    message = about_no_visit(client, stage, channel, now=now, useful_until=now + USEFUL, occasion=asked)
    try:
        messages.put_alone(message)
    except Lost:
        return
    hand_over([messages.key(message)])


def _agreed_at(client: Client, channel: Channel) -> datetime | None:
    """When they last said that they want them."""
    lines = (line for line in reversed(client.consents) if line.channel is channel and line.said is ConsentWord.GIVEN)
    return next((line.at for line in lines if line.purpose is Purpose.TRANSACTIONAL), None)
