"""What a table's stream tells of a write, as Lambda is given it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from kept.booking.appointment import Appointment
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.ledger.transaction import Transaction
from kept.messaging.message import Message
from kept.storage import appointments, clients, follow_ups, ledger, messages
from tests.builders import BOOKED

Thing = Appointment | Client | FollowUp | Message | Transaction


def a_record(
    item: Any, *, before: Any = None, number: int = 1, table: str = "", at: datetime = BOOKED
) -> dict[str, Any]:
    image, name = item.serialize(), table or item.Meta.table_name
    told = {
        "ApproximateCreationDateTime": at.timestamp(),
        "Keys": {key: image[key] for key in ("business", "id")},
        "NewImage": image,
        "SequenceNumber": str(number),
    }
    if before:
        told["OldImage"] = before.serialize()
    arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}/stream/2026-11-29T08:00:00.000"
    return {"eventID": str(number), "eventSource": "aws:dynamodb", "dynamodb": told, "eventSourceARN": arn}


def of_lives(lives: Iterable[Sequence[Thing]], at: datetime) -> Iterator[dict[str, Any]]:
    """Each version of each thing after the one before."""
    number = 0
    for life in lives:
        for before, after in zip([None, *life], life, strict=False):
            number += 1
            yield a_record(item(after), before=item(before) if before else None, number=number, at=at)


def item(thing: Thing) -> Any:
    """As it stands under its own revision; storing counts one on. A line of the ledger has none."""
    match thing:
        case Appointment():
            return appointments.as_item(replace(thing, revision=thing.revision - 1), None)
        case Client():
            return clients.as_item(replace(thing, revision=thing.revision - 1))
        case FollowUp():
            return follow_ups.as_item(replace(thing, revision=thing.revision - 1))
        case Message():
            return messages.as_item(replace(thing, revision=thing.revision - 1))
        case Transaction():
            return ledger.as_item(thing)
