"""One-time subscriptions on WeChat where they are asked for: beside the booking, and on the appointment's own page.

Whoever typed somebody else's number has no taps: they count where the client came into being by this booking, or where
the page was opened by a link that was sent to an address of theirs.
"""

from collections.abc import Iterable

from kept.booking.appointment import Appointment
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.clients.held import ContactKind
from kept.clients.subscriptions import TapKind
from kept.messaging.wechat_forms import offered
from kept.pages.reader import Reader
from kept.use_cases.clients.subscriptions import subscribe
from kept.use_cases.messaging.addressees import addressee_of


def on_offer(business: Business) -> tuple[TapKind, ...]:
    return offered(business.channels, business.templates)


def may_tap(visit: Appointment, business: Business, sent_to: ContactKind | None) -> tuple[TapKind, ...]:
    """Not of a visit that is over, nor by a link that may be anybody's."""
    booked = visit.booked_as
    theirs = sent_to is not None or booked is None or booked.is_first
    return on_offer(business) if theirs and visit.is_expected else ()


def has_tapped(visit: Appointment, client: Client) -> frozenset[TapKind]:
    """With this booking, and not spent yet."""
    return frozenset(tap.kind for tap in client.subscriptions if tap.is_open and tap.occasion == visit.id)


def tapped(visit: Appointment, kinds: Iterable[TapKind], reader: Reader, *, source: str) -> None:
    """Once for each booking, however often the form is sent."""
    for kind in kinds:
        words = reader.language.says(f"wechat.{kind}")
        client = addressee_of(visit)
        subscribe(client, kind, at=reader.visit.now, source=source, words=words, occasion=visit.id)
