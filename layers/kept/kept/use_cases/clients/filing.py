"""With whom a booking is filed, read from who holds what was typed; and the writes that follow from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.addressee import respecting
from kept.booking.appointment import Appointment
from kept.channels import Channel
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.filing import Ceded, Filed, filed, filed_by_staff, strange_until, typed_until
from kept.clients.held import ContactKind
from kept.clients.holding import kept_for, used
from kept.storage import clients

Becoming = Callable[[Client], Client]


def _as_they_are(client: Client) -> Client:
    return client


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books, as typed; staff may leave `open` what their client's record says. `known`: it is that record."""

    typed: Client
    open: frozenset[str] = frozenset()
    known: bool = False


def filed_for(booker: Booker, change: Change, *, ends: datetime) -> Filed:
    """For a visit that ends then. Raises UnknownClient for a record that is no more."""
    typed = booker.typed
    if booker.known:
        record = clients.load(typed.business, typed.id)
        return Filed(kept_for(record, set(contacts(record)), ends=ends), record, record)
    holders = clients.holders(typed.business, contacts(typed), now=change.at)
    if not change.by.is_client:
        return filed_by_staff(typed, holders, open=booker.open)
    found = replace(filed(typed, holders, ends=ends), holders=tuple(holders.values()))
    if found.before:
        return found
    if contacts(found.client):
        return replace(found, client=_respectful(found.client, change.at))
    alike = filed(typed, holders, alike=_who_typed_the_same(typed, change.at), ends=ends)
    return replace(alike, holders=found.holders)


def here(filing: Filed) -> Filed:
    """They came with it: what they typed is not forgotten any more."""
    return replace(filing, client=used(filing.client, contacts(filing.typed).values()))


def write(filing: Filed, transaction: TransactWrite, *, ends: datetime, now: datetime) -> None:
    """The client where something of them is new, with their claims; and who typed what is not theirs."""
    client, before = filing.client, filing.before
    if before is None:
        clients.put_new(client, transaction, now=now)
    elif client != before:
        others = (id for other in filing.gave_way for id in other.client.ids)
        clients.put_changed(before, client, transaction, now=now, from_others=others)
    give_way(filing.gave_way, transaction, now=now)
    for contact in filing.strange:
        clients.put_typed(client, contact, until=strange_until(ends), transaction=transaction)


def give_way(others: Iterable[Ceded], transaction: TransactWrite, *, now: datetime) -> None:
    """They are still found by what they lost, for their bookings have it."""
    for other in others:
        clients.put(other.client, transaction)
        for contact in other.lost:
            clients.put_typed(other.client, contact, until=typed_until(now), transaction=transaction)


def keep_longer(
    client: Client, visit: Appointment, transaction: TransactWrite, *, now: datetime, also: Becoming = _as_they_are
) -> None:
    """For a visit that was moved to a later day; with what `also` becomes of them in this write."""
    after, strange = also(client), dict[ContactKind, str]()
    if (booked := visit.booked_as) is not None:
        own = {kind for kind, said in booked.contacts.items() if contacts(client).get(kind) == said}
        after = kept_for(after, own, ends=visit.ends)
        strange = {kind: booked.contacts[kind] for kind in booked.contacts.keys() - own}
    if after != client:
        clients.put_changed(client, after, transaction, now=now)
    for contact in strange.values():
        clients.put_typed(client, contact, until=strange_until(visit.ends), transaction=transaction)


def came(visit: Appointment, transaction: TransactWrite, *, now: datetime, also: Becoming = _as_they_are) -> None:
    """What they typed for a visit they came to is not forgotten any more; with what `also` becomes of them."""
    becoming(visit, transaction, also if visit.booked_as is None else lambda it: also(_known(it, visit)), now=now)


def becoming(visit: Appointment, transaction: TransactWrite, how: Becoming, *, now: datetime) -> None:
    """Its client as they then are, where they are somebody still and anything of them is new."""
    client = clients.find(visit.business, visit.client) if how is not _as_they_are else None
    if client is not None and (after := how(client)) != client:
        clients.put_changed(client, after, transaction, now=now)


def _known(client: Client, visit: Appointment) -> Client:
    return used(client, visit.booked_as.contacts.values()) if visit.booked_as else client


def _respectful(new: Client, now: datetime) -> Client:
    """Somebody else may have typed it before, and whoever is reached there have asked to be left alone."""
    for contact in contacts(new).values():
        typers = clients.of_contact(new.business, contact, now=now)
        for channel in (channel for channel in Channel if new.address(channel) == contact):
            new = respecting(new, channel, typers, at=now)
    return new


def _who_typed_the_same(typed: Client, now: datetime) -> list[Client]:
    found = [{one.id: one for one in clients.of_contact(typed.business, c, now=now)} for c in contacts(typed).values()]
    return [one for id, one in found[0].items() if all(id in others for others in found)]
