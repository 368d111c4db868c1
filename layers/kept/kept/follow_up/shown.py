"""By when staff are to answer, as they are shown it: the deadline, or the last closing before one at night."""

from datetime import datetime

from kept.follow_up.clocks import Clock
from kept.follow_up.policy import WALL_TIME
from kept.follow_up.staff_hours import StaffHours


def shown(clock: Clock, hours: StaffHours) -> datetime | None:
    """None where it is due at no instant. A clock in a business calendar is due in its opening hours as it is."""
    if clock.due is None or clock.calendar is not WALL_TIME:
        return clock.due
    return hours.answer_by(clock.due, since=clock.counts_from)
