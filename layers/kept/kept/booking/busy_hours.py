"""How busy an hour is, so that clients may choose a calm one: from what is booked in it, and what usually is.

Hours are real ones that begin with those of the business's clock; one that the clock shows twice is two, and where it
is moved by half an hour those before the change begin at half past.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from kept.booking.availability import Calendar
from kept.booking.day_page import BLOCK
from kept.timekeeping.local_time import DAY, date_of, local_time
from kept.timekeeping.weekly_hours import Span, without

HOUR, WEEK = 60, 7 * 24
QUIET_BELOW, PEAK_FROM = 50, 80
"""Per cent of an hour's minutes."""
SETTLED = 2 * DAY
"""Minutes before it an hour begins to be known by its own bookings; until then it is as full as it usually is."""
FEWEST = 4 * HOUR
"""Minutes offered of a weekday's hour; of fewer nothing is said to be usual."""
THURSDAY = 3
"""The first day of 1970."""

HoursOfWeek = Mapping[int, tuple[int, int]]
"""Minutes offered and filled, by the hour of the week: 0 is Monday's first, 167 Sunday's last."""


class Busy(StrEnum):
    """How busy the hour is in which a slot begins."""

    QUIET = "quiet"
    NORMAL = "normal"
    PEAK = "peak"


@dataclass(frozen=True, slots=True)
class UsualHours:
    """What was offered and filled in the last weeks, of each of the staff by their id."""

    staff: Mapping[str, HoursOfWeek] = field(default_factory=dict, hash=False)

    def shares(self, staff: Iterable[str]) -> dict[int, int]:
        """Per cent that these have filled together, by the hour of the week, where they have worked enough of it."""
        offered, filled = defaultdict[int, int](int), defaultdict[int, int](int)
        for id in staff:
            for hour, (of, its) in self.staff.get(id, {}).items():
                offered[hour] += of
                filled[hour] += its
        return {hour: filled[hour] * 100 // of for hour, of in offered.items() if of >= FEWEST}


NOT_KNOWN = UsualHours()


def busy(booked: int, usual: int, ahead: int) -> Busy:
    """Of an hour that begins in `ahead` minutes: `booked` is the share of it in per cent, `usual` what it comes to.

    What usually comes and is not there yet still may, the less of it the nearer the hour is.
    """
    share = booked + max(0, usual - booked) * min(max(ahead, 0), SETTLED) // SETTLED
    return Busy.PEAK if share >= PEAK_FROM else Busy.QUIET if share < QUIET_BELOW else Busy.NORMAL


def busy_hours(
    starts: Sequence[int],
    staff: Sequence[Calendar],
    rooms: Sequence[Calendar],
    usual: UsualHours,
    zone: ZoneInfo,
    now: int,
) -> list[Busy]:
    """Of each of these starts (epoch minutes, in order): the fuller of the people and the rooms decides."""
    if not starts:
        return []
    clock = local_time(zone, date_of(starts[0] // DAY), date_of(starts[-1] // DAY))
    past = clock.offsets[-1] % HOUR
    hours = [(start + past) // HOUR for start in starts]
    people, places, usually = _shares(staff, past), _shares(rooms, past), usual.shares(it.id for it in staff)
    known = {}
    for hour in set(hours):
        begins = hour * HOUR - past
        booked = max(people.get(hour, 0), places.get(hour, 0))
        known[hour] = busy(booked, usually.get(_hour_of_week(clock.shown(begins)), 0), begins - now)
    return [known[hour] for hour in hours]


def _hour_of_week(local: int) -> int:
    """Of a local minute."""
    return (local // HOUR + THURSDAY * 24) % WEEK


def _shares(calendars: Sequence[Calendar], past: int) -> dict[int, int]:
    """Per cent booked, by the hour; what is blocked cannot be booked, and makes nobody busy.

    Most entries lie within one hour and are added at once: there are thousands of them for a month.
    """
    booked: dict[int, int] = defaultdict(int)
    open, over = list[Span](), list[Span]()
    for calendar in calendars:
        blocked = list[Span]()
        for entry in calendar.entries:
            start, end = entry.start, entry.end
            hour = (start + past) // HOUR
            if entry.ref.startswith(BLOCK):
                blocked.append((start, end))
            elif end + past <= hour * HOUR + HOUR:
                booked[hour] += end - start
            else:
                over.append((start, end))
        open += without(calendar.open, blocked) if blocked else calendar.open
    for hour, minutes in _by_hour(Counter(over), past).items():
        booked[hour] += minutes
    offered = _by_hour(Counter(open), past)
    return {hour: min(100, minutes * 100 // max(offered.get(hour, 0), 1)) for hour, minutes in booked.items()}


def _by_hour(spans: Mapping[Span, int], past: int) -> dict[int, int]:
    """Their minutes in each hour; each span as often as it is there."""
    hours: dict[int, int] = defaultdict(int)
    for (start, end), times in spans.items():
        minute, stop = start + past, end + past
        while minute < stop:
            edge = min(stop, minute - minute % HOUR + HOUR)
            hours[minute // HOUR] += (edge - minute) * times
            minute = edge
    return hours
