"""What staff see of the waitlist, and what they offer or book by hand."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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
    """Who waits in their order, by their clients' ids who they are, and the freed time that is open."""

    places: list[Place]
    clients: dict[str, Client]
    openings: list[Opening]


def shown(catalog: Catalog, opening: str, *, now: datetime) -> WaitlistAtDesk:
    """All who wait; with an `opening` those whom it fits and who were not asked. Raises UnknownOpening."""
    business = catalog.business
    if opening:
        found = waitlist.load_opening(business.id, opening)
        places = offering.Look(catalog, found, now).places()
    else:
        waits = waitlist.waiting(business.id)
        places = in_order(waits, zone=business.zone, passed_by=business.waitlist.passed_by, now=now)
    known = clients.several(business.id, {place.entry.client for place in places})
    open_ones = [it for it in waitlist.openings(business.id) if it.is_open and it.ends > now]
    return WaitlistAtDesk(places, known, open_ones)


def offer_by_hand(
    catalog: Catalog, id: str, service: str, staff: str, starts: datetime, opening: str, change: Change
) -> WaitlistEntry:
    """Held for them as any other offer, though it be not their turn. A repeat finds it made. Raises UnknownWait,
    EntryOver, UnknownOpening, SlotTaken, and NotWanted with the reason where they cannot be asked now."""
    business = catalog.business.id

    def attempt() -> WaitlistEntry:
        entry = waitlist.load(business, id)
        name = opening or ids.from_key("o", business, change.key)
        if entry.offer and entry.offer.opening == name:
            return entry
        if not entry.is_live:
            raise EntryOver(state=entry.state)
        if entry.offer:
            raise NotWanted(why="offered")
        ends = starts + timedelta(minutes=catalog.service(service).duration)
        freed = waitlist.load_opening(business, name) if opening else waitlist.find_opening(business, name)
        freed = freed or Opening(business, name, staff, starts, ends, FreedBy.STAFF, change.at, by_hand=True)
        it = offering.Look(catalog, freed, change.at.replace(microsecond=0))
        slot = Slot(starts, ends, staff)
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
