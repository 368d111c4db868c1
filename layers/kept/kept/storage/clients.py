"""Clients, and the claim of each on its telephone number and e-mail address."""

from dataclasses import replace
from hashlib import sha256

from pynamodb.transactions import TransactWrite

from kept.clients.client import Client
from kept.errors import UnknownClient
from kept.storage.codec import from_json, to_json
from kept.storage.tables import ClientItem
from kept.storage.transaction import alone


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


def holder(business: str, contact: str) -> str | None:
    """The id of whoever holds this number or address."""
    try:
        return str(ClientItem.get(business, _claim(contact), consistent_read=True).body)
    except ClientItem.DoesNotExist:
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
    with alone():
        as_item(client).save(condition=ClientItem.revision == client.revision)


def put(client: Client, transaction: TransactWrite) -> None:
    """The same, with other writes."""
    transaction.save(as_item(client), condition=ClientItem.revision == client.revision)


def _claim(contact: str) -> str:
    return f"contact#{sha256(contact.encode()).hexdigest()[:32]}"


def as_item(client: Client) -> ClientItem:
    return ClientItem(client.business, client.id, revision=client.revision + 1, body=to_json(client))
