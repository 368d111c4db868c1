"""Which provider an event in the queue is from, and what it says."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.channels import Channel
from kept.messaging.channels import email, sms, webhook, wechat_inbound, whatsapp
from kept.messaging.channels.reading import instant
from kept.messaging.inbound import Receipt, Reply, Tapped, Unreadable

Said = Sequence[Receipt | Reply | Tapped]
Reader = Callable[[Mapping[str, Any]], Said]

MARKS: tuple[tuple[str, Reader], ...] = (
    ("whatsAppWebhookEntry", whatsapp.events),
    ("originationNumber", sms.events),
    ("eventVersion", sms.events),
    ("eventType", email.events),
    ("notificationType", email.events),
)
"""A field that only this provider's events have, the most telling first."""


GREETING = "Successfully validated SNS topic"
"""What SES says to a new topic, once and in plain words."""


def called(business: str, channel: Channel, body: str) -> str:
    """What is put into the queue for a call whose signature was checked; from then on it is to be believed."""
    return json.dumps({"called": channel, "business": business, "body": body})


@dataclass(frozen=True, slots=True)
class Brought:
    """One record of the queue as it is to be read: what it holds, and when it came, where the topic says so."""

    body: str
    came: datetime | None = None


def unwrapped(body: str) -> Brought:
    """Out of the envelope that a topic puts round it, whose time outlasts a stay among the dead letters."""
    try:
        envelope = json.loads(body)
        if envelope["Type"] == "Notification":
            return Brought(str(envelope["Message"]), instant(envelope["Timestamp"]))
    except (ValueError, LookupError, TypeError, ArithmeticError):
        pass
    return Brought(body)


def apart(body: str) -> list[str]:
    """A record that tells of several things as a record for each, so that none is set aside with its neighbour.

    What cannot be taken apart is one: it is for `said` to find out what is wrong with it.
    """
    try:
        event = json.loads(body)
        if isinstance(event, dict) and "whatsAppWebhookEntry" in event:
            return [json.dumps(one, ensure_ascii=False) for one in whatsapp.apart(event)]
    except (ValueError, Unreadable):
        pass
    return [body]


def parse(body: str) -> Said:
    """Raises Unreadable."""
    if body.startswith(GREETING):
        return []
    event = _read(body)
    if not isinstance(event, dict):
        raise Unreadable("not an object")
    if "called" in event:
        return _from_call(event)
    for mark, read in MARKS:
        if mark in event:
            return read(event)
    raise Unreadable("of no provider of ours")


def _from_call(event: Mapping[str, Any]) -> Said:
    if event["called"] == Channel.WECHAT:
        return wechat_inbound.events(event["body"].encode(), business=event["business"])
    return webhook.events(_read(event["body"]), business=event["business"])


def _read(text: str) -> Any:
    """Raises Unreadable."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unreadable("not JSON") from error
