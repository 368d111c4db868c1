"""Who of those who wait would fit into the gaps of a day, and to whom its times are held out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from kept.booking.gaps import Gap
from kept.business.catalog import Catalog
from kept.business.waitlist_rules import MOST_AT_ONCE
from kept.clients.client import Client
from kept.storage import clients, waitlist
from kept.use_cases.booking.desk_day import DeskDay
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
        lasts = entry.wish.lasts(self.catalog.service(service).duration)
        ends = datetime.fromtimestamp(self.gap.end * 60, UTC)
        for minute in starts:
            at = datetime.fromtimestamp(minute * 60, UTC)
            is_wished = at + lasts <= ends and entry.wish.fits(service, at, at + lasts, self.staff, zone=zone)
            is_wished = is_wished and entry.may_have(at, zone=zone, now=self.now)
            if is_wished and isinstance(terms(rules, at, most=MOST_AT_ONCE, now=self.now), OfferTerms):
                yield at


@dataclass(frozen=True, slots=True)
class WaitingOfDay:
    """Whom the gaps fit, by whose gap it is, and the names of those to whom a hold is on offer, by what it is called on
    the page."""

    fit: Mapping[tuple[str, Gap], list[Waiter]]
    offered: Mapping[str, list[str]]


def waiters(catalog: Catalog, day: DeskDay, *, now: datetime) -> WaitingOfDay:
    """The first in their order; who has something on offer is not asked. One query; where nobody waits nothing more."""
    business = catalog.business
    asked = [_Asked(catalog, it.member.id, gap, now) for it in day.members for gap in it.gaps]
    entries = waitlist.waiting(business.id) if asked or day.holds else []
    places = in_order(entries, zone=business.zone, passed_by=business.waitlist.passed_by, now=now)
    could = [entry for entry in (it.entry for it in places) if entry.offer is None and _is_of_day(entry, day)]
    found = {
        (it.staff, it.gap): list(islice(((entry, fit) for entry in could if (fit := it.fits(entry))), SHOWN))
        for it in asked
    }
    holds = {it.entry.ref for it in day.holds}
    held = [(entry.offer.hold, entry) for entry in entries if entry.offer and entry.offer.hold in holds]
    named = {entry.client for theirs in found.values() for entry, _ in theirs} | {entry.client for _, entry in held}
    known = clients.several(business.id, named)
    offered: dict[str, list[str]] = {}
    for hold, entry in held:
        offered.setdefault(hold, []).append(known[entry.client].name if entry.client in known else "")
    return WaitingOfDay(
        {key: [Waiter(entry, known.get(entry.client), *it) for entry, it in theirs] for key, theirs in found.items()},
        offered,
    )


def _is_of_day(entry: WaitlistEntry, day: DeskDay) -> bool:
    return entry.wish.first <= day.on <= entry.wish.last
