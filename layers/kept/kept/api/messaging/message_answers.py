"""What was said about an appointment, as staff see it: our messages with their reasons, and the client's replies."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kept.api.base import Answer
from kept.api.reasons import Facts, told
from kept.business.catalog import Catalog
from kept.channels import Channel
from kept.language_tags import FALLBACK
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.use_cases.booking.failed_messages import FailedMessage


class MessageAnswer(Answer):
    """A line of the ledger with its reason, in the asker's words, and that reason's code and facts.

    `in_doubt`: an earlier attempt may have reached the client as well.
    """

    stage: str
    version: int
    channel: Channel
    status: MessageStatus
    reason: str
    reason_code: str
    facts: Facts
    created_at: datetime
    sent_at: datetime | None
    next_try: datetime | None
    useful_until: datetime | None
    delivery: Delivery | None
    delivered_at: datetime | None
    read_at: datetime | None
    in_doubt: bool


class FailedMessageAnswer(MessageAnswer):
    """A line of the ledger, and the visit it is about: whose, as it was booked, and when, in the business's zone."""

    appointment: str
    start: datetime
    client: str
    client_name: str


class ReplyAnswer(Answer):
    """What the client wrote about an appointment, how it was read (`confidence` of 1) and what was done: in the asker's
    words, and its code and facts."""

    at: datetime
    channel: Channel
    text: str
    intent: Intent
    confidence: float
    done: str
    done_code: str
    facts: Facts


def messages(ledger: Iterable[Message], language: str = FALLBACK) -> list[MessageAnswer]:
    """In the order in which they were decided."""
    ordered = sorted(ledger, key=lambda message: message.created_at)
    return [MessageAnswer(**_line(message, language)) for message in ordered]


def failed(
    found: Iterable[tuple[FailedMessage, str]], catalog: Catalog, language: str = FALLBACK
) -> list[FailedMessageAnswer]:
    """Each with the name of its client."""
    return [
        FailedMessageAnswer(
            **_line(one.message, language),
            appointment=one.visit.id,
            start=one.visit.starts.astimezone(catalog.business.zone),
            client=one.visit.client,
            client_name=name,
        )
        for one, name in found
    ]


def _line(message: Message, language: str) -> dict[str, Any]:
    return {
        "stage": message.stage,
        "version": message.version,
        "channel": message.channel,
        "status": message.status,
        **told(message.reason, "reason", language),
        "created_at": message.created_at,
        "sent_at": message.sent_at,
        "next_try": message.due_at,
        "useful_until": message.useful_until,
        "delivery": message.delivery,
        "delivered_at": message.delivered_at,
        "read_at": message.read_at,
        "in_doubt": message.in_doubt,
    }


def replies(received: Iterable[Received], language: str = FALLBACK) -> list[ReplyAnswer]:
    return [
        ReplyAnswer(
            at=one.at,
            channel=one.channel,
            text=one.text,
            intent=one.intent,
            confidence=one.confidence,
            **told(one.done, "done", language),
        )
        for one in received
    ]
