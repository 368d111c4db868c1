"""A policy edited while 10,000 follow-ups are open: none is touched, what putting it on them would do, and doing it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

from tests.bench.cloud import Cloud, Units
from tests.bench.figure import Figure
from tests.builders import STARTS, a_catalog, a_follow_up

OPEN_ONES = 10_000
APART = timedelta(seconds=1)
NOW = STARTS + timedelta(hours=4)
STRICT = timedelta(hours=2)
"""In place of a VIP's 24 hours: what was opened more than two hours ago, one a second, is late at once."""
BREACHED = (NOW - STRICT - STARTS) // APART


def rows(cloud: Cloud) -> Iterator[Figure]:
    """Raises AssertionError where one is touched before its time, missed, or put under the policy twice."""
    from kept.storage import catalog

    book = a_catalog()
    catalog.put("lotus", [book.business, *book.services.values(), *book.staff.values()])
    _open_them()
    yield from _edited(cloud)
    yield from _previewed(cloud)
    yield from _applied(cloud)


def _open_them() -> None:
    from kept.storage import follow_ups
    from kept.storage.tables import FollowUpItem

    with FollowUpItem.batch_write() as batch:
        for n in range(OPEN_ONES):
            one = replace(a_follow_up(opened=STARTS + n * APART), id=f"policy-{n:05}")
            batch.save(follow_ups._item(one))


def _edited(cloud: Cloud) -> Iterator[Figure]:
    from kept.desk import settings
    from kept.follow_up.policy import Level, Row, ServicePolicy

    strict = ServicePolicy(rows=(Row(STRICT),), levels=(Level("assignee"), Level("owner")), plans={})
    units, seconds = _measured(cloud, lambda: settings.save_follow_up_policy("lotus", strict))
    if revisions := _revisions() - {1}:
        raise AssertionError(f"touched by an edit: {revisions}")
    what = f"a policy edited with {OPEN_ONES:,} open follow-ups"
    yield Figure(what, f"{seconds * 1000:.0f} ms, {units}", "", "none of them is touched")


def _previewed(cloud: Cloud) -> Iterator[Figure]:
    from kept.desk import follow_up_policies
    from kept.follow_up.reapplying import Effect
    from kept.storage.follow_ups import Place

    breached: list[str] = []

    def look() -> None:
        after: Place | None = None
        while True:
            looked = follow_up_policies.preview("lotus", 2, after, now=NOW)
            breached.extend(looked.preview.by_effect[Effect.BREACHES_NOW])
            if (after := looked.more_after) is None:
                return

    units, seconds = _measured(cloud, look)
    if len(set(breached)) != BREACHED or len(breached) != BREACHED:
        raise AssertionError(f"{len(set(breached))} would breach, by arithmetic {BREACHED}")
    yield Figure(f"what it would do to them: {BREACHED:,} would breach now", f"{seconds:.1f} s, {units}")


def _applied(cloud: Cloud) -> Iterator[Figure]:
    units, seconds = _measured(cloud, lambda: _apply(NOW))
    if _revisions() != {2}:
        raise AssertionError(f"not each once: {_revisions()}")
    each = f"each {units.table_writes / OPEN_ONES:.2f} + {units.index_writes / OPEN_ONES:.2f} write"
    yield Figure("    put on them, 100 a request", f"{OPEN_ONES / seconds:,.0f} a second", each)
    _apply(NOW + APART)
    if _revisions() != {2}:
        raise AssertionError("repeated, it writes again")
    yield Figure("    and once more", "0 written", "", "0")


def _apply(at: datetime) -> None:
    """Until nothing is left: the board moves while it is done, so it is walked through again."""
    from kept.booking.history import Actor, Cause
    from kept.desk import follow_up_policies
    from kept.storage.follow_ups import Place

    cause = Cause(Actor("staff", "jun"), at, "less patience")
    after: Place | None = None
    changed = 0
    while True:
        done = follow_up_policies.apply("lotus", 2, after, cause)
        if done.skipped:
            raise AssertionError(f"skipped: {done.skipped}")
        changed += done.changed
        if (after := done.more_after) is None:
            if not changed:
                return
            changed = 0


def _revisions() -> set[int]:
    from kept.storage.tables import FollowUpItem

    found = FollowUpItem.query("lotus", FollowUpItem.id.startswith("policy-"), consistent_read=True)
    revisions = [int(item.revision) for item in found]
    if len(revisions) != OPEN_ONES:
        raise AssertionError(f"{len(revisions)} are there")
    return set(revisions)


def _measured(cloud: Cloud, work: Callable[[], object]) -> tuple[Units, float]:
    began = perf_counter()
    units = cloud.meter.of(work)
    return units, perf_counter() - began
