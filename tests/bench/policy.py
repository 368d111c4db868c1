"""A policy edited while 10,000 follow-ups are open: none is touched, what putting it on them would do, and doing it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

from tests.bench.cloud import Cloud, Units
from tests.bench.figure import Figure
from tests.builders import STARTS, a_catalog, a_follow_up

OPEN_ONES, PUT_ON = 10_000, 1_000
APART = timedelta(seconds=1)
NOW = STARTS + timedelta(hours=4)
STRICT = timedelta(hours=2)
"""In place of a VIP's 24 hours: what was opened more than two hours ago, one a second, is late at once."""
BREACHED = (NOW - STRICT - STARTS) // APART


def rows(cloud: Cloud) -> Iterator[Figure]:
    """Raises AssertionError where one is touched before its time, missed, or put under the policy twice."""
    from kept.storage import catalogs

    catalog = a_catalog()
    catalogs.put("lotus", [catalog.business, *catalog.services.values(), *catalog.staff.values()])
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
            batch.save(follow_ups.as_item(one))


def _edited(cloud: Cloud) -> Iterator[Figure]:
    from kept.follow_up.policy import Level, Row, ServicePolicy
    from kept.use_cases.business import settings

    strict = ServicePolicy(rows=(Row(STRICT),), levels=(Level("assignee"), Level("owner")), plans={})
    units, seconds = _measured(cloud, lambda: settings.save_follow_up_policy("lotus", strict))
    if set(_revisions()) != {1}:
        raise AssertionError("touched by an edit")
    what = f"a policy edited with {OPEN_ONES:,} open follow-ups"
    yield Figure(what, f"{seconds * 1000:.0f} ms, {units}", "", "none of them is touched")


def _previewed(cloud: Cloud) -> Iterator[Figure]:
    from kept.follow_up.reapplying import Effect
    from kept.storage.parts import Cursor
    from kept.use_cases.follow_ups import policies

    breached: list[str] = []

    def look() -> None:
        after: Cursor | None = None
        while True:
            looked = policies.preview("lotus", 2, after, now=NOW)
            breached.extend(looked.preview.by_effect[Effect.BREACHES_NOW])
            if (after := looked.more_after) is None:
                return

    units, seconds = _measured(cloud, look)
    if len(set(breached)) != BREACHED or len(breached) != BREACHED:
        raise AssertionError(f"{len(set(breached))} would breach, by arithmetic {BREACHED}")
    yield Figure(f"what it would do to them: {BREACHED:,} would breach now", f"{seconds:.1f} s, {units.writes:g} write")


def _applied(cloud: Cloud) -> Iterator[Figure]:
    """The first of them, which become the most pressing by it and so stand where they stood when it is repeated."""
    counts: list[int] = []
    units, seconds = _measured(cloud, lambda: counts.append(_apply(NOW)))
    counts.append(_apply(NOW + APART))
    if counts != [PUT_ON, 0] or sum(revision == 2 for revision in _revisions()) != PUT_ON:
        raise AssertionError(f"{counts} were changed, of {PUT_ON} each once")
    each = f"each {units.table_writes / PUT_ON:.2f} + {units.index_writes / PUT_ON:.2f} write"
    yield Figure(f"    put on {PUT_ON:,} of them, 100 a request", f"{PUT_ON / seconds:,.0f} a second", each)
    yield Figure("    repeated", f"{counts[1]} changed", "", "0")


def _apply(at: datetime) -> int:
    from kept.actor import Actor, Change
    from kept.storage.parts import Cursor
    from kept.use_cases.follow_ups import policies

    change = Change(Actor("staff", "jun"), at, "less patience", key=f"asked at {at}")
    after: Cursor | None = None
    changed = 0
    for _ in range(PUT_ON // policies.PUT_UNDER):
        done = policies.apply("lotus", 2, after, change)
        if done.skipped:
            raise AssertionError(f"skipped: {done.skipped}")
        changed, after = changed + done.changed, done.more_after
    return changed


def _revisions() -> list[int]:
    from kept.storage.tables import FollowUpItem

    found = FollowUpItem.query("lotus", FollowUpItem.id.startswith("policy-"), consistent_read=True)
    revisions = [int(item.revision) for item in found]
    if len(revisions) != OPEN_ONES:
        raise AssertionError(f"{len(revisions)} are there")
    return revisions


def _measured(cloud: Cloud, work: Callable[[], object]) -> tuple[Units, float]:
    began = perf_counter()
    units = cloud.meter.of(work)
    return units, perf_counter() - began
