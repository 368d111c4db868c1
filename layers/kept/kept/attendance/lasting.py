"""How long a visit really was, by when staff said that it began and that it was over."""

from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.booking.states import Status

MINUTE = timedelta(minutes=1)


def began_at(visit: Appointment) -> datetime:
    """When they were taken to the chair, the last time where that was taken back; its start where nobody said."""
    begun = (event.at for event in reversed(visit.history) if event.what == Status.IN_SERVICE)
    return next(begun, visit.starts)


def minutes_in_service(visit: Appointment) -> int:
    """0 of one that is not over, or of which nobody said when it began."""
    if visit.status is not Status.COMPLETED:
        return 0
    ends = next((event.at for event in reversed(visit.history) if event.what == Status.COMPLETED), None)
    begun = any(event.what == Status.IN_SERVICE for event in visit.history)
    return max((ends - began_at(visit)) // MINUTE, 0) if ends and begun else 0
