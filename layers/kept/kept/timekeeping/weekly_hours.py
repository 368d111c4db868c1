"""When a person, a room or a business is open: weekly hours, overrides, public holidays and time off."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from kept.timekeeping.local_time import DAY, LocalTime, day_number, local_time, minute_after, minute_before

Span = tuple[int, int]  # UTC epoch minutes, half-open
NEVER = (1 << 62, 1 << 62)
"""After every span."""


class BadWindow(ValueError):
    """Hours that make no sense; the text says which and why."""


class BadTimeOff(ValueError):
    """Time off without a zone, or that ends before it starts."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Minutes after local midnight, half-open: 22:00-26:00 works until two the next morning. Raises BadWindow."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY:
            raise BadWindow(f"opens at {clock_text(self.opens)}, which is not within its day")
        if not self.opens < self.closes <= 2 * DAY:
            raise BadWindow(f"opens at {clock_text(self.opens)} but closes at {clock_text(self.closes)}")

    @classmethod
    def parse(cls, text: str) -> "Window":
        """From "09:00-17:30"; midnight at the end of the day is 24:00."""
        opens, _, closes = text.partition("-")
        return cls(clock_minutes(opens), clock_minutes(closes))

    def __str__(self) -> str:
        return f"{clock_text(self.opens)}-{clock_text(self.closes)}"


def clock_minutes(text: str) -> int:
    """Minutes after midnight of "HH:MM", from 00:00 to 48:00. Raises BadWindow."""
    match = re.fullmatch(r"([0-4][0-9]):([0-5][0-9])", text)
    if match is None:
        raise BadWindow(f"{text!r} is not a time like 09:30")
    return int(match[1]) * 60 + int(match[2])


@lru_cache(maxsize=2 * DAY)
def clock_text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class TimeOff:
    """An absence. It removes time even where an override opens it, and whole minutes: 12:00:30 is away from 12:00."""

    starts: datetime
    ends: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        if self.starts.utcoffset() is None or self.ends.utcoffset() is None:
            raise BadTimeOff("time off needs a time zone")
        if self.starts >= self.ends:
            raise BadTimeOff(f"ends at {self.ends} but starts at {self.starts}")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Local hours. A window belongs to the day on which it opens. Raises BadWindow where windows of a day overlap."""

    weekly: Mapping[int, tuple[Window, ...]]  # Monday is 0
    overrides: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)  # replaces the day; () is closed
    closed_days: frozenset[date] = frozenset()  # public holidays; an override opens them
    time_off: tuple[TimeOff, ...] = ()

    def __post_init__(self) -> None:
        if unknown := self.weekly.keys() - range(7):
            raise BadWindow(f"no such weekday: {sorted(unknown)}")
        for windows in (*self.weekly.values(), *self.overrides.values()):
            for earlier, later in pairwise(sorted(windows)):
                if later.opens < earlier.closes:
                    raise BadWindow(f"{earlier} and {later} overlap")

    def on(self, day: date) -> tuple[Window, ...]:
        if (override := self.overrides.get(day)) is not None:
            return override
        return () if day in self.closed_days else self.weekly.get(day.weekday(), ())


ALWAYS = WorkingHours(dict.fromkeys(range(7), (Window(0, DAY),)))
"""The hours of a room that has none of its own."""


def open_minutes(hours: WorkingHours, zone: ZoneInfo, first: date, last: date) -> list[Span]:
    """Open time that touches the local days `first` to `last`, sorted, disjoint, less time off.

    Not cut at either end: the night's work begun the day before is there, and what runs on past the last midnight.
    Minutes are real ones: 00:00-24:00 lasts 23 or 25 hours when the clock changes. An edge that the clock skips moves
    to the first minute after the gap; of one that it shows twice, the opening is the first and the closing the second.
    """
    worked = _worked(hours, zone, first, last)
    return without(worked, _away(hours)) if hours.time_off else worked


def away_minutes(hours: WorkingHours, zone: ZoneInfo, first: date, last: date) -> list[Span]:
    """The part of the hours that time off takes: what tells "away" from "closed"."""
    worked = _worked(hours, zone, first, last)
    return without(worked, without(worked, _away(hours)))


def _worked(hours: WorkingHours, zone: ZoneInfo, first: date, last: date) -> list[Span]:
    clock = local_time(zone, first, last)
    start, stop = clock.opening(day_number(first) * DAY), clock.opening((day_number(last) + 1) * DAY)
    return [span for span in merged(_edges(hours, clock)) if span[1] > start and span[0] < stop]


def _edges(hours: WorkingHours, clock: LocalTime) -> list[Span]:
    """One offset serves a whole day; only near a clock change is each edge looked up."""
    edges: list[Span] = []
    for day, midnight, offset in clock.days:
        for window in hours.on(day):
            if offset is not None:
                edges.append((midnight - offset + window.opens, midnight - offset + window.closes))
                continue
            start, end = clock.opening(midnight + window.opens), clock.closing(midnight + window.closes)
            if start < end:  # or else it lies in the gap of a clock change, and does not take place
                edges.append((start, end))
    return edges


def _away(hours: WorkingHours) -> list[Span]:
    return [(minute_before(off.starts), minute_after(off.ends)) for off in hours.time_off]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Sorted, with those that overlap or touch made one."""
    result: list[Span] = []
    last = -math.inf
    for span in sorted(spans):
        if last < span[0]:
            result.append(span)
        elif last < span[1]:
            result[-1] = (result[-1][0], span[1])
        else:
            continue
        last = span[1]
    return result


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of sorted, disjoint spans; `taken` may come in any order, overlap and be empty."""
    left: list[Span] = []
    cuts = iter(sorted(taken))
    cut_start, cut_end = next(cuts, NEVER)
    for start, end in spans:
        while cut_start < end:
            if start < cut_end > cut_start:
                if start < cut_start:
                    left.append((start, cut_start))
                start = cut_end
            if end <= cut_end:
                break
            cut_start, cut_end = next(cuts, NEVER)
        if start < end:
            left.append((start, end))
    return left
