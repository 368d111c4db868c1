"""Facts: of each visit, message, follow-up and line of the ledger the little that figures ask of it, as it is now.

Each belongs to one day of the business's calendar: a visit to the day on which it begins, a message to the day it was
sent, a follow-up to the day it was opened, money to the day it was written down. Nothing in them names a person who is
a client.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any


class FactKind(StrEnum):
    """What a fact is of; the value is stored."""

    VISIT = "appointment"
    MESSAGE = "message"
    FOLLOW_UP = "follow_up"
    MONEY = "ledger"


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


class Mark(StrEnum):
    """What is known of a visit by something else than the visit: it is written apart, as the last version of its slot
    of which it is so. The value is the name of the field, and of what is stored."""

    REMINDED = "reminded"
    """A reminder was sent."""
    NUDGED = "nudged"
    """They were asked whether they will come, or are on their way."""
    WON_BACK = "won_back"
    """They cancelled it, and then took up what was offered: asked to be called, or booked anew."""


class MoneyKind(StrEnum):
    """What a line of the ledger is to figures."""

    FEE = "fee"
    WAIVED = "waived"
    PAID = "paid"
    REFUNDED = "refunded"
    CREDITED = "credited"
    DEPOSIT_ASKED = "deposit_asked"
    DEPOSIT_PAID = "deposit_paid"
    DEPOSIT_KEPT = "deposit_kept"
    DEPOSIT_FORFEITED = "deposit_forfeited"
    DEPOSIT_REFUNDED = "deposit_refunded"


NOT_SAID = "not_said"
"""In place of why a client cancelled."""


@dataclass(frozen=True, slots=True)
class VisitFact:
    """`version` is the appointment's revision, by which a newer fact is told from an older one; `slot` the version of
    its slot, by which a reminder is known to be about this slot.

    `minute` is the local minute of the day with which it begins; `price` in minor units, None where none was planned;
    `lead` the minutes from the booking to the start. `late`: they came late; `cancelled_late`: too late for a free
    change, and `moved_late` the last time that it was moved. `reason` is why its client cancelled it, "" where they did
    not; `offered_back`: something was offered in answer. `reminded`, `nudged` and `won_back` are its marks. `took`:
    minutes in service, 0 where nobody ticked both ends.
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
    moved_late: bool = False
    reason: str = ""
    offered_back: bool = False
    nudged: int = 0
    won_back: int = 0
    took: int = 0

    @property
    def was_reminded(self) -> bool:
        return self.reminded == self.slot

    @property
    def was_nudged(self) -> bool:
        return self.nudged == self.slot

    @property
    def was_won_back(self) -> bool:
        return self.offered_back and self.won_back == self.slot

    @property
    def marks(self) -> dict[Mark, int]:
        """Those that it has."""
        return {mark: slot for mark in Mark if (slot := getattr(self, mark))}

    def marked(self, marks: Mapping[Mark, int]) -> "VisitFact":
        """With these and no others."""
        known: dict[str, Any] = {str(mark): marks.get(mark, 0) for mark in Mark}
        return replace(self, **known)


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


@dataclass(frozen=True, slots=True)
class MoneyFact:
    """One line of the ledger, less what of it was taken back; `version` is 2 once something was.

    `cause` is why a fee was charged or let off, or by what it was paid or given back; `minor` in that `currency`.
    """

    id: str
    day: date
    version: int
    what: MoneyKind
    cause: str
    minor: int
    currency: str


Fact = VisitFact | MessageFact | FollowUpFact | MoneyFact
KINDS: dict[FactKind, type[Fact]] = {
    FactKind.VISIT: VisitFact,
    FactKind.MESSAGE: MessageFact,
    FactKind.FOLLOW_UP: FollowUpFact,
    FactKind.MONEY: MoneyFact,
}


Name = tuple[FactKind, str]
"""What tells the facts of a business apart, whatever day they stand on."""


def kind_of(fact: Fact) -> FactKind:
    return next(kind for kind, of in KINDS.items() if isinstance(fact, of))


def same(one: Fact, other: Fact) -> bool:
    """But for the version of what they are of."""
    return replace(one, version=other.version) == other


def bare(fact: Fact) -> Fact:
    """Without its marks, which are written apart."""
    return fact.marked({}) if isinstance(fact, VisitFact) else fact
