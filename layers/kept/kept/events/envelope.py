"""An event as it stands in the log and goes to receivers: Standard Webhooks' type, timestamp and data, and what it is
about."""

from dataclasses import dataclass
from datetime import datetime

from kept.events.catalogue import VERSION, EventData, EventType, OutgoingEvent
from kept.events.change import Kind


@dataclass(frozen=True, slots=True)
class About:
    """The thing it happened to; `number` orders the events of one thing, with gaps."""

    kind: Kind
    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """`id` stays the same however often it is told; `version` is that of what `data` looks like."""

    id: str
    type: EventType
    version: int
    timestamp: datetime
    business: str
    about: About
    data: EventData


def envelope(event: OutgoingEvent) -> Envelope:
    about = About(event.kind, event.thing, event.number)
    return Envelope(event.id, event.type, VERSION, event.at, event.business, about, event.data)
