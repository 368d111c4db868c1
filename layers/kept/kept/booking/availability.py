"""Which starts are free: arithmetic on UTC epoch minutes, from the hours and the appointment book to text for a client.

Buffers only keep bookings apart; they may lie outside the working hours, the service itself may not.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from kept.booking.day_page import Entry
from kept.timekeeping.local_time import DAY, LocalTime, date_of, day_number, first_minute, local_time, minute_after
from kept.timekeeping.weekly_hours import Span, clock_text, merged, without


class BadRules(ValueError):
    """A service that could never be offered, or whose starts would never end."""


class Unavailable(StrEnum):
    """Why a start is not offered. Past and too soon are different answers, and so are away and taken."""

    IN_THE_PAST = "in_the_past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    AWAY = "away"
    OFF_GRID = "off_grid"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one service asks of a start, in minutes. Raises BadRules.

    Starts lie `offset` after local midnight and every `step` from there, both ways; each local day begins anew.
    None is before `earliest`, all are before `latest` (epoch minutes, see `bounds`). `daily_limit` is how many
    bookings one staff member takes on one day of the business.
    """

    duration: int
    earliest: int
    latest: int
    step: int = 15
    offset: int = 0
    before: int = 0
    after: int = 0
    daily_limit: int | None = None

    def __post_init__(self) -> None:
        if min(self.duration, self.step, 1 if self.daily_limit is None else self.daily_limit) < 1:
            raise BadRules("duration, step and daily limit must be at least 1")
        if min(self.offset, self.before, self.after) < 0:
            raise BadRules("offset and buffers must not be negative")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A staff member's or a room's open time, what stands in their book, and the hours that time off takes."""

    id: str
    open: Sequence[Span]
    entries: Sequence[Entry] = ()
    away: Sequence[Span] = ()


class FreeSlot(NamedTuple):
    """A start that can be booked: with any of `staff` and in any of `rooms`, both in the order they were given in."""

    start: int
    end: int
    staff: tuple[str, ...]
    rooms: tuple[str, ...]


def bounds(now: datetime, notice: int, horizon: int, client_zone: ZoneInfo) -> Span:
    """The earliest start and the minute that starts must be before.

    `notice` is real minutes; `horizon` whole days from the client's today, so 0 ends with today in the client's zone.
    """
    last = now.astimezone(client_zone).date() + timedelta(days=horizon)
    return minute_after(now) + notice, first_minute(client_zone, last + timedelta(days=1))


def live(entries: Iterable[Entry], now: datetime, own: str | None = None) -> list[Entry]:
    """What stands in the way: not holds that ran out, nor one's `own` hold or the booking that is being moved."""
    return [entry for entry in entries if entry.ref != own and entry.is_live(now=now)]


def free_slots(
    rules: Rules, staff: Sequence[Calendar], rooms: Sequence[Calendar], zone: ZoneInfo, first: date, last: date
) -> list[FreeSlot]:
    """Every start on the local days `first` to `last`, in order, each once; no rooms means that none is needed.

    Entries must reach a buffer beyond those days: read the pages of the day before and the day after too.
    """
    clock = local_time(zone, first, last)
    grid = _grid(rules, clock, day_number(first), day_number(last))
    who = _by_start((calendar.id, _within_limit(calendar, rules, grid, clock)) for calendar in staff)
    where = _by_start((calendar.id, _free(calendar, rules, grid)) for calendar in rooms)
    starts = sorted(who.keys() & where.keys() if rooms else who)
    return [FreeSlot(s, s + rules.duration, tuple(who[s]), tuple(where.get(s, ()))) for s in starts]


def nearest(slots: Iterable[FreeSlot], wanted: int, count: int = 3) -> list[FreeSlot]:
    """The closest to the start that was wanted come first; of two equally close the one that is first in `slots`."""
    return nsmallest(count, slots, key=lambda slot: abs(slot.start - wanted))


def refuse_start(
    start: int, rules: Rules, staff: Sequence[Calendar], rooms: Sequence[Calendar], zone: ZoneInfo, now: datetime
) -> Unavailable | None:
    """Why this start cannot be had, None when it can. One of several staff being at work is enough not to be away."""
    if start < minute_after(now):
        return Unavailable.IN_THE_PAST
    if start < rules.earliest:
        return Unavailable.TOO_SOON
    if start >= rules.latest:
        return Unavailable.TOO_FAR
    if refused := _outside_hours(start, rules, staff, rooms):
        return refused
    utc_day = date_of(start // DAY)
    clock = local_time(zone, utc_day, utc_day)
    number = clock.day(start)
    if start not in _grid(rules, clock, number, number):
        return Unavailable.OFF_GRID
    free = free_slots(rules, staff, rooms, zone, date_of(number), date_of(number))
    return None if any(slot.start == start for slot in free) else Unavailable.TAKEN


def encode(slots: Sequence[FreeSlot], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Slots for a client in their zone: {"start": "2026-03-29T09:30:00+02:00", "end": ..., "staff": [...]}."""
    if not slots:
        return []
    texts = _texts({slot.start for slot in slots} | {slot.end for slot in slots}, zone)
    return [{"start": texts[start], "end": texts[end], "staff": list(staff)} for start, end, staff, _ in slots]


def _grid(rules: Rules, clock: LocalTime, first: int, last: int) -> list[int]:
    """All starts the step allows on these local days, whoever is free; a time shown twice is in it twice."""
    grid: list[int] = []
    for since, until, shift in clock.stretches():
        start, stop = max(since, rules.earliest) + shift, min(until, rules.latest) + shift
        for number in range(max(first, start // DAY), min(last, stop // DAY) + 1):
            midnight = number * DAY
            begin = max(start, midnight)
            begin += (midnight + rules.offset - begin) % rules.step
            grid += range(begin - shift, min(stop, midnight + DAY) - shift, rules.step)
    return grid


def _free(calendar: Calendar, rules: Rules, grid: Sequence[int]) -> list[int]:
    """The starts at which the service fits into the open time and keeps its distance from every entry."""
    before, after, reach = rules.before, rules.after, rules.duration - 1
    fits = [(opens, closes - reach) for opens, closes in calendar.open]
    blocked = [
        (e.start - reach - (after if after > e.before else e.before), e.end + (before if before > e.after else e.after))
        for e in calendar.entries
    ]
    starts: list[int] = []
    for begin, end in without(fits, blocked):
        starts += grid[bisect_left(grid, begin) : bisect_left(grid, end)]
    return starts


def _within_limit(calendar: Calendar, rules: Rules, grid: Sequence[int], clock: LocalTime) -> list[int]:
    starts = _free(calendar, rules, grid)
    if rules.daily_limit is None:
        return starts
    booked = Counter(clock.day(entry.start) for entry in calendar.entries)
    return [start for start in starts if booked[clock.day(start)] < rules.daily_limit]


def _by_start(free: Iterable[tuple[str, list[int]]]) -> dict[int, list[str]]:
    calendars: dict[int, list[str]] = {}
    for calendar, starts in free:
        for start in starts:
            if start in calendars:
                calendars[start].append(calendar)
            else:
                calendars[start] = [calendar]
    return calendars


def _outside_hours(
    start: int, rules: Rules, staff: Sequence[Calendar], rooms: Sequence[Calendar]
) -> Unavailable | None:
    for calendars in (staff, rooms) if rooms else (staff,):
        if any(_covers(calendar.open, start, rules) for calendar in calendars):
            continue
        away = any(_covers(merged([*calendar.open, *calendar.away]), start, rules) for calendar in calendars)
        return Unavailable.AWAY if away else Unavailable.CLOSED
    return None


def _covers(spans: Iterable[Span], start: int, rules: Rules) -> bool:
    return any(opens <= start and start + rules.duration <= closes for opens, closes in spans)


def _texts(minutes: Iterable[int], zone: ZoneInfo) -> dict[int, str]:
    """ISO 8601 with the offset in force at each minute."""
    ordered = sorted(minutes)
    clock = local_time(zone, date_of(ordered[0] // DAY), date_of(ordered[-1] // DAY))
    texts: dict[int, str] = {}
    for since, until, shift in clock.stretches():
        offset = f"{'-' if shift < 0 else '+'}{clock_text(abs(shift))}"
        dates: dict[int, str] = {}
        for minute in ordered[bisect_left(ordered, since) : bisect_left(ordered, until)]:
            number, time = divmod(minute + shift, DAY)
            if number not in dates:
                dates[number] = date_of(number).isoformat()
            texts[minute] = f"{dates[number]}T{clock_text(time)}:00{offset}"
    return texts
