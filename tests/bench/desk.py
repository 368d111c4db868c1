"""The front desk: what a person does for each task, a full day on a slow machine, the app's size, and a month's price.

Tasks and the day are played in Chromium by `tests/browser/test_measured.py`, against the functions over tables in
memory, so that nothing is said where what is measured does not work. Its server answers one request at a time,
in a process that is not slowed, from tables that are slower than DynamoDB: its time says nothing of a deployment.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from infra.local.place import ROOT
from kept.pages.desk import assets
from tests.bench.capacity import API_REQUEST, GB, GB_SECOND, LAMBDA_REQUEST, READ, SECONDS
from tests.bench.figure import Figure

PLAYED = "tests/browser/test_measured.py"
KB = 1024
HOURS, DAYS = 10, 30
"""A desk that is open and looked at, each day of a month."""
WHOLE = 300
"""Seconds between looks that read the whole day, whatever is the same."""
UNCHANGED_READS, WHOLE_READS = 1, 210
"""Units: one query of the index; and of a day of a hundred visits with its pages and clients, as measured."""


def rows() -> Iterator[Figure]:
    if shutil.which("chromium") is None:
        yield Figure("the desk: Chromium is not installed", "not measured")
    else:
        for told in _played():
            yield from ROWS[told.pop("what")](told)
    yield from _month()


def _played() -> list[dict[str, Any]]:
    """Raises CalledProcessError where a task cannot be done."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "measured"
        environment = {**os.environ, "MEASURED": str(told)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", PLAYED]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def _task(told: dict[str, Any]) -> Iterator[Figure]:
    hold = f"≤ {told['most']} acts" + (", < 20 s" if "telephone" in told["task"] else "")
    ours = f"{told['acts']} acts, {told['seconds']:.1f} s of a person"
    yield Figure(told["task"], ours, f"{told['least']} acts (each fact told once)", hold)


def _day(told: dict[str, Any]) -> Iterator[Figure]:
    what = f"a day of {told['visits']} visits"
    yield Figure(f"{what}, compressed", f"{told['bytes'] / KB:.1f} KB in one request", "", "< 60 KB, 1 request")
    yield Figure(
        f"{what}, drawn from a warm start at 4 x slowed",
        f"{told['warm']:.0f} ms: {told['asked_at']:.0f} until it is asked for, {told['served']:.0f} until it is "
        f"answered, {told['after']:.0f} from then on",
        f"{told['blank']:.0f} ms (a page of the desk with nothing on it)",
        "≤ 1,000 ms",
    )
    yield Figure(f"{what}, drawn from a cold start, not slowed", f"{told['cold']:.0f} ms")
    yield Figure(
        "requests in a row after the document, until the day", f"{told['depth_cold']}, {told['depth']} warm", "", "≤ 2"
    )
    yield Figure(f"    of it data: {', '.join(told['asked'])}", "")


def _app(told: dict[str, Any]) -> Iterator[Figure]:
    words = ", ".join(f"{size / KB:.1f} {name}" for name, size in told.items() if name.startswith("words"))
    sizes = f"{told['scripts'] / KB:.1f} KB scripts, {told['styles'] / KB:.1f} styles, {words}"
    whole = f"{sum(told.values()) / KB:.1f} KB"
    yield Figure("the desk's app, compressed, with every language", whole, "", "< 150 KB, scripts < 100")
    yield Figure(f"    of it {sizes}", "")


ROWS: dict[str, Callable[[dict[str, Any]], Iterator[Figure]]] = {"task": _task, "day": _day, "app": _app}


def _month() -> Iterator[Figure]:
    """Of its day alone, on paper. Every look is a request and a call; a whole day's reads come on top of some."""
    seconds = HOURS * DAYS * 3600
    looks, whole = seconds * 1000 // _every(), seconds // WHOLE
    parts = {
        "tables": (looks * UNCHANGED_READS + whole * WHOLE_READS) * READ,
        "Lambda": looks * (LAMBDA_REQUEST + SECONDS * GB * GB_SECOND),
        "API": looks * API_REQUEST,
    }
    always = looks * WHOLE_READS * READ + parts["Lambda"] + parts["API"]
    yield Figure(
        f"a desk open {HOURS} hours a day for a month, on paper: {looks:,} looks",
        f"${sum(parts.values()):.2f}",
        f"${always:.2f} (the whole day read at each look)",
    )
    yield Figure(f"    of it {', '.join(f'{name} {dollars:.3f}' for name, dollars in parts.items())}", "")


def _every() -> int:
    """Milliseconds from one look to the next, as the desk says it. Raises ValueError."""
    source = (assets.HERE / "app/day_store.js").read_text(encoding="utf-8")
    if (found := re.search(r"^const EVERY = ([\d_]+);", source, re.MULTILINE)) is None:
        raise ValueError("day_store.js no longer says how often it looks")
    return int(found[1])
