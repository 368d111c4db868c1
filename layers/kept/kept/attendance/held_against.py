"""How a visit stands of which something is, was or may be held against its client: one table of states."""

from datetime import datetime
from enum import StrEnum

from kept.attendance.no_show import ask_at
from kept.booking.appointment import Appointment
from kept.booking.dispute import DisputeState
from kept.booking.history import DISPUTE_UPHELD, NO_SHOW_REVERSED
from kept.booking.states import Status
from kept.business.attendance_rules import AttendanceRules


class HeldAgainst(StrEnum):
    """SUSPECTED: they should be here, and are not. COUNTED: they did not come, or cancelled too late. REVERSED: it was
    counted, and is no more. FREE: cancelled, and nothing was ever counted."""

    EXPECTED = "expected"
    SUSPECTED = "suspected"
    CAME = "came"
    FREE = "free"
    COUNTED = "counted"
    DISPUTED = "disputed"
    REFUSED = "refused"
    REVERSED = "reversed"


BACK = frozenset({HeldAgainst.EXPECTED, HeldAgainst.SUSPECTED})
"""By undoing a step; whoever is expected again may be suspected at once."""

LEADS = {
    HeldAgainst.EXPECTED: frozenset({HeldAgainst.SUSPECTED, HeldAgainst.CAME, HeldAgainst.FREE, HeldAgainst.COUNTED}),
    HeldAgainst.SUSPECTED: frozenset({HeldAgainst.EXPECTED, HeldAgainst.CAME, HeldAgainst.FREE, HeldAgainst.COUNTED}),
    HeldAgainst.CAME: BACK | {HeldAgainst.FREE, HeldAgainst.COUNTED},
    HeldAgainst.FREE: BACK | {HeldAgainst.CAME},
    HeldAgainst.COUNTED: BACK | {HeldAgainst.DISPUTED, HeldAgainst.REVERSED, HeldAgainst.CAME},
    HeldAgainst.DISPUTED: BACK | {HeldAgainst.REFUSED, HeldAgainst.REVERSED, HeldAgainst.CAME},
    HeldAgainst.REFUSED: BACK | {HeldAgainst.REVERSED, HeldAgainst.CAME},
    HeldAgainst.REVERSED: BACK | {HeldAgainst.CAME},
}

ENDS = frozenset({HeldAgainst.CAME, HeldAgainst.FREE, HeldAgainst.COUNTED, HeldAgainst.REFUSED, HeldAgainst.REVERSED})
"""Where it may rest for good: who is expected is looked at by a clock or when the day is closed, and a dispute has a
clock of its own."""


def held_against(visit: Appointment, rules: AttendanceRules, *, now: datetime) -> HeldAgainst:
    if visit.is_expected:
        is_late = rules.checks_in and visit.waits_until is None and now >= ask_at(visit, rules)
        return HeldAgainst.SUSPECTED if is_late else HeldAgainst.EXPECTED
    if visit.has_come:
        return HeldAgainst.CAME
    if visit.held_against is not None:
        state = visit.dispute.state if visit.dispute else None
        of = {DisputeState.OPEN: HeldAgainst.DISPUTED, DisputeState.REFUSED: HeldAgainst.REFUSED}
        return of.get(state, HeldAgainst.COUNTED) if state else HeldAgainst.COUNTED
    was_counted = visit.status is Status.CANCELLED and _was_taken_back(visit)
    return HeldAgainst.REVERSED if was_counted else HeldAgainst.FREE


def _was_taken_back(visit: Appointment) -> bool:
    """By the last line that tells of it: cancelled anew, nothing was."""
    lines = (line.what for line in reversed(visit.history))
    return next((it != "cancelled" for it in lines if it in ("cancelled", NO_SHOW_REVERSED, DISPUTE_UPHELD)), False)
