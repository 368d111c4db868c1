"""What a client agreed to, statement by statement: an append-only ledger in which the last word counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.messaging.purpose import Channel, Purpose


class Said(StrEnum):
    """Asked for is a yes that still has to be confirmed by a link sent to that very address (double opt-in)."""

    GIVEN = "given"
    ASKED_FOR = "asked_for"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One statement on one purpose over one channel: when, where (`source`), and the words that were agreed to."""

    purpose: Purpose
    channel: Channel
    at: datetime
    source: str
    words: str
    said: Said = Said.GIVEN


@dataclass(frozen=True, slots=True)
class Stopped:
    """A channel that does not reach them at `address` any more: why, and since when."""

    channel: Channel
    address: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """The last time they wrote to us over a channel; WhatsApp allows free words for a day after."""

    channel: Channel
    at: datetime
