"""The checks on the day: asked, waited for within limits, then a no-show; never once they came."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import CLIENT, Actor, Change
from kept.attendance.no_show import Check, checks, no_show_at, owed_check, wait_for
from kept.booking.appointment import Appointment
from kept.booking.refusals import MoveNotAllowed
from kept.booking.states import Status
from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import ChangeRules
from tests.builders import STARTS, an_appointment

RULES = AttendanceRules(checks_in=True)
NO_CHECK_IN = AttendanceRules(checks_in=False)
MEI = Actor("staff", "mei")


def at(minutes: float) -> datetime:
    """Minutes after the start."""
    return STARTS + timedelta(minutes=minutes)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def on_my_way(appointment: Appointment, *, said: float, needs: float | None = None) -> Appointment:
    wanted = None if needs is None else minutes(needs)
    until = wait_for(appointment, RULES, now=at(said), needs=wanted)
    return appointment.wait_for_client(until, Change(by=CLIENT, at=at(said)))


@pytest.mark.parametrize(
    ("now", "owed"),
    [
        (-1, None),
        (0, None),
        (4, None),
        (5, Check.ASK),
        (14, Check.ASK),
        (15, Check.NO_SHOW),
        (360, Check.NO_SHOW),
    ],
    ids=[
        "before the start",
        "at the start",
        "four minutes late",
        "five minutes late",
        "still in the grace",
        "the grace is over",
        "the sweep slept six hours",
    ],
)
def test_what_is_owed_when_nobody_has_looked(now: float, owed: Check | None) -> None:
    """Asked after five minutes, a no-show after fifteen, however late anybody looks."""
    assert owed_check(an_appointment(), RULES, now=at(now)) is owed


def test_the_question_is_asked_once() -> None:
    """A client who was asked and says nothing is not asked again before the mark."""
    asked = an_appointment().looked(at(6))
    assert [owed_check(asked, RULES, now=at(m)) for m in (6, 10, 14)] == [None, None, None]
    assert owed_check(asked, RULES, now=at(15)) is Check.NO_SHOW


@pytest.mark.parametrize("status", [s for s in Status if s not in {Status.BOOKED, Status.CONFIRMED}])
@pytest.mark.parametrize("rules", [RULES, NO_CHECK_IN], ids=["check-in in use", "not in use"])
def test_who_is_not_expected_is_never_checked(status: Status, rules: AttendanceRules) -> None:
    """Only what is booked or confirmed is, whether the business checks in or not."""
    appointment = replace(an_appointment(), status=status)
    assert checks(appointment, rules) == ()
    assert owed_check(appointment, rules, now=at(600)) is None


def test_a_confirmed_client_is_checked_like_a_booked_one() -> None:
    """Having said yes spares them neither the question nor the mark."""
    confirmed = an_appointment().confirm(Change(by=CLIENT, at=at(-600)))
    assert checks(confirmed, RULES) == ((at(5), Check.ASK), (at(15), Check.NO_SHOW))


@pytest.mark.parametrize("arrives", [-10, 0, 4, 14, 15], ids=str)
def test_a_visit_checked_in_is_never_a_no_show(arrives: float) -> None:
    """Neither by the clock nor by staff, at whatever minute they came."""
    arrived = an_appointment().check_in(Change(by=MEI, at=at(arrives)))
    assert owed_check(arrived, RULES, now=at(600)) is None
    with pytest.raises(MoveNotAllowed):
        arrived.mark_no_show(Change(by=MEI, at=at(20)), evidence=())


def test_a_cancelled_one_is_never_a_no_show() -> None:
    cancelled = an_appointment().cancel(Change(by=CLIENT, at=at(-60)), rules=ChangeRules())
    assert owed_check(cancelled, RULES, now=at(600)) is None


def test_a_moved_one_is_checked_at_its_new_time_only() -> None:
    """Nobody is asked because of the old start; the new one has its own question."""
    new = replace(an_appointment().slot, starts=at(300), ends=at(360))
    moved = an_appointment().reschedule(new, Change(by=MEI, at=at(3)), rules=ChangeRules())
    assert owed_check(moved, RULES, now=at(20)) is None
    assert owed_check(moved, RULES, now=at(305)) is Check.ASK


@pytest.mark.parametrize(
    ("said", "needs", "until"),
    [
        (6, 10, 16),
        (6, None, 21),
        (6, 5, 15),
        (6, 24, 30),
        (6, 25, 30),
        (14, 60, 30),
        (-20, 10, 15),
        (-20, 45, 25),
        (6, 0, 15),
    ],
    ids=[
        "ten minutes",
        "no number: the usual fifteen",
        "less than the grace changes nothing",
        "exactly the longest wait",
        "beyond the longest wait",
        "far beyond it",
        "said before the start",
        "a long way off before the start",
        "at once",
    ],
)
def test_on_my_way_extends_the_wait_within_its_limits(said: float, needs: float | None, until: float) -> None:
    """Never shorter than the grace, never over 30 minutes after the start; 15 if they name no number."""
    waiting = on_my_way(an_appointment(), said=said, needs=needs)
    assert no_show_at(waiting, RULES) == at(until)
    assert owed_check(waiting.looked(at(6)), RULES, now=at(until) - timedelta(seconds=1)) is None
    assert owed_check(waiting.looked(at(6)), RULES, now=at(until)) is Check.NO_SHOW


@pytest.mark.parametrize(
    ("second", "until"),
    [((16, 10), 26), ((16, 20), 30), ((16, 1), 20), ((29, 30), 30)],
    ids=["a little more", "up to the limit", "never shorter", "never beyond it"],
)
def test_on_my_way_can_be_said_twice(second: tuple[float, float], until: float) -> None:
    """It can make the wait longer, up to the limit; saying less takes nothing away."""
    once = on_my_way(an_appointment(), said=6, needs=14)
    said, needs = second
    assert no_show_at(on_my_way(once, said=said, needs=needs), RULES) == at(until)


def test_who_said_so_already_is_not_asked() -> None:
    waiting = on_my_way(an_appointment(), said=2, needs=20)
    assert checks(waiting, RULES) == ((at(22), Check.NO_SHOW),)


def test_on_my_way_after_the_mark_is_refused() -> None:
    gone = an_appointment().mark_no_show(Change(by=MEI, at=at(15)), evidence=())
    with pytest.raises(MoveNotAllowed):
        on_my_way(gone, said=16)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (NO_CHECK_IN, ()),
        (AttendanceRules(checks_in=True, grace=minutes(5)), ((5, Check.NO_SHOW),)),
        (AttendanceRules(checks_in=True, grace=minutes(3)), ((3, Check.NO_SHOW),)),
        (
            AttendanceRules(checks_in=True, ask_after=minutes(10), grace=minutes(45)),
            ((10, Check.ASK), (45, Check.NO_SHOW)),
        ),
    ],
    ids=["no check-in: the clock knows nothing", "no time to ask", "less than that", "a patient business"],
)
def test_the_rules_of_the_business_decide(rules: AttendanceRules, expected: tuple[tuple[float, Check], ...]) -> None:
    """A grace that leaves no time to ask has the mark alone; without check-in there is neither."""
    assert checks(an_appointment(), rules) == tuple((at(m), check) for m, check in expected)


def test_where_nobody_checks_in_it_is_never_automatic() -> None:
    """Where nobody records who came, no clock may say that somebody did not."""
    asked = [owed_check(an_appointment(), NO_CHECK_IN, now=at(m)) for m in (15, 59, 60, 600)]
    assert asked == [None] * 4
