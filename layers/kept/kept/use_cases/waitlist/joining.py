"""On the list, changed, and off it again; and passed over by staff for a reason that is kept."""

from dataclasses import replace
from datetime import datetime
from typing import Unpack

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.errors import InvalidRequest, ReasonRequired
from kept.lanes import Key
from kept.messaging.message import Message
from kept.storage import appointments, clients, messages, waitlist
from kept.storage.transaction import together
from kept.use_cases.clients.filing import Booker, filed_for, write
from kept.use_cases.clients.visits import known
from kept.use_cases.limits.counting import Admission
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist import telling
from kept.waitlist.claim import claim
from kept.waitlist.entry import OnTheList, WaitlistEntry
from kept.waitlist.refusals import EntryOver, TooManyWaits
from kept.waitlist.wish import Wish, check_wish

MOST = 5
"""Waits of one client at a time."""


def join(
    catalog: Catalog,
    client: Client,
    wish: Wish,
    change: Change,
    **how: Unpack[OnTheList],
) -> WaitlistEntry:
    """A repeat of the request is answered by the same entry. Raises InvalidRequest, UnknownAppointment,
    TooManyWaits."""
    business = catalog.business
    id = f"{client.id}-{ids.from_key('w', business.id, change.key) if change.key else ids.new('w')}"

    def attempt() -> WaitlistEntry:
        if change.key and (first := waitlist.find(business.id, id)):
            return first
        _must_have_room(client)
        entry = _new(catalog, id, client, made_sure(wish, client, catalog, now=change.at), change, how)
        return written(entry, catalog, telling.joined(entry, client, business, now=change.at))

    return retried(attempt)


def join_typed(
    catalog: Catalog,
    typed: Client,
    wish: Wish,
    change: Change,
    admission: Admission,
    **how: Unpack[OnTheList],
) -> WaitlistEntry:
    """The same for somebody as they were typed, who is filed in the same write as one who books is. Whom the
    `admission` does not let in is refused by TooManyRequests."""
    business = catalog.business
    wanted = made_sure(wish, typed, catalog, now=change.at)
    ends = wanted.ends(business.zone)
    suffix = ids.from_key("w", business.id, change.key)

    def attempt() -> WaitlistEntry:
        filing = filed_for(Booker(typed), change, ends=ends)
        client = filing.client
        if first := waitlist.find(business.id, f"{client.id}-{suffix}"):
            admission.give_back()
            return first
        _must_have_room(client)
        entry = _new(catalog, f"{client.id}-{suffix}", client, wanted, change, how)
        admission.take()
        with together() as transaction:
            write(filing, transaction, ends=ends, now=change.at)
            waitlist.put(entry, transaction, ends=ends)
            keys = messages.put_all(
                [telling.joined(entry, client, business, now=change.at)], transaction, now=change.at
            )
        hand_over([*keys, *clients.to_index(client)])
        return entry

    with admission:
        return retried(attempt)


def _must_have_room(client: Client) -> None:
    """Raises TooManyWaits."""
    if len(waitlist.of_client(client.business, client.ids)) >= MOST:
        raise TooManyWaits(most=MOST)


def _new(catalog: Catalog, id: str, client: Client, wish: Wish, change: Change, how: OnTheList) -> WaitlistEntry:
    business = catalog.business
    theirs = claim(client, known(client), business, now=change.at)
    return WaitlistEntry(business.id, id, client.id, wish, change.at, theirs, **how).noted("joined", change)


def change_wish(
    catalog: Catalog,
    id: str,
    wish: Wish,
    change: Change,
    *,
    client: Client,
    **how: Unpack[OnTheList],
) -> WaitlistEntry:
    """They keep their place; what was offered to them is withdrawn. Whom staff took off, or booked for what
    was cancelled since, is back in their old place. Raises what joining does, UnknownWait, EntryOver."""

    def attempt() -> WaitlistEntry:
        entry = waitlist.load(catalog.business.id, id)
        if not entry.is_live:
            return _put_back(entry, made_sure(wish, client, catalog, now=change.at), client, catalog, change, how)
        after = entry.changed(made_sure(wish, client, catalog, now=change.at), change, **how)
        return entry if after is entry else written(after, catalog, before=entry)

    return retried(attempt)


def _put_back(
    over: WaitlistEntry, wish: Wish, client: Client, catalog: Catalog, change: Change, how: OnTheList
) -> WaitlistEntry:
    back = over.put_back(change)
    if over.booked and appointments.load(over.business, over.booked).is_to_come:
        raise EntryOver(state=over.state)
    _must_have_room(client)
    entry = back.changed(wish, change, **how)
    with together() as transaction:
        waitlist.put_back(entry, transaction, ends=wish.ends(catalog.business.zone))
    return replace(entry, revision=entry.revision + 1)


def leave(catalog: Catalog, id: str, change: Change) -> WaitlistEntry:
    """Whoever has left already has. Raises UnknownWait."""

    def attempt() -> WaitlistEntry:
        entry = waitlist.load(catalog.business.id, id)
        return written(entry.left(change), catalog, before=entry) if entry.is_live else entry

    return retried(attempt)


def end(catalog: Catalog, id: str, change: Change) -> None:
    """Where its last day is over."""

    def attempt() -> None:
        entry = waitlist.find(catalog.business.id, id)
        if entry and entry.is_live and entry.wish.ends(catalog.business.zone) <= change.at:
            written(entry.ended(change), catalog, before=entry)

    retried(attempt)


def pass_over(catalog: Catalog, id: str, opening: str, change: Change) -> WaitlistEntry:
    """For this freed time, by the reason in the change. Raises ReasonRequired, UnknownWait, UnknownOpening,
    EntryOver."""
    if not change.why.strip():
        raise ReasonRequired

    def attempt() -> WaitlistEntry:
        entry = waitlist.load(catalog.business.id, id)
        waitlist.load_opening(catalog.business.id, opening)
        after = entry.passed_over_for(opening, change)
        return entry if after is entry else written(after, catalog, before=entry)

    return retried(attempt)


def made_sure(wish: Wish, client: Client, catalog: Catalog, *, now: datetime) -> Wish:
    """With the start of the appointment that it is to be sooner than, and its service where none is named. Raises
    InvalidRequest, UnknownAppointment."""
    business = catalog.business
    if wish.sooner_than:
        visit = appointments.load(business.id, wish.sooner_than)
        if visit.client not in client.ids:
            raise UnknownAppointment
        if not visit.is_expected or visit.starts <= now:
            raise InvalidRequest(fields=[{"field": "sooner_than", "reason": "it is not to come"}])
        wish = replace(wish, services=(visit.service,), before=visit.starts, minutes=visit.minutes)
    services = [catalog.services[it] for it in wish.services if it in catalog.services]
    staff = {member for service in services for member in service.staff if member in catalog.staff}
    lengths = {id: it.duration for id, it in catalog.services.items()}
    check_wish(wish, lengths, staff, zone=business.zone, today=now.astimezone(business.zone).date())
    return wish


def written(
    entry: WaitlistEntry, catalog: Catalog, *said: Message, before: WaitlistEntry | None = None
) -> WaitlistEntry:
    """With what it is told, in one write; the time that it had on offer is looked at next. Raises Lost."""
    at = entry.lines[-1].at
    keys: list[Key] = []
    with together() as transaction:
        waitlist.put(entry, transaction, ends=entry.wish.ends(catalog.business.zone))
        keys += messages.put_all(said, transaction, now=at)
        keys += let_go(entry, before, transaction, at=at)
    hand_over(keys)
    return replace(entry, revision=entry.revision + 1)


def let_go(
    entry: WaitlistEntry, before: WaitlistEntry | None, transaction: TransactWrite, *, at: datetime
) -> list[Key]:
    """Where an offer that was open is no more, its freed time is due, in the same write."""
    offer = before.offer if before else None
    if offer is None or entry.offer is not None:
        return []
    opening = waitlist.find_opening(entry.business, offer.opening)
    if opening is None or not opening.is_open:
        return []
    waitlist.put_opening(opening, transaction, due_at=at)
    return [waitlist.opening_key(entry.business, opening.id)]
