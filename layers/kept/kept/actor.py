"""Who acts, and with what a change is made: by whom, when, why, and under which idempotency key."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a client, a staff member, or Kept itself."""

    kind: str
    id: str = ""

    @property
    def is_client(self) -> bool:
        return self.kind == "client"

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


CLIENT = Actor("client")
KEPT = Actor("kept")


@dataclass(frozen=True, slots=True)
class Change:
    """Who asks for a change, when, why, and under which idempotency key. `for_client`: staff do it because the client
    asked them to, by telephone or at the door."""

    by: Actor
    at: datetime
    why: str = ""
    key: str = ""
    body: str = ""
    for_client: bool = False

    @property
    def is_asked_by_client(self) -> bool:
        """Whoever does it: what it costs is the same."""
        return self.by.is_client or self.for_client
