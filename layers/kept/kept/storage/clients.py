"""Clients, the claim of each on its telephone number and e-mail address, and who typed what is not theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.held import ContactKind
from kept.clients.holding import contact as contact_of
from kept.clients.holding import forgotten_at, held
from kept.clients.refusals import UnknownClient
from kept.clients.renumbered import forms
from kept.storage.codec import from_json, packed, to_json
from kept.storage.old_lines import OldLineOfClient, Shelf
from kept.storage.tables import ClientItem
from kept.storage.transaction import alone, together


def load(business: str, id: str) -> Client:
    """Raises UnknownClient."""
    if (client := find(business, id)) is None:
        raise UnknownClient
    return client


def find(business: str, id: str) -> Client | None:
    try:
        item = ClientItem.get(business, id, consistent_read=True)
    except ClientItem.DoesNotExist:
        return None
    return replace(from_json(Client, item.body), revision=int(item.revision))


def several(business: str, ids: Iterable[str]) -> dict[str, Client]:
    """Those of them that exist, by their id; a request for every hundred."""
    keys = [(business, id) for id in dict.fromkeys(ids)]
    found = ClientItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.id: replace(from_json(Client, item.body), revision=int(item.revision)) for item in found}


def by_contact(business: str, *contacts: str | None, now: datetime | None = None) -> Client | None:
    """Whoever holds the first of these numbers and addresses that anybody holds, in whichever form of a number.

    At `now` a claim whose time is over is none any more, though it may not have been swept yet.
    """
    for name in (name for contact in filter(None, contacts) for name in _claims(contact)):
        try:
            claim = ClientItem.get(business, name, consistent_read=True)
        except ClientItem.DoesNotExist:
            continue
        if _lasts(claim, now) and (holder := find(business, claim.body)):
            return holder
    return None


def holders(business: str, contacts: Mapping[ContactKind, str], *, now: datetime) -> dict[ContactKind, Client]:
    """Who holds each of them, where somebody does."""
    wanted = {name: kind for kind, contact in contacts.items() for name in _claims(contact)}
    claims = ClientItem.batch_get([(business, name) for name in wanted], consistent_read=True)
    owners = {wanted[claim.id]: claim.body for claim in claims if _lasts(claim, now)}
    found = {id: find(business, id) for id in set(owners.values())}
    return {kind: client for kind, id in owners.items() if (client := found[id])}


def of_contact(business: str, contact: str, *, now: datetime | None = None) -> list[Client]:
    """Everybody of the business who holds it or typed it for a booking."""
    typed = ClientItem.query(business, ClientItem.id.startswith(_typed(contact)))
    ids = [item.body for item in typed if _lasts(item, now)]
    holder = by_contact(business, contact, now=now)
    others = (find(business, id) for id in ids if holder is None or id != holder.id)
    return [client for client in (holder, *others) if client]


def anywhere(contact: str, *, now: datetime | None = None) -> list[Client]:
    """Everybody, of whatever business, who holds it or typed it for a booking; eventually consistent."""
    businesses = {item.business for name in _claims(contact) for item in ClientItem.by_contact.query(name)}
    return [client for business in sorted(businesses) for client in of_contact(business, contact, now=now)]


def put_new(
    client: Client, transaction: TransactWrite, *, now: datetime | None = None, from_others: Iterable[str] = ()
) -> None:
    """With its claims, on the condition that nobody holds them, or one of these other clients who gives them up."""
    transaction.save(as_item(client), condition=ClientItem.id.does_not_exist())
    for kind in ContactKind:
        _put_claim(client, kind, _free(from_others, now), transaction)


def put_alone(client: Client) -> None:
    """A client as they have become, contacts unchanged. Raises Lost."""
    kept, moved = client.shortened
    if moved:
        with together() as transaction:
            put(client, transaction)
        return
    with alone():
        as_item(kept).save(condition=ClientItem.revision == kept.revision)


def put(client: Client, transaction: TransactWrite) -> None:
    """The same, with other writes. Statements that they have no room for move out in the same transaction."""
    kept, moved = client.shortened
    _shelf(client).put(((line, "") for line in moved), first=client.archived, transaction=transaction)
    transaction.save(as_item(kept), condition=ClientItem.revision == kept.revision)


def earlier(client: Client, *, before: int, limit: int) -> list[Consent]:
    """What they agreed to, by its number in the ledger, from 0; what comes from `archived` on stands with them."""
    return _shelf(client).before(Consent, min(before, client.archived), limit=limit)


def put_changed(
    before: Client,
    after: Client,
    transaction: TransactWrite,
    *,
    now: datetime | None = None,
    from_others: Iterable[str] = (),
) -> None:
    """With the claims that are new, held otherwise, or given up; a new one may be taken from these other clients."""
    put(after, transaction)
    free = _free((before.id, *from_others), now)
    for kind in ContactKind:
        if (contact_of(before, kind), held(before, kind)) == (contact_of(after, kind), held(after, kind)):
            continue
        _put_claim(after, kind, free, transaction)
        if (left := contact_of(before, kind)) and left != contact_of(after, kind):
            claim = ClientItem(before.business, _claim(left))
            transaction.delete(claim, condition=ClientItem.id.does_not_exist() | (ClientItem.body == before.id))


def put_typed(client: Client, contact: str, *, until: datetime, transaction: TransactWrite) -> None:
    """That they typed it for a booking, and it is not theirs; whoever writes from there is found by it until then."""
    item = ClientItem(
        client.business, f"{_typed(contact)}{client.id}", revision=1, body=client.id, contact=_claim(contact)
    )
    item.expires = ceil(until.timestamp())
    transaction.save(item)


def as_item(client: Client) -> ClientItem:
    item = ClientItem(client.business, client.id, revision=client.revision + 1, body=packed(to_json(client)))
    item.expires = _seconds(forgotten_at(client))
    return item


def _shelf(client: Client) -> Shelf:
    return Shelf(OldLineOfClient, client.business, client.id)


def _put_claim(client: Client, kind: ContactKind, free: Condition, transaction: TransactWrite) -> None:
    if (contact := contact_of(client, kind)) is None:
        return
    name, how = _claim(contact), held(client, kind)
    claim = ClientItem(client.business, name, revision=1, body=client.id, contact=name)
    claim.expires = _seconds(how.until if how else None)
    transaction.save(claim, condition=free)


def _lasts(item: ClientItem, now: datetime | None) -> bool:
    return item.expires is None or now is None or now.timestamp() < item.expires


def _free(holders: Iterable[str], now: datetime | None) -> Condition:
    """Held by nobody, or by one of these; a claim whose time is over counts as none."""
    free: Condition = ClientItem.id.does_not_exist() | (ClientItem.expires <= int(now.timestamp() if now else 0))
    for holder in holders:
        free = free | (ClientItem.body == holder)
    return free


def _seconds(at: datetime | None) -> int | None:
    return ceil(at.timestamp()) if at else None


def _digest(contact: str) -> str:
    return sha256(contact.encode()).hexdigest()[:32]


def _claim(contact: str) -> str:
    """By the newest form of a number, so that one subscriber makes one claim however the number is written."""
    return _claims(contact)[0]


def _claims(contact: str) -> list[str]:
    """And by the older ones, under which a claim may have been made before the number was known in two forms."""
    return [f"contact#{_digest(form)}" for form in forms(contact)]


def _typed(contact: str) -> str:
    return f"typed#{_digest(forms(contact)[0])}#"
