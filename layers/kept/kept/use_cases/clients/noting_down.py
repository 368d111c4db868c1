"""Staff write notes about a client, change them, take them away, and bring back what they took away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.clients.client import Client
from kept.clients.notes import (
    BROUGHT_BACK_WITHIN,
    Note,
    Notes,
    must_have,
    rewritten,
    shortened,
    with_note,
    without_note,
    written,
)
from kept.storage import client_notes, clients
from kept.storage.transaction import together
from kept.use_cases.optimistic_retry import retried


def made(text: str, change: Change, *, pinned: bool = False) -> Note:
    return written(text, ids.digest(change.key), change.by, change.at, pinned=pinned)


def note(business: str, client: str, text: str, change: Change, *, pinned: bool) -> Client:
    """The client with one note more; the same request again writes none. Raises UnknownClient, TooManyPinned."""
    new = made(text, change, pinned=pinned)
    return _changed(business, client, lambda notes: with_note(notes, new))


def rewrite(business: str, client: str, id: str, *, text: str | None, pinned: bool | None) -> Client:
    """Raises UnknownClient, UnknownNote, TooManyPinned."""
    return _changed(business, client, lambda notes: rewritten(notes, id, text=text, pinned=pinned), of=id)


def take_away(business: str, client: str, id: str, *, now: datetime) -> Client:
    """It can be brought back for a day. Raises UnknownClient, UnknownNote."""
    until = now + BROUGHT_BACK_WITHIN

    def kept(it: Client, notes: Notes, transaction: TransactWrite) -> None:
        gone = next(note for note in notes if note.id == id)
        client_notes.keep_taken(it, replace(gone, is_old=False), transaction, until=until)

    return _changed(business, client, lambda notes: without_note(notes, id), of=id, beside=kept)


def bring_back(business: str, client: str, id: str, *, now: datetime) -> Client:
    """As it was: who wrote it, when, pinned or not. Once more changes nothing.

    Raises UnknownClient, UnknownNote for what was never taken away or too long ago, TooManyPinned.
    """
    it = clients.load(business, client)
    note = client_notes.taken(it, id, now=now)
    if note is None:
        _old(it, id)
        return it

    def forgotten(it: Client, _: Notes, transaction: TransactWrite) -> None:
        client_notes.forget_taken(it, id, transaction)

    return _changed(business, client, partial(with_note, note=note), beside=forgotten)


Beside = Callable[[Client, Notes, TransactWrite], None]
"""What is written in the same write, with the notes as they were before."""


def _changed(
    business: str, id: str, act: Callable[[Notes], Notes], *, of: str = "", beside: Beside | None = None
) -> Client:
    """An old note comes back among the client's own before it is changed, and moves out again where there is no room
    for it: all in one write."""

    def attempt() -> Client:
        before = clients.load(business, id)
        old = _old(before, of)
        all_of_them = (old, *before.notes) if old else before.notes
        notes = act(all_of_them)
        if notes == all_of_them:
            return before
        kept, moved = shortened(notes)
        after = replace(before, notes=kept, older_notes=before.older_notes + len(moved) - (old is not None))
        with together() as transaction:
            clients.put(after, transaction)
            client_notes.put(after, moved, transaction)
            if old and all(one.id != old.id for one in moved):
                client_notes.take_out(after, old.id, transaction)
            if beside:
                beside(after, all_of_them, transaction)
        return after

    return retried(attempt)


def _old(client: Client, id: str) -> Note | None:
    """Raises UnknownNote."""
    if not id or any(one.id == id for one in client.notes):
        return None
    found = client_notes.find(client, id)
    must_have((found,) if found else (), id)
    return found
