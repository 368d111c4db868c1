"""`python -m tests.bench [name...]`: the design's figures, each beside its reference in the same run."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from infra.local.place import ROOT

sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "layers" / "kept")]

from tests.bench import (  # noqa: E402  # kept is found only now
    availability,
    business_time,
    capacity,
    clocks,
    cloud,
    cold_start,
    desk,
    figures,
    idle,
    policy,
    race,
    rebuild,
    replies,
    scale,
    search,
    sweep,
    texts,
    waitlist,
    waits,
)
from tests.bench.figure import Figure  # noqa: E402

ON_THE_STACK = {
    "race": race.rows,
    "capacity": capacity.rows,
    "sweep": sweep.rows,
    "figures": figures.rows,
    "waitlist": waitlist.rows,
}
LONG = {"scale": scale.rows, "policy": policy.rows, "search": search.rows}
LONG_ALONE = {"rebuild": rebuild.rows}
"""Only when they are asked for by name: they take minutes."""
ALONE = {
    "replies": replies.rows,
    "business_time": business_time.rows,
    "clocks": clocks.rows,
    "idle": idle.rows,
    "texts": texts.rows,
    "desk": desk.rows,
    "waits": waits.rows,
}
NAMES = ("availability", *ALONE, *ON_THE_STACK, "cold_start")
EVERY = (*NAMES, *LONG, *LONG_ALONE)


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - {*EVERY}:
        print(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(EVERY)}.", file=sys.stderr)  # noqa: T201
        return 1
    _say(Figure("what", "Kept", "reference in the same run", "to hold"))
    with ExitStack() as stack:
        for figure in _figures(wanted or list(NAMES), stack):
            _say(figure)
    return 0


def _figures(wanted: Iterable[str], stack: ExitStack) -> Iterator[Figure]:
    """One stack serves all that need it."""
    if "availability" in wanted:
        yield from _availability()
    for name, rows in (ALONE | LONG_ALONE).items():
        if name in wanted:
            yield from rows()
    if on_it := [rows for name, rows in (ON_THE_STACK | LONG).items() if name in wanted]:
        running = stack.enter_context(cloud.running())
        for measure in on_it:
            yield from measure(running)
        stack.close()
    if "cold_start" in wanted:
        yield from cold_start.rows()


def _availability() -> Iterator[Figure]:
    for what, mine, theirs, ratio in availability.rows():
        held = "≤ 1.3 x" if "integers" in what else ""
        yield Figure(what, f"{mine:.2f} ms ({ratio:.2f} x)", f"{theirs:.2f} ms", held)


def _say(figure: Figure) -> None:
    print(f"{figure.what:66} {figure.ours:32} {figure.reference:52} {figure.hold}".rstrip(), flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
