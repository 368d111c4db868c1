"""Runs side by side: everything switched on, nothing, and everything but each policy, with the same people and luck."""

import gc
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from infra.local.quarter import recount, salon, told, truths
from infra.local.quarter.playing import Quarter
from infra.local.quarter.rates import RATES
from infra.local.quarter.salon import MEANS, ZONE, Policy
from infra.local.quarter.stage import Plan
from kept.storage import catalogs

EVERYTHING, NOTHING = "everything", "nothing"
DEPOSIT_AND_YES = ("deposit_missed", "deposit_late", "restricted_missed")


@dataclass(frozen=True, slots=True)
class Run:
    """`numbers` as the product tells them, `recounted` from the tables, `more` what it has no figure for; `differs` are
    the names of those that are not the same, `untrue` what must never be. `did` and `refused` are the people's own
    words, `seconds` of the processor."""

    name: str
    policies: list[str]
    numbers: dict[str, int]
    recounted: dict[str, int]
    more: dict[str, int]
    weeks: list[dict[str, int]]
    differs: list[str]
    untrue: list[str]
    did: dict[str, int]
    refused: dict[str, int]
    calls: int
    seconds: float


def scenarios(policies: Iterable[Policy]) -> dict[str, frozenset[Policy]]:
    everything = frozenset(policies)
    without = {f"without {policy}": everything - {policy} for policy in Policy if policy in everything}
    return {EVERYTHING: everything, **without, NOTHING: frozenset()}


def played(name: str, plan: Plan) -> Run:
    """One of them, in a process of its own."""
    gc.freeze()  # what is there now stays: looking through it again and again took a tenth of the time
    return played_out(name, Quarter(plan))


def played_out(name: str, quarter: Quarter) -> Run:
    """To its end, told and counted again."""
    began = time.process_time()
    with quarter.world.in_place():
        quarter.play()
        rows = recount.Rows(quarter.world.memory.everything)
        wrong = truths.untrue(quarter, rows)
        numbers = told.numbers(quarter)
        again = recount.numbers(rows, standing=_standing(), now=quarter.world.now)
    return Run(
        name,
        sorted(quarter.plan.policies),
        numbers,
        again,
        recount.extras(rows),
        recount.by_week(rows, salon.FIRST, quarter.plan.weeks, ZONE),
        sorted(it for it in numbers.keys() | again.keys() if numbers.get(it) != again.get(it)),
        wrong,
        dict(sorted(quarter.journal.did.items())),
        dict(sorted(quarter.journal.refused.items())),
        sum(quarter.world.calls.values()),
        round(time.process_time() - began, 1),
    )


def side_by_side(plan: Plan, *, at_once: int) -> Iterator[Run]:
    """As each is done; `plan` without its policies."""
    several = scenarios(Policy)
    with ProcessPoolExecutor(at_once, max_tasks_per_child=1) as pool:
        waiting = [pool.submit(played, name, plan.under(on)) for name, on in several.items()]
        yield from (one.result() for one in waiting)


def as_json(plan: Plan, runs: Iterable[Run]) -> dict[str, Any]:
    """All that a page of it needs."""
    return {
        "clients": plan.clients,
        "weeks": plan.weeks,
        "seed": plan.seed,
        "staff": len(salon.STAFF),
        "first": str(salon.FIRST),
        "policies": {policy: MEANS[policy] for policy in Policy},
        "runs": [asdict(run) for run in runs],
        "rates": {name: asdict(rate) for name, rate in RATES.items()},
    }


def _standing() -> dict[str, int]:
    rules = catalogs.load(salon.ID).business.standing
    return {name: getattr(rules, name) for name in DEPOSIT_AND_YES}
