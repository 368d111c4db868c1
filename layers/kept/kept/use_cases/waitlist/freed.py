"""What came free, found from the change itself: a cancellation, a move, a shorter visit, what is left of a missed one,
what lapsed, hours that were opened, and a block that was taken away. And what a booking of whoever waits means for what
they wait for, and any setting for what is on offer."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import KEPT
from kept.actor import Change as Act
from kept.booking.appointment import Appointment, Slot
from kept.booking.block import Block
from kept.booking.states import Status
from kept.business.catalog import Catalog, StaffMember
from kept.business.setting_change import SettingChange
from kept.due_work.queues import hand_over
from kept.events.change import Change
from kept.lanes import Key
from kept.storage import catalogs, clients, waitlist
from kept.storage.codec import from_json
from kept.storage.transaction import Lost, together
from kept.timekeeping.weekly_hours import WorkingHours, open_minutes, without
from kept.use_cases.clients.visits import known
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist.joining import written
from kept.waitlist.claim import claim
from kept.waitlist.entry import Claim, WaitlistEntry
from kept.waitlist.opening import FreedBy, LiveOffer, Opening

AHEAD = timedelta(days=60)
"""Of hours that were opened so much is offered."""
KNOWN_EVERYWHERE = timedelta(seconds=catalogs.FRESH)
"""So long after a setting was saved whoever looks goes by it."""
NO_SLOT = frozenset({Status.CANCELLED, Status.COMPLETED, Status.EXPIRED})


def watch(change: Change) -> None:
    """Where nobody waits one item is looked for, and nothing else. A repeat finds the same freed time there already."""
    business, about = change.business, change.after
    if not isinstance(about, Appointment | SettingChange) or not waitlist.is_anybody_waiting(business):
        return
    if isinstance(about, SettingChange):
        list(_looked_at_again(business, change.at + KNOWN_EVERYWHERE))
    if isinstance(about, Appointment):
        before = change.before if isinstance(change.before, Appointment) else None
        _let_wait_no_more(before, about, change.at)
        hand_over([*_freed_now(freed(before, about, at=change.at)), *_filled(about, change.at)])
    elif about.kind == "staff":
        hand_over(_freed_now(opened(catalogs.load(business), change.id, about, at=change.at)))


def freed(before: Appointment | None, after: Appointment, *, at: datetime) -> Iterator[Opening]:
    """The time that the step gave back, as far as it is still to come. What was put back after it had been set aside
    has no `before`: of that only what is cancelled or released is known to be free."""
    was, why = before or after, _why(before, after)
    if why is None or was.ends <= at:
        return
    starts = after.ends if why is FreedBy.SHORTENED else was.starts
    id = f"{after.id}-r{after.revision}"
    yield Opening(after.business, id, was.slot.staff, max(starts, _minute(at)), was.ends, why, at)


def _why(before: Appointment | None, after: Appointment) -> FreedBy | None:
    if after.released and not (before and before.released):
        return FreedBy.MISSED
    if before is not None and (before.released or before.status in NO_SLOT):
        return None
    if after.status is Status.CANCELLED:
        return FreedBy.LAPSED if before and before.is_tentative else FreedBy.CANCELLED
    if before is None or not after.is_to_come:
        return None
    if (after.starts, after.slot.staff) != (before.starts, before.slot.staff):
        return FreedBy.MOVED
    return FreedBy.SHORTENED if after.ends < before.ends else None


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def opened(catalog: Catalog, id: str, change: SettingChange, *, at: datetime) -> Iterator[Opening]:
    """From the first to the last of the hours that somebody works and did not before, as far as it is booked ahead."""
    zone, first = catalog.business.zone, at.astimezone(catalog.business.zone).date()
    days = (first, first + AHEAD)
    now = open_minutes(_hours(change.now), zone, *days)
    gained = without(now, open_minutes(_hours(change.was), zone, *days)) if change.was else now
    if gained:
        starts, ends = (datetime.fromtimestamp(it * 60, UTC) for it in (gained[0][0], gained[-1][1]))
        opening = ids.from_key("o", catalog.business.id, id)
        yield Opening(catalog.business.id, opening, change.id, max(starts, _minute(at)), ends, FreedBy.HOURS, at)


def _hours(stored: str) -> WorkingHours:
    return from_json(StaffMember, stored).hours if stored else WorkingHours({})


def _freed_now(openings: Iterable[Opening]) -> Iterator[Key]:
    """Each is there once; whoever comes second has it looked at again."""
    for opening in openings:
        if waitlist.find_opening(opening.business, opening.id) is None:
            with suppress(Lost), together() as transaction:
                waitlist.put_opening(opening, transaction, due_at=opening.at)
        yield waitlist.opening_key(opening.business, opening.id)


def given_back(block: Block, transaction: TransactWrite, *, at: datetime) -> list[Key]:
    """Time that was blocked and is not any more, in the write that frees it. Where nobody waits nothing."""
    slot, business = block.slot, block.business
    if slot.ends <= _minute(at) or not waitlist.is_anybody_waiting(business):
        return []
    id, starts = f"{block.id}-r{block.revision}", max(slot.starts, _minute(at))
    opening = Opening(business, id, slot.staff, starts, slot.ends, FreedBy.HOURS, at)
    waitlist.put_opening(opening, transaction, due_at=at)
    return [waitlist.opening_key(business, id)]


def _filled(visit: Appointment, at: datetime) -> Iterator[Key]:
    """Freed time that is on offer, some of which somebody has by now, is looked at again at once."""
    if not visit.is_to_come:
        return
    yield from _looked_at_again(visit.business, at, lambda live: _meets(live.slot, visit.slot))


def _looked_at_again(business: str, at: datetime, which: Callable[[LiveOffer], bool] = lambda _: True) -> Iterator[Key]:
    """Of what is on offer."""
    for opening in waitlist.openings(business):
        if opening.is_open and any(which(live) for live in opening.live):
            waitlist.wake_opening(business, opening.id, at=at)
            yield waitlist.opening_key(business, opening.id)


def _meets(one: Slot, other: Slot) -> bool:
    """With the same person, or in the same room, at about the same time: buffers of both are taken too."""
    gap = timedelta(minutes=max(one.before, one.after, other.before, other.after))
    is_shared = one.staff == other.staff or (one.room is not None and one.room == other.room)
    return is_shared and one.starts < other.ends + gap and other.starts - gap < one.ends


def _let_wait_no_more(before: Appointment | None, after: Appointment, at: datetime) -> None:
    """Whoever has booked what they waited for waits no more; no earlier time is wanted of a visit that is not to come;
    and one that we called off, or let them wait for, counts for their place."""
    client = clients.find(after.business, after.client)
    theirs = waitlist.of_client(after.business, client.ids if client else (after.client,))
    if not theirs:
        return
    catalog = catalogs.load(after.business)
    standing = claim(client, known(client), catalog.business, now=at) if client else Claim()
    for entry in theirs:
        _write(catalog, entry.id, lambda it: _after(it, before, after, standing, catalog, at))


def _after(
    entry: WaitlistEntry,
    before: Appointment | None,
    after: Appointment,
    standing: Claim,
    catalog: Catalog,
    at: datetime,
) -> WaitlistEntry:
    change = Act(KEPT, at)
    if entry.wish.sooner_than == after.id:
        if not after.is_to_come:
            return entry.left(change)
        entry = entry.changed(replace(entry.wish, before=after.starts, minutes=after.minutes), change)
    elif (
        not entry.same_day
        and after.is_to_come
        and (before is None or not before.is_to_come)
        and entry.since <= after.booked_at
    ):
        slot = after.slot
        if entry.wish.fits(after.service, slot.starts, slot.ends, slot.staff, zone=catalog.business.zone):
            return entry.booked_otherwise(after.id, change)
    return entry if entry.claim == standing else replace(entry, claim=standing).noted("looked_at", change)


def _write(catalog: Catalog, id: str, act: Callable[[WaitlistEntry], WaitlistEntry]) -> None:
    def attempt() -> None:
        entry = waitlist.find(catalog.business.id, id)
        if entry and entry.is_live and (after := act(entry)) is not entry:
            written(after, catalog, before=entry)

    retried(attempt)
