"""Who did what, when and why: what every change is made with, and the line that it leaves."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.states import Status

BOOKED, RESCHEDULED = "booked", "rescheduled"
AT_RISK, NOT_AT_RISK = "at_risk", "not_at_risk"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a client, a staff member, or Kept itself."""

    kind: str
    id: str = ""

    @property
    def is_client(self) -> bool:
        return self.kind == "client"

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


CLIENT = Actor("client")
KEPT = Actor("kept")


@dataclass(frozen=True, slots=True)
class Cause:
    """Who asks for a change, when, why, and under which idempotency key."""

    by: Actor
    at: datetime
    why: str = ""
    key: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: what it was after the change, so that any earlier answer can be given again.

    `key` is the digest of the Idempotency-Key it came with, `body` that of the request.
    """

    what: str
    at: datetime
    by: str
    version: int
    status: Status
    starts: datetime
    ends: datetime
    staff: str
    room: str | None = None
    why: str = ""
    key: str = ""
    body: str = ""
    reschedules: int = 0
    late: bool = False
