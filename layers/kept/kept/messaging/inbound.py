"""What comes back from a channel: receipts for what was sent, what the client writes, and what they tap on WeChat."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.channels import Channel
from kept.reasons import Reason


class ReceiptStatus(StrEnum):
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
    tells: ReceiptStatus
    at: datetime
    business: str = ""
    message: str = ""
    provider_id: str = ""
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Words of a client. `address` is where they wrote from; `business` is known where each has its own account.

    `answers` is what the provider calls the message of ours that this one answers, where it says so; `latest` the last
    one that it had taken for them by then. `by_hand` is False for what no person wrote: a reaction, a notice.
    """

    channel: Channel
    address: str
    text: str
    provider_id: str
    at: datetime | None = None
    business: str = ""
    answers: str = ""
    latest: str = ""
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Tapped:
    """A follower allowed one message of that template, or said no to it; `id` tells repeats of the event apart."""

    address: str
    template: str
    accepted: bool
    id: str
    at: datetime
    business: str


class Unreadable(ValueError):
    """Not what this provider sends; it stays with the dead letters."""
