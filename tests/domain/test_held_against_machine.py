"""A visit of which something is held against its client, under acts in any order: every step is one of the table, a
dispute can always be decided, and whatever happened it comes to rest in one of the stated ends."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from hypothesis import given, settings
from hypothesis import strategies as st

from kept.actor import CLIENT, Actor, Change
from kept.attendance.no_show import ask_at
from kept.booking.appointment import Appointment
from kept.booking.dispute import DisputeState
from kept.booking.history import DISPUTE_UPHELD, NO_SHOW_REVERSED
from kept.booking.states import ReversalReason, Status
from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import ChangeRules
from kept.errors import Refusal
from tests.builders import CHECKS_IN, STARTS, an_appointment


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


MEI = Actor("staff", "mei")
RULES, WITHIN = ChangeRules(), timedelta(days=14)
Act = Callable[[Appointment, Change], Appointment]
ACTS: dict[str, tuple[Actor, Act]] = {
    "check in": (MEI, lambda it, how: it.check_in(how)),
    "complete": (MEI, lambda it, how: it.complete(how)),
    "cancel, the client": (CLIENT, lambda it, how: it.cancel(how, rules=RULES)),
    "cancel, we": (MEI, lambda it, how: it.cancel(how, rules=RULES)),
    "cannot come": (CLIENT, lambda it, how: it.cannot_come(how)),
    "on my way": (CLIENT, lambda it, how: it.wait_for_client(how.at + timedelta(minutes=10), how)),
    "mark": (MEI, lambda it, how: it.mark_no_show(how, evidence=())),
    "dispute": (CLIENT, lambda it, how: it.raise_dispute(how, within=WITHIN)),
    "refuse": (MEI, lambda it, how: it.refuse_dispute(how)),
    "undo": (MEI, lambda it, how: it.undo(how)),
    "keep waiting": (MEI, lambda it, how: it.keep_waiting(20, how)),
}


def _upholds(reason: ReversalReason) -> Act:
    return lambda it, how: it.uphold_dispute(reason, how)


def _reverses(reason: ReversalReason) -> Act:
    return lambda it, how: it.reverse_no_show(reason, how)


ACTS |= {f"uphold, {it}": (MEI, _upholds(it)) for it in ReversalReason}
ACTS |= {f"reverse, {it}": (MEI, _reverses(it)) for it in ReversalReason}
steps = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 3 * 24 * 60)), max_size=14)


@settings(max_examples=300, deadline=None)
@given(steps=steps)
def test_every_step_is_one_of_the_table_and_every_path_ends(steps: list[tuple[str, int]]) -> None:
    it, now = an_appointment(), STARTS - timedelta(hours=30)
    for name, minutes in steps:
        was = held_against(it, CHECKS_IN, now=now)
        now += timedelta(minutes=minutes)
        before = held_against(it, CHECKS_IN, now=now)
        assert before is was or before in LEADS[was]
        by, act = ACTS[name]
        try:
            it = act(it, Change(by, now))
        except Refusal:
            continue
        after = held_against(it, CHECKS_IN, now=now)
        assert after is before or after in LEADS[before], (name, before, after)
        assert it.is_disputed is (after is HeldAgainst.DISPUTED)
    if it.is_disputed:
        assert held_against(it.refuse_dispute(Change(MEI, now)), CHECKS_IN, now=now) is HeldAgainst.REFUSED
        for reason in it.reasons_to_uphold:
            upheld = it.uphold_dispute(reason, Change(MEI, now))
            assert held_against(upheld, CHECKS_IN, now=now) in {HeldAgainst.REVERSED, HeldAgainst.CAME}
        it = it.uphold_dispute(ReversalReason.GOODWILL, Change(MEI, now))
    end = max(now, it.ends + timedelta(days=30))
    if it.is_expected:
        it = it.mark_no_show(Change(MEI, end), evidence=())
    assert held_against(it, CHECKS_IN, now=end) in ENDS


def test_the_table_knows_every_state_and_each_of_its_ends_can_be_reached() -> None:
    assert LEADS.keys() == set(HeldAgainst)
    assert {to for leads in LEADS.values() for to in leads} >= ENDS
