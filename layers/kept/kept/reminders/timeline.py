"""The timeline of an appointment: stages of reminding and checks on the day, and which of them is owed now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kept.attendance.delay import look_at
from kept.attendance.no_show import checks
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.business.contact_window import planned
from kept.business.reminder_stages import Stage
from kept.channels import Channel
from kept.lanes import Lane

LAPSE, HOLDS_UP = "lapse", "holds_up"
"""When what nobody answered for gives its slot back; and when to look whom a visit that runs late holds up."""


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One planned message or check; its lane says whose work it is; from `pointless_after` on it is too late."""

    at: datetime
    lane: Lane
    name: str
    pointless_after: datetime | None = None
    over: Channel | None = None


def timeline(appointment: Appointment, catalog: Catalog) -> tuple[Touchpoint, ...]:
    """All that is still planned, in order; once the client is here, the look at whom it holds up alone, and where it is
    not answered for, its end."""
    if appointment.is_tentative and appointment.held_until:
        return (Touchpoint(appointment.held_until, Lane.ATTENDANCE, LAPSE),)
    if not appointment.is_expected:
        looks = look_at(appointment, catalog.business.attendance)
        return (Touchpoint(looks, Lane.ATTENDANCE, HOLDS_UP),) if looks else ()
    stages = catalog.stages(catalog.service_of(appointment))
    reminders = [_reminder(appointment, stage, catalog) for stage in stages if _applies(appointment, stage)]
    expected = [
        Touchpoint(at, Lane.ATTENDANCE, check) for at, check in checks(appointment, catalog.business.attendance)
    ]
    ahead = [touchpoint for touchpoint in (*reminders, *expected) if touchpoint.at > appointment.processed_until]
    return tuple(sorted(ahead, key=lambda touchpoint: touchpoint.at))


def next_due(appointment: Appointment, catalog: Catalog) -> tuple[Lane, datetime] | None:
    """What the appointment carries: only its next touchpoint, so that moving it moves all of them in the same write."""
    line = timeline(appointment, catalog)
    return (line[0].lane, line[0].at) if line else None


def owed(line: tuple[Touchpoint, ...], *, now: datetime) -> Touchpoint | None:
    """The reminder owed now: only the nearest to the start, so catching up never sends two."""
    return next((t for t in reversed(_reached(line, now)) if t.pointless_after and now < t.pointless_after), None)


def missed(line: tuple[Touchpoint, ...], *, now: datetime) -> tuple[Touchpoint, ...]:
    """Reminders whose moment passed while nobody looked, or that a later one has overtaken."""
    due = owed(line, now=now)
    return tuple(t for t in _reached(line, now) if t is not due)


def _reached(line: tuple[Touchpoint, ...], now: datetime) -> tuple[Touchpoint, ...]:
    return tuple(t for t in line if t.lane is Lane.REMINDER and t.at <= now)


def _applies(appointment: Appointment, stage: Stage) -> bool:
    """Skipped if its moment lay before the slot was chosen, or where the stage is not meant for such a client."""
    if stage.unless_confirmed and appointment.status is Status.CONFIRMED:
        return False
    if stage.at_risk and not appointment.at_risk:
        return False
    return appointment.starts - stage.before > appointment.chosen_at


def _reminder(appointment: Appointment, stage: Stage, catalog: Catalog) -> Touchpoint:
    zone = ZoneInfo(appointment.tz)
    at = planned(appointment.starts - stage.before, appointment.starts, zone, catalog.business.quiet_hours)
    return Touchpoint(at, Lane.REMINDER, stage.name, appointment.starts, stage.over)
