"""Clients, and the claim of each on its telephone number and e-mail address."""

from dataclasses import replace
from hashlib import sha256

from pynamodb.transactions import TransactWrite

from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.errors import UnknownClient
from kept.storage.codec import from_json, to_json
from kept.storage.old_lines import OfClient, Shelf
from kept.storage.tables import ClientItem
from kept.storage.transaction import alone, together


def load(business: str, id: str) -> Client:
    """Raises UnknownClient."""
    try:
        item = ClientItem.get(business, id, consistent_read=True)
    except ClientItem.DoesNotExist:
        raise UnknownClient from None
    return replace(from_json(Client, item.body), revision=int(item.revision))


def by_contact(business: str, *contacts: str | None) -> Client | None:
    """Whoever holds the first of these numbers and addresses that anybody holds."""
    for contact in filter(None, contacts):
        try:
            claim = ClientItem.get(business, _claim(contact), consistent_read=True)
        except ClientItem.DoesNotExist:
            continue
        return load(business, claim.body)
    return None


def anywhere(contact: str) -> list[Client]:
    """Everybody, of whatever business, who holds this number or OpenID; eventually consistent."""
    found = ClientItem.by_contact.query(_claim(contact))
    return [client for item in found if (client := by_contact(item.business, contact))]


def put_new(client: Client, transaction: TransactWrite) -> None:
    """With its claims, on the condition that nobody holds them."""
    transaction.save(as_item(client), condition=ClientItem.id.does_not_exist())
    for contact in filter(None, (client.phone, client.email, client.wechat)):
        name = _claim(contact)
        claim = ClientItem(client.business, name, revision=1, body=client.id, contact=name)
        transaction.save(claim, condition=ClientItem.id.does_not_exist())


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


def _shelf(client: Client) -> Shelf:
    return Shelf(OfClient, client.business, client.id)


def _claim(contact: str) -> str:
    return f"contact#{sha256(contact.encode()).hexdigest()[:32]}"


def as_item(client: Client) -> ClientItem:
    return ClientItem(client.business, client.id, revision=client.revision + 1, body=to_json(client))
