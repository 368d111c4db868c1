"""Which cancelled visits were won back: their clients asked to be called, or booked anew soon after."""

from collections.abc import Iterable
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.follow_up.opened_by import OpenedBy
from kept.policy.winning_back import SOON, came_back, cancelling, why_cancelled
from kept.storage import appointments, follow_ups
from kept.use_cases.follow_ups.asked_to_call import call_id

CALLED = (OpenedBy.CALL, OpenedBy.CALL_LATER)


def taken_up(visits: Iterable[Appointment]) -> list[Appointment]:
    """Those of them whose clients took up what was offered: a request for all follow-ups, and for each that is not
    found by them a query and a request for what its client had since."""
    offered = [visit for visit in visits if why_cancelled(visit)]
    if not offered:
        return []
    known = follow_ups.several(offered[0].business, [call_id(it, cause) for it in offered for cause in CALLED])
    return [it for it in offered if any(call_id(it, cause) in known for cause in CALLED) or _booked_anew(it)]


def given_up_for(visit: Appointment) -> list[Appointment]:
    """Those that its client had cancelled before they booked this one; whoever cancels does so before the start."""
    return [it for it in _others(visit, since=visit.booked_at - SOON) if came_back(it, visit)]


def _booked_anew(visit: Appointment) -> bool:
    line = cancelling(visit)
    return line is not None and any(came_back(visit, other) for other in _others(visit, since=line.at))


def _others(visit: Appointment, *, since: datetime) -> Iterable[Appointment]:
    ids = set(appointments.of_client(visit.business, (visit.client,), since=since)) - {visit.id}
    return appointments.several(visit.business, ids) if ids else ()
