"""What tests of the waitlist are about: somebody who waits, and for what."""

from datetime import UTC, date, datetime, timedelta

from kept.clients.client import Tier
from kept.waitlist.entry import Claim, Offer, WaitlistEntry
from kept.waitlist.wish import Wish

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
WEEK = Wish(("cut",), date(2026, 3, 2), date(2026, 3, 8))


def waiting(
    id: str = "c-1-w1",
    *,
    since: datetime = NOW - timedelta(days=3),
    tier: Tier = Tier.REGULAR,
    wronged: datetime | None = None,
    early: datetime | None = None,
    offered: datetime | None = None,
    passed_by: int = 0,
    wish: Wish = WEEK,
) -> WaitlistEntry:
    offers = (an_offer(at=offered),) if offered else ()
    return WaitlistEntry(
        "lotus",
        id,
        id.rpartition("-")[0],
        wish,
        since,
        Claim(tier, wronged, early),
        offers=offers,
        passed_by=passed_by,
    )


def an_offer(*, at: datetime = NOW, starts: datetime | None = None, until: datetime | None = None) -> Offer:
    begins = starts or at + timedelta(days=1)
    return Offer(
        "o1-1", "o1", "cut", "mei", begins, begins + timedelta(hours=1), at, until or at + timedelta(minutes=15), "h-1"
    )
