"""The hours that a business offers on a day, by the hour of its own clock, whichever way that is moved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from kept.insight.sums import DAY, HOUR, Hours
from kept.timekeeping.local_time import first_minute, local_time
from kept.timekeeping.weekly_hours import Span


def by_hour(open: Sequence[Span], zone: ZoneInfo, day: date) -> Hours:
    """Minutes of these spans (epoch minutes) that lie on the local day, real ones: an hour shown twice has 120."""
    hours: dict[int, int] = defaultdict(int)
    begins, ends = first_minute(zone, day), first_minute(zone, day + timedelta(days=1))
    for since, until, offset in local_time(zone, day, day).stretches():
        for start, end in open:
            minute, stop = max(start, begins, since), min(end, ends, until)
            while minute < stop:
                edge = min(stop, minute + HOUR - (minute + offset) % HOUR)
                hours[(minute + offset) % DAY // HOUR] += edge - minute
                minute = edge
    return dict(hours)
