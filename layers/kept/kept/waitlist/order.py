"""Who comes first of those who wait, and why: each place has its reason.

Whoever waits, and after them those who are only to hear of gaps of the day, because they are near, or due again. Of
each: whom we wronged or made wait; once, whoever waits longest and was passed by a better tier too often; then the
tier; who cancels early; who has waited longer, in days; of one day who was offered something least recently; at last
the instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kept.clients.client import Tier
from kept.reasons import Code, Reason, because
from kept.waitlist.entry import SameDay, WaitlistEntry

NEVER = datetime.min.replace(tzinfo=UTC)
KINDS = (SameDay.NO, SameDay.NEAR, SameDay.DUE)
TIERS = (Tier.VIP, Tier.REGULAR, Tier.PROSPECT)
Key = tuple[int, tuple[int, float], int, int, int, int, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """From 1 on; `why` it comes before those behind it, of the last since when they wait."""

    number: int
    entry: WaitlistEntry
    why: Reason


def in_order(entries: Iterable[WaitlistEntry], *, zone: ZoneInfo, passed_by: int, now: datetime) -> list[Place]:
    """`zone` is the place's, by which days of waiting count. The same entries in any order give the same places."""
    waiting = list(entries)
    first_once = _passed_by_too_often(waiting, passed_by)
    keys = {it.id: _key(it, first_once, zone, now) for it in waiting}
    ordered = sorted(waiting, key=lambda it: (keys[it.id], it.id))
    return [Place(n, it, _why(it, keys[it.id], keys[ordered[-1].id], zone)) for n, it in enumerate(ordered, start=1)]


def passed_by_tier(places: Iterable[Place], chosen: WaitlistEntry) -> WaitlistEntry | None:
    """Who waits longest of all these, where somebody of a better tier, and by that alone, is offered something before
    them; None where it is their turn, or the chosen has waited longer."""
    entries = [place.entry for place in places if place.entry.same_day is chosen.same_day]
    longest = min(entries, key=lambda it: (it.since, it.id), default=None)
    if longest is None or longest.id == chosen.id or _owed(chosen) != _owed(longest):
        return None
    return longest if TIERS.index(chosen.claim.tier) < TIERS.index(longest.claim.tier) else None


def _owed(entry: WaitlistEntry) -> bool:
    return entry.claim.wronged is not None


def _passed_by_too_often(waiting: list[WaitlistEntry], passed_by: int) -> str:
    often = [it for it in waiting if it.passed_by >= passed_by]
    return min(often, key=lambda it: (it.since, it.id)).id if often else ""


def _key(it: WaitlistEntry, first_once: str, zone: ZoneInfo, now: datetime) -> Key:
    wronged, early = it.claim.wronged, it.claim.early_until
    return (
        KINDS.index(it.same_day),
        (0, wronged.timestamp()) if wronged else (1, 0),
        0 if it.id == first_once else 1,
        TIERS.index(it.claim.tier),
        0 if early is not None and now < early else 1,
        it.since.astimezone(zone).date().toordinal(),
        it.offered_at.timestamp() if it.offered_at else NEVER.timestamp(),
        it.since.timestamp(),
    )


def _why(it: WaitlistEntry, key: Key, last: Key, zone: ZoneInfo) -> Reason:
    """The first thing in which it comes before the last of all."""
    if it.claim.wronged:
        return because(Code.OWED_SINCE, since=it.claim.wronged.astimezone(zone))
    if it.same_day is SameDay.NEAR:
        return because(Code.SAID_NEAR)
    if it.same_day is SameDay.DUE:
        return because(Code.DUE_AGAIN)
    differs = next((n for n, (mine, theirs) in enumerate(zip(key, last, strict=True)) if mine != theirs), None)
    match differs:
        case 2:
            return because(Code.PASSED_BY_BETTER_TIERS, times=it.passed_by)
        case 3:
            return because(Code.BETTER_TIER)
        case 4:
            return because(Code.CANCELS_EARLY)
        case 6:
            return because(Code.OFFERED_LEAST_LATELY)
    return because(Code.WAITS_SINCE, since=it.since.astimezone(zone))
