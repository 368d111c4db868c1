"""Many messages about the same hours: whose turn it is to be told, so that not everybody calls in the same minute."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment

GROUP, PAUSE = 10, timedelta(minutes=10)
"""So many are told at once, and then nobody for so long."""
SETTING_OUT = timedelta(hours=2)
"""Before their start nobody waits for their turn any more: they may be on their way."""


def turn(n: int, starts: datetime, *, since: datetime) -> datetime:
    """When the n-th in the order of start is told: in groups, but nobody later than they may set out, nor before
    `since`."""
    return max(since, min(since + n // GROUP * PAUSE, starts - SETTING_OUT))


def turns(visits: Iterable[Appointment], *, since: datetime) -> dict[str, datetime]:
    """The turn of each, by its id, in the order of their start."""
    ordered = sorted(visits, key=lambda it: (it.starts, it.id))
    return {it.id: turn(n, it.starts, since=since) for n, it in enumerate(ordered)}
