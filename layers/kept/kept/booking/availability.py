"""Which starts are free: arithmetic on UTC epoch minutes, from the hours and the appointment book to text for a client.

Buffers only keep bookings apart; they may lie outside the working hours, the service itself may not.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from heapq import nsmallest
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from kept.booking.day_page import Entry, is_block
from kept.timekeeping.local_time import DAY, LocalTime, date_of, day_number, first_minute, local_time, minute_after
from kept.timekeeping.weekly_hours import Span, clock_text, merged

AFTER_ALL = 1 << 62
"""A minute later than any."""


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


_slot: Callable[[tuple[int, int, tuple[str, ...], tuple[str, ...]]], FreeSlot] = partial(tuple.__new__, FreeSlot)
"""Two thirds of the time that FreeSlot's own constructor takes, a thousand times for a month."""


def bounds(now: datetime, notice: int, horizon: int, client_zone: ZoneInfo) -> Span:
    """The earliest start and the minute that starts must be before.

    `notice` is real minutes; `horizon` whole days from the client's today, so 0 ends with today in the client's zone.
    """
    last = now.astimezone(client_zone).date() + timedelta(days=horizon)
    return minute_after(now) + notice, first_minute(client_zone, last + timedelta(days=1))


def live(entries: Iterable[Entry], now: datetime, own: str | None = None) -> list[Entry]:
    """What stands in the way: not holds that ran out, nor one's `own` hold or the booking that is being moved."""
    moment = now.timestamp()
    return [e for e in entries if (e.hold_until is None or moment < e.hold_until) and e.ref != own]


def free_slots(
    rules: Rules, staff: Sequence[Calendar], rooms: Sequence[Calendar], zone: ZoneInfo, first: date, last: date
) -> list[FreeSlot]:
    """Every start on the local days `first` to `last`, in order, each once; no rooms means that none is needed.

    Entries must reach a buffer beyond those days: read the pages of the day before and the day after too.
    """
    clock = local_time(zone, first, last)
    grid = [*_grid(rules, clock, day_number(first), day_number(last)), AFTER_ALL]
    who = _by_start(rules, ((calendar, _within_limit(calendar, rules, grid, clock)) for calendar in staff))
    where = _by_start(rules, ((calendar, grid) for calendar in rooms))
    starts = sorted(who.keys() & where.keys() if rooms else who)
    return [_slot((s, s + rules.duration, tuple(who[s]), tuple(where[s]) if rooms else ())) for s in starts]


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
    return [{"start": texts[start], "end": texts[end], "staff": [*staff]} for start, end, staff, _ in slots]


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


def _by_start(rules: Rules, asked: Iterable[tuple[Calendar, Sequence[int]]]) -> dict[int, list[str]]:
    """Whose calendars are free at each start of the grid that goes with them; a grid ends with AFTER_ALL.

    Between two bookings there are few starts: to look at each takes less than to search for the last.
    """
    free = defaultdict[int, list[str]](list)
    for calendar, grid in asked:
        at, free_from, id = 0, -AFTER_ALL, calendar.id
        for begin, end in sorted(_closed(calendar, rules) + _blocked(calendar, rules)):
            if free_from < begin:
                at = bisect_left(grid, free_from, at)
                while (start := grid[at]) < begin:
                    free[start].append(id)
                    at += 1
            if free_from < end:
                free_from = end
    return free


def _closed(calendar: Calendar, rules: Rules) -> list[Span]:
    """The starts at which the service does not fit into the open time."""
    opens = [span[0] for span in calendar.open]
    too_late = [span[1] - rules.duration + 1 for span in calendar.open]
    return list(zip([-AFTER_ALL, *too_late], [*opens, AFTER_ALL], strict=True))


def _blocked(calendar: Calendar, rules: Rules) -> list[Span]:
    """The starts at which it does not keep its distance from an entry."""
    before, after, reach = rules.before, rules.after, rules.duration - 1
    return [
        (e.start - reach - (e.before if e.before > after else after), e.end + (e.after if e.after > before else before))
        for e in calendar.entries
    ]


def _within_limit(calendar: Calendar, rules: Rules, grid: Sequence[int], clock: LocalTime) -> Sequence[int]:
    """The grid without the days on which the limit of one staff member is reached."""
    if rules.daily_limit is None:
        return grid
    booked = Counter(clock.day(entry.start) for entry in calendar.entries if not is_block(entry.ref))
    full = {day for day, count in booked.items() if count >= rules.daily_limit}
    return [start for start in grid if clock.day(start) not in full] if full else grid


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
        midnight = next_midnight = -AFTER_ALL
        times: dict[int, str] = {}
        for minute in ordered[bisect_left(ordered, since) : bisect_left(ordered, until)]:
            if minute >= next_midnight:
                number = (minute + shift) // DAY
                day, midnight = date_of(number).isoformat(), number * DAY - shift
                next_midnight = midnight + DAY
            time = minute - midnight
            if time not in times:
                times[time] = f"T{clock_text(time)}:00{offset}"
            texts[minute] = day + times[time]
    return texts
