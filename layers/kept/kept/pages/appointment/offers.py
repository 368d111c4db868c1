"""What a client may do with their appointment now, asked of the domain: pages offer nothing that it would refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kept.actor import CLIENT, KEPT, Change
from kept.attendance.no_show import no_show_at
from kept.booking.appointment import Appointment
from kept.booking.history import MENDED, WITHDRAWN
from kept.booking.states import Status
from kept.booking.told_delay import DelayChoice
from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Catalog, Mode
from kept.errors import Refusal
from kept.policy.cost import Cost, explain
from kept.policy.deposit import stands

MINUTES = (10, 15, 20)
"""How late a client can say they will be."""

AFTER: dict[str, Callable[[Appointment], bool]] = {
    "booked": lambda it: it.is_expected,
    "deposit_asked": lambda it: it.status is Status.AWAITING_DEPOSIT,
    "asked_for": lambda it: it.status is Status.ASKED_FOR,
    "booked_before": lambda it: it.is_to_come,
    "kept": lambda it: it.is_to_come,
    "moved": lambda it: it.is_to_come and it.version > 1,
    "confirmed": lambda it: it.status is Status.CONFIRMED,
    "on_my_way": lambda it: it.is_expected and it.waits_until is not None,
    "mended": lambda it: any(event.what == MENDED for event in it.history),
    "waits": lambda it: it.told_delay is not None and it.told_delay.choice is DelayChoice.WAIT,
    "cancelled": lambda it: it.status is Status.CANCELLED,
    "disputed": lambda it: it.is_disputed,
    "withdrawn": lambda it: it.history[-1].what == WITHDRAWN,
    "asked_to_call": lambda it: it.status is Status.CANCELLED,
    "paid": lambda it: stands(it) == "held",
    "paid_too_late": lambda it: bool(it.accepted and it.accepted.deposit) and not (it.is_tentative or it.was_booked),
    "asked_to_call_later": lambda it: it.status is Status.CANCELLED,
}
"""What the address of a page says has just happened, and whether that is (still) so."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Times are told by the clock that its `mode` goes by; what is held against them they may dispute until then.
    Where we run late they may say that they `wait`."""

    confirm: bool
    move: bool
    cancel: bool
    say_on_my_way: bool
    wait: bool
    cost: Cost
    moves_left: int
    mode: Mode
    dispute_until: datetime | None


def offers(appointment: Appointment, catalog: Catalog, *, now: datetime) -> Offers:
    change, rules, attendance = Change(CLIENT, now), catalog.business.changes, catalog.business.attendance
    waits_until = no_show_at(appointment, attendance)
    return Offers(
        confirm=_would(lambda: appointment.confirm(change) is not appointment),
        move=_would(lambda: appointment.reschedule(appointment.slot, change, rules=rules)),
        cancel=_would(lambda: appointment.cancel(change, rules=rules)),
        say_on_my_way=appointment.is_expected and attendance.checks_in and appointment.starts <= now < waits_until,
        wait=appointment.is_held_up and appointment.is_expected and now < appointment.starts,
        cost=explain(appointment, catalog.business, now=now),
        moves_left=max(rules.reschedules - appointment.reschedules, 0),
        mode=catalog.service_of(appointment).mode,
        dispute_until=_disputed_until(appointment, attendance, now),
    )


def _disputed_until(appointment: Appointment, rules: AttendanceRules, now: datetime) -> datetime | None:
    until = appointment.disputable_until(rules.dispute_within)
    return until if until and now <= until else None


def happened(done: str, appointment: Appointment, *, now: datetime) -> str:
    """Nothing where the address says what is not so (any more). What waits for longer than it may is gone already."""
    it = appointment.lapse(Change(KEPT, now))
    return done if done in AFTER and AFTER[done](it) else ""


def _would(act: Callable[[], object]) -> bool:
    try:
        return bool(act())
    except Refusal:
        return False
