"""The ledger of messages, which is the outbox as well: what is owed stands in its lane until it is over."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.channels import Channel
from kept.lanes import Key, Lane, lane_key
from kept.messaging.message import Message
from kept.messaging.received import Received, received_id
from kept.storage.codec import from_json, packed, to_json
from kept.storage.tables import ByWriter, MessageItem
from kept.storage.transaction import alone

RETENTION = timedelta(days=730)
"""DynamoDB removes a line that is older, by its `expires`."""

MOST_READ = 1_000
"""Of what one client wrote, the latest: nobody reads on, and a machine that writes must not make a page slow."""
TOGETHER = 100
"""DynamoDB's limit for one request."""


def find(business: str, id: str) -> Message | None:
    try:
        return _message(MessageItem.get(business, id, consistent_read=True))
    except MessageItem.DoesNotExist:
        return None


def about(business: str, about: str) -> list[Message]:
    """Everything said, or not said, about one appointment, follow-up or client, by version and stage."""
    found = MessageItem.query(business, MessageItem.id.startswith(f"{about}#v"), consistent_read=True)
    return [_message(item) for item in found]


def newest(business: str, about: str, *, limit: int) -> list[Message]:
    """Of everything said about it what has the last versions, as far as these have one length; the last first."""
    of_it = MessageItem.id.startswith(f"{about}#v")
    found = MessageItem.query(business, of_it, consistent_read=True, scan_index_forward=False, limit=limit)
    return [_message(item) for item in found]


def received(business: str, client: str, *, since: datetime) -> Iterator[Received]:
    """What this client wrote from then on, the latest first; MOST_READ at the most, and read as far as it is asked for.

    Eventually consistent in what there is, and read afresh.
    """
    later = ByWriter.written_at >= int(since.timestamp())
    whose = f"{business}#{client}"
    found = MessageItem.by_writer.query(whose, later, scan_index_forward=False, limit=MOST_READ, page_size=TOGETHER)
    ids = (item.id for item in found)
    while part := list(islice(ids, TOGETHER)):
        yield from sorted(_afresh(business, part), key=lambda one: one.at, reverse=True)


def received_under(business: str, client: str, keys: Iterable[str]) -> list[Received]:
    """Those of their words that came under these keys, in no order."""
    wanted = [received_id(client, key) for key in dict.fromkeys(keys)]
    return list(_afresh(business, wanted)) if wanted else []


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
        body=packed(to_json(one)),
        expires=int((one.at + RETENTION).timestamp()),
        writer=f"{one.business}#{one.client}",
        written_at=int(one.at.timestamp()),
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
        body=packed(to_json(message)),
        due_lane=lane_key(Lane.MESSAGE, message.id) if message.due_at else None,
        due_at=ceil(message.due_at.timestamp()) if message.due_at else None,
        expires=int((message.created_at + RETENTION).timestamp()),
    )


def _afresh(business: str, ids: Iterable[str]) -> Iterator[Received]:
    keys = [(business, id) for id in ids]
    return (_received(item) for item in MessageItem.batch_get(keys, consistent_read=True))


def _received(item: MessageItem) -> Received:
    return replace(from_json(Received, item.body), revision=int(item.revision))


def _message(item: MessageItem) -> Message:
    return replace(from_json(Message, item.body), revision=int(item.revision))
