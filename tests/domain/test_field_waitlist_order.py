"""Who comes first of those who wait, and the reason that each place has."""

from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from kept.clients.client import Tier
from kept.reasons import Code
from kept.waitlist.entry import WaitlistEntry
from kept.waitlist.order import in_order, passed_by_tier
from tests.domain.waiting import NOW, waiting

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
LONG, SHORT = NOW - 9 * DAY, NOW - DAY
OLD = waiting("c-old-w1", since=LONG)
NEW = waiting("c-new-w1", since=SHORT)
VIP = waiting("c-vip-w1", since=SHORT, tier=Tier.VIP)
PROSPECT = waiting("c-pro-w1", since=LONG - DAY, tier=Tier.PROSPECT)
WRONGED = waiting("c-wro-w1", since=SHORT, tier=Tier.PROSPECT, wronged=NOW - 2 * DAY)
WRONGED_BEFORE = waiting("c-wrb-w1", since=SHORT + timedelta(hours=1), wronged=NOW - 5 * DAY)
EARLY = waiting("c-ear-w1", since=SHORT, early=NOW + DAY)
EARLY_NO_MORE = waiting("c-eno-w1", since=SHORT, early=NOW)
STARVED = waiting("c-sta-w1", since=LONG, passed_by=3)
STARVED_LATER = waiting("c-stl-w1", since=SHORT, passed_by=5)
NEARLY = waiting("c-nea-w1", since=LONG, passed_by=2)
OFFERED = waiting("c-off-w1", since=LONG, offered=NOW - DAY)
OFFERED_BEFORE = waiting("c-ofb-w1", since=LONG + timedelta(hours=1), offered=NOW - 2 * DAY)
SAME_DAY_LATER = waiting("c-sdl-w1", since=LONG + timedelta(hours=2))

CASES = {
    "nobody": ((), ()),
    "one alone": ((OLD,), (Code.WAITS_SINCE,)),
    "the longer one waits": ((OLD, NEW), (Code.WAITS_SINCE, Code.WAITS_SINCE)),
    "a tier before waiting": ((VIP, OLD, PROSPECT), (Code.BETTER_TIER, Code.BETTER_TIER, Code.WAITS_SINCE)),
    "the wronged before a tier": ((WRONGED, VIP), (Code.OWED_SINCE, Code.WAITS_SINCE)),
    "who was wronged first": ((WRONGED_BEFORE, WRONGED), (Code.OWED_SINCE, Code.OWED_SINCE)),
    "early cancellers before waiting": ((EARLY, OLD), (Code.CANCELS_EARLY, Code.WAITS_SINCE)),
    "a tier before early cancellers": ((VIP, EARLY), (Code.BETTER_TIER, Code.WAITS_SINCE)),
    "early until that very instant": ((OLD, EARLY_NO_MORE), (Code.WAITS_SINCE, Code.WAITS_SINCE)),
    "passed by three times": ((STARVED, VIP, NEW), (Code.PASSED_BY_BETTER_TIERS, Code.BETTER_TIER, Code.WAITS_SINCE)),
    "only the longest of those": (
        (STARVED, VIP, STARVED_LATER),
        (Code.PASSED_BY_BETTER_TIERS, Code.BETTER_TIER, Code.WAITS_SINCE),
    ),
    "passed by twice": ((VIP, NEARLY), (Code.BETTER_TIER, Code.WAITS_SINCE)),
    "the wronged before the passed by": ((WRONGED, STARVED), (Code.OWED_SINCE, Code.WAITS_SINCE)),
    "of one day who was offered nothing": (
        (OLD, SAME_DAY_LATER, OFFERED_BEFORE, OFFERED),
        (Code.OFFERED_LEAST_LATELY, Code.OFFERED_LEAST_LATELY, Code.OFFERED_LEAST_LATELY, Code.WAITS_SINCE),
    ),
    "days of waiting before offers": ((OFFERED, NEW), (Code.WAITS_SINCE, Code.WAITS_SINCE)),
}


@pytest.mark.parametrize(("entries", "reasons"), CASES.values(), ids=CASES)
def test_places(entries: tuple[WaitlistEntry, ...], reasons: tuple[Code, ...]) -> None:
    """In whatever order they are read, the places and the reasons are the same."""
    for shuffled in permutations(entries):
        places = in_order(shuffled, zone=SHANGHAI, passed_by=3, now=NOW)
        assert [place.entry.id for place in places] == [entry.id for entry in entries]
        assert [place.why.code for place in places] == list(reasons)
        assert [place.number for place in places] == list(range(1, len(entries) + 1))


def test_a_day_is_the_places() -> None:
    """Half an hour apart over midnight in Shanghai is another day, though not in UTC: the one of before comes first,
    offered or not."""
    before = waiting("c-a-w1", since=datetime.fromisoformat("2026-02-20T23:45+08:00"), offered=NOW - DAY)
    after = waiting("c-b-w1", since=datetime.fromisoformat("2026-02-21T00:15+08:00"))
    places = in_order([after, before], zone=SHANGHAI, passed_by=3, now=NOW)
    assert [place.entry.id for place in places] == [before.id, after.id]


PASSED = {
    "a better tier": ([OLD, VIP], VIP, OLD),
    "only whoever waits longest": ([OLD, NEW, VIP], VIP, OLD),
    "their own turn": ([OLD, NEW], OLD, None),
    "the chosen waited longer": ([NEW, waiting("c-v2-w1", since=LONG, tier=Tier.VIP)], None, None),
    "the chosen was wronged": ([OLD, WRONGED], WRONGED, None),
    "cancelled early": ([OLD, EARLY], EARLY, None),
}


@pytest.mark.parametrize(("entries", "chosen", "passed"), PASSED.values(), ids=PASSED)
def test_who_is_passed_by_a_tier(
    entries: list[WaitlistEntry], chosen: WaitlistEntry | None, passed: WaitlistEntry | None
) -> None:
    """By a tier alone, and whoever waits longest alone: one write, however many wait."""
    places = in_order(entries, zone=SHANGHAI, passed_by=3, now=NOW)
    assert passed_by_tier(places, chosen or places[0].entry) == passed
