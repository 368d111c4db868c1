"""The client: how to reach them, in which language and zone, and what they agreed to."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from kept.messaging.purpose import Channel, Purpose


class Tier(StrEnum):
    """Decides how soon they are answered."""

    VIP = "vip"
    REGULAR = "regular"
    PROSPECT = "prospect"


@dataclass(frozen=True, slots=True)
class Consent:
    """For one purpose over one channel: when, how and with which words it was given; withdrawal ends it at once."""

    purpose: Purpose
    channel: Channel
    given_at: datetime
    source: str
    words: str
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """`phone` is E.164, `email` normalised; one of them is there."""

    business: str
    id: str
    name: str
    locale: str
    tz: str
    phone: str | None = None
    email: str | None = None
    tier: Tier = Tier.PROSPECT
    preferred: Channel | None = None
    do_not_disturb: bool = False
    consents: tuple[Consent, ...] = ()
    revision: int = 0

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    def address(self, channel: Channel) -> str | None:
        """Where that channel reaches them, if it does."""
        return {Channel.EMAIL: self.email, Channel.SMS: self.phone}[channel]

    def agreed(self, purpose: Purpose, channel: Channel) -> bool:
        """The last word on it counts."""
        given = [c for c in self.consents if (c.purpose, c.channel) == (purpose, channel)]
        return bool(given) and given[-1].withdrawn_at is None

    def channels(self, purpose: Purpose) -> tuple[Channel, ...]:
        """Those that reach them and that they agreed to, the preferred first."""
        usable = [c for c in Channel if self.address(c) and self.agreed(purpose, c)]
        return tuple(sorted(usable, key=lambda c: c != self.preferred))

    def agreeing(self, guest: "Client") -> "Client":
        """With what a booking in their name agreed to, for the contacts that are theirs; nothing else is taken over.

        Anybody can type somebody else's number, so a booking never changes who a client is.
        """
        new = [
            consent
            for consent in guest.consents
            if guest.address(consent.channel) == self.address(consent.channel)
            and not self.agreed(consent.purpose, consent.channel)
        ]
        return replace(self, consents=(*self.consents, *new)) if new else self
