"""When a person's day is over, where nobody is checked in and staff are asked who came.

It is `day_end_after` the closing, or the end of the last visit where that is later. The day is that on which a visit
starts, so that a night's work is one. A weekday without hours ends at 18:00, for staff book by hand when they like, and
a holiday as the weekday that it is.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from kept.booking.appointment import Appointment
from kept.booking.states import OPEN
from kept.business.catalog import Business, StaffMember
from kept.reasons import Code, because
from kept.timekeeping.local_time import DAY as MINUTES
from kept.timekeeping.local_time import day_number, local_time

DAY = timedelta(days=1)
OTHERWISE = 18 * 60
"""Minutes after midnight, of a weekday without hours."""
CAME_LATE = str(because(Code.CAME_LATE))
"""Why a visit is closed of which somebody says so."""


class Came(StrEnum):
    """How a visit ended."""

    CAME = "came"
    LATE = "late"
    MISSED = "missed"


def next_day_end(business: Business, member: StaffMember, *, now: datetime) -> tuple[date, datetime] | None:
    """The first day whose end is still to come, last night's among them; None where clients are checked in."""
    if business.attendance.checks_in:
        return None
    today = now.astimezone(business.zone).date()
    days = (today + DAY * n for n in range(-1, 4))
    return next((day, at) for day in days if (at := day_end(business, member, day)) > now)


def day_end(business: Business, member: StaffMember, day: date, visits: Iterable[Appointment] = ()) -> datetime:
    """With these visits, or by the hours alone."""
    closes = max((window.closes for window in member.hours.on(day)), default=OTHERWISE)
    closing = local_time(business.zone, day, day).closing(day_number(day) * MINUTES + closes)
    ends = [visit.ends for visit in visits if visit.status in OPEN]
    return max([datetime.fromtimestamp(closing * 60, UTC), *ends]) + business.attendance.day_end_after
