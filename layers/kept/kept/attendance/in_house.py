"""A client who is in the house for one visit is neither asked about another of these hours nor missed there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from kept.actor import Change
from kept.attendance.no_show import no_show_at
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.attendance_rules import AttendanceRules

HERE = frozenset({Status.ARRIVED, Status.IN_SERVICE})
IN_HOUSE = "in_the_house"

OVERRUN = timedelta(hours=12)
"""For so long after its planned end a visit that nobody ticked as completed still keeps its client in the house.

With no end to it one forgotten tick would wait for its client for ever; shorter, somebody under the dryer is missed.
"""

REACH = timedelta(hours=36)
"""A visit lasts a day at the most, so none that began earlier keeps anybody here."""


def here_until(others: Iterable[Appointment], rules: AttendanceRules, *, now: datetime) -> datetime | None:
    """Until when they are waited for because of their other visits: a grace from now while they are here, a grace from
    the end of the last once they are done; None where they were not here at all."""
    ends = [now if other.status in HERE else _left(other) for other in others if now < other.ends + OVERRUN]
    return max((end + rules.grace for end in ends if end), default=None)


def is_here(others: Iterable[Appointment], *, now: datetime) -> bool:
    return any(other.status in HERE and now < other.ends + OVERRUN for other in others)


def held_up(
    appointment: Appointment, others: Iterable[Appointment], rules: AttendanceRules, change: Change
) -> Appointment:
    """As it waits for who is in the house, said once in its history; itself where that makes no difference."""
    until = here_until(others, rules, now=change.at)
    if until is None or until <= min(change.at, no_show_at(appointment, rules)):
        return appointment
    waiting = replace(appointment, waits_until=max(until, appointment.waits_until or until))
    told = any(event.what == IN_HOUSE and event.version == appointment.version for event in appointment.history)
    return waiting if told else waiting.noted(IN_HOUSE, change)


def _left(other: Appointment) -> datetime | None:
    """When it was completed; whoever went without that, cancelled or missed, was not here."""
    if other.status is not Status.COMPLETED:
        return None
    return next((event.at for event in reversed(other.history) if event.what == Status.COMPLETED), None)
