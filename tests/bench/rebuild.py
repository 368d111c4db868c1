"""How fast and how flat a rebuild of many visits runs: `python -m tests.bench rebuild`, minutes.

On the tables in memory that a quarter is played on, in a process of its own: moto reads a whole table for each page of
it, as the stack's stand-in does, so that their time grows with the square of what there is. Each fact stands there
already, of an older version: all are written anew, and the tables grow by nothing that a rebuild of ours would be
blamed for.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

from infra.local.place import ROOT
from infra.local.quarter import environment
from tests.bench.figure import Figure

MANY = (10_000, 100_000)
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of processor time of the first rebuild, and of one more, which finds all as it should be (`elapsed`: of
    the first, by the clock); memory in megabytes at the start, at each tenth, and at the end of the first."""

    facts: int
    took: float
    elapsed: float
    again: float
    megabytes: tuple[float, ...]


def rows() -> Iterator[Figure]:
    for many in MANY:
        run = _in_a_process_of_its_own(many)
        start, *_, end = run.megabytes
        middle = run.megabytes[len(run.megabytes) // 2]
        memory = f"{start:.0f}, {middle:.0f}, {end:.0f} MB at its start, middle, end"
        again = f"once more, nothing to write: {run.facts / run.again:,.0f} a second"
        rate = f"{run.facts / run.took:,.0f} a second ({run.facts / run.elapsed:,.0f} by the clock)"
        yield Figure(f"figures: {run.facts:,} visits made anew", rate, again, memory)


def _in_a_process_of_its_own(many: int) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.rebuild", str(many)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def measured(many: int) -> Run:
    environment.prepare()
    from infra.local.quarter.memory import Memory
    from kept.storage import tables

    with Memory(tables.TABLES).in_place():
        return _rebuilt(many)


def _rebuilt(many: int) -> Run:
    from kept.storage import facts
    from kept.use_cases.insight import rebuilding
    from tests.builders import STARTS

    _plant(many)
    megabytes, step = [_resident()], many // 10
    put, count = facts.put, 0

    def counted(*told: object, **more: object) -> bool:
        nonlocal count
        count += 1
        if count % step == 0:
            megabytes.append(_resident())
        return put(*told, **more)  # type: ignore[arg-type]

    facts.put = counted
    began, by_the_clock = process_time(), perf_counter()
    rebuilt = rebuilding.rebuild("lotus", now=STARTS)
    took, elapsed = process_time() - began, perf_counter() - by_the_clock
    rebuilding.rebuild("lotus", now=STARTS)
    assert count == many, "once more nothing is written"
    return Run(rebuilt.facts, took, elapsed, process_time() - began - took, tuple(megabytes))


def _plant(many: int) -> None:
    from kept.insight.fact_of import fact_of_visit
    from kept.storage import appointments, catalogs, facts
    from kept.storage.tables import AppointmentItem, FactItem
    from tests.builders import STARTS, a_catalog, an_appointment

    catalog = a_catalog()
    catalogs.put("lotus", [catalog.business, *catalog.services.values(), *catalog.staff.values()])
    with AppointmentItem.batch_write() as visits, FactItem.batch_write() as known:
        for n in range(many):
            visit = an_appointment(f"a-{n:06}", starts=STARTS - timedelta(minutes=31 * n))
            visits.save(appointments.as_item(replace(visit, revision=1), None))
            known.save(facts.as_item("lotus", replace(fact_of_visit(visit, catalog), version=1)))


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


if __name__ == "__main__":
    print(json.dumps(asdict(measured(int(sys.argv[1])))))  # noqa: T201
