"""Blocks: items beside appointments, in the same index of starts, with nothing due and no client."""

from collections.abc import Iterable
from dataclasses import replace

from pynamodb.transactions import TransactWrite

from kept.booking.block import Block
from kept.booking.day_page import BLOCK
from kept.storage.appointments import face_of
from kept.storage.codec import from_json, to_json
from kept.storage.tables import AppointmentItem


def find(business: str, id: str) -> Block | None:
    try:
        return _block(AppointmentItem.get(business, BLOCK + id, consistent_read=True))
    except AppointmentItem.DoesNotExist:
        return None


def several(business: str, refs: Iterable[str]) -> list[Block]:
    """Those of them that exist, soonest first, by their names in the book; a request for every hundred."""
    keys = [(business, ref) for ref in refs]
    found = (_block(item) for item in AppointmentItem.batch_get(keys, consistent_read=True)) if keys else ()
    return sorted(found, key=lambda block: (block.slot.starts, block.id))


def put(block: Block, transaction: TransactWrite) -> None:
    """On the condition that it is as it was read, or, new, that its id is free."""
    item = AppointmentItem(
        block.business,
        block.ref,
        revision=block.revision + 1,
        body=to_json(block),
        starts=int(block.slot.starts.timestamp()),
        face=face_of(block.slot.staff, block.face),
    )
    as_read = AppointmentItem.revision == block.revision if block.revision else AppointmentItem.id.does_not_exist()
    transaction.save(item, condition=as_read)


def take_away(block: Block, transaction: TransactWrite) -> None:
    """On the condition that it is as it was read."""
    item = AppointmentItem(block.business, block.ref)
    transaction.delete(item, condition=AppointmentItem.revision == block.revision)


def _block(item: AppointmentItem) -> Block:
    return replace(from_json(Block, item.body), revision=int(item.revision))
