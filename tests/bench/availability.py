"""30 days of slots, from hours and bookings to text, beside two references that give the same answer in the same run.

The scenario: every day 8:00-17:00 with a break from 12:00 to 12:30, eight bookings of 30 minutes a day and person
on a 15-minute step, strewn by a fixed seed. Ten people have 3,376 free slots of 30 minutes, counted per person; as one
list for "any" that is fewer starts, each naming who is free. The clock changes within the 30 days.
"""

import gc
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from statistics import median
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

from kept.booking.availability import Calendar, Rules, encode, free_slots
from kept.booking.busy_hours import UsualHours, busy_hours
from kept.booking.day_page import Entry
from kept.timekeeping.local_time import DAY, day_number
from kept.timekeeping.weekly_hours import Window, WorkingHours, clock_text, open_minutes
from tests.bench.naive_availability import naive_slots, naive_texts

SEED = 66
SLOTS = 3376
ZONE = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 3, 2)
LAST = FIRST + timedelta(days=29)
WINDOWS = (Window.parse("08:00-12:00"), Window.parse("12:30-17:00"))
HOURS = WorkingHours(dict.fromkeys(range(7), WINDOWS))
RULES = Rules(duration=30, step=15, earliest=0, latest=day_number(date(2027, 1, 1)) * DAY)
STARTS = [m for window in WINDOWS for m in range(window.opens, window.closes - 29, 15)]

Books = dict[str, list[Entry]]
Answer = list[dict[str, Any]]
Row = tuple[str, float, float, float]


def books(staff: int) -> Books:
    chance = Random(SEED)
    return {f"staff-{n}": [entry for day in _days() for entry in _a_day(day, chance)] for n in range(staff)}


def ours(books: Books) -> Answer:
    calendars = [Calendar(name, open_minutes(HOURS, ZONE, FIRST, LAST), entries) for name, entries in books.items()]
    return encode(free_slots(RULES, calendars, (), ZONE, FIRST, LAST), ZONE)


def ours_and_busy(books: Books) -> Answer:
    """The same with how busy the hour of each is, where every hour of the week has a history."""
    calendars = [Calendar(name, open_minutes(HOURS, ZONE, FIRST, LAST), entries) for name, entries in books.items()]
    slots = free_slots(RULES, calendars, (), ZONE, FIRST, LAST)
    week = {day * 24 + hour: (480, 240) for day in range(7) for hour in range(8, 17)}
    usual, starts = UsualHours(dict.fromkeys(books, week)), [slot.start for slot in slots]
    busy = busy_hours(starts, calendars, (), usual, ZONE, starts[0])
    return [slot | {"busy": its} for slot, its in zip(encode(slots, ZONE), busy, strict=True)]


def plain(books: Books) -> Answer:
    """Integers and nothing but this scenario: no clock change in working hours, no buffers, no rooms, no rules."""
    free: dict[int, list[str]] = {}
    days = [(midnight, f"{day}T", f":00+{clock_text(offset)}") for day, midnight, offset in _midnights()]
    for name, entries in books.items():
        taken = iter([*entries, Entry("none", 1 << 40, 1 << 40)])
        entry = next(taken)
        for midnight, _, _ in days:
            for window in WINDOWS:
                start, closes = midnight + window.opens, midnight + window.closes
                while start + 30 <= closes:
                    while entry.end <= start:
                        entry = next(taken)
                    if start + 30 <= entry.start:
                        free.setdefault(start, []).append(name)
                    start += 15
    answer = []
    for midnight, date_text, offset_text in days:
        for start in range(midnight, midnight + DAY, 15):
            if start in free:
                begins, ends = (f"{date_text}{clock_text(m - midnight)}{offset_text}" for m in (start, start + 30))
                answer.append({"start": begins, "end": ends, "staff": free[start]})
    return answer


def naive(books: Books) -> Answer:
    staff = {name: (HOURS, entries) for name, entries in books.items()}
    return naive_texts(naive_slots(RULES, staff, ZONE, FIRST, LAST), RULES, ZONE)


def rows() -> list[Row]:
    """(what, our ms, the reference's ms, ours / the reference's): medians, the last one of pairs that ran side by side,
    so that whatever else the machine does meanwhile weighs on both."""
    return [row for staff in (1, 10) for row in _rows(staff)]


def _rows(staff: int) -> list[Row]:
    catalog = books(staff)
    people = "1 staff member" if staff == 1 else f"{staff} staff"
    return [
        _beside(f"30 days of slots, {people}, beside plain integers", plain, catalog, times=41),
        _beside(f"30 days of slots, {people}, beside datetimes", naive, catalog, times=3),
        _with_busy_hours(f"30 days of slots, {people}, with busy hours", catalog),
    ]


def _with_busy_hours(name: str, book: Books) -> Row:
    """Beside the same without them."""
    taken = [(_milliseconds(ours_and_busy, book), _milliseconds(ours, book)) for _ in range(41)]
    mine, without = (median(times) for times in zip(*taken, strict=True))
    return name, mine, without, median(one / other for one, other in taken)


def _beside(name: str, reference: Callable[[Books], Answer], book: Books, times: int) -> Row:
    answer = ours(book)
    if answer != reference(book):
        raise AssertionError(f"{name}: the answers differ")
    if len(book) == 10 and sum(len(slot["staff"]) for slot in answer) != SLOTS:
        raise AssertionError(f"the scenario does not have its {SLOTS} slots")
    taken = [(_milliseconds(ours, book), _milliseconds(reference, book)) for _ in range(times)]
    mine, theirs = median(t for t, _ in taken), median(t for _, t in taken)
    return name, mine, theirs, median(one / other for one, other in taken)


def _milliseconds(work: Callable[[Books], Answer], book: Books) -> float:
    """Of the processor, and without the garbage collector, which would walk the libraries that other figures load."""
    gc.disable()
    began = thread_time()
    work(book)
    taken = (thread_time() - began) * 1000
    gc.enable()
    return taken


def _a_day(midnight: int, chance: Random) -> list[Entry]:
    taken: list[int] = []
    while len(taken) < 8:
        start = chance.choice(STARTS)
        if all(abs(start - other) >= 30 for other in taken):
            taken.append(start)
    return [Entry(f"{midnight + start}", midnight + start, midnight + start + 30) for start in sorted(taken)]


def _days() -> list[int]:
    return [midnight for _, midnight, _ in _midnights()]


def _midnights() -> list[tuple[date, int, int]]:
    """(day, the minute its midnight would be by the offset at noon, that offset): the clock changes before eight."""
    noons = [datetime(FIRST.year, FIRST.month, FIRST.day, 12, tzinfo=ZONE) + timedelta(days=n) for n in range(30)]
    offsets = [int((noon.utcoffset() or timedelta()).total_seconds()) // 60 for noon in noons]
    return [(n.date(), day_number(n.date()) * DAY - offset, offset) for n, offset in zip(noons, offsets, strict=True)]


if __name__ == "__main__":
    print(f"{'':52}{'ours':>10}{'reference':>12}{'ratio':>8}")  # noqa: T201
    for what, mine, theirs, ratio in rows():
        print(f"{what:52}{mine:8.2f} ms{theirs:9.2f} ms{ratio:8.3f}")  # noqa: T201
