"""Two records of one person made one, seen beforehand, and taken back within a day.

What is found by all of a client's ids (visits, messages, follow-ups, their ledger) goes along and comes back unwritten.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kept import ids
from kept.actor import Change
from kept.clients.booked_as import contacts
from kept.clients.client import Client, MergedClient
from kept.clients.details import revision
from kept.clients.held import ContactKind, How
from kept.clients.holding import remembered, used
from kept.clients.merging import (
    Merge,
    entry,
    merged,
    must_be_two,
    must_be_undoable,
    parted,
    refreshed,
    restored,
)
from kept.clients.notes import shortened
from kept.clients.refusals import ChangedSince, UnknownClient
from kept.due_work.queues import hand_over
from kept.storage import client_notes, client_visits, clients, follow_ups, ledger
from kept.storage.transaction import together
from kept.use_cases.messaging.correspondence import correspondence
from kept.use_cases.optimistic_retry import retried


@dataclass(frozen=True, slots=True)
class GoesAlong:
    """What comes with a client who is merged: how many of each (`money`: lines of their ledger), and by which contacts
    they are known."""

    visits: int
    messages: int
    follow_ups: int
    notes: int
    consents: int
    money: int
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Who stays and who goes, each as they were `seen`; `told` is what a refusal says of one who changed since."""

    stays: str
    goes: str
    seen: tuple[str, str]
    told: Callable[[Client], object]


def preview(business: str, id: str, other: str, *, now: datetime) -> GoesAlong:
    """Nothing is changed. Raises UnknownClient, SameClient, AlreadyMerged, TooManyMerged."""
    stays, goes = _record(business, id), _record(business, other)
    must_be_two(stays, goes)
    return GoesAlong(
        sum(client_visits.count(business, one) for one in goes.ids),
        len(correspondence(goes, now=now)),
        len(follow_ups.of_client(business, goes.ids)),
        len(goes.notes) + goes.older_notes,
        len(goes.consents),
        sum(ledger.count(business, one) for one in goes.ids),
        tuple(contacts(goes).values()),
    )


def merge(business: str, pair: Pair, change: Change) -> tuple[Client, MergedClient]:
    """The client who stays, and the other as part of them; the same request again merges nothing twice.

    Everything in one write. Raises UnknownClient, SameClient, AlreadyMerged, TooManyMerged, ChangedSince.
    """
    how = Merge(change.by.id, change.at, ids.digest(change.key))

    def attempt() -> tuple[Client, MergedClient]:
        stays, goes = _record(business, pair.stays), _record(business, pair.goes)
        if first := next((one for one in stays.merged if (one.id, one.request) == (goes.id, how.request)), None):
            return stays, first
        must_be_two(stays, goes)
        for one, seen in zip((stays, goes), pair.seen, strict=True):
            if revision(one) != seen:
                raise ChangedSince(now=pair.told(one))
        stays, goes = (remembered(one, now=change.at) for one in (stays, goes))
        after, gone = merged(stays, goes, how)
        _write_merged((stays, goes), after, gone, now=change.at)
        hand_over([*clients.to_index(after), *clients.to_index(gone)])
        return after, entry(after, gone.id)

    return retried(attempt)


def unmerge(business: str, id: str, other: str, change: Change) -> Client:
    """The client without the other, who stands alone again. What came meanwhile stays where it was written.

    Raises UnknownClient, NotMerged, MergeIsFinal.
    """
    request = ids.digest(change.key)

    def attempt() -> Client:
        stays, gone = clients.load(business, id), _record(business, other)
        if not gone.merged_into and gone.parted == request:
            return stays
        must_be_undoable(entry(stays, gone.id), now=change.at)
        after, back = _write_parted(stays, gone, request, now=change.at)
        hand_over([*clients.to_index(after), *clients.to_index(back)])
        return after

    return retried(attempt)


def _write_merged(before: tuple[Client, Client], after: Client, gone: Client, *, now: datetime) -> None:
    """Who leads to the one that goes leads on to the one that stays; what was only typed of either is held for good."""
    kept, moved = shortened(after.notes)
    after = replace(after, notes=kept, older_notes=after.older_notes + len(moved))
    led = clients.records(gone.business, (one.id for one in gone.merged)).values()
    with together() as transaction:
        for one in (after, gone, *(replace(one, merged_into=after.id) for one in led)):
            clients.put(one, transaction)
        for one in before:
            typed = [held.kind for held in one.held if held.how is How.TYPED]
            clients.put_claims(used(one, contacts(one).values()), typed, transaction, now=now, holders=())
        client_notes.put(after, moved, transaction)


def _write_parted(stays: Client, gone: Client, request: str, *, now: datetime) -> tuple[Client, Client]:
    """Records that came by way of the one that goes go with it; those by way of which it came are without it too."""
    known = clients.records(stays.business, (one.id for one in stays.merged))
    without_it = [parted(one, gone) for one in known.values() if gone.id in one.ids[1:]]
    led = [replace(known[one.id], merged_into=gone.id) for one in gone.merged if one.id in known]
    back = replace(restored(gone, stays, lost=_lost(gone, stays, now)), parted=request)
    noted = {note.id for note in stays.notes}
    copied = client_notes.under(stays, (note for note in gone.notes if note.id not in noted))
    after = refreshed(parted(stays, gone), without_it)
    after = replace(after, older_notes=max(0, after.older_notes - len(copied)))
    with together() as transaction:
        for one in (after, back, *without_it, *led):
            clients.put(one, transaction)
        clients.put_claims(back, contacts(back), transaction, now=now, holders=stays.ids)
        for item in copied:
            transaction.delete(item)
    return after, back


def _lost(gone: Client, stays: Client, now: datetime) -> list[ContactKind]:
    """Its contacts that somebody else has shown to be theirs meanwhile."""
    claims = {kind: clients.claimed_by(gone, kind, now=now) for kind in contacts(gone)}
    return [kind for kind, holder in claims.items() if holder is not None and holder not in stays.ids]


def _record(business: str, id: str) -> Client:
    """Raises UnknownClient."""
    if (found := clients.record(business, id)) is None:
        raise UnknownClient
    return found
