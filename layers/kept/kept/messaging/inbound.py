"""What comes back from a channel: receipts for what was sent, and what the client writes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.messaging.purpose import Channel


class Tells(StrEnum):
    """What a receipt says; after a bounce or an opt-out nothing goes to that address any more."""

    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Receipt:
    """For one message, named by the id we gave it or, where a provider does not carry ours, by `provider_id`."""

    channel: Channel
    tells: Tells
    at: datetime
    business: str = ""
    message: str = ""
    provider_id: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Words of a client. `address` is where they wrote from; `business` is known where each has its own account."""

    channel: Channel
    address: str
    text: str
    provider_id: str
    at: datetime | None = None
    business: str = ""


class Unreadable(ValueError):
    """Not what this provider sends; it stays with the dead letters."""
