"""The ledger of messages, which is the outbox as well: what is owed stands in its lane until it is over."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.channels import Channel
from kept.lanes import Key, Lane, lane_key
from kept.messaging.message import Message, MessageName
from kept.messaging.received import Received, received_id
from kept.storage.codec import from_json, packed, to_json
from kept.storage.parts import Cursor, begin_after, by_id
from kept.storage.tables import ByWriter, MessageItem
from kept.storage.transaction import alone

RETENTION = timedelta(days=730)
"""DynamoDB removes a line that is older, by its `expires`."""

MOST_READ = 1_000
"""Of what one client wrote, the latest: nobody reads on, and a machine that writes must not make a page slow."""
TOGETHER = 100
"""DynamoDB's limit for one request."""
SENT = "sent#"
"""Begins what is no message, but tells which one a provider's own id stands for."""


def find(business: str, id: str) -> Message | None:
    try:
        return as_message(MessageItem.get(business, id, consistent_read=True))
    except MessageItem.DoesNotExist:
        return None


def about(business: str, about: str) -> list[Message]:
    """Everything said, or not said, about one appointment, follow-up or client, by version and stage."""
    found = MessageItem.query(business, MessageItem.id.startswith(f"{about}#v"), consistent_read=True)
    return [as_message(item) for item in found]


def several(business: str, ids: Iterable[str]) -> Iterator[Message]:
    """Those of them that exist, in no order."""
    keys = [(business, id) for id in ids]
    return (as_message(item) for item in MessageItem.batch_get(keys, consistent_read=True)) if keys else iter(())


def some(business: str, *, after: str, limit: int) -> tuple[list[Message], str | None]:
    """Among so many items of the business behind that id; and the id behind which there may be more."""
    items, more = by_id(MessageItem, business, after=after, limit=limit)
    return [as_message(item) for item in items if _is_ours(item.id)], more


def newest(business: str, about: str, *, limit: int) -> list[Message]:
    """Of everything said about it what has the last versions, as far as these have one length; the last first."""
    of_it = MessageItem.id.startswith(f"{about}#v")
    found = MessageItem.query(business, of_it, consistent_read=True, scan_index_forward=False, limit=limit)
    return [as_message(item) for item in found]


def received(business: str, ids: Iterable[str], *, since: datetime) -> Iterator[Received]:
    """What the client of these ids wrote from then on, the latest first, read as far as it is asked for; MOST_READ of
    each id at the most.

    Eventually consistent in what there is, and read afresh.
    """
    return merge(*(_received_of(business, id, since) for id in ids), key=lambda one: one.at, reverse=True)


def _received_of(business: str, client: str, since: datetime) -> Iterator[Received]:
    later = ByWriter.written_at >= int(since.timestamp())
    whose = f"{business}#{client}"
    found = MessageItem.by_writer.query(whose, later, scan_index_forward=False, limit=MOST_READ, page_size=TOGETHER)
    ids = (item.id for item in found)
    while part := list(islice(ids, TOGETHER)):
        yield from sorted(_afresh(business, part), key=lambda one: one.at, reverse=True)


def writings(business: str, *, after: Cursor | None, limit: int) -> tuple[list[Cursor], Cursor | None]:
    """What its clients wrote, the latest first: when, and the id of each; and where to read on, if there may be more.

    Eventually consistent: one unit of reading for some fifty of them.
    """
    begin = begin_after(after, "written_at", business=business)
    found = MessageItem.by_writing.query(business, scan_index_forward=False, limit=limit, last_evaluated_key=begin)
    read = [Cursor(int(item.written_at), item.id) for item in found]
    return read, read[-1] if read and found.last_evaluated_key else None


def wrote_after(business: str, client: str, at: int) -> bool:
    """Whether this client wrote anything later than that (epoch seconds)."""
    found = MessageItem.by_writer.query(f"{business}#{client}", ByWriter.written_at > at, limit=1)
    return any(True for _ in found)


def received_of(business: str, ids: Iterable[str]) -> dict[str, Received]:
    """Those of these words that exist, by their id, of whichever clients they are."""
    wanted = list(dict.fromkeys(ids))
    return {one.id: one for one in _afresh(business, wanted)} if wanted else {}


def last_received(business: str, ids: Iterable[str], *, since: datetime) -> Received | None:
    """What the client of these ids wrote last, if it is no older than that; eventually consistent in what there is."""
    later = ByWriter.written_at >= int(since.timestamp())
    each = (
        item.id
        for id in ids
        for item in MessageItem.by_writer.query(f"{business}#{id}", later, scan_index_forward=False, limit=1)
    )
    return max(_afresh(business, list(each)), key=lambda one: one.at, default=None)


def received_under(business: str, ids: Iterable[str], keys: Iterable[str]) -> list[Received]:
    """Those of the words of the client of these ids that came under these keys, in no order."""
    wanted = [received_id(id, key) for key in dict.fromkeys(keys) for id in ids]
    return list(_afresh(business, wanted)) if wanted else []


def find_received(one: Received) -> Received | None:
    """The same, as it was written down the first time it came."""
    return written(one.business, one.client, one.key)


def written(business: str, client: str, key: str) -> Received | None:
    """These words, written down under that very id."""
    try:
        return as_received(MessageItem.get(business, received_id(client, key), consistent_read=True))
    except MessageItem.DoesNotExist:
        return None


def was_received(business: str, ids: Iterable[str], key: str) -> bool:
    """Whether these words were written down before, of the client of these ids."""
    return bool(received_under(business, ids, [key]))


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
    transaction.save(as_item(message), condition=_unchanged(message))
    return key(message)


def put_all(some: Iterable[Message], transaction: TransactWrite, *, now: datetime) -> list[Key]:
    """The keys of those that are to go now."""
    keys = [(message, put(message, transaction)) for message in some]
    return [key for message, key in keys if not message.waits(now=now)]


def key(message: Message) -> Key:
    """What a queue carries for it."""
    return Key(Lane.MESSAGE, message.business, message.id)


def put_alone(message: Message) -> Message:
    """A message as it has become, if nobody wrote it since it was read. Raises Lost."""
    with alone():
        as_item(message).save(condition=_unchanged(message))
    return replace(message, revision=message.revision + 1)


def _is_ours(id: str) -> bool:
    """And neither what a provider calls it nor what a client wrote."""
    return not id.startswith(SENT) and MessageName.read(id) is not None


def _pointer(business: str, channel: Channel, provider_id: str) -> MessageItem:
    return MessageItem(business, f"{SENT}{channel}#{provider_id}", revision=1)


def _unchanged(message: Message | Received) -> Condition:
    if message.revision == 0:
        return MessageItem.id.does_not_exist()
    return MessageItem.revision == message.revision


def as_item(message: Message) -> MessageItem:
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
    return (as_received(item) for item in MessageItem.batch_get(keys, consistent_read=True))


def as_received(item: MessageItem) -> Received:
    return replace(from_json(Received, item.body), revision=int(item.revision))


def as_message(item: MessageItem) -> Message:
    return replace(from_json(Message, item.body), revision=int(item.revision))
