"""Where a business hears of its events: an endpoint, whose secret stands nowhere, and when it is given up on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kept.events.catalogue import EventType

MOST = 5
"""Endpoints of a business: each is called on its own, and one call at a time."""
OVERLAP = timedelta(hours=24)
"""After its secret was rotated everything is signed with the one before as well."""
GIVEN_UP_AFTER = timedelta(days=5)
"""Of failing without a break it is switched off, and its owner told."""


class OffBecause(StrEnum):
    """Why nothing goes there: the owner said so, it answered 410, or it failed for days."""

    OWNER = "owner"
    GONE = "gone"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """What a secret is drawn from: the deployment's signing key of that name, and which one of this endpoint it is."""

    key: str
    number: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`types` are those that it hears of, none for all. `former` signs as well `until` then.

    `made_under` and `rotated_under` are digests of the Idempotency-Keys, so that a repeat is told the same secret.
    """

    business: str
    id: str
    url: str
    secret: SigningSecret
    made_at: datetime
    made_by: str
    types: tuple[EventType, ...] = ()
    note: str = ""
    former: SigningSecret | None = None
    until: datetime | None = None
    off: OffBecause | None = None
    failing_since: datetime | None = None
    made_under: str = ""
    rotated_under: str = ""

    def hears_of(self, type: EventType) -> bool:
        return self.off is None and (not self.types or type in self.types)

    def signs_with(self, *, now: datetime) -> tuple[SigningSecret, ...]:
        """The newest first."""
        both = self.former is not None and self.until is not None and now < self.until
        return (self.secret, self.former) if both and self.former else (self.secret,)

    def rotated(self, key: str, *, now: datetime, under: str) -> "Endpoint":
        """Another secret; whoever rotates twice within the overlap ends the first one at once."""
        fresh = SigningSecret(key, self.secret.number + 1)
        return replace(self, secret=fresh, former=self.secret, until=now + OVERLAP, rotated_under=under)

    def switched(self, *, on: bool) -> "Endpoint":
        """On again it begins anew, whatever it was off for."""
        if on:
            return replace(self, off=None, failing_since=None) if self.off else self
        return replace(self, off=self.off or OffBecause.OWNER)

    def succeeded(self) -> "Endpoint":
        return replace(self, failing_since=None)

    def failed(self, *, now: datetime) -> "Endpoint":
        """Switched off where it has failed for so long."""
        since = self.failing_since or now
        off = self.off or (OffBecause.FAILING if now - since >= GIVEN_UP_AFTER else None)
        return replace(self, failing_since=since, off=off)

    def gone(self) -> "Endpoint":
        return replace(self, off=OffBecause.GONE)
