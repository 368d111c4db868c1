"""`python -m infra.local.quarter`: a quarter with each policy on and off, as a page of charts and a JSON file."""

import argparse
import json
import sys
from pathlib import Path

from infra.local.place import ROOT
from infra.local.quarter import environment

environment.prepare()

from infra.local import pages  # noqa: E402  # Kept is found only now
from infra.local.quarter import runs, view  # noqa: E402
from infra.local.quarter.stage import Plan  # noqa: E402

USUAL, LAST_RUN = Plan(), ROOT / ".local" / "quarter"


def main(arguments: list[str]) -> int:
    """1 where something is not true, or the product's numbers are not those of the tables."""
    said = _read(arguments)
    plan, done, well = Plan(clients=said.clients, weeks=said.weeks, seed=said.seed), [], True
    for run in runs.side_by_side(plan, at_once=said.at_once):
        done.append(run)
        well = well and not (run.untrue or run.differs)
        _say(f"{run.name:20} {run.numbers['booked']:5} booked, {run.numbers['no_show']:4} missed, {run.seconds:6.1f} s")
        for words in (*run.untrue, *(f"{name} is not what the tables say" for name in run.differs)):
            _say(f"  {words}")
    told = runs.as_json(plan, done)
    said.into.mkdir(parents=True, exist_ok=True)
    for file in (said.into / view.JSON, *([view.SHIPPED] if said.ship else [])):
        file.write_text(json.dumps(told, ensure_ascii=False) + "\n")
    (said.into / view.PAGE).write_text(pages.quarter(told, is_last=True, alone=True))
    _say(f"written: {said.into / view.PAGE}")
    return 0 if well else 1


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.quarter", description="A quarter of one salon, played."
    )
    parser.add_argument("--clients", type=int, default=USUAL.clients)
    parser.add_argument("--weeks", type=int, default=USUAL.weeks)
    parser.add_argument("--seed", type=int, default=USUAL.seed)
    parser.add_argument("--at-once", type=int, default=2, help="runs side by side, a process each")
    parser.add_argument("--ship", action="store_true", help="make it the run that comes with Kept")
    parser.add_argument("--into", type=Path, default=LAST_RUN, help="folder of the page and the JSON")
    return parser.parse_args(arguments)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
