"""Facts: of each visit, message and follow-up the little that figures ask of it, as it is now.

Each belongs to one day of the business's calendar: a visit to the day on which it begins, a message to the day it was
sent, a follow-up to the day it was opened. Nothing in them names a person who is a client.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class FactKind(StrEnum):
    """What a fact is of; the value is stored."""

    VISIT = "appointment"
    MESSAGE = "message"
    FOLLOW_UP = "follow_up"


class Outcome(StrEnum):
    """What became of a visit, as far as figures tell visits apart."""

    EXPECTED = "expected"
    CAME = "came"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """Who made the booking: the client by themselves, staff for them, or staff for somebody who stood there."""

    ONLINE = "online"
    DESK = "desk"
    WALK_IN = "walk_in"
    KEPT = "kept"


class Sent(StrEnum):
    """How a message to a client ended."""

    SENT = "sent"
    FAILED = "failed"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class VisitFact:
    """`version` is the appointment's revision, by which a newer fact is told from an older one; `slot` the version of
    its slot, by which a reminder is known to be about this slot.

    `minute` is the local minute of the day with which it begins; `price` in minor units, None where none was planned;
    `lead` the minutes from the booking to the start. `late`: they came late; `cancelled_late`: too late for a free
    change. `reminded` is the last version of its slot that a reminder was sent for.
    """

    id: str
    day: date
    version: int
    outcome: Outcome
    service: str
    staff: str
    channel: str
    source: Source
    tier: str
    minute: int
    minutes: int
    lead: int
    slot: int = 1
    price: int | None = None
    confirmed: bool = False
    late: bool = False
    cancelled_late: bool = False
    reminded: int = 0

    @property
    def was_reminded(self) -> bool:
        return self.reminded == self.slot


@dataclass(frozen=True, slots=True)
class MessageFact:
    """`parts` are those of a text message; 0 where it is not known or has none."""

    id: str
    day: date
    version: int
    sent: Sent
    channel: str
    parts: int = 0


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """`met` and `missed` count its clocks that are decided; `stars` is 0 while nobody answered the survey."""

    id: str
    day: date
    version: int
    staff: str
    tier: str
    met: int = 0
    missed: int = 0
    asked: bool = False
    stars: int = 0


Fact = VisitFact | MessageFact | FollowUpFact
KINDS: dict[FactKind, type[Fact]] = {
    FactKind.VISIT: VisitFact,
    FactKind.MESSAGE: MessageFact,
    FactKind.FOLLOW_UP: FollowUpFact,
}


Name = tuple[FactKind, str]
"""What tells the facts of a business apart, whatever day they stand on."""


def kind_of(fact: Fact) -> FactKind:
    return next(kind for kind, of in KINDS.items() if isinstance(fact, of))


def same(one: Fact, other: Fact) -> bool:
    """But for the version of what they are of."""
    return replace(one, version=other.version) == other
