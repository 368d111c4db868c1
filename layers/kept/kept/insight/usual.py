"""How full the hours of a week usually are, from the sums of the weeks before."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from kept.booking.busy_hours import UsualHours
from kept.insight.sums import OfGroup

HOURS = 24


def usual_hours(days: Iterable[tuple[date, OfGroup]]) -> UsualHours:
    """Of each of the staff, the minutes of all these days together, those of a weekday with each other."""
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for day, of in days:
        for staff, its in of.items():
            for hour, minutes in its.offered.items():
                at = day.weekday() * HOURS + hour
                offered, filled = found[staff].get(at, (0, 0))
                found[staff][at] = (offered + minutes, filled + min(minutes, its.filled.get(hour, 0)))
    return UsualHours(found)
