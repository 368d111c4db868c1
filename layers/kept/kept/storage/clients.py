"""Clients, the claim of each on its telephone number and e-mail address, and who typed what is not theirs."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.held import ContactKind
from kept.clients.holding import contact as contact_of
from kept.clients.holding import forgotten_at, held
from kept.clients.refusals import UnknownClient
from kept.clients.renumbered import forms
from kept.clients.search_mark import is_to_index, mark
from kept.lanes import Key, Lane, lane_key
from kept.storage.codec import from_json, packed, to_json
from kept.storage.old_lines import OldLineOfClient, Shelf
from kept.storage.parts import by_id
from kept.storage.tables import ClientItem
from kept.storage.transaction import alone, together

HOPS = 3

AT_ONCE = 1
"""When a client is due to be indexed, in epoch seconds: whenever it is looked."""


def load(business: str, id: str) -> Client:
    """Of a record that was merged into another that one, as in all that follows. Raises UnknownClient."""
    if (client := find(business, id)) is None:
        raise UnknownClient
    return client


def find(business: str, id: str) -> Client | None:
    """One hop is enough: whoever takes in a record takes in those that it has taken in. It may just have been taken in
    itself, or been parted again."""
    for _ in range(HOPS):
        found = record(business, id)
        if found is None or not found.merged_into:
            return found
        id = found.merged_into
    return None


def record(business: str, id: str) -> Client | None:
    """As it stands there, be it merged into another."""
    try:
        item = ClientItem.get(business, id, consistent_read=True)
    except ClientItem.DoesNotExist:
        return None
    return as_client(item)


def ids(business: str, id: str) -> tuple[str, ...]:
    """All under which the visits, messages and follow-ups of this person stand: what every list of theirs asks for."""
    client = find(business, id)
    return client.ids if client else (id,)


def several(business: str, ids: Iterable[str]) -> dict[str, Client]:
    """Those of them that exist, by the id that was asked for; a request for every hundred."""
    found = records(business, ids)
    into = {id: find(business, id) for id in {one.merged_into for one in found.values() if one.merged_into}}
    return {id: whose for id, one in found.items() if (whose := into.get(one.merged_into, one))}


def records(business: str, ids: Iterable[str]) -> dict[str, Client]:
    """As they stand there."""
    keys = [(business, id) for id in dict.fromkeys(ids)]
    found = ClientItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.id: as_client(item) for item in found}


def some(business: str, *, after: str, limit: int) -> tuple[list[Client], str | None]:
    """Among so many items of the business behind that id; and the id behind which there may be more."""
    items, more = by_id(ClientItem, business, after=after, limit=limit, consistently=True)
    return [as_client(item) for item in items if "#" not in item.id], more


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
    holder = by_contact(business, contact, now=now)
    known = {holder.id: holder} if holder else {}
    for id in (item.body for item in typed if _lasts(item, now)):
        if all(id not in one.ids for one in known.values()) and (other := find(business, id)):
            known.setdefault(other.id, other)
    return list(known.values())


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


def put_claims(
    client: Client, kinds: Iterable[ContactKind], transaction: TransactWrite, *, now: datetime, holders: Iterable[str]
) -> None:
    """On these of their contacts as they hold them, which nobody may hold by now but they and these others."""
    free = _free((*client.ids, *holders), now)
    for kind in kinds:
        _put_claim(client, kind, free, transaction)


def claimed_by(client: Client, kind: ContactKind, *, now: datetime) -> str | None:
    """The id that has the claim on this contact of theirs."""
    for name in _claims(contact_of(client, kind) or ""):
        with suppress(ClientItem.DoesNotExist):
            claim = ClientItem.get(client.business, name, consistent_read=True)
            if _lasts(claim, now):
                return claim.body
    return None


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
    free = _free((*before.ids, *from_others), now)
    for kind in ContactKind:
        if (contact_of(before, kind), held(before, kind)) == (contact_of(after, kind), held(after, kind)):
            continue
        _put_claim(after, kind, free, transaction)
        if (left := contact_of(before, kind)) and left != contact_of(after, kind):
            claim = ClientItem(before.business, _claim(left))
            theirs = ClientItem.body.is_in(*before.ids)
            transaction.delete(claim, condition=ClientItem.id.does_not_exist() | theirs)


def put_typed(client: Client, contact: str, *, until: datetime, transaction: TransactWrite) -> None:
    """That they typed it for a booking, and it is not theirs; whoever writes from there is found by it until then."""
    item = ClientItem(
        client.business, f"{_typed(contact)}{client.id}", revision=1, body=client.id, contact=_claim(contact)
    )
    item.expires = ceil(until.timestamp())
    transaction.save(item)


def put_indexed(client: Client) -> None:
    """The search index has them as they were read; it is no change of theirs. Raises Lost where they changed since."""
    item = ClientItem(client.business, client.id)
    done: list[Action] = [
        ClientItem.indexed.set(mark(client)),
        ClientItem.due_lane.remove(),
        ClientItem.due_at.remove(),
    ]
    with alone():
        item.update(done, condition=ClientItem.revision == client.revision)


def to_index(client: Client) -> list[Key]:
    """What is handed over once they are written, so that they are found in a second or two; the sweep finds it too."""
    return [Key(Lane.SEARCH, client.business, client.id)] if is_to_index(client) else []


def as_item(client: Client) -> ClientItem:
    """Due to be indexed where the search index does not have them so."""
    body = packed(to_json(replace(client, indexed="")))
    item = ClientItem(client.business, client.id, revision=client.revision + 1, body=body)
    item.expires, item.indexed = _seconds(forgotten_at(client)), client.indexed or None
    if is_to_index(client):
        item.due_lane, item.due_at = lane_key(Lane.SEARCH, client.id), AT_ONCE
    return item


def as_client(item: ClientItem) -> Client:
    return replace(from_json(Client, item.body), revision=int(item.revision), indexed=item.indexed or "")


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
