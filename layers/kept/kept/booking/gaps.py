"""What is left of somebody's hours: the stretches that are long enough for anything they do."""

from collections.abc import Iterable, Sequence

from kept.booking.day_page import Entry
from kept.timekeeping.weekly_hours import Span, without


def gaps(open: Sequence[Span], entries: Iterable[Entry], *, shortest: int, since: int) -> list[Span]:
    """From minute `since` on. What stands in the book takes its buffers with it: they are not free either."""
    taken = [(entry.start - entry.before, entry.end + entry.after) for entry in entries]
    left = ((max(start, since), end) for start, end in without(open, taken))
    return [(start, end) for start, end in left if end - start >= shortest]
