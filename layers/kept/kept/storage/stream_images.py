"""What a table's stream tells of a write: the whole item before and after it, read as what the trade knows it as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kept import clock
from kept.booking.day_page import is_block
from kept.events.change import AggregateChange, Kind, Told
from kept.messaging.received import IN
from kept.storage import appointments, clients, follow_ups, ledger, messages, setting_changes
from kept.storage.tables import (
    AppointmentItem,
    CatalogItem,
    ClientItem,
    FollowUpItem,
    LedgerItem,
    MessageItem,
)

Image = dict[str, Any]
"""An item in DynamoDB's own JSON, each value under the letter of its type."""

BY_TTL = "dynamodb.amazonaws.com"
"""Who deleted it, where nobody did: its time was over."""


class ForeignStream(ValueError):
    """A record of no table of ours."""


@dataclass(frozen=True, slots=True)
class StreamWrite:
    """Which item of which table a record is about, known before anything of it is read."""

    table: str
    business: str
    id: str
    at: datetime
    sequence: str


def written(record: Mapping[str, Any]) -> StreamWrite:
    """Raises ForeignStream."""
    try:
        told = record["dynamodb"]
        keys = told["Keys"]
        at = datetime.fromtimestamp(float(told["ApproximateCreationDateTime"]), UTC)
        table = str(record["eventSourceARN"]).partition(":table/")[2].partition("/")[0]
        return StreamWrite(table, keys["business"]["S"], keys["id"]["S"], clock.ours(at), told["SequenceNumber"])
    except (KeyError, TypeError, ValueError) as error:
        raise ForeignStream("no record of a stream of ours") from error


def kind_of(it: StreamWrite) -> Kind | None:
    """None for what stands beside the aggregates of its table: claims, old lines, marks, tokens of the search index."""
    find = _KINDS.get(it.table)
    return find(it.business, it.id) if find else None


def change_of(it: StreamWrite, kind: Kind, record: Mapping[str, Any]) -> AggregateChange:
    """Raises whatever reading an item raises that was not written by us, or by a later version."""
    told = record["dynamodb"]
    before, after = (_told(kind, told.get(image)) for image in ("OldImage", "NewImage"))
    expired = (record.get("userIdentity") or {}).get("principalId") == BY_TTL
    return AggregateChange(
        business_of(it),
        kind,
        it.id,
        before,
        after,
        it.at,
        it.sequence,
        expired=expired,
    )


def business_of(it: StreamWrite) -> str:
    """What stands beside the catalog has the business before a #."""
    return it.business.partition("#")[0]


def _appointment(_: str, id: str) -> Kind | None:
    return None if is_block(id) or "#" in id else Kind.APPOINTMENT


def _client(business: str, id: str) -> Kind | None:
    return None if "#" in business or "#" in id else Kind.CLIENT


def _message(_: str, id: str) -> Kind | None:
    if IN in id:
        return Kind.REPLY
    return None if id.startswith(messages.SENT) else Kind.MESSAGE


def _follow_up(_: str, id: str) -> Kind | None:
    return None if "#" in id else Kind.FOLLOW_UP


def _line(_: str, id: str) -> Kind | None:
    return None if ledger.is_balance(id) else Kind.LEDGER


def _setting(business: str, _: str) -> Kind | None:
    """The line of the history, which there is for each change that somebody made, once."""
    return Kind.SETTING if setting_changes.is_history(business) else None


_KINDS: dict[str, Callable[[str, str], Kind | None]] = {
    AppointmentItem.Meta.table_name: _appointment,
    ClientItem.Meta.table_name: _client,
    MessageItem.Meta.table_name: _message,
    FollowUpItem.Meta.table_name: _follow_up,
    LedgerItem.Meta.table_name: _line,
    CatalogItem.Meta.table_name: _setting,
}


def _item(model: Any, image: Image) -> Any:
    """Without what a later version has added to it, which an older one knows nothing of."""
    known = {one.attr_name for one in model.get_attributes().values()}
    item = model()
    item.deserialize({name: value for name, value in image.items() if name in known})
    return item


def _told(kind: Kind, image: Image | None) -> Told | None:
    return _READ[kind](image) if image else None


_READ: dict[Kind, Callable[[Image], Told]] = {
    Kind.APPOINTMENT: lambda image: appointments.as_appointment(_item(AppointmentItem, image)),
    Kind.CLIENT: lambda image: clients.as_client(_item(ClientItem, image)),
    Kind.MESSAGE: lambda image: messages.as_message(_item(MessageItem, image)),
    Kind.REPLY: lambda image: messages.as_received(_item(MessageItem, image)),
    Kind.FOLLOW_UP: lambda image: follow_ups.as_follow_up(_item(FollowUpItem, image)),
    Kind.LEDGER: lambda image: ledger.as_transaction(_item(LedgerItem, image)),
    Kind.SETTING: lambda image: setting_changes.as_change(_item(CatalogItem, image)),
}


def now_of(business: str, kind: Kind, id: str) -> Told | None:
    """As it is now; None where it is no more."""
    return _NOW[kind](business, id)


def _received_now(business: str, id: str) -> Told | None:
    return messages.received_of(business, [id]).get(id)


_NOW: dict[Kind, Callable[[str, str], Told | None]] = {
    Kind.APPOINTMENT: appointments.find,
    Kind.CLIENT: clients.record,
    Kind.MESSAGE: messages.find,
    Kind.REPLY: _received_now,
    Kind.FOLLOW_UP: follow_ups.find,
    Kind.LEDGER: ledger.find,
    Kind.SETTING: setting_changes.find,
}
