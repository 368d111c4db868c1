"""Who of those who wait would fit into the gaps of a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from kept.booking.gaps import Gap
from kept.business.catalog import Catalog
from kept.business.waitlist_rules import MOST_AT_ONCE
from kept.clients.client import Client
from kept.storage import clients, waitlist
from kept.use_cases.booking.desk_day import OfMember
from kept.waitlist.entry import WaitlistEntry
from kept.waitlist.offers import OfferTerms, terms
from kept.waitlist.order import in_order

SHOWN = 5
"""Of one gap."""


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody whom a gap fits: which service, and its soonest start."""

    entry: WaitlistEntry
    client: Client | None
    service: str
    starts: datetime


@dataclass(frozen=True, slots=True)
class _Asked:
    """The gap of somebody's, as things stand."""

    catalog: Catalog
    staff: str
    gap: Gap
    now: datetime

    def fits(self, entry: WaitlistEntry) -> tuple[str, datetime] | None:
        found = ((fit.service, at) for fit in self.gap.fits for at in self._starts(entry, fit.service, fit.starts))
        return min(found, key=lambda it: it[1], default=None)

    def _starts(self, entry: WaitlistEntry, service: str, starts: Iterable[int]) -> Iterator[datetime]:
        if service not in entry.wish.services:
            return
        zone, rules = self.catalog.business.zone, self.catalog.business.waitlist
        lasts = timedelta(minutes=self.catalog.service(service).duration)
        for minute in starts:
            at = datetime.fromtimestamp(minute * 60, UTC)
            is_wished = entry.wish.fits(service, at, at + lasts, self.staff, zone=zone)
            if is_wished and isinstance(terms(rules, at, most=MOST_AT_ONCE, now=self.now), OfferTerms):
                yield at


def waiters(
    catalog: Catalog, day: date, members: Iterable[OfMember], *, now: datetime
) -> dict[tuple[str, Gap], list[Waiter]]:
    """By whose gap it is, the first in their order; who has something on offer is not asked. One query; where nobody
    waits nothing more."""
    business = catalog.business
    asked = [_Asked(catalog, it.member.id, gap, now) for it in members for gap in it.gaps]
    entries = waitlist.waiting(business.id) if asked else []
    places = in_order(entries, zone=business.zone, passed_by=business.waitlist.passed_by, now=now)
    could = [it.entry for it in places if it.entry.offer is None and it.entry.wish.first <= day <= it.entry.wish.last]
    found = {
        (it.staff, it.gap): list(islice(((entry, fit) for entry in could if (fit := it.fits(entry))), SHOWN))
        for it in asked
    }
    known = clients.several(business.id, {entry.client for theirs in found.values() for entry, _ in theirs})
    return {
        key: [Waiter(entry, known.get(entry.client), *fit) for entry, fit in theirs] for key, theirs in found.items()
    }
