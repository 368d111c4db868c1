"""Who a booking was made for, as it was typed then, whatever becomes of the client or of the number since."""

from dataclasses import dataclass
from datetime import datetime

from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.held import ContactKind


@dataclass(frozen=True, slots=True)
class BookedAs:
    """`agreed` are the channels over which they agreed to be told of this booking, the preferred first, in the words
    and at the place (`source`) that stand beside them; the booking's zone stands on the booking.

    `is_first`: its client came into being by it. `proved` are the contacts from which somebody acted on it, so that
    they are known to be theirs. `retyped` are those that were mended since: links that were sent before went elsewhere.
    """

    name: str
    locale: str
    phone: str | None = None
    email: str | None = None
    wechat: str | None = None
    agreed: tuple[Channel, ...] = ()
    source: str = ""
    words: str = ""
    is_first: bool = False
    proved: tuple[ContactKind, ...] = ()
    retyped: tuple[ContactKind, ...] = ()

    @property
    def contacts(self) -> dict[ContactKind, str]:
        """What was typed, by kind."""
        return contacts(self)

    @property
    def preferred(self) -> Channel | None:
        return next(iter(self.agreed), None)

    def consents(self, *, at: datetime) -> tuple[Consent, ...]:
        """As statements of a ledger; `at` is when it was booked."""
        return tuple(Consent(Purpose.TRANSACTIONAL, channel, at, self.source, self.words) for channel in self.agreed)


def booked_as(client: Client, *, is_first: bool) -> BookedAs:
    """By somebody whose details were just typed, with what they agreed to in typing them."""
    said = [c for c in client.consents if (c.purpose, c.said) == (Purpose.TRANSACTIONAL, ConsentWord.GIVEN)]
    last = said[-1] if said else None
    return BookedAs(
        name=client.name,
        locale=client.locale,
        phone=client.phone,
        email=client.email,
        wechat=client.wechat,
        agreed=tuple(sorted((c.channel for c in said), key=lambda channel: channel != client.preferred)),
        source=last.source if last else "",
        words=last.words if last else "",
        is_first=is_first,
    )


def contacts(of: Client | BookedAs) -> dict[ContactKind, str]:
    """Those that there are."""
    found = {ContactKind.PHONE: of.phone, ContactKind.EMAIL: of.email, ContactKind.WECHAT: of.wechat}
    return {kind: contact for kind, contact in found.items() if contact}
