"""Notes about a client for which their own item has no room any more, and those that were taken away and may be brought
back: an item each, by the note's id."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.clients.client import Client
from kept.clients.notes import Note
from kept.storage.codec import from_json, to_json
from kept.storage.old_lines import OldLine, OldLineOfClient


class TakenNote(OldLine):
    """`c-1#taken#n-1`; DynamoDB drops it some time after `expires`, seconds since 1970, from when on it is as gone."""

    class Meta(OldLineOfClient.Meta):
        pass

    expires = NumberAttribute()


def keep_taken(client: Client, note: Note, transaction: TransactWrite, *, until: datetime) -> None:
    """So that it can be brought back as it was."""
    name = _taken(client.id, note.id)
    transaction.save(TakenNote(client.business, name, body=to_json(note), expires=int(until.timestamp())))


def taken(client: Client, note: str, *, now: datetime) -> Note | None:
    """Which was taken away a short while ago."""
    item = _taken_item(client, note)
    return from_json(Note, item.body) if item and item.expires > now.timestamp() else None


def forget_taken(client: Client, note: str, transaction: TransactWrite) -> None:
    """It is back."""
    if item := _taken_item(client, note):
        transaction.delete(item, condition=TakenNote.id.exists())


def put(client: Client, notes: Iterable[Note], transaction: TransactWrite) -> None:
    for note in notes:
        transaction.save(OldLineOfClient(client.business, _name(client.id, note.id), body=to_json(note)))


def take_out(client: Client, note: str, transaction: TransactWrite) -> None:
    """From the shelf of whichever record of theirs it was written under."""
    if item := _item(client, note):
        transaction.delete(item, condition=OldLineOfClient.id.exists())


def under(client: Client, notes: Iterable[Note]) -> list[OldLineOfClient]:
    """Which of them stand on this very record's shelf."""
    keys = [(client.business, _name(client.id, note.id)) for note in notes]
    return list(OldLineOfClient.batch_get(keys, consistent_read=True)) if keys else []


def find(client: Client, note: str) -> Note | None:
    item = _item(client, note)
    return from_json(Note, item.body) if item else None


def before(client: Client, note: str | None, *, limit: int) -> list[Note]:
    """Those that stand before this one (None: all), the newest first."""
    found = {one.id: one for id in client.ids for one in _before(client.business, id, note, limit=limit)}
    return sorted(found.values(), key=lambda one: one.id, reverse=True)[:limit]


def _before(business: str, id: str, note: str | None, *, limit: int) -> list[Note]:
    first = _name(id, "")
    span: Condition = OldLineOfClient.id.startswith(first)
    if note:
        span = OldLineOfClient.id.between(first, _name(id, note))
    found = OldLineOfClient.query(business, span, scan_index_forward=False, limit=limit + 1)
    return [one for item in found if (one := from_json(Note, item.body)).id != note]


def _item(client: Client, note: str) -> OldLineOfClient | None:
    for id in client.ids:
        with suppress(OldLineOfClient.DoesNotExist):
            return OldLineOfClient.get(client.business, _name(id, note), consistent_read=True)
    return None


def _taken_item(client: Client, note: str) -> TakenNote | None:
    """Under whichever record of theirs it was taken away."""
    for id in client.ids:
        with suppress(TakenNote.DoesNotExist):
            return TakenNote.get(client.business, _taken(id, note), consistent_read=True)
    return None


def _taken(id: str, note: str) -> str:
    return f"{id}#taken#{note}"


def _name(id: str, note: str) -> str:
    return f"{id}#note#{note}"
