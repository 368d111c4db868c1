"""How a late visit holds up those after it, whom that is told, and when it is looked at: days as tables, to a
second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.attendance.delay import Announced, delays, look_at, to_tell
from kept.booking.appointment import Appointment, Slot
from kept.booking.refusals import MoveNotAllowed
from kept.booking.told_delay import DelayChoice
from kept.business.attendance_rules import AttendanceRules
from kept.reminders.timeline import next_due
from tests.builders import CHECKS_IN, STARTS, a_catalog, an_appointment

MEI = Actor("staff", "mei")
MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
RULES = a_catalog().business.changes


def at(minutes: float) -> datetime:
    """So many minutes after the first visit's start."""
    return STARTS + minutes * MINUTE


def a_visit(
    id: str,
    starts: float,
    lasts: float = 60,
    *,
    staff: str = "mei",
    room: str | None = None,
    buffers: tuple[int, int] = (0, 0),
    came: float | None = None,
    began: float | None = None,
    done: float | None = None,
) -> Appointment:
    """All in minutes after STARTS."""
    slot = Slot(at(starts), at(starts + lasts), staff, room, *buffers)
    visit = replace(an_appointment(id, starts=at(starts)), slot=slot)
    if came is not None:
        visit = visit.check_in(Change(MEI, at(came)))
    if began is not None:
        visit = visit.begin(Change(MEI, at(began)))
    return visit if done is None else visit.complete(Change(MEI, at(done)))


def late(*visits: Appointment, now: float, said: Announced | None = None) -> dict[str, float]:
    found = delays(visits, now=at(now), announced={said.staff: said} if said else None)
    return {id: by / MINUTE for id, by in found.items()}


def in_service(began: float = 0, came: float = 0) -> Appointment:
    return a_visit("a", 0, came=came, began=began)


B, C = a_visit("b", 60), a_visit("c", 130)
BEFORE = a_visit("z", -90, came=-90, began=-90, done=-30)
"""By whom the desk is known to say when a visit of Mei's begins."""


@pytest.mark.parametrize(
    ("visits", "now", "expected"),
    [
        pytest.param((in_service(), B, C), 30, {"b": 0, "c": 0}, id="all on time"),
        pytest.param((in_service(20, 0), B, C), 25, {"b": 20, "c": 10}, id="began late: less ten minutes' slack"),
        pytest.param((in_service(), B, C), 75, {"b": 15, "c": 5}, id="lasts longer: as far as one sees by now"),
        pytest.param((in_service(20, 0), B, C), 75, {"b": 20, "c": 10}, id="its end is still ahead"),
        pytest.param((in_service(20, 0), B, C), 95, {"b": 35, "c": 25}, id="late and longer"),
        pytest.param(
            (BEFORE, a_visit("a", 0, came=0), B, C), 25, {"a": 25, "b": 25, "c": 15}, id="waits for its beginning"
        ),
        pytest.param(
            (a_visit("a", 0, came=0), B, C), 25, {"a": 0, "b": 0, "c": 0}, id="whose beginnings nobody says: not seen"
        ),
        pytest.param((a_visit("a", 0, came=0), B, C), 94, {"a": 0, "b": 0, "c": 0}, id="nor after its planned end"),
        pytest.param(
            (replace(BEFORE, slot=replace(BEFORE.slot, staff="jun")), a_visit("a", 0, came=0), B),
            25,
            {"a": 0, "b": 0},
            id="said of another person's",
        ),
        pytest.param((a_visit("a", 0, came=20), B, C), 25, {"a": 20, "b": 20, "c": 10}, id="not before they came"),
        pytest.param(
            (in_service(), a_visit("b", 60, came=55, began=60), C),
            130,
            {"c": 0},
            id="done was not said: the next began",
        ),
        pytest.param(
            (a_visit("a", 0, came=0), a_visit("b", 60, came=55, began=60), C),
            135,
            {"c": 5},
            id="its beginning was not said, but of the next",
        ),
        pytest.param(
            (a_visit("a", 0, came=40), a_visit("b", 60, came=30, began=41), C),
            45,
            {"a": 45, "c": 0},
            id="another was taken before them",
        ),
        pytest.param(
            (in_service(), a_visit("b", 0, came=0, began=2), C), 135, {"c": 5}, id="two begun together are both there"
        ),
        pytest.param((a_visit("a", 0), B, C), 25, {"a": 0, "b": 0, "c": 0}, id="who has not come holds up nobody"),
        pytest.param((in_service(-10, -20), B, C), 10, {"b": 0, "c": 0}, id="begun early: nobody is before their time"),
        pytest.param((a_visit("a", 0, came=0, began=20, done=85), B, C), 85, {"b": 0, "c": 0}, id="over, as it is"),
        pytest.param((in_service(20, 0), a_visit("b", 90)), 25, {"b": 0}, id="slack takes all of it"),
        pytest.param(
            (in_service(20, 0), a_visit("b", 60, staff="jun")), 25, {"b": 0}, id="another person's day is another"
        ),
        pytest.param(
            (a_visit("a", 0, room="r", came=0, began=20), a_visit("b", 60, staff="jun", room="r")),
            25,
            {"b": 20},
            id="the same room is held up as a person is",
        ),
        pytest.param(
            (a_visit("a", 0, buffers=(0, 10), came=0, began=20), a_visit("b", 75, buffers=(5, 0))),
            25,
            {"b": 20},
            id="buffers are no slack",
        ),
        pytest.param(
            (in_service(20, 0), B, a_visit("d", 120, staff="jun", room="r")), 25, {"b": 20, "d": 0}, id="no chain"
        ),
        pytest.param(
            (in_service(0, 0), a_visit("b", 310)),
            301,
            {"b": 0},
            id="four hours after its end it was forgotten",
        ),
        pytest.param((), 0, {}, id="an empty day"),
    ],
)
def test_passes_on(visits: tuple[Appointment, ...], now: float, expected: dict[str, float]) -> None:
    """d of the next is max(0, d + over - slack), with the person and in the room."""
    assert late(*visits, now=now) == expected


def test_whatever_order_they_come_in() -> None:
    assert late(C, B, in_service(20, 0), now=25) == {"b": 20, "c": 10}


@pytest.mark.parametrize(
    ("starts", "tz"),
    [
        (datetime(2026, 3, 2, 15, 30, tzinfo=UTC), "over midnight in Shanghai"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "clocks forward in Berlin"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "clocks back in Berlin"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_minutes_are_minutes(starts: datetime, tz: str) -> None:
    """Whatever the date or the clock on the wall does in between."""
    one = an_appointment("a", starts=starts).check_in(Change(MEI, starts)).begin(Change(MEI, starts + 20 * MINUTE))
    other = an_appointment("b", starts=starts + HOUR)
    assert delays((one, other), now=starts + 25 * MINUTE)["b"] == 20 * MINUTE, tz


SAID = Announced("mei", 20, at(-10), "staff:mei")


@pytest.mark.parametrize(
    ("visits", "now", "expected"),
    [
        pytest.param((a_visit("a", 0), B, C), -10, {"a": 20, "b": 20, "c": 10}, id="from the next on, less the slack"),
        pytest.param((in_service(0), B, C), 0, {"b": 0, "c": 0}, id="once that has begun, what is seen counts"),
        pytest.param((a_visit("a", -60, came=-60, began=-60), a_visit("b", 0)), -9, {"b": 20}, id="in between"),
        pytest.param((BEFORE, a_visit("a", 0, came=0), B), 35, {"a": 35, "b": 35}, id="what is seen, where it is more"),
        pytest.param((a_visit("a", 0, staff="jun"),), -10, {"a": 0}, id="nobody else's day"),
        pytest.param((a_visit("a", 300),), 231, {"a": 0}, id="four hours later it is old"),
    ],
)
def test_said_at_the_desk(visits: tuple[Appointment, ...], now: float, expected: dict[str, float]) -> None:
    """Holds for the next of theirs that has not begun, until that has."""
    assert late(*visits, now=now, said=SAID) == expected


def told(visit: Appointment, minutes: int) -> Appointment:
    return visit.tell_delay(minutes, Change(KEPT, at(0)))


@pytest.mark.parametrize(
    ("visit", "delay", "now", "expected"),
    [
        pytest.param(B, 9 + 59 / 60, 0, None, id="a second less than ten minutes"),
        pytest.param(B, 10, 0, 10, id="ten"),
        pytest.param(B, 20.9, 0, 20, id="whole minutes, no more than it is"),
        pytest.param(B, 20, 60, None, id="at its start they are here, or should be"),
        pytest.param(B, 20, 59.99, 20, id="a moment before"),
        pytest.param(B, 20, -120, 20, id="three hours ahead"),
        pytest.param(B, 20, -120 - 1 / 60, None, id="a second further the day may catch up"),
        pytest.param(told(B, 20), 20, 0, None, id="told once"),
        pytest.param(told(B, 20), 29.9, 0, None, id="nine minutes more"),
        pytest.param(told(B, 20), 30, 0, 30, id="ten more"),
        pytest.param(told(B, 20), 11, 0, None, id="nine less"),
        pytest.param(told(B, 30), 20, 0, 20, id="ten less"),
        pytest.param(told(B, 20), 10, 0, 10, id="from twenty to ten"),
        pytest.param(told(B, 20), 9, 0, 0, id="back on time"),
        pytest.param(told(B, 12), 0, 0, 0, id="on time altogether"),
        pytest.param(told(told(B, 20), 0), 5, 0, None, id="and that once"),
        pytest.param(told(told(B, 20), 0), 15, 0, 15, id="late again"),
        pytest.param(B.check_in(Change(MEI, at(0))), 20, 1, None, id="who is here sees it"),
        pytest.param(B.cancel(Change(MEI, at(0)), rules=RULES), 20, 1, None, id="cancelled"),
        pytest.param(
            told(B, 20).answer_delay(DelayChoice.WAIT, Change(CLIENT, at(1))), 25, 2, None, id="who waits knows"
        ),
        pytest.param(
            told(B, 20).answer_delay(DelayChoice.WAIT, Change(CLIENT, at(1))), 35, 2, 35, id="but not of this"
        ),
        pytest.param(
            told(B, 20).reschedule(Slot(at(90), at(150), "mei"), Change(CLIENT, at(1)), rules=RULES),
            15,
            2,
            15,
            id="of another time they were told nothing yet",
        ),
    ],
)
def test_who_is_told(visit: Appointment, delay: float, now: float, expected: int | None) -> None:
    """From ten minutes on, before they set out; again only when it has changed by as much."""
    found = to_tell((visit,), {visit.id: delay * MINUTE}, now=at(now))
    assert found == ({} if expected is None else {visit.id: expected})


def looked(visit: Appointment, after: float) -> Appointment:
    return visit.looked(at(after))


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        pytest.param(a_visit("a", 0), None, id="who has not come"),
        pytest.param(a_visit("a", 0, came=-5), 10, id="waiting: from ten minutes after the start"),
        pytest.param(looked(a_visit("a", 0, came=-5), 10), 15, id="and every five from then on"),
        pytest.param(looked(a_visit("a", 0, came=-5), 17), 22, id="from when it really was looked at"),
        pytest.param(in_service(0), 70, id="in service on time: ten minutes after the planned end"),
        pytest.param(in_service(9), 70, id="nine late is not late yet"),
        pytest.param(in_service(10), 10, id="ten late: as it begins"),
        pytest.param(looked(in_service(20), 20), 25, id="looked at as it began"),
        pytest.param(looked(in_service(0), 296), None, id="no more once it is forgotten"),
        pytest.param(a_visit("a", 0, came=0, began=0, done=55), None, id="over in time"),
        pytest.param(looked(a_visit("a", 0, came=0, began=20, done=75), 70), 75, id="over, once more"),
        pytest.param(looked(a_visit("a", 0, came=0, began=20, done=75), 75), None, id="and no further"),
        pytest.param(a_visit("a", 0, came=0, began=0, done=69), None, id="over before anybody looked"),
    ],
)
def test_when_it_is_looked_at(visit: Appointment, expected: float | None) -> None:
    """It is due by itself, in the write of its own step, so that nothing that runs late is lost."""
    assert look_at(visit, CHECKS_IN) == (None if expected is None else at(expected))
    due = next_due(visit, a_catalog())
    if not visit.is_expected:
        assert (due and due[1]) == (None if expected is None else at(expected))


@pytest.mark.parametrize(
    "rules", [AttendanceRules(checks_in=False), AttendanceRules(checks_in=True, tells_delay=False)]
)
def test_nobody_looks_where_nobody_is_told(rules: AttendanceRules) -> None:
    """Without check-in nobody knows who waits; and a business may tell nobody."""
    assert look_at(in_service(20), rules) is None


def test_what_they_do_about_it_is_our_doing() -> None:
    """Moved or cancelled it costs nothing and is no move of theirs, as long as we run late."""
    visit = replace(told(B, 20), booked_at=STARTS - timedelta(days=30), reschedules=RULES.reschedules)
    moved = visit.reschedule(Slot(at(90), at(150), "mei"), Change(CLIENT, at(1)), rules=RULES)
    assert (moved.late, moved.reschedules) == (False, RULES.reschedules)
    assert not visit.cancel(Change(CLIENT, at(1)), rules=RULES).late
    on_time = told(visit, 0)
    assert on_time.cancel(Change(CLIENT, at(1)), rules=RULES).late


def test_an_answer_to_nothing() -> None:
    """Whoever was told of no delay, or is here, has none to answer; said again it is as it is."""
    wait = Change(CLIENT, at(1))
    waits = told(B, 20).answer_delay(DelayChoice.WAIT, wait)
    assert waits.answer_delay(DelayChoice.WAIT, wait) is waits
    for visit in (B, told(B, 20).check_in(Change(MEI, at(50)))):
        with pytest.raises(MoveNotAllowed):
            visit.answer_delay(DelayChoice.WAIT, wait)
