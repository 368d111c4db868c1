"""What staff see of the waitlist, and what they offer or book by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.refusals import SlotTaken
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.storage import clients, waitlist
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist import offering
from kept.use_cases.waitlist.joining import let_go
from kept.waitlist.entry import WaitlistEntry
from kept.waitlist.offers import NoOfferNow
from kept.waitlist.opening import FreedBy, Opening
from kept.waitlist.order import Place, in_order
from kept.waitlist.refusals import EntryOver, NotWanted


@dataclass(frozen=True, slots=True)
class WaitlistAtDesk:
    """Who waits in their order, by their clients' ids who they are, the freed time that is open, and, of one that was
    asked for, by the entries' ids the service and the soonest slot of it that fit."""

    places: list[Place]
    clients: dict[str, Client]
    openings: list[Opening]
    fits: dict[str, tuple[str, Slot]]


def shown(catalog: Catalog, opening: str, *, now: datetime) -> WaitlistAtDesk:
    """All who wait; with an `opening` those whom it fits and who were not asked. Raises UnknownOpening."""
    business = catalog.business
    fits: dict[str, tuple[str, Slot]] = {}
    if opening:
        it = offering.Look(catalog, waitlist.load_opening(business.id, opening), now)
        entries, places = it.entries, it.places()
        fits = {place.entry.id: fit for place in places if (fit := it.fitting(place.entry))}
    else:
        entries = {it.id: it for it in waitlist.waiting(business.id)}
        rules = business.waitlist
        places = in_order(entries.values(), zone=business.zone, passed_by=rules.passed_by, now=now)
    known = clients.several(business.id, {place.entry.client for place in places})
    found = (_as_it_stands(it, entries) for it in waitlist.openings(business.id))
    return WaitlistAtDesk(places, known, [it for it in found if _is_to_give(it, now)], fits)


def _as_it_stands(it: Opening, entries: Mapping[str, WaitlistEntry]) -> Opening:
    """Without the offers that are over and were not put down yet."""
    on_offer = {(entry.id, entry.offer.id) for entry in entries.values() if entry.offer}
    return replace(it, live=tuple(live for live in it.live if (live.entry, live.offer) in on_offer))


def _is_to_give(it: Opening, now: datetime) -> bool:
    """What staff offered by hand is free time like any other, once nobody has it on offer."""
    return it.is_open and it.ends > now and (bool(it.live) or it.freed_by is not FreedBy.STAFF)


def offer_by_hand(
    catalog: Catalog, id: str, service: str, staff: str, starts: datetime, opening: str, change: Change
) -> WaitlistEntry:
    """Held for them as any other offer, though it be not their turn. A repeat finds it made. Raises UnknownWait,
    EntryOver, UnknownOpening, SlotTaken, and NotWanted with the reason where they cannot be asked now."""
    business = catalog.business.id

    def attempt() -> WaitlistEntry:
        entry = waitlist.load(business, id)
        slot = Slot(starts, starts + entry.wish.lasts(catalog.service(service).duration), staff)
        freed = waitlist.load_opening(business, opening) if opening else None
        if freed is None or not freed.holds(slot):
            freed = _by_hand(business, slot, change)
        if entry.offer and entry.offer.opening == freed.id:
            return entry
        if not entry.is_live:
            raise EntryOver(state=entry.state)
        if entry.offer:
            raise NotWanted(why="offered")
        it = offering.Look(catalog, freed.open_again(), change.at.replace(microsecond=0))
        made = it.terms(slot)
        if isinstance(made, NoOfferNow):
            raise NotWanted(why=str(made.why.code))
        invited = offering.invited(it, entry, service, slot, made)
        if invited is None:
            raise NotWanted(why="not_reached")
        if not offering.make(it, [], [invited], slot):
            raise SlotTaken
        return waitlist.load(business, id)

    return retried(attempt)


def _by_hand(business: str, slot: Slot, change: Change) -> Opening:
    """Of no freed time that is known: one of its own, which a repeat finds."""
    name = ids.from_key("o", business, change.key)
    new = Opening(business, name, slot.staff, slot.starts, slot.ends, FreedBy.STAFF, change.at, by_hand=True)
    return waitlist.find_opening(business, name) or new


def book_by_hand(catalog: Catalog, id: str, service: str, staff: str, starts: datetime, change: Change) -> Appointment:
    """Their wait is over in the same write. Raises UnknownWait, EntryOver, and what booking by staff refuses."""
    entry = waitlist.load(catalog.business.id, id)
    if not entry.is_live and not entry.booked:
        raise EntryOver(state=entry.state)

    def also(appointment: Appointment, transaction: TransactWrite) -> None:
        before = waitlist.load(entry.business, entry.id)
        if before.is_live:
            after = before.booked_otherwise(appointment.id, replace(change, key="", body=""))
            waitlist.put(after, transaction, ends=change.at)
            let_go(after, before, transaction, at=change.at)

    if entry.wish.sooner_than:
        return reschedule(catalog, entry.wish.sooner_than, Move(starts, staff), change, also=also)
    client = clients.load(entry.business, entry.client)
    request = BookingRequest(service, starts, client, client.zone, staff, known=True)
    return book(catalog, request, change, also=also)
