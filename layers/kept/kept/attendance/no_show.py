"""The checks on the day: when a client who has not checked in is asked, and when they are waited for no more."""

from datetime import datetime, timedelta
from enum import StrEnum

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.business.attendance_rules import AttendanceRules


class Check(StrEnum):
    """The value is the name of the text that the check sends, where it sends one of its own."""

    ASK = "on_my_way"
    NO_SHOW = "no_show"


Checks = tuple[tuple[datetime, Check], ...]


def checks(appointment: Appointment, rules: AttendanceRules) -> Checks:
    """All of an expected appointment's in order of time; where nobody checks in, no clock knows who is missing."""
    if not (appointment.is_expected and rules.checks_in):
        return ()
    gone = (no_show_at(appointment, rules), Check.NO_SHOW)
    asked = (ask_at(appointment, rules), Check.ASK)
    return (asked, gone) if appointment.waits_until is None and asked < gone else (gone,)


def ask_at(appointment: Appointment, rules: AttendanceRules) -> datetime:
    """When "are you on your way?" goes out, unless they said so already."""
    return appointment.starts + rules.ask_after


def no_show_at(appointment: Appointment, rules: AttendanceRules) -> datetime:
    """The end of the grace, or of the wait they asked for where that is later."""
    grace = appointment.starts + rules.grace
    return max(grace, appointment.waits_until or grace)


def wait_for(
    appointment: Appointment, rules: AttendanceRules, *, now: datetime, needs: timedelta | None = None
) -> datetime:
    """Until when "on my way" is waited for: `needs` (else the usual extension) from now, never beyond the longest wait.

    Saying it again may lengthen the wait up to that limit and never shortens it.
    """
    wanted = min(now + (rules.extension if needs is None else needs), appointment.starts + rules.longest)
    return max(wanted, no_show_at(appointment, rules))


def late_by(appointment: Appointment, *, minutes: int, rules: AttendanceRules, change: Change) -> Appointment:
    """They said how late they will be: after its start, or from now on where it has begun. Raises MoveNotAllowed."""
    since = max(change.at, appointment.starts)
    until = wait_for(appointment, rules, now=since, needs=timedelta(minutes=minutes))
    return appointment.wait_for_client(until, change)


def reached(appointment: Appointment, rules: AttendanceRules, *, now: datetime) -> Checks:
    """Those between the last look and now."""
    return tuple((at, c) for at, c in checks(appointment, rules) if appointment.processed_until < at <= now)


def owed_check(appointment: Appointment, rules: AttendanceRules, *, now: datetime) -> Check | None:
    """The one to act on: found late, a no-show makes the question before it pointless."""
    late_first = reversed(reached(appointment, rules, now=now))
    return next((check for _, check in late_first), None)
