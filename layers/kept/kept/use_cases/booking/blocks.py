"""Blocking somebody's time: a block and its entries in the book in one write, never over what stands there."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Slot
from kept.booking.block import Block
from kept.booking.refusals import SlotTaken, UnknownBlock
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownStaff
from kept.due_work.queues import hand_over
from kept.errors import Outdated
from kept.storage import blocks, day_pages
from kept.storage.transaction import together
from kept.use_cases.booking.allocation import find_again, given_up
from kept.use_cases.booking.holders import taken
from kept.use_cases.booking.open_times import AvailabilityQuery
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist import freed


@dataclass(frozen=True, slots=True)
class BlockChange:
    """What is to be otherwise; None stays. `revision` is the one seen."""

    revision: int
    starts: datetime | None = None
    ends: datetime | None = None
    staff: str | None = None
    why: str | None = None


def put_in(catalog: Catalog, staff: str, starts: datetime, ends: datetime, why: str, change: Change) -> Block:
    """A new one; a repeat of the request finds it. Raises SlotTaken with who has the time, UnknownStaff, and what a
    block is refused for."""
    business, id = catalog.business.id, ids.from_key("b", catalog.business.id, change.key)

    def done() -> Block | None:
        return blocks.find(business, id)

    def attempt() -> Block:
        if first := done():
            return first
        _must_be_here(catalog, staff)
        new = Block(business, id, Slot(starts, ends, staff), why, by=change.by.id)
        return _written(catalog, None, new.changed(starts, ends, staff, why, now=change.at), change)

    return retried(attempt, done=done)


def change_one(catalog: Catalog, id: str, wanted: BlockChange, change: Change) -> Block:
    """Another time, person or reason. It may stay with whoever has left. Raises UnknownBlock, Outdated, and what a new
    one is refused for."""

    def attempt() -> Block:
        before = _as_seen(catalog, id, wanted.revision)
        slot, staff = before.slot, wanted.staff or before.slot.staff
        if staff != slot.staff:
            _must_be_here(catalog, staff)
        why = before.why if wanted.why is None else wanted.why
        after = before.changed(wanted.starts or slot.starts, wanted.ends or slot.ends, staff, why, now=change.at)
        return before if after == before else _written(catalog, before, after, change)

    return retried(attempt)


def take_out(catalog: Catalog, id: str, revision: int, *, now: datetime) -> Block:
    """As it was; its time is free for whoever waits. Raises UnknownBlock, Outdated."""

    def attempt() -> Block:
        block = _as_seen(catalog, id, revision)
        pages = given_up(catalog.business, block.slot, block.ref)
        with together() as transaction:
            for page in pages:
                day_pages.put(block.business, page, transaction)
            blocks.take_away(block, transaction)
            keys = freed.given_back(block, transaction, at=now)
        hand_over(keys)
        return block

    return retried(attempt)


def _as_seen(catalog: Catalog, id: str, revision: int) -> Block:
    if (block := blocks.find(catalog.business.id, id)) is None:
        raise UnknownBlock
    if block.revision != revision:
        raise Outdated(revision=block.revision)
    return block


def _must_be_here(catalog: Catalog, staff: str) -> None:
    if staff not in catalog.staff:
        raise UnknownStaff


def _written(catalog: Catalog, before: Block | None, block: Block, change: Change) -> Block:
    """On its pages and off those on which it stood."""
    nothing = catalog.service_of(block)
    question = AvailabilityQuery(catalog, nothing, (), catalog.business.zone, change.at, own=block.ref)
    try:
        place = find_again(question, block.ref, block.slot)
    except SlotTaken as error:
        raise taken(question, block.ref, block.slot) from error
    left = given_up(catalog.business, before.slot, block.ref, but=place.pages) if before else []
    block = replace(block, slot=place.slot)
    with together() as transaction:
        for page in (*place.pages, *left):
            day_pages.put(block.business, page, transaction)
        blocks.put(block, transaction)
        is_elsewhere = before is not None and not before.is_within(block.slot)
        keys = freed.given_back(before, transaction, at=change.at) if before and is_elsewhere else []
    hand_over(keys)
    return replace(block, revision=block.revision + 1)
