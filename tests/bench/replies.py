"""Reading a reply: the first in a process, which reads the tables, the ones after, and the longest that is read.

The reference is the least any reader must do with the longest text: bring it into one form and cut it into words.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from statistics import median
from time import perf_counter

from infra.local.place import ROOT

sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "layers" / "kept")]

from kept.messaging.replies.phrases import tables, tokens  # noqa: E402
from kept.messaging.replies.reader import LONGEST, read  # noqa: E402
from kept.messaging.replies.reading import Asked, Reading  # noqa: E402  # kept is found only now
from kept.messaging.replies.spelling import plain  # noqa: E402
from tests.bench.figure import Figure  # noqa: E402

SHORT = "can't make Friday, can we do Monday at half past three?"
LONG = (
    "Sorry, 周五来不了 because of traffic, half past three on Monday or 下周二下午三点 would be better if possible " * 9
)[:LONGEST]
BEYOND = "cancel " * 15_000
TIMES = 200


def rows() -> Iterator[Figure]:
    tables.cache_clear()
    yield Figure("first reply of a process: reads the tables", f"{_milliseconds(lambda: tables()):.0f} ms")
    least = _median(lambda: tokens(plain(LONG)))
    yield Figure("a reply of 55 characters", f"{_median(lambda: _read(SHORT)):.2f} ms")
    yield Figure(f"a reply of {LONGEST} characters", f"{_median(lambda: _read(LONG)):.2f} ms", f"{least:.2f} ms")
    yield Figure(f"a reply of {len(BEYOND):,} characters, left to a person", f"{_median(lambda: _read(BEYOND)):.3f} ms")


def _read(text: str) -> Reading:
    return read(text, asked=Asked.BOOKING, today=date(2026, 11, 18), starts=datetime(2026, 11, 20, 14))  # noqa: DTZ001


def _median(work: Callable[[], object]) -> float:
    return median(_milliseconds(work) for _ in range(TIMES))


def _milliseconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    for figure in rows():
        print(f"{figure.what:60}{figure.ours:>12}{figure.reference:>12}")  # noqa: T201
