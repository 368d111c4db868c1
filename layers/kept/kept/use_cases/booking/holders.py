"""Who has a time that somebody else is to have: told to staff alone."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from kept.actor import Change
from kept.booking.appointment import Slot
from kept.booking.day_page import BLOCK, Entry, is_block
from kept.booking.refusals import SlotTaken
from kept.business.catalog import Catalog
from kept.storage import appointments, blocks
from kept.use_cases.booking.allocation import in_the_way, nearest_to
from kept.use_cases.booking.open_times import AvailabilityQuery
from kept.use_cases.messaging.addressees import all_as_shown


def taken(question: AvailabilityQuery, ref: str, slot: Slot) -> SlotTaken:
    """By whom, and where else there is room for it."""
    by = who_has(in_the_way(question, ref, slot), question.catalog)
    return SlotTaken(taken_by=by, alternatives=nearest_to(question, slot.starts) if question.staff else [])


def holders(question: AvailabilityQuery, ref: str, starts: datetime) -> list[dict[str, object]]:
    """Who has it with any of those it could be with, and in any of the rooms, soonest first and each once."""
    rooms: list[str | None] = [room.id for room in question.rooms] or [None]
    ends = starts + timedelta(minutes=question.service.duration)
    buffers = (question.service.before, question.service.after)
    slots = (Slot(starts, ends, member.id, room, *buffers) for member in question.staff for room in rooms)
    found = {entry.ref: entry for slot in slots for entry in in_the_way(question, ref, slot)}
    return who_has(sorted(found.values(), key=lambda entry: entry.start), question.catalog)


@contextmanager
def naming_holders(question: AvailabilityQuery, ref: str, starts: datetime, change: Change) -> Iterator[None]:
    """Staff are told who has the time that they ask for. Raises SlotTaken."""
    try:
        yield
    except SlotTaken as refusal:
        if change.by.is_staff:
            refusal.facts["taken_by"] = holders(question, ref, starts)
        raise


def who_has(entries: Iterable[Entry], catalog: Catalog) -> list[dict[str, object]]:
    """A booking by its id and name, a block by its id and why; of a hold nothing is known but until when it lasts."""
    entries = list(entries)
    business, refs = catalog.business.id, {entry.ref for entry in entries if entry.is_booking}
    visits = list(appointments.several(business, refs, consistently=True)) if refs else []
    names = {visit.id: client.name or None for visit, (client, _) in zip(visits, all_as_shown(visits), strict=True)}
    whys = {block.ref: block.why for block in blocks.several(business, {it.ref for it in entries if is_block(it.ref)})}
    return [_holder(entry, catalog, names, whys) for entry in entries]


def _holder(entry: Entry, catalog: Catalog, names: dict[str, str | None], whys: dict[str, str]) -> dict[str, object]:
    def told(seconds: int) -> str:
        return datetime.fromtimestamp(seconds, UTC).astimezone(catalog.business.zone).isoformat()

    return {
        "appointment": entry.ref if entry.is_booking else None,
        "client_name": names.get(entry.ref),
        "block": entry.ref.removeprefix(BLOCK) if is_block(entry.ref) else None,
        "why": whys.get(entry.ref),
        "start": told(entry.start * 60),
        "end": told(entry.end * 60),
        "held_until": None if entry.hold_until is None else told(entry.hold_until),
    }
