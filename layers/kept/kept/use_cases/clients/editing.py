"""Staff enter a client whom nobody knew yet, and change what is known of one."""

from collections.abc import Callable
from dataclasses import replace

from kept import ids
from kept.actor import Change
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.details import revision
from kept.clients.filing import named
from kept.clients.held import How
from kept.clients.holding import holding
from kept.clients.refusals import ChangedSince, ContactHeld
from kept.due_work.queues import hand_over
from kept.storage import clients
from kept.storage.transaction import together
from kept.use_cases.clients.clients import change_client
from kept.use_cases.clients.noting_down import made
from kept.use_cases.optimistic_retry import retried


def new_id(business: str, change: Change) -> str:
    """The same request gives the same client."""
    return ids.from_key("c", business, change.key)


def enter(new: Client, note: str, change: Change) -> Client:
    """Their contacts are theirs by staff's word. The same request again enters nobody twice.

    Raises ContactHeld for what any other client holds, be it only typed: a person has to say whether both are one.
    """
    if note:
        new = replace(new, notes=(made(note, change),))
    for kind in contacts(new):
        new = holding(new, kind, How.PROVED)

    def attempt() -> Client:
        if first := clients.find(new.business, new.id):
            return first
        for kind, holder in clients.holders(new.business, contacts(new), now=change.at).items():
            raise ContactHeld(holder=named(holder), contact=str(kind))
        with together() as transaction:
            clients.put_new(new, transaction, now=change.at)
        hand_over(clients.to_index(new))
        return new

    return retried(attempt)


def edit(
    business: str, id: str, seen: str, act: Callable[[Client], Client], told: Callable[[Client], object]
) -> Client:
    """Raises UnknownClient, what `act` refuses, and ChangedSince with what is `told` of the client as they now are,
    where they are not any more as they were `seen`."""

    def attempt(client: Client) -> Client:
        if revision(client) != seen:
            raise ChangedSince(now=told(client))
        return act(client)

    after = change_client(business, id, attempt)
    hand_over(clients.to_index(after))
    return after
