"""What a client says to an offer: it is taken, by a booking or by moving the one they have, or let pass."""

from datetime import datetime

from pynamodb.transactions import TransactWrite

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.hold import Hold
from kept.booking.refusals import AlreadyStarted, HoldExpired, HoldMismatch, HoldMissing, MoveNotAllowed, SlotTaken
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownService, UnknownStaff
from kept.due_work.queues import hand_over
from kept.storage import clients, waitlist
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.booking.open_times import ask, is_open
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist.joining import let_go, written
from kept.waitlist.entry import Offer, OfferAnswer, WaitlistEntry
from kept.waitlist.refusals import OfferOver

TAKEN_OR_MOVED = (HoldMissing, HoldExpired, HoldMismatch, SlotTaken, MoveNotAllowed, AlreadyStarted)
"""The time is gone, or the visit that was to be sooner is, or has begun."""


def accept(catalog: Catalog, id: str, offer: str, change: Change) -> Appointment:
    """Their appointment, in one write with the answer: no crash and no race leaves one without the other. Taking an
    earlier time moves theirs, at no cost and beside the limit, for the offer was ours; its old time is free by the same
    write. Said again it is answered by the same. Raises OfferOver, UnknownWait, and what booking refuses."""
    business = catalog.business.id
    entry = waitlist.load(business, id)
    mine = next((it for it in entry.offers if it.id == offer), None)
    if mine is None or not (mine.answer is OfferAnswer.ACCEPTED or mine.is_open(now=change.at)):
        raise OfferOver
    slot = Slot(mine.starts, mine.ends, mine.staff)
    if mine.answer is None and not is_given(catalog, mine.service, slot, now=change.at):
        raise OfferOver
    try:
        found = taken(catalog, entry, mine, change)
    except TAKEN_OR_MOVED as error:
        raise OfferOver from error
    hand_over([waitlist.opening_key(business, mine.opening)])
    return found


def is_given(catalog: Catalog, service: str, slot: Slot, *, now: datetime) -> bool:
    """The service is offered, by that person, within their hours and those of the room: it may have been closed
    since."""
    try:
        question = ask(catalog, service, slot.staff, zone=catalog.business.zone, now=now)
    except (UnknownService, UnknownStaff):
        return False
    return is_open(question, slot)


def taken(catalog: Catalog, entry: WaitlistEntry, mine: Offer, change: Change) -> Appointment:
    """Raises what booking refuses, and OfferOver where it was answered meanwhile."""
    once = Change(change.by, change.at, change.why, key=f"offer#{mine.id}", body=mine.id)
    hold = Hold(mine.hold, mine.starts, mine.at)

    def also(appointment: Appointment, transaction: TransactWrite) -> None:
        before = waitlist.load(entry.business, entry.id)
        before.the_offer(mine.id, now=change.at)
        after = before.accepted(appointment.id, change)
        waitlist.put(after, transaction, ends=change.at)
        let_go(after, before, transaction, at=change.at)

    if entry.wish.sooner_than:
        moved = Change(KEPT, change.at, key=once.key, body=once.body)
        move = Move(mine.starts, mine.staff, hold=hold)
        return reschedule(catalog, entry.wish.sooner_than, move, moved, also=also)
    client = clients.load(entry.business, entry.client)
    request = BookingRequest(mine.service, mine.starts, client, client.zone, mine.staff, hold=hold, known=True)
    return book(catalog, request, once, also=also)


def decline(catalog: Catalog, id: str, offer: str, change: Change) -> WaitlistEntry:
    """They wait on, and the next is asked. Said again it is declined already. Raises OfferOver, UnknownWait."""

    def attempt() -> WaitlistEntry:
        entry = waitlist.load(catalog.business.id, id)
        mine = next((it for it in entry.offers if it.id == offer), None)
        if mine and mine.answer is OfferAnswer.DECLINED:
            return entry
        entry.the_offer(offer, now=change.at)
        return written(entry.answered(OfferAnswer.DECLINED, change), catalog, before=entry)

    return retried(attempt)


def book_for_them(catalog: Catalog, entry: WaitlistEntry, mine: Offer, *, now: datetime) -> Appointment:
    """As they asked when they joined: the offer was made in this very moment."""
    return taken(catalog, entry, mine, Change(KEPT, now))
