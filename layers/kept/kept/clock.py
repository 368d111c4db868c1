"""The one place that reads the clock; everything inward takes `now` as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def ours(stamp: datetime) -> datetime:
    """An instant that AWS stamped on something, by this clock: the same."""
    return stamp
