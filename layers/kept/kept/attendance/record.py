"""A client's record in figures, counted from their visits and from nothing that could go wrong beside them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.reasons import Code, Reason, is_because

ON_TIME = timedelta(minutes=5)
"""Whoever checks in so long after the start is not late yet."""


class Counted(StrEnum):
    """What a figure counts."""

    BOOKED = "booked"
    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """Of all visits that were ever `booked`, those to come among them: `kept` and missed, of the kept those they came
    late to, and of the cancelled those that were too late for a free change. `since`: the start of the first."""

    booked: int = 0
    kept: int = 0
    late: int = 0
    missed: int = 0
    cancelled: int = 0
    cancelled_late: int = 0
    since: datetime | None = None


def figures(visits: Iterable[Appointment]) -> VisitFigures:
    found = [visit for visit in visits if visit.was_booked]
    many = {str(what): sum(map(is_counted, found)) for what, is_counted in COUNTS.items()}
    return VisitFigures(**many, since=min((visit.starts for visit in found), default=None))


def behind(what: Counted, visits: Iterable[Appointment]) -> list[Appointment]:
    """Those that a figure counts."""
    return [visit for visit in visits if visit.was_booked and COUNTS[what](visit)]


def _came_late(visit: Appointment) -> bool:
    """By the check-in, or as staff said when they closed the day."""
    return visit.has_come and any(
        (event.what == Status.ARRIVED and event.at > event.starts + ON_TIME)
        or (event.what == Status.COMPLETED and is_because(Reason.read(event.why), Code.CAME_LATE))
        for event in visit.history
    )


COUNTS: Mapping[Counted, Callable[[Appointment], bool]] = {
    Counted.BOOKED: lambda _: True,
    Counted.KEPT: lambda visit: visit.has_come,
    Counted.LATE: _came_late,
    Counted.MISSED: lambda visit: visit.status is Status.NO_SHOW,
    Counted.CANCELLED: lambda visit: visit.status is Status.CANCELLED,
    Counted.CANCELLED_LATE: lambda visit: visit.status is Status.CANCELLED and visit.late,
}
"""One rule for each figure and for the list behind it."""
