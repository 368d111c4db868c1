"""When the business's own people are at work: when they are told of what is due, and by when they are to answer.

A person works their weekly hours, with overrides, holidays and time off; somebody without hours of their own, and the
business's own address, go by the business, which is open while anybody of it works. Where nobody has any hours, and
where none come within FARTHEST, no hour is outside them.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from kept.business.catalog import Catalog
from kept.timekeeping.local_time import minute_before
from kept.timekeeping.weekly_hours import Span, WorkingHours, merged, open_minutes

BEFORE_CLOSING = timedelta(hours=1)
"""A reminder whose hour lies in the night comes so long before the closing, while something can still be done."""

NO_ZONE = ZoneInfo("UTC")
DAYS = 14
FARTHEST = 400 // DAYS
"""Stretches of DAYS that are looked through: a business that opens in one season only is found open again."""


@dataclass(frozen=True)
class StaffHours:
    """Those of one person, or of all of them together."""

    zone: ZoneInfo = NO_ZONE
    hours: tuple[WorkingHours, ...] = ()
    _worked: dict[int, list[Span]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of_business(cls, catalog: Catalog) -> "StaffHours":
        return cls(catalog.business.zone, tuple(one.hours for one in catalog.staff.values() if _works(one.hours)))

    @classmethod
    def of(cls, person: str, catalog: Catalog) -> "StaffHours":
        """Of a staff id; "" is the business's own address."""
        member = catalog.staff.get(person)
        if member is None or not _works(member.hours):
            return cls.of_business(catalog)
        return cls(catalog.business.zone, (member.hours,))

    def is_open(self, at: datetime) -> bool:
        """From the minute of opening until that of closing, which is outside."""
        if not self.hours:
            return True
        minute = minute_before(at)
        return any(opens <= minute < closes for opens, closes in self._spans(self._stretch(minute)))

    def opening(self, at: datetime) -> datetime:
        """The next one, or `at` itself where they are at work, or none is known to come."""
        if self.is_open(at):
            return at
        minute = minute_before(at)
        first = self._stretch(minute)
        spans = chain.from_iterable(self._spans(first + n) for n in range(FARTHEST))
        return next((_instant(opens) for opens, _ in spans if opens > minute), at)

    def last_worked(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The opening and the closing of what they worked last before that; None where none is known."""
        minute = minute_before(at)
        first = self._stretch(minute)
        for n in range(FARTHEST):
            if over := [span for span in self._spans(first - n) if span[1] <= minute]:
                return _instant(over[-1][0]), _instant(over[-1][1])
        return None

    def tells_at(self, due: datetime, *, now: datetime, beforehand: bool) -> datetime:
        """When they are told of what falls due then, as seen from `now`: at once, else when they are back at work.

        `beforehand`: where it falls due outside their hours it comes BEFORE_CLOSING, while that is to come still.
        """
        worked = self.last_worked(due) if beforehand and not self.is_open(due) else None
        if worked and now < worked[1]:
            return max(now, worked[0], worked[1] - BEFORE_CLOSING)
        return self.opening(max(due, now))

    def answer_by(self, due: datetime, *, since: datetime) -> datetime:
        """The last closing before a deadline that falls while they are away; the closing itself is in time.

        Where nobody has been at work since the clock began to run, it is the deadline itself.
        """
        if self.is_open(due):
            return due
        worked = self.last_worked(due)
        return worked[1] if worked and worked[1] > since else due

    def _stretch(self, minute: int) -> int:
        """The number of the stretch of local days that this minute lies in."""
        return _instant(minute).astimezone(self.zone).toordinal() // DAYS

    def _spans(self, number: int) -> list[Span]:
        """What is worked in a stretch, sorted and disjoint; worked out once."""
        if number not in self._worked:
            first, last = (date.fromordinal(number * DAYS + n) for n in (0, DAYS - 1))
            worked = (open_minutes(hours, self.zone, first, last) for hours in self.hours)
            self._worked[number] = merged(chain.from_iterable(worked))
        return self._worked[number]


@dataclass(frozen=True)
class Rota:
    """Whose hours are whose, each worked out once."""

    catalog: Catalog
    _of: dict[str, StaffHours] = field(default_factory=dict, repr=False, compare=False)

    def of(self, person: str) -> StaffHours:
        if person not in self._of:
            self._of[person] = StaffHours.of(person, self.catalog)
        return self._of[person]


def _works(hours: WorkingHours) -> bool:
    return any(hours.weekly.values()) or any(hours.overrides.values())


def _instant(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
