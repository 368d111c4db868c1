"""What other rules would have cost those who cancelled or moved too late, or did not come, next to what it did.

As if everybody had done the same: what they would have done under other rules nobody knows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kept.actor import KEPT
from kept.booking.appointment import Appointment
from kept.booking.history import NO_SHOW_REVERSED, RESCHEDULED, Event
from kept.booking.states import Status
from kept.business.catalog import Catalog, Money
from kept.business.change_rules import ChangeRules, Terms
from kept.policy.accepted import under
from kept.policy.cost import fee, incurred
from kept.policy.deposit import is_asked
from kept.policy.standing import standing


class Breach(StrEnum):
    """For what a fee is asked."""

    LATE_CANCELLATION = "late_cancellation"
    LATE_MOVE = "late_move"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """By some terms: whether it counts as a breach of them, which deposit is lost by it, and what it costs beyond that;
    None for nothing."""

    counts: bool
    cost: Money | None
    deposit: Money | None = None


@dataclass(frozen=True, slots=True)
class TermsHit:
    """One visit: what its client did and when (None where that is not known any more), what was made of it under the
    terms they accepted, and what the other rules would have made of it."""

    visit: Appointment
    breach: Breach
    at: datetime | None
    then: Verdict
    would: Verdict


@dataclass(frozen=True, slots=True)
class Tally:
    """How many breaches, how many of them cost something, and how much, in minor units by currency; and how many
    `deposits` would be lost, which come to `lost`."""

    count: int
    charged: int
    sums: Mapping[str, int]
    deposits: int = 0
    lost: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DryRun:
    """Of so many visits the hits, the latest first."""

    visits: int
    hits: tuple[TermsHit, ...]

    @property
    def clients(self) -> int:
        """Whom it would have cost something."""
        return len({it.visit.client for it in self.hits if it.would.cost or it.would.deposit})

    def then(self, breach: Breach) -> Tally:
        return _tally(it.then for it in self.hits if it.breach is breach)

    def would(self, breach: Breach) -> Tally:
        return _tally(it.would for it in self.hits if it.breach is breach)


def dry_run(visits: Iterable[Appointment], catalog: Catalog, rules: ChangeRules) -> DryRun:
    """Whether somebody was new, and how they stood, is told by what these visits show of the time before."""
    found = [visit for visit in visits if visit.was_booked]
    by_client: dict[str, list[Appointment]] = {}
    for it in found:
        by_client.setdefault(it.client, []).append(it)
    hits = (hit(it, catalog, rules, of_client=by_client[it.client]) for it in found)
    ordered = sorted((it for it in hits if it), key=lambda it: (it.visit.starts, it.visit.id), reverse=True)
    return DryRun(len(found), tuple(ordered))


def hit(
    visit: Appointment, catalog: Catalog, rules: ChangeRules, *, of_client: Iterable[Appointment] = ()
) -> TermsHit | None:
    """None of one that neither counts. As it stands: what was taken back is no breach, nor is what the business did by
    itself; of several moves the last counts."""
    found = _done(visit)
    if found is None:
        return None
    breach, event, starts = found
    own, other = visit.terms(catalog.business.changes), terms(visit, catalog, rules)
    zone = catalog.business.zone
    days = abs(visit.starts.astimezone(zone).date() - (starts or visit.starts).astimezone(zone).date())
    then = _verdict(visit, breach, own, days)
    counts = then.counts
    if breach is not Breach.MISSED and event and starts:
        counts = other.is_late(starts, visit.booked_at, now=event.at)
    if other.deposit and not _would_be_asked(visit, catalog, rules, of_client):
        other = replace(other, deposit=0)
    would = _verdict(replace(visit, late=counts), breach, other, days)
    return TermsHit(visit, breach, event.at if event else None, then, would) if then.counts or would.counts else None


def _verdict(visit: Appointment, breach: Breach, terms: Terms, days: timedelta) -> Verdict:
    """What is lost of a deposit is paid already of what it costs. Of a late move, over so many days, one is lost that
    went too far."""
    counts, cost = visit.late or breach is Breach.MISSED, incurred(visit, terms)
    goes_along = breach is Breach.LATE_MOVE and days <= terms.deposit_moves
    lost = terms.deposit if counts and not goes_along else 0
    return Verdict(counts, fee(max(cost.minor - lost, 0), terms) if cost else None, fee(lost, terms))


def _would_be_asked(visit: Appointment, catalog: Catalog, rules: ChangeRules, of_client: Iterable[Appointment]) -> bool:
    before = [it for it in of_client if it.ends <= visit.booked_at]
    stood = standing(before, catalog.business, None, now=visit.booked_at).standing
    return is_asked(rules.deposits, is_new=not any(it.has_come for it in before), standing=stood)


def terms(visit: Appointment, catalog: Catalog, rules: ChangeRules) -> Terms:
    """Those it would have been booked under: by its client's tier and its price of then; the price of what was booked
    before that was kept is today's."""
    by_client = bool(visit.history) and visit.history[0].is_clients
    price = visit.price or catalog.service_of(visit).price
    return under(rules, visit.service, visit.tier, price, catalog.business.currency, is_client=by_client)


def _done(visit: Appointment) -> tuple[Breach, Event | None, datetime | None] | None:
    """What its client did, in which line, and which start that was about. Where a line is not known any more it is as
    it was judged then."""
    match visit.status:
        case Status.NO_SHOW:
            return Breach.MISSED, _last(visit, "no_show"), visit.starts
        case Status.CANCELLED:
            line = _last(visit, "cancelled", NO_SHOW_REVERSED)
            is_theirs = line.what != NO_SHOW_REVERSED and line.is_asked_by_client if line else visit.late
            return (Breach.LATE_CANCELLATION, line, visit.starts) if is_theirs else None
    line = _last_move(visit)
    is_theirs = line.is_asked_by_client if line else visit.late
    return (Breach.LATE_MOVE, line, _moved_from(visit, line)) if is_theirs else None


def _last(visit: Appointment, *what: str) -> Event | None:
    return next((line for line in reversed(visit.history) if line.what in what), None)


def _last_move(visit: Appointment) -> Event | None:
    """By anybody: what only keeps the local time leaves a late move as late as it was."""
    moves = (line for line in reversed(visit.history) if line.what == RESCHEDULED)
    return next((line for line in moves if line.is_asked_by_client or not (line.late or line.by == KEPT.kind)), None)


def _moved_from(visit: Appointment, move: Event | None) -> datetime | None:
    """The start it had before: each move is a version of its own."""
    lines = reversed(visit.history)
    return next((it.starts for it in lines if move and it.version == move.version - 1), None)


def _tally(verdicts: Iterable[Verdict]) -> Tally:
    found = [it for it in verdicts if it.counts]
    costs, lost = [it.cost for it in found if it.cost], [it.deposit for it in found if it.deposit]
    return Tally(len(found), len(costs), _sums(costs), len(lost), _sums(lost))


def _sums(of: Iterable[Money]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for it in of:
        sums[it.currency] += it.minor
    return dict(sorted(sums.items()))
