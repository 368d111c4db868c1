"""The events of a message: each step that it can take once, told when it was taken; and of what clients write."""

from collections.abc import Iterator
from datetime import datetime

from kept.events.catalogue import EventType, MessageTold, OutgoingEvent, ReplyTold, an_event
from kept.events.change import Kind
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.received import Received

NOT_SENT = frozenset({MessageStatus.SKIPPED, MessageStatus.SUPPRESSED, MessageStatus.MISSED})

ORDER = {
    EventType.SENT: 1,
    EventType.DELIVERED: 2,
    EventType.READ: 3,
    EventType.FAILED: 4,
    EventType.SKIPPED: 5,
}
"""The number of each: every message takes each step once at the most."""


def events(before: Message | None, after: Message, *, at: datetime) -> Iterator[OutgoingEvent]:
    known = dict(_steps(before, at)) if before else {}
    for type, when in _steps(after, at):
        if type not in known:
            yield _event(type, after, when)


def received(before: Received | None, after: Received) -> Iterator[OutgoingEvent]:
    """Once, as it was read when it came; what was done about it shows in what was done."""
    if before is None:
        told = ReplyTold(after.client, after.channel, after.about, after.answers, after.intent)
        yield an_event(EventType.RECEIVED, after.business, Kind.REPLY, after.id, number=1, at=after.at, data=told)


def _steps(message: Message, at: datetime) -> Iterator[tuple[EventType, datetime]]:
    """Those it has taken by now, as far as its line says when; else at that instant."""
    if message.status is MessageStatus.SENT:
        yield EventType.SENT, message.sent_at or at
    if message.delivered_at or message.delivery in (Delivery.DELIVERED, Delivery.READ):
        yield EventType.DELIVERED, message.delivered_at or message.read_at or at
    if message.read_at or message.delivery is Delivery.READ:
        yield EventType.READ, message.read_at or at
    if message.status is MessageStatus.FAILED or message.delivery is Delivery.FAILED:
        yield EventType.FAILED, at
    if message.status in NOT_SENT:
        yield EventType.SKIPPED, at


def _event(type: EventType, message: Message, at: datetime) -> OutgoingEvent:
    told = MessageTold(
        about=message.about,
        stage=message.stage,
        channel=message.channel,
        purpose=message.purpose,
        recipient=message.recipient,
        status=message.status,
        reason=message.reason.code if message.reason else None,
    )
    return an_event(type, message.business, Kind.MESSAGE, message.id, number=ORDER[type], at=at, data=told)
