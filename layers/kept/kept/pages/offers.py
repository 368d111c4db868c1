"""What a client may do with their appointment now, asked of the domain: pages offer nothing that it would refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kept.attendance.no_show import no_show_at
from kept.booking.appointment import CLIENT, EXPECTED, Appointment, Cause, Status
from kept.booking.catalog import Business
from kept.errors import Refusal

MINUTES = (10, 15, 20)
"""How late a client can say they will be."""

AFTER = {
    "booked": EXPECTED,
    "moved": EXPECTED,
    "confirmed": frozenset({Status.CONFIRMED}),
    "on_my_way": EXPECTED,
    "cancelled": frozenset({Status.CANCELLED}),
}
"""What a page says has just happened, and the states in which that is still true."""


@dataclass(frozen=True, slots=True)
class Offers:
    """A change is free until `free_until`, `free_hours` before the start, and `late` afterwards."""

    confirm: bool
    move: bool
    cancel: bool
    say_on_my_way: bool
    late: bool
    free_until: datetime
    free_hours: int
    moves_left: int


def offers(appointment: Appointment, business: Business, *, now: datetime) -> Offers:
    cause, rules = Cause(CLIENT, now), business.changes
    waits_until = no_show_at(appointment, business.attendance)
    return Offers(
        confirm=_would(lambda: appointment.confirm(cause) is not appointment),
        move=_would(lambda: appointment.reschedule(appointment.slot, cause, rules=rules)),
        cancel=appointment.is_expected and _would(lambda: appointment.cancel(cause, rules=rules)),
        say_on_my_way=(
            appointment.is_expected and business.attendance.checks_in and appointment.starts <= now < waits_until
        ),
        late=rules.is_late(appointment.starts, now=now),
        free_until=appointment.starts - rules.free_until,
        free_hours=int(rules.free_until.total_seconds()) // 3600,
        moves_left=max(rules.reschedules - appointment.reschedules, 0),
    )


def happened(done: str, appointment: Appointment) -> str:
    """Nothing where the address says what is not so (any more)."""
    return done if appointment.status in AFTER.get(done, ()) else ""


def _would(act: Callable[[], object]) -> bool:
    try:
        return bool(act())
    except Refusal:
        return False
