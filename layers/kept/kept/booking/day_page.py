"""One page of the appointment book: a calendar's bookings, holds and blocks on one local day.

A booking stands on every page that it touches with its buffers, so two that clash share a page, and the version of
that page settles who was first. Which date a page has was settled by the business's zone when it was written on; by
another zone the same instant has another date, up to FARTHEST_PAGE days away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.booking.refusals import HoldExpired, HoldMismatch, HoldMissing, SlotTaken
from kept.timekeeping.weekly_hours import Span

FARTHEST_PAGE = timedelta(days=2)
"""From the date that an instant has in one zone to its date in any other: zones are up to 26 hours apart."""


BLOCK = "block#"
"""Begins the name of what is nobody's visit: a break, an errand."""


OFFERED = "offer#"
"""Begins the name of a hold that the waitlist has for whoever it is offered to: staff may book over it."""


def is_block(ref: str) -> bool:
    return ref.startswith(BLOCK)


def is_offered(ref: str) -> bool:
    return ref.startswith(OFFERED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking, a hold or a block. Start and end are UTC epoch minutes, buffers minutes, `hold_until` epoch
    seconds."""

    ref: str
    start: int
    end: int
    before: int = 0
    after: int = 0
    hold_until: int | None = None

    @property
    def is_booking(self) -> bool:
        return self.hold_until is None and not is_block(self.ref)

    def clashes_with(self, other: "Entry") -> bool:
        """They overlap, or the gap is smaller than the larger of the two buffers that meet in it."""
        earlier, later = (self, other) if (self.start, self.end) <= (other.start, other.end) else (other, self)
        return later.start - earlier.end < max(earlier.after, later.before)

    def is_live(self, *, now: datetime) -> bool:
        """A booking and a block always are; a hold until it runs out."""
        return self.hold_until is None or now.timestamp() < self.hold_until


@dataclass(frozen=True, slots=True)
class DayPage:
    """`revision` is the optimistic lock: 0 for a page nobody has written on yet. `busy` is what the person's own
    calendar takes of that day (of UTC); it is written beside the page and not with it."""

    calendar: str
    day: date
    revision: int = 0
    entries: tuple[Entry, ...] = ()
    busy: tuple[Span, ...] = ()

    def with_entry(self, entry: Entry, *, now: datetime, instead_of: str | None = None) -> "DayPage":
        """Write it in, giving up what `instead_of` had; holds that ran out a day ago go. Raises SlotTaken."""
        others = [e for e in self.entries if e.ref not in (entry.ref, instead_of)]
        if any(e.is_live(now=now) and e.clashes_with(entry) for e in others):
            raise SlotTaken
        return replace(self, entries=tuple(sorted([*_kept(others, now), entry], key=lambda e: (e.start, e.end))))

    def without(self, ref: str) -> "DayPage":
        return replace(self, entries=tuple(e for e in self.entries if e.ref != ref))

    def has(self, ref: str) -> bool:
        return any(entry.ref == ref for entry in self.entries)

    def held(self, ref: str, *, now: datetime) -> tuple[int, int]:
        """The minutes that the hold of this name keeps, and those that all others that are live keep together; what is
        held for the waitlist is no stranger's."""
        holds = self._live_holds(now)
        mine = sum(entry.end - entry.start for entry in holds if entry.ref == ref)
        return mine, sum(entry.end - entry.start for entry in holds) - mine

    def next_to_run_out(self, ref: str, *, now: datetime) -> timedelta | None:
        """How long until the first of the others is over; None where there is none."""
        ends = [entry.hold_until for entry in self._live_holds(now) if entry.ref != ref and entry.hold_until]
        return timedelta(seconds=min(ends) - now.timestamp()) if ends else None

    def _live_holds(self, now: datetime) -> list[Entry]:
        holds = (it for it in self.entries if it.hold_until is not None and not is_offered(it.ref))
        return [entry for entry in holds if entry.is_live(now=now)]

    def hold(self, ref: str, *, start: int, end: int, now: datetime) -> Entry:
        """The hold to be used. Raises HoldMissing, HoldExpired, or HoldMismatch when it is for another time."""
        held = next((e for e in self.entries if e.ref == ref and e.hold_until is not None), None)
        if held is None:
            raise HoldMissing
        if not held.is_live(now=now):
            raise HoldExpired
        if (held.start, held.end) != (start, end):
            raise HoldMismatch
        return held


def _kept(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """An expired hold stays a day, so that its client is told *expired* and not *missing*."""
    yesterday = now - timedelta(days=1)
    return [e for e in entries if e.is_live(now=yesterday)]


def days_touched(entry: Entry, zone: ZoneInfo) -> tuple[date, ...]:
    """The local days it stands on, buffers included; one, or two where it crosses midnight."""
    first = datetime.fromtimestamp((entry.start - entry.before) * 60, UTC).astimezone(zone).date()
    last = datetime.fromtimestamp((entry.end + entry.after) * 60 - 1, UTC).astimezone(zone).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
