"""The worker of the checks on the day: asked once, marked once, however it is stopped, repeated or overtaken."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import attendance_worker
import no_show_detector
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.day_page import DayPage, Entry
from kept.booking.refusals import MoveNotAllowed, UnknownAppointment
from kept.booking.states import ReversalReason, Status
from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import ChangeRules
from kept.errors import KeyReused, Outdated
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.follow_up.refusals import UnknownFollowUp
from kept.messaging.message import MessageStatus
from kept.reminders.timeline import next_due
from kept.storage import appointments, catalogs, clients, day_pages, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking import attendance, taking_back
from tests.builders import CHECKS_IN, STARTS, a_catalog, a_client, an_appointment
from tests.stopping import Killed, die, die_at_the_queue, meddle, records

KEY = ("lotus", "a-1")
ASKED, MISSED_YOU = "a-1#v1#on_my_way#email", "a-1#v1#missed_you#email"
FOLLOW_UP = "a-1-v1-no_show"
MEI = Actor("staff", "mei")
DAY = date(2026, 3, 2)
START = int(STARTS.timestamp()) // 60
LOTUS = a_catalog(attendance=replace(CHECKS_IN, tells_delay=False))
"""Of a day that runs late nothing is due here."""
Queued = Callable[[str], list[dict[str, Any]]]


def at(minutes: float) -> datetime:
    """Minutes after the start."""
    return STARTS + timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def _booked() -> None:
    """An hour with Mei on a page that another booking shares, its reminders done."""
    settings(LOTUS.business.attendance)
    page = DayPage("staff:mei", DAY, entries=(Entry("a-1", START, START + 60), Entry("a-2", START + 90, START + 120)))
    day_pages.put_alone("lotus", page)
    with together() as transaction:
        clients.put_new(a_client(), transaction)
    put(an_appointment().looked(at(-60)))


def settings(rules: AttendanceRules) -> None:
    catalog = a_catalog(attendance=rules)
    catalogs.put("lotus", [catalog.business, *catalog.staff.values(), *catalog.services.values()])


def put(appointment: Appointment) -> None:
    with together() as transaction:
        appointments.put(appointment, next_due(appointment, catalogs.load("lotus")), transaction)


def work(minutes: float, *keys: tuple[str, str] | str) -> Any:
    """What the worker answers when it is given these records so many minutes after the start."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: at(minutes))
        return attendance_worker.handler(records(*(keys or (KEY,))), None)


def swept(minutes: float) -> int:
    """How many appointments the sweep hands over so many minutes after the start."""
    done: int = no_show_detector.handler({"time": at(minutes).isoformat()}, None)["handed_over"]
    return done


def stored() -> Appointment:
    return appointments.load(*KEY)


def opened() -> FollowUp:
    return follow_ups.load("lotus", FOLLOW_UP)


def told() -> dict[str, MessageStatus]:
    return {message.id: message.status for message in messages.about("lotus", "a-1")}


def on_the_page() -> list[str]:
    (page,) = day_pages.load("lotus", "staff:mei", [DAY])
    return [entry.ref for entry in page.entries]


def ids(keys: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(key["id"] for key in keys)


def nothing_happened() -> bool:
    return stored().status is Status.BOOKED and told() == {} and on_the_page() == ["a-1", "a-2"]


def test_the_sweep_finds_it_when_a_check_is_due() -> None:
    assert [swept(minutes) for minutes in (-1, 4, 5)] == [0, 0, 1]
    work(5)
    assert [swept(minutes) for minutes in (6, 14, 15)] == [0, 0, 1]
    work(15)
    assert swept(600) == 0


def test_after_five_minutes_the_client_is_asked_once(queued: Queued) -> None:
    for minutes in (5, 5, 9, 14):
        assert work(minutes) == {"batchItemFailures": []}
    assert told() == {ASKED: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [ASKED]
    assert stored().status is Status.BOOKED


def test_after_the_grace_all_that_follows_is_written_together(queued: Queued) -> None:
    work(5)
    work(15)
    assert (stored().status, stored().history[-1].by) == (Status.NO_SHOW, "kept")
    assert stored().evidence == ("on_my_way email queued",)
    assert told() == {ASKED: MessageStatus.QUEUED, MISSED_YOU: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [MISSED_YOU, ASKED]
    assert (opened().about, opened().assignee, opened().opened_at) == ("a-1", "mei", at(15))
    assert on_the_page() == ["a-1", "a-2"], "the chair is theirs until staff say otherwise"


def test_six_hours_late_the_question_is_missed_and_the_mark_still_made(queued: Queued) -> None:
    work(360)
    assert stored().status is Status.NO_SHOW
    assert told() == {ASKED: MessageStatus.MISSED, MISSED_YOU: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [MISSED_YOU]
    assert on_the_page() == ["a-1", "a-2"]


def test_on_my_way_is_waited_for() -> None:
    work(5)
    put(stored().wait_for_client(at(25), Change(by=CLIENT, at=at(7))))
    work(15)
    assert stored().status is Status.BOOKED
    assert [swept(24), swept(25)] == [0, 1]
    work(25)
    assert stored().status is Status.NO_SHOW


@pytest.mark.parametrize(
    "happened",
    [
        lambda a: a.check_in(Change(by=MEI, at=at(4))),
        lambda a: a.cancel(Change(by=MEI, at=at(4)), rules=ChangeRules()),
    ],
    ids=["came", "cancelled"],
)
def test_who_came_or_cancelled_is_never_a_no_show(happened: Callable[[Appointment], Appointment]) -> None:
    put(happened(stored()))
    assert swept(600) == 0
    work(5)
    work(600)
    assert stored().status is not Status.NO_SHOW
    assert told() == {}


def test_where_nobody_checks_in_what_was_due_by_that_is_due_no_more() -> None:
    """The business has stopped checking in since."""
    settings(AttendanceRules())
    assert swept(5) == 1
    work(5)
    assert nothing_happened()
    assert (swept(5), swept(600)) == (0, 0)


@pytest.mark.parametrize("minutes", [5, 15], ids=["asking", "marking"])
def test_killed_before_the_commit_nothing_has_happened_and_it_is_still_due(
    monkeypatch: pytest.MonkeyPatch, minutes: float
) -> None:
    meddle(monkeypatch, before=die)
    with pytest.raises(Killed):
        work(minutes)
    assert nothing_happened()
    with pytest.raises(UnknownFollowUp):
        opened()
    assert swept(minutes) == 1


@pytest.mark.parametrize("minutes", [5, 15], ids=["asking", "marking"])
def test_killed_after_the_commit_it_is_done_once(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    meddle(monkeypatch, after=die)
    with pytest.raises(Killed):
        work(minutes)
    written, done = told(), stored()
    assert work(minutes) == {"batchItemFailures": []}
    assert (told(), stored()) == (written, done)
    assert all(m.revision == 1 for m in messages.about("lotus", "a-1"))


def test_killed_before_the_queue_has_it_the_message_stays_due(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    die_at_the_queue(monkeypatch)
    with pytest.raises(Killed):
        work(5)
    monkeypatch.undo()
    work(5)
    assert queued("MESSAGES_QUEUE") == []
    (asked,) = messages.about("lotus", "a-1")
    assert asked.due_at == at(5)


@pytest.mark.parametrize("minutes", [5, 15], ids=["asking", "marking"])
def test_two_workers_at_once_do_it_once(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    meddle(monkeypatch, before=lambda: work(minutes))
    assert work(minutes) == {"batchItemFailures": []}
    assert stored().revision == 2
    assert all(m.revision == 1 for m in messages.about("lotus", "a-1"))


def test_who_checks_in_while_the_worker_decides_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=lambda: put(stored().check_in(Change(by=MEI, at=at(15)))))
    assert work(15) == {"batchItemFailures": []}
    assert (stored().status, told(), on_the_page()) == (Status.ARRIVED, {}, ["a-1", "a-2"])


def test_a_booking_on_the_same_page_does_not_keep_it_from_being_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_books() -> None:
        (page,) = day_pages.load("lotus", "staff:mei", [DAY])
        day_pages.put_alone("lotus", page.with_entry(Entry("a-3", START + 120, START + 150), now=at(15)))

    settings(replace(CHECKS_IN, release_missed=True))
    meddle(monkeypatch, before=somebody_books)
    work(15)
    assert stored().status is Status.NO_SHOW
    assert (stored().released, on_the_page()) == (True, ["a-2", "a-3"])


def test_delivered_out_of_order_nothing_comes_back() -> None:
    work(15)
    written = told()
    work(5)
    assert (stored().status, told()) == (Status.NO_SHOW, written)


@pytest.mark.parametrize("strange", ["not json", "[]", '{"id": "a-1"}'], ids=["no JSON", "no object", "no business"])
def test_a_record_that_is_not_ours_is_reported_and_the_others_are_done(strange: str) -> None:
    answer = work(15, strange, KEY, ("lotus", "a-none"), ("nowhere", "a-1"))
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["0", "2", "3"]
    assert stored().status is Status.NO_SHOW


def by_mei(minutes: float, *, key: str = "", body: str = "") -> Change:
    return Change(by=MEI, at=at(minutes), why="called: will not come", key=key, body=body)


def test_staff_mark_with_the_same_consequences() -> None:
    marked = attendance.mark_no_show(LOTUS, "a-1", by_mei(8))
    assert marked.status is Status.NO_SHOW
    assert stored().history[-1].by == "staff:mei"
    assert (on_the_page(), opened().assignee, told()) == (["a-1", "a-2"], "mei", {MISSED_YOU: MessageStatus.QUEUED})


def test_a_repeated_request_gets_its_first_answer_and_another_body_is_refused() -> None:
    attendance.mark_no_show(LOTUS, "a-1", by_mei(8, key="k", body="b"))
    assert attendance.mark_no_show(LOTUS, "a-1", by_mei(9, key="k", body="b")).status is Status.NO_SHOW
    assert stored().revision == 2
    with pytest.raises(KeyReused):
        attendance.mark_no_show(LOTUS, "a-1", by_mei(9, key="k", body="other"))


def test_what_cannot_be_marked_stays_as_it_is() -> None:
    with pytest.raises(MoveNotAllowed):
        attendance.mark_no_show(LOTUS, "a-1", by_mei(-5))
    with pytest.raises(Outdated):
        attendance.mark_no_show(LOTUS, "a-1", by_mei(8), version=7)
    with pytest.raises(UnknownAppointment):
        attendance.mark_no_show(LOTUS, "a-none", by_mei(8))
    assert nothing_happened()


def test_taking_it_back_closes_what_it_opened() -> None:
    work(15)
    back = taking_back.take_back_no_show(LOTUS, "a-1", ReversalReason.CAME_AFTER_ALL, by_mei(20, key="k"))
    assert (back.status, opened().status) == (Status.ARRIVED, FollowUpStatus.RESOLVED)
    again = taking_back.take_back_no_show(LOTUS, "a-1", ReversalReason.CAME_AFTER_ALL, by_mei(21, key="k"))
    assert again.status is Status.ARRIVED
    assert swept(600) == 0


def test_only_a_no_show_is_taken_back() -> None:
    with pytest.raises(MoveNotAllowed):
        taking_back.take_back_no_show(LOTUS, "a-1", ReversalReason.OUR_FAULT, by_mei(20))
