"""What only holds its slot, answered: approved or declined by staff, or let go where nobody answered in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.business.refusals import StaffLeft
from kept.messaging.message import Message
from kept.storage import appointments
from kept.use_cases.booking.change import apply_change, as_it_is
from kept.use_cases.booking.open_times import ask_to_move, openings

OFFERED, AHEAD = 3, timedelta(days=14)


def approve(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """Booked and confirmed to the client in one write, or held on for its deposit. Raises MoveNotAllowed,
    AnsweredTooLate, UnknownAppointment, Outdated."""
    act = partial(Appointment.approve, change=change, deposits=catalog.business.changes.deposits)
    return apply_change(catalog, id, act, change, version=version)


def decline(
    catalog: Catalog, id: str, change: Change, *, version: int | None = None, with_times: bool = True
) -> Appointment:
    """The slot is free again, and the client is told `change.why`, with times that are free instead. Raises what
    approving does."""
    telling = _with_times(catalog, id, now=change.at) if with_times else as_it_is
    act = partial(Appointment.decline, change=change)
    return apply_change(catalog, id, act, change, version=version, telling=telling)


def lapse(catalog: Catalog, id: str, *, now: datetime) -> Appointment:
    """Where nobody answered until then, its slot is free and the client told, in one write; as it is where somebody
    did. A crash before the write leaves it due."""
    change = Change(KEPT, now)
    act = partial(Appointment.lapse, change=change)
    return apply_change(catalog, id, act, change, telling=_with_times(catalog, id, now=now))


def _with_times(catalog: Catalog, id: str, *, now: datetime) -> Callable[[Message], Message]:
    def telling(message: Message) -> Message:
        found = _free(catalog, appointments.load(catalog.business.id, id), now=now)
        return replace(message, detail=tuple(at.isoformat() for at in found))

    return telling


def _free(catalog: Catalog, visit: Appointment, *, now: datetime) -> list[datetime]:
    """The soonest others within two weeks of then, with whoever it was with; none with somebody who has left."""
    try:
        question = ask_to_move(catalog, visit, None, zone=ZoneInfo(visit.tz), now=now)
    except StaffLeft:
        return []
    found = openings(question, max(now, visit.starts), visit.starts + AHEAD, at_most=OFFERED + 1)
    starts = (datetime.fromtimestamp(slot.start * 60, UTC) for slot in found)
    return [at for at in starts if at != visit.starts][:OFFERED]
