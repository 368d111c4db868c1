"""How a client's visits turned out, in the order in which that was known; and months by the wall clock."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kept.booking.appointment import Appointment
from kept.booking.history import NO_SHOW_REVERSED, REINSTATED, Event
from kept.booking.states import Status

YEAR = 12
"""Months."""


@dataclass(frozen=True, slots=True)
class VisitOutcome:
    """Kept, or else missed or cancelled by the client; `at` is its start, or when they cancelled, in that zone."""

    at: datetime
    kept: bool
    visit: Appointment


def outcomes(visits: Iterable[Appointment], zone: tzinfo) -> list[VisitOutcome]:
    """What the business cancelled itself is none, nor is what is to come."""
    found = (_outcome(visit, zone) for visit in visits)
    return sorted((it for it in found if it), key=lambda it: (it.at, it.visit.id))


def cancelled_by_client(visit: Appointment) -> Event | None:
    """The step with which they cancelled it, themselves or by asking staff; None for what was not left so."""
    if visit.status is not Status.CANCELLED:
        return None
    steps = ("cancelled", REINSTATED, NO_SHOW_REVERSED)
    last = next((event for event in reversed(visit.history) if event.what in steps), None)
    return last if last and last.what == "cancelled" and last.is_asked_by_client else None


def months_later(at: datetime, months: int) -> datetime:
    """At the same local time of the same day of the month, or of its last where that is shorter."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def _outcome(visit: Appointment, zone: tzinfo) -> VisitOutcome | None:
    starts = visit.starts.astimezone(zone)
    if visit.has_come or visit.status is Status.NO_SHOW:
        return VisitOutcome(starts, visit.has_come, visit)
    if step := cancelled_by_client(visit):
        return VisitOutcome(min(step.at.astimezone(zone), starts), kept=False, visit=visit)
    return None
