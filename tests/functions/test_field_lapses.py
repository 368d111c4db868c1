"""What holds its slot until it is answered for: to the second, once, with the slot free and the client told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

import attendance_worker
import no_show_detector
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.day_page import DayPage, Entry
from kept.booking.refusals import AnsweredTooLate, MoveNotAllowed
from kept.booking.states import Status
from kept.business.change_rules import ChangeRules
from kept.reminders.timeline import next_due
from kept.storage import appointments, catalogs, clients, day_pages, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking import requests
from kept.use_cases.booking.change import apply_change
from kept.use_cases.follow_ups.request_answered import request_id, request_to_answer
from tests.builders import STARTS, a_catalog, a_client, an_appointment_asked_for
from tests.stopping import Killed, die, meddle, records

UNTIL = STARTS - timedelta(hours=24)
SECOND = timedelta(seconds=1)
MEI = Actor("staff", "mei")
LOTUS = a_catalog()
START = int(STARTS.timestamp()) // 60
RULES = ChangeRules()
TENTATIVE = (Status.ASKED_FOR, Status.AWAITING_DEPOSIT)


@pytest.fixture(autouse=True)
def _asked() -> None:
    catalogs.put("lotus", [LOTUS.business, *LOTUS.staff.values(), *LOTUS.services.values()])
    day_pages.put_alone("lotus", DayPage("staff:mei", date(2026, 3, 2), entries=(Entry("a-1", START, START + 60),)))
    with together() as transaction:
        clients.put_new(a_client(), transaction)
    put(an_appointment_asked_for(until=UNTIL))


def put(visit: Appointment) -> None:
    with together() as transaction:
        appointments.put(visit, next_due(visit, LOTUS), transaction)
        follow_ups.put(request_to_answer(visit, a_client(), LOTUS, (), Change(CLIENT, visit.booked_at)), transaction)


def stored() -> Appointment:
    return appointments.load("lotus", "a-1")


def seen() -> "Seen":
    """The state, what the client is told, whether the slot is taken, and how the follow-up stands."""
    (page,) = day_pages.load("lotus", "staff:mei", [date(2026, 3, 2)])
    said = sorted(message.stage for message in messages.about("lotus", "a-1") if message.recipient == "c-1")
    return stored().status, said, bool(page.entries), follow_ups.load("lotus", request_id(stored())).last.what


def work(at: datetime) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: at)
        attendance_worker.handler(records(("lotus", "a-1")), None)


def swept(at: datetime) -> int:
    found: int = no_show_detector.handler({"time": at.isoformat()}, None)["handed_over"]
    return found


Seen = tuple[str, list[str], bool, str]
WAITS: Seen = ("asked_for", [], True, "assigned")
BOOKED = ("booked", ["confirmation"], True, "resolved")
DECLINED = ("cancelled", ["declined"], False, "resolved")
WITHDRAWN = ("cancelled", ["cancelled"], False, "resolved")
GONE_AFTER_ALL: Seen = ("cancelled", ["cancelled", "confirmation"], False, "resolved")
LAPSED = ("cancelled", ["declined"], False, "noted")


def approve(at: datetime, by: Actor = MEI) -> object:
    return requests.approve(LOTUS, "a-1", Change(by, at))


def decline(at: datetime, by: Actor = MEI) -> object:
    return requests.decline(LOTUS, "a-1", Change(by, at, why="We are full that day."))


def withdraw(at: datetime) -> object:
    change = Change(CLIENT, at)
    return apply_change(LOTUS, "a-1", lambda it: it.cancel(change, rules=RULES), change)


def lapses(at: datetime) -> object:
    work(at)
    return None


Step = Callable[[datetime], object]
STORIES: dict[str, tuple[list[tuple[Step, datetime]], Seen, type[Exception] | None]] = {
    "nothing a second before": ([(lapses, UNTIL - SECOND)], WAITS, None),
    "it lapses at exactly its time": ([(lapses, UNTIL)], LAPSED, None),
    "a worker that slept for days": ([(lapses, STARTS + timedelta(days=3))], LAPSED, None),
    "the worker twice": ([(lapses, UNTIL), (lapses, UNTIL)], LAPSED, None),
    "approved": ([(approve, UNTIL - SECOND)], BOOKED, None),
    "approved twice": ([(approve, UNTIL - SECOND * 2), (approve, UNTIL - SECOND)], BOOKED, None),
    "approved, then the worker": ([(approve, UNTIL - SECOND), (lapses, UNTIL)], BOOKED, None),
    "approved at its time": ([(approve, UNTIL)], WAITS, AnsweredTooLate),
    "declined at its time": ([(decline, UNTIL)], WAITS, AnsweredTooLate),
    "approved after it lapsed": ([(lapses, UNTIL), (approve, UNTIL)], LAPSED, MoveNotAllowed),
    "declined": ([(decline, UNTIL - SECOND)], DECLINED, None),
    "declined, then approved": ([(decline, UNTIL - SECOND * 2), (approve, UNTIL - SECOND)], DECLINED, MoveNotAllowed),
    "approved, then declined": ([(approve, UNTIL - SECOND * 2), (decline, UNTIL - SECOND)], BOOKED, MoveNotAllowed),
    "withdrawn": ([(withdraw, UNTIL - SECOND)], WITHDRAWN, None),
    "withdrawn, then approved": ([(withdraw, UNTIL - SECOND), (approve, UNTIL - SECOND)], WITHDRAWN, MoveNotAllowed),
    "withdrawn, then the worker": ([(withdraw, UNTIL - SECOND), (lapses, UNTIL)], WITHDRAWN, None),
}


@pytest.mark.parametrize("story", STORIES)
def test_every_answer_ends_it_once(story: str) -> None:
    """Whoever comes second is refused with a code, and nothing is told twice."""
    steps, wanted, refusal = STORIES[story]
    for step, at in steps[:-1]:
        step(at)
    last, at = steps[-1]
    if refusal:
        with pytest.raises(refusal):
            last(at)
    else:
        last(at)
    assert seen() == wanted


def test_it_is_swept_when_its_time_has_come_and_no_more() -> None:
    assert [swept(at) for at in (UNTIL - SECOND, UNTIL)] == [0, 1]
    work(UNTIL)
    assert swept(STARTS + timedelta(days=1)) == 0


def test_times_that_are_free_are_told_with_the_end() -> None:
    """Three of them, none of which is the one that was asked for."""
    work(UNTIL)
    (told,) = [message for message in messages.about("lotus", "a-1") if message.stage == "declined"]
    assert len(told.detail) == 3
    assert STARTS.isoformat() not in told.detail


def test_a_worker_that_dies_before_its_write_leaves_it_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next one does the whole of it."""
    with monkeypatch.context() as patched:
        patched.setattr(messages, "put_all", die)
        with pytest.raises(Killed):
            work(UNTIL)
    assert seen() == WAITS
    assert swept(UNTIL) == 1
    work(UNTIL)
    assert seen() == LAPSED


@pytest.mark.parametrize("status", TENTATIVE, ids=str)
def test_it_is_nobodys_reminder_check_in_or_figure(status: Status) -> None:
    """Until it is booked its end is all that is planned."""
    visit = replace(an_appointment_asked_for(until=UNTIL), status=status)
    assert next_due(visit, LOTUS) is not None
    assert not visit.was_booked
    assert not visit.is_late(RULES, now=STARTS - SECOND)
    for act in (visit.check_in, visit.confirm, visit.complete):
        with pytest.raises(MoveNotAllowed):
            act(Change(MEI, STARTS))


def test_what_was_approved_is_reminded_and_counted_as_any_booking() -> None:
    approve(UNTIL - SECOND)
    assert stored().was_booked
    assert stored().held_until is None
    assert next_due(stored(), LOTUS) is not None
    assert stored().booked_at == UNTIL - SECOND


BETWEEN: dict[str, tuple[Step, Step, datetime, Seen, bool]] = {
    "two approve": (approve, approve, UNTIL - SECOND, BOOKED, True),
    "one approves and one declines": (approve, decline, UNTIL - SECOND, BOOKED, False),
    "one declines and one approves": (decline, approve, UNTIL - SECOND, DECLINED, False),
    "withdrawn while it is approved": (withdraw, approve, UNTIL - SECOND, WITHDRAWN, False),
    "approved while it is withdrawn": (
        approve,
        withdraw,
        UNTIL - SECOND,
        GONE_AFTER_ALL,
        True,
    ),
    "two workers": (lapses, lapses, UNTIL, LAPSED, True),
}


@pytest.mark.parametrize("race", BETWEEN)
def test_of_two_at_once_the_second_sees_what_the_first_did(race: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever loses the write reads again and decides on that: nothing is done twice."""
    first, second, at, wanted, may = BETWEEN[race]
    meddle(monkeypatch, before=lambda: first(at))
    if may:
        second(at)
    else:
        with pytest.raises(MoveNotAllowed):
            second(at)
    assert seen() == wanted


def test_a_yes_in_the_last_second_wins_over_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=lambda: approve(UNTIL - SECOND))
    work(UNTIL)
    assert seen() == BOOKED


@pytest.mark.parametrize("step", [approve, decline, withdraw], ids=["approved", "declined", "withdrawn"])
def test_killed_after_the_write_it_was_done_once_and_before_it_not_at_all(
    step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        meddle(patched, before=die)
        with pytest.raises(Killed):
            step(UNTIL - SECOND)
    assert seen() == WAITS
    with monkeypatch.context() as patched:
        meddle(patched, after=die)
        with pytest.raises(Killed):
            step(UNTIL - SECOND)
    assert seen() in (BOOKED, DECLINED, WITHDRAWN)
