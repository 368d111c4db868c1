"""kept.clock as the local deployment has it: real time plus what the console has put the clock forward by.

Laid over kept/clock.py in the layer that is built here; production has no such thing.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = Path(os.environ.get("KEPT_CLOCK_FILE", os.devnull))


def now() -> datetime:
    return datetime.now(UTC) + ahead(FILE)


def ours(stamp: datetime) -> datetime:
    """An instant that the stack stamped on something in real time, by this clock."""
    return stamp + ahead(FILE)


def ahead(file: Path) -> timedelta:
    """What the console last set; nothing where it never did. The file is replaced whole, so a read is never half."""
    try:
        return timedelta(seconds=float(file.read_text() or 0))
    except FileNotFoundError:
        return timedelta()
