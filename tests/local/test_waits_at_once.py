"""What is made good, a delay that is answered and a day that is closed, by processes of their own in one instant:
credited once, told once, and what is told is so."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kept.booking.appointment import Appointment
from kept.booking.told_delay import DelayChoice
from kept.business.catalog import Money
from kept.messaging.message import Message, MessageStatus
from tests.asking import Answer
from tests.builders import STARTS, a_catalog, an_appointment
from tests.local.processes import Lab

pytestmark = pytest.mark.stack

COMMIT = "TransactWriteItems"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATE = STARTS + 35 * MINUTE
"""Beyond the second step: a tenth of 100 yuan."""
TENTH = 1_000
AT_ONCE = 4
OK, MADE, MOVED = 200, 201, 409
Job = tuple[Any, ...]


def desk(now: datetime, act: str, visit: str = "a-1", body: object = None, *, key: str) -> Job:
    route = f"POST /v1/desk/appointments/{visit}/{act}"
    return "request", "front_desk", now, route, body or {}, f"waits-{key}", "", "10.0.6.1", "staff"


def visits(lab: Lab) -> dict[str, Appointment]:
    return {it.id: it for it in lab.run("visits_now")}


def told(lab: Lab, stage: str) -> list[Message]:
    return [it for it in lab.run("messages_now") if it.stage == stage]


@pytest.fixture
def _late(lab: Lab) -> None:
    """Li Na came in time to both of her visits, with Mei and with Jun, and waits for 35 minutes."""
    first = replace(an_appointment(), price=Money(100_00, "CNY"))
    second = replace(first, id="a-2", slot=replace(first.slot, staff="jun"))
    lab.run("a_waitlist", a_catalog(), [first, second], {}, STARTS - DAY)
    for id in ("a-1", "a-2"):
        assert lab.run(*desk(STARTS, "check-in", id, key=f"in-{id}")).status == OK


@pytest.mark.usefixtures("_late")
@pytest.mark.parametrize("key", ["the-same-key-{0}", "a-key-each-{n}"], ids=["one request", "a request each"])
def test_one_wait_is_credited_once_however_many_begin_the_visit_at_once(lab: Lab, key: str) -> None:
    """All have read that it waits; one begins it, the others hear that it has begun."""
    begins = [desk(LATE, "begin", key=key.format(0, n=n)) for n in range(AT_ONCE)]
    with lab.wire.meeting(COMMIT, of=AT_ONCE):
        answers: list[Answer] = lab.together(begins)
    assert {it.status for it in answers} <= {OK, MOVED}
    assert OK in {it.status for it in answers}
    assert lab.run("points", "c-1")[1] == TENTH
    assert lab.run("money", "c-1")[2] == [("credit", TENTH)]
    assert (visits(lab)["a-1"].made_good, len(told(lab, "made_good"))) == (TENTH, 1)


@pytest.mark.usefixtures("_late")
def test_a_wait_that_was_none_is_taken_back_once(lab: Lab) -> None:
    """By "not so" and by the undo of the beginning, at once; and nobody hears of a credit that is not there."""
    assert lab.run(*desk(LATE, "begin", key="begin-a-1")).status == OK
    jobs = [
        *(desk(LATE + MINUTE, "kept-waiting", body={"minutes": 0}, key=f"not-so-{n}") for n in range(2)),
        desk(LATE + MINUTE, "undo", key="undo-begin"),
    ]
    with lab.wire.meeting(COMMIT, of=len(jobs)):
        answers: list[Answer] = lab.together(jobs)
    assert {it.status for it in answers} <= {OK, MOVED}
    _, _, lines = lab.run("money", "c-1")
    assert (lab.run("points", "c-1")[1], sorted(minor for _, minor in lines)) in (
        (0, [-TENTH, TENTH]),
        (0, [TENTH, TENTH]),
    )
    assert {it.status for it in told(lab, "made_good")} == {MessageStatus.SKIPPED}


@pytest.mark.usefixtures("_late")
def test_a_reversal_and_a_credit_of_one_client_at_once_are_both_there(lab: Lab) -> None:
    """One visit's is taken back in the second in which the other's is credited."""
    assert lab.run(*desk(LATE, "begin", key="begin-a-1")).status == OK
    jobs = [
        desk(LATE + MINUTE, "kept-waiting", body={"minutes": 0}, key="not-so"),
        desk(LATE + MINUTE, "begin", "a-2", key="begin-a-2"),
    ]
    with lab.wire.meeting(COMMIT, of=2):
        answers: list[Answer] = lab.together(jobs)
    assert [it.status for it in answers] == [OK, OK]
    now = visits(lab)
    assert (now["a-1"].made_good, now["a-2"].made_good, lab.run("points", "c-1")[1]) == (0, TENTH, TENTH)
    assert len(lab.run("money", "c-1")[2]) == 3
    standing = [it.about for it in told(lab, "made_good") if it.status is not MessageStatus.SKIPPED]
    assert standing == ["a-2"]


FIRST = {"the desk first": "desk", "the client first": "client", "neither": ""}


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_a_client_answers_a_delay_in_the_second_in_which_the_desk_moves_the_visit(lab: Lab, first: str) -> None:
    """It is where the desk put it, said once; their word stands where it came first, and is of a time that was so."""
    lab.run("a_waitlist", a_catalog(), [an_appointment()], {}, STARTS - DAY)
    now = STARTS - HOUR
    delays = ("request", "front_desk", now, "POST /v1/desk/delays", {"staff": "mei", "minutes": 20}, "say-delay")
    assert lab.run(*delays, "", "10.0.6.1", "staff").status == OK
    later = now + MINUTE
    waits: Job = ("keeps_their_place", later, "a-1")
    moves = desk(later, "reschedule", body={"start": (STARTS + DAY).isoformat()}, key="move-a-1")
    if first:
        one, other = (waits, moves) if first == "client" else (moves, waits)
        done: list[Any] = []
        with lab.wire.when(COMMIT, before=lambda: done.append(lab.run(*one))):
            second = lab.run(*other)
        answered, moved = (done[0], second) if first == "client" else (second, done[0])
    else:
        with lab.wire.meeting(COMMIT, of=2):
            answered, moved = lab.together([waits, moves])
    assert moved.status == OK
    assert answered.status in (OK, MOVED)
    visit = visits(lab)["a-1"]
    assert (visit.starts, visit.version) == (STARTS + DAY, 2)
    assert visit.delay
    assert (visit.delay.choice is DelayChoice.WAIT) is (answered.status == OK)
    assert len(told(lab, "rescheduled")) == 1
    lab.run("sweep", "message", later + 5 * MINUTE)
    lab.run("sends", later + 5 * MINUTE)
    sent = Counter((it.stage, it.version) for it in lab.run("messages_now") if it.status is MessageStatus.SENT)
    assert sent[("rescheduled", 2)] == 1
    assert sent[("running_late", 1)] == 0


def closing(key: str) -> Job:
    """Mei goes home at noon."""
    body = {
        "scope": "staff",
        "of": "mei",
        "start": (STARTS - HOUR).isoformat(),
        "end": (STARTS + 3 * HOUR).isoformat(),
        "why": "ill",
        "words": {"en": "Mei is ill."},
    }
    return "request", "front_desk", STARTS - 6 * HOUR, "POST /v1/desk/closures", body, key, "", "10.0.6.1", "manager"


KEYS: dict[str, Callable[[int], str]] = {
    "by one request that is sent twice": lambda _: "close-the-day",
    "by two people": lambda n: f"close-the-day-{n}",
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_day_that_is_closed_twice_at_once_moves_and_tells_each_once(lab: Lab, key: Callable[[int], str]) -> None:
    """Who comes second finds them moved; whoever is refused asks again, and nothing is done twice."""
    hours = [replace(an_appointment(f"a-{n}", starts=STARTS + n * HOUR), client="c-1") for n in range(3)]
    lab.run("a_waitlist", a_catalog(), hours, {}, STARTS - DAY)
    lab.together([closing(key(n)) for n in range(2)])
    answers = [lab.run(*closing(key(n))) for n in range(2)]
    assert {it.status for it in answers} == {MADE}
    now = visits(lab)
    assert {it.version for it in now.values()} == {2}
    assert all(it.slot.staff != "mei" or it.starts >= STARTS + 3 * HOUR for it in now.values())
    assert Counter(it.about for it in told(lab, "rescheduled")) == {f"a-{n}": 1 for n in range(3)}
    assert len({(it.slot.staff, it.starts) for it in now.values()}) == 3
