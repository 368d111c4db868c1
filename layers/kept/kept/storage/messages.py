"""The ledger of messages, which is the outbox as well: what is owed stands in its lane until it is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.lanes import Lane, lane_key
from kept.messaging.message import Message
from kept.messaging.purpose import Channel
from kept.messaging.received import Received, received_id
from kept.queues import Key
from kept.storage.codec import from_json, to_json
from kept.storage.tables import MessageItem
from kept.storage.transaction import alone

RETENTION = timedelta(days=730)
"""DynamoDB removes a line that is older, by its `expires`."""


def find(business: str, id: str) -> Message | None:
    try:
        return _message(MessageItem.get(business, id, consistent_read=True))
    except MessageItem.DoesNotExist:
        return None


def about(business: str, about: str) -> list[Message]:
    """Everything said, or not said, about one appointment, follow-up or client, by version and stage."""
    found = MessageItem.query(business, MessageItem.id.startswith(f"{about}#v"), consistent_read=True)
    return [_message(item) for item in found]


def received(business: str, client: str) -> list[Received]:
    """Everything this client wrote, oldest first."""
    found = MessageItem.query(business, MessageItem.id.startswith(f"{client}#in#"), consistent_read=True)
    return sorted((_received(item) for item in found), key=lambda one: one.at)


def find_received(one: Received) -> Received | None:
    """The same, as it was written down the first time it came."""
    return written(one.business, one.client, one.key)


def written(business: str, client: str, key: str) -> Received | None:
    """These words of theirs."""
    try:
        return _received(MessageItem.get(business, received_id(client, key), consistent_read=True))
    except MessageItem.DoesNotExist:
        return None


def was_received(business: str, client: str, key: str) -> bool:
    """Whether these words were written down as theirs before."""
    return written(business, client, key) is not None


def put_received(one: Received) -> Received:
    """Raises Lost."""
    item = MessageItem(
        one.business,
        one.id,
        revision=one.revision + 1,
        body=to_json(one),
        expires=int((one.at + RETENTION).timestamp()),
    )
    with alone():
        item.save(condition=_unchanged(one))
    return replace(one, revision=one.revision + 1)


def remember(message: Message, provider_id: str, *, until: datetime) -> None:
    """Which message a provider's own id stands for, where its receipts carry no other."""
    pointer = _pointer(message.business, message.channel, provider_id)
    pointer.body, pointer.expires = message.id, int(until.timestamp())
    pointer.save()


def named(business: str, channel: Channel, provider_id: str) -> str | None:
    """The id of the message that a provider calls so."""
    try:
        pointer = _pointer(business, channel, provider_id)
        pointer.refresh()
    except MessageItem.DoesNotExist:
        return None
    return str(pointer.body)


def put(message: Message, transaction: TransactWrite) -> Key:
    """A new message, on the condition that it was never decided before."""
    transaction.save(_item(message), condition=_unchanged(message))
    return key(message)


def key(message: Message) -> Key:
    """What a queue carries for it."""
    return Key(Lane.MESSAGE, message.business, message.id)


def put_alone(message: Message) -> Message:
    """A message as it has become, if nobody wrote it since it was read. Raises Lost."""
    with alone():
        _item(message).save(condition=_unchanged(message))
    return replace(message, revision=message.revision + 1)


def _pointer(business: str, channel: Channel, provider_id: str) -> MessageItem:
    return MessageItem(business, f"sent#{channel}#{provider_id}", revision=1)


def _unchanged(message: Message | Received) -> Condition:
    if message.revision == 0:
        return MessageItem.id.does_not_exist()
    return MessageItem.revision == message.revision


def _item(message: Message) -> MessageItem:
    return MessageItem(
        message.business,
        message.id,
        revision=message.revision + 1,
        body=to_json(message),
        due_lane=lane_key(Lane.MESSAGE, message.id) if message.due_at else None,
        due_at=ceil(message.due_at.timestamp()) if message.due_at else None,
        expires=int((message.created_at + RETENTION).timestamp()),
    )


def _received(item: MessageItem) -> Received:
    return replace(from_json(Received, item.body), revision=int(item.revision))


def _message(item: MessageItem) -> Message:
    return replace(from_json(Message, item.body), revision=int(item.revision))
