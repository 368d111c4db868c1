"""The book tells the truth about who sits in which chair: whatever is marked, taken back, released or put off, no two
entries of one calendar clash, who is expected or here stands in the book, and the day shows everybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import attendance_worker
import due_sweep
import due_worker
import front_desk
import message_sender
import no_show_detector
from kept import clock
from kept.booking.states import GONE, Status
from kept.business.attendance_rules import AttendanceRules
from kept.clients.booked_as import BookedAs
from kept.lanes import Lane
from kept.messaging.message import Message
from kept.messaging.outgoing import UNDO
from kept.storage import appointments, catalogs, clients, follow_ups, messages
from kept.timekeeping.weekly_hours import Window, WorkingHours
from kept.use_cases.business import settings
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.functions.test_day_lists import Provider
from tests.reasons import why
from tests.refusing import DESK, cut
from tests.stopping import meddle, records
from tests.templates import due

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NO_CHECK_IN, RELEASES = AttendanceRules(), replace(CHECKS_IN, release_missed=True)
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _booked() -> None:
    lotus.open_both()
    lotus.known()
    lotus.known(replace(a_client(), id="c-2", name="Wu Min", email="wu@example.com"))
    lotus.put(an_appointment().looked(STARTS - HOUR))


def rules(attendance: AttendanceRules, *, now: datetime = STARTS - 5 * HOUR) -> None:
    catalog = lotus.the_salon()
    for member in catalog.staff.values():
        settings.save_staff("lotus", member, now=now)
    settings.save_business(replace(catalog.business, attendance=attendance), now=now)


def does(act: str, minute: float, id: str = "a-1", **body: Any) -> Answer:
    """At the desk, so many minutes after the start of a-1."""
    return desk(f"POST {DESK}/{id}/{act}", minute, body)


def desk(route: str, minute: float, body: object = None, query: dict[str, str] | None = None, key: str = "") -> Answer:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: STARTS + minute * MINUTE)
        return ask(front_desk.handler, route, body, role="staff", query=query, key=key)


def books(starts: datetime, minute: float, staff: str = "mei", key: str = "") -> Answer:
    wanted = cut(start=starts.isoformat(), staff=staff, override="they stand here", client={"name": "Wu Min"} | REACH)
    return desk(f"POST {DESK}", minute, wanted, key=key)


REACH = {"email": "wu@example.com", "agrees_to": ["email"]}


def the_clock(minute: float) -> None:
    """The sweep and its worker."""
    now = STARTS + minute * MINUTE
    if no_show_detector.handler({"time": now.isoformat()}, None)["handed_over"]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(clock, "now", lambda: now)
            attendance_worker.handler(records(("lotus", "a-1")), None)


def status(id: str = "a-1") -> Status:
    return appointments.load("lotus", id).status


def in_the_book(staff: str = "mei", day: date = MONDAY) -> list[str]:
    return [entry.ref for entry in lotus.on_page(staff, day)]


def the_book_is_true() -> bool:
    """No two entries clash, and each visit that is expected, or was here, stands where its slot says."""
    for staff in ("mei", "jun", "bo"):
        entries = [entry for entry in lotus.on_page(staff) if entry.hold_until is None]
        assert not [(a, b) for n, a in enumerate(entries) for b in entries[n + 1 :] if a.clashes_with(b)]
    for line in the_day():
        visit = appointments.load("lotus", line["id"])
        stands = visit.id in in_the_book(visit.slot.staff)
        assert stands or visit.status in GONE, (visit.id, visit.status)
        assert not stands or visit.status is not Status.CANCELLED
    return True


def the_day(minute: float = 0, on: str = "2026-03-02") -> list[Any]:
    listed: list[Any] = desk(f"GET {DESK}", minute, query={"on": on}).body
    return listed


@pytest.fixture(autouse=True)
def _true_in_the_end() -> Iterator[None]:
    yield
    assert the_book_is_true()


# What the desk does, in order: (act, minute, what is asked with it) and the state and the answer in the end.
Step = tuple[str, float, dict[str, Any]]
STEPS: dict[str, tuple[list[Step], Status, list[str]]] = {
    "check-in undone": ([("check-in", -3, {}), ("undo", -2, {})], Status.BOOKED, ["a-1"]),
    "check-in of one who confirmed": (
        [("confirm", -30, {}), ("check-in", -3, {}), ("undo", -2, {})],
        Status.CONFIRMED,
        ["a-1"],
    ),
    "begin undone": ([("check-in", 0, {}), ("begin", 1, {}), ("undo", 2, {})], Status.ARRIVED, ["a-1"]),
    "begin and check-in undone": (
        [("check-in", 0, {}), ("begin", 1, {}), ("undo", 2, {}), ("undo", 3, {})],
        Status.BOOKED,
        ["a-1"],
    ),
    "undone once more than was done": (
        [("check-in", 0, {}), ("undo", 1, {}), ("undo", 2, {})],
        Status.BOOKED,
        ["a-1"],
    ),
    "complete undone, of one who was here": (
        [("check-in", 0, {}), ("begin", 1, {}), ("complete", 50, {}), ("undo", 51, {})],
        Status.IN_SERVICE,
        ["a-1"],
    ),
    "complete undone, of one whom nobody checked in": (
        [("complete", 61, {}), ("undo", 62, {})],
        Status.BOOKED,
        ["a-1"],
    ),
    "completed again": ([("complete", 61, {}), ("undo", 62, {}), ("complete", 63, {})], Status.COMPLETED, ["a-1"]),
    "cancelled and put back": ([("cancel", -60, {}), ("undo", -59, {})], Status.BOOKED, ["a-1"]),
    "cancelled, put back, cancelled": (
        [("cancel", -60, {}), ("undo", -59, {}), ("cancel", -58, {})],
        Status.CANCELLED,
        [],
    ),
    "cancelled twice and put back twice": (
        [("cancel", -60, {}), ("undo", -59, {}), ("cancel", -58, {}), ("undo", -57, {})],
        Status.BOOKED,
        ["a-1"],
    ),
    "cancelled when here, and put back": (
        [("check-in", -2, {}), ("cancel", 0, {}), ("undo", 1, {}), ("cancel", 2, {}), ("undo", 3, {})],
        Status.ARRIVED,
        ["a-1"],
    ),
    "put back a day later": ([("cancel", -60, {}), ("undo", 24 * 60, {})], Status.BOOKED, ["a-1"]),
    "missed": ([("no-show", 20, {})], Status.NO_SHOW, ["a-1"]),
    "missed and released": ([("no-show", 20, {}), ("release", 21, {})], Status.NO_SHOW, []),
    "released twice": ([("no-show", 20, {}), ("release", 21, {}), ("release", 22, {})], Status.NO_SHOW, []),
    "missed by mistake": ([("no-show", 20, {}), ("undo", 21, {})], Status.BOOKED, ["a-1"]),
    "missed, undone, missed": (
        [("no-show", 20, {}), ("undo", 21, {}), ("no-show", 22, {})],
        Status.NO_SHOW,
        ["a-1"],
    ),
    "released by mistake": ([("no-show", 20, {}), ("release", 21, {}), ("undo", 22, {})], Status.BOOKED, ["a-1"]),
    "came after all": (
        [("no-show", 20, {}), ("reverse-no-show", 25, {"reason": "came_after_all"})],
        Status.ARRIVED,
        ["a-1"],
    ),
    "came after all, after it was released": (
        [("no-show", 20, {}), ("release", 21, {}), ("reverse-no-show", 25, {"reason": "came_after_all"})],
        Status.ARRIVED,
        ["a-1"],
    ),
    "came after all, and that was wrong": (
        [("no-show", 20, {}), ("reverse-no-show", 25, {"reason": "came_after_all"}), ("undo", 26, {})],
        Status.BOOKED,
        ["a-1"],
    ),
    "our fault": (
        [("no-show", 20, {}), ("reverse-no-show", 25, {"reason": "our_fault"})],
        Status.CANCELLED,
        [],
    ),
    "our fault, and that was wrong": (
        [("no-show", 20, {}), ("reverse-no-show", 25, {"reason": "emergency"}), ("undo", 26, {})],
        Status.BOOKED,
        ["a-1"],
    ),
}


@pytest.mark.parametrize(("steps", "ends", "stands"), STEPS.values(), ids=STEPS)
def test_what_is_done_and_undone_leaves_the_book_true(steps: list[Step], ends: Status, stands: list[str]) -> None:
    for act, minute, body in steps:
        does(act, minute, **body)
    assert (status(), in_the_book()) == (ends, stands)
    assert [line["id"] for line in the_day()] == ["a-1"], "whatever became of it"


def taken_by_another(minute: float) -> str:
    made = books(STARTS + 30 * MINUTE, minute)
    assert made.status == 201, made.body
    return str(made.body["id"])


TAKEN: dict[str, list[Step]] = {
    "cancelled, to be put back": [("cancel", -60, {})],
    "missed and released, to be expected again": [("no-show", 20, {}), ("release", 21, {})],
    "missed by mistake for our own fault": [
        ("no-show", 20, {}),
        ("reverse-no-show", 21, {"reason": "our_fault"}),
    ],
}


@pytest.mark.parametrize("steps", TAKEN.values(), ids=TAKEN)
@pytest.mark.parametrize(
    ("act", "body"),
    [("undo", {}), ("reverse-no-show", {"reason": "came_after_all"}), ("reverse-no-show", {"reason": "mistake"})],
    ids=["undo", "came after all", "mistake"],
)
def test_what_cannot_be_had_back_is_said_with_who_has_it(steps: list[Step], act: str, body: dict[str, Any]) -> None:
    for done, minute, asked in steps:
        does(done, minute, **asked)
    other, before = taken_by_another(22), status()
    answer = does(act, 25, **body)
    if act != "undo" and before is not Status.NO_SHOW:
        assert (answer.status, answer.code) == (409, "move_not_allowed")
        return
    assert (answer.status, answer.code) == (409, "slot_taken")
    (holder,) = answer.body["taken_by"]
    assert (holder["appointment"], holder["client_name"]) == (other, "Wu Min")
    assert holder["start"] == "2026-03-02T17:30:00+08:00"
    assert len(answer.body["alternatives"]) == 3
    assert (status(), in_the_book()) == (before, [other]), "nothing was changed"


def test_once_the_other_has_another_chair_it_is_theirs_again() -> None:
    does("no-show", 20)
    does("release", 21)
    other = taken_by_another(22)
    moved = does("reschedule", 24, other, start=(STARTS + 30 * MINUTE).isoformat(), staff="jun", override="Wu waits")
    assert moved.status == 200
    assert does("reverse-no-show", 25, reason="came_after_all").status == 200
    assert (in_the_book(), in_the_book("jun")) == (["a-1"], [other])


def test_a_hold_in_the_way_is_told_without_a_name() -> None:
    from kept.use_cases.booking.book import hold
    from kept.use_cases.booking.open_times import ask as question

    does("cancel", -60)
    hold(question(catalogs.load("lotus"), "cut", "mei", zone=a_client().zone, now=STARTS - 2 * HOUR), STARTS)
    hold(question(catalogs.load("lotus"), "cut", "mei", zone=a_client().zone, now=STARTS - HOUR * 2), STARTS + HOUR)
    answer = does("undo", -119)
    assert answer.status == 409
    (holder,) = answer.body["taken_by"]
    assert (holder["appointment"], holder["client_name"]) == (None, None)
    assert holder["held_until"] == "2026-03-02T15:05:00+08:00"
    assert does("undo", -110).status == 200, "a hold that ran out is in nobody's way"


def test_in_the_missed_chair_nobody_else_is_seated_before_it_is_released() -> None:
    does("no-show", 20)
    assert books(STARTS + 30 * MINUTE, 21).code == "slot_taken"
    does("release", 22)
    assert books(STARTS + 30 * MINUTE, 23).status == 201


@pytest.mark.parametrize("minute", [60, 61, 600])
def test_of_what_is_over_nothing_is_released(minute: float) -> None:
    does("no-show", 20)
    assert does("release", minute).code == "move_not_allowed"


def test_a_slot_that_is_taken_while_it_is_taken_back_has_one_winner(monkeypatch: pytest.MonkeyPatch) -> None:
    does("cancel", -60)
    with monkeypatch.context() as patched:
        meddle(patched, before=lambda: taken_by_another(-55))
        answer = does("undo", -55)
    assert (answer.status, answer.code) == (409, "slot_taken")
    assert len(in_the_book()) == 1


def test_two_who_take_it_back_at_once_do_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    does("cancel", -60)
    with monkeypatch.context() as patched:
        meddle(patched, before=lambda: does("undo", -55))
        assert does("undo", -55).code == "move_not_allowed"
    assert (status(), in_the_book()) == (Status.BOOKED, ["a-1"])


def test_a_repeat_under_its_key_is_answered_as_the_first_time() -> None:
    does("cancel", -60)
    key = "f3a1c0de-0000-4000-8000-000000000009"
    first, again = (desk(f"POST {DESK}/a-1/undo", minute, {"note": "oh"}, key=key) for minute in (-55, -50))
    assert first.body["status"] == again.body["status"] == "booked"
    assert appointments.load("lotus", "a-1").version == 2


def test_a_version_that_has_passed_is_refused() -> None:
    does("cancel", -60)
    assert does("undo", -55, version=7).code == "outdated"
    assert does("undo", -55, version=1).body["version"] == 2


# What is told of it.


def told() -> dict[str, str]:
    return {message.id.partition("#")[2]: message.status.value for message in messages.about("lotus", "a-1")}


def sent(monkeypatch: pytest.MonkeyPatch, *, minute: float) -> None:
    """The outbox as it is swept then."""
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: Provider())
    now = STARTS + minute * MINUTE
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        due = [it for it in messages.about("lotus", "a-1") if it.due_at and it.due_at <= now]
        message_sender.handler(records(*(("lotus", it.id) for it in due)), None)


@pytest.mark.parametrize("act", ["cancel", "no-show"])
def test_what_staff_do_in_one_tap_waits_out_the_time_to_take_it_back(
    act: str, monkeypatch: pytest.MonkeyPatch, queued: Callable[[str], list[dict[str, Any]]]
) -> None:
    minute = -60 if act == "cancel" else 20
    does(act, minute)
    assert queued("MESSAGES_QUEUE") == []
    (stage,) = {message.stage for message in messages.about("lotus", "a-1")}
    sent(monkeypatch, minute=minute + 1)
    assert told()[f"v1#{stage}#email"] == "queued"
    does("undo", minute + 1)
    sent(monkeypatch, minute=minute + 10)
    assert told() == {f"v1#{stage}#email": "skipped"}, "nobody heard of it, so there is nothing to put right"
    assert why(messages.about("lotus", "a-1")[0]) == "skipped: taken_back"


def test_who_was_told_of_the_cancellation_is_told_that_it_is_on_again(monkeypatch: pytest.MonkeyPatch) -> None:
    does("cancel", -60)
    sent(monkeypatch, minute=-60 + UNDO / MINUTE)
    does("undo", -30)
    sent(monkeypatch, minute=-30 + UNDO / MINUTE)
    assert told() == {"v1#cancelled#email": "sent", "v2#confirmation#email": "sent"}
    does("cancel", -20)
    sent(monkeypatch, minute=-10)
    assert told()["v2#cancelled#email"] == "sent", "and of the next one as of the first"


def test_who_was_told_that_they_were_missed_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    does("no-show", 20)
    sent(monkeypatch, minute=23)
    does("undo", 30)
    assert follow_ups.load("lotus", "a-1-v1-no_show").is_over
    (call,) = follow_ups.board("lotus", after=None, limit=10).follow_ups
    assert (call.cause, call.about) == ("not_told", "a-1")


def test_no_reminder_whose_hour_passed_meanwhile_is_owed() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + 3 * DAY))
    does("cancel", -60, "a-2")
    does("undo", 24 * 60 + 60, "a-2")
    assert status("a-2") is Status.BOOKED
    visit = appointments.load("lotus", "a-2")
    assert visit.processed_until == STARTS + 25 * HOUR


# The clock, where clients are checked in and where not.


@pytest.mark.parametrize("minute", [1, 5, 15, 60, 600, 10_000])
def test_where_nobody_checks_in_the_clock_misses_nobody(minute: float) -> None:
    rules(NO_CHECK_IN)
    the_clock(minute)
    assert (status(), told()) == (Status.BOOKED, {})


@pytest.mark.parametrize(
    ("attendance", "stands"), [(CHECKS_IN, ["a-1"]), (RELEASES, [])], ids=["until staff say so", "by setting"]
)
def test_what_the_clock_misses_keeps_its_chair(attendance: AttendanceRules, stands: list[str]) -> None:
    rules(attendance)
    for minute in (5, 15):
        the_clock(minute)
    assert (status(), in_the_book()) == (Status.NO_SHOW, stands)
    (line,) = the_day(16)
    assert ("release" in line["acts"], line["released"]) == (not line["released"], not stands)


@pytest.mark.parametrize("undone", [20, 40], ids=["after the grace", "near the end"])
def test_whose_check_in_was_a_mistake_is_waited_for_anew(undone: float) -> None:
    rules(CHECKS_IN)
    does("check-in", 3)
    does("undo", undone)
    for minute in (undone, undone + 1, undone + 14):
        the_clock(minute)
    assert status() is Status.BOOKED
    the_clock(undone + 15)
    assert status() is Status.NO_SHOW


# The whole day.


@pytest.mark.parametrize(("minute", "expected"), [(100, True), (60 + 1439, True), (60 + 1441, False), (43_200, False)])
def test_nobody_is_expected_again_a_day_after_their_visit(minute: float, expected: bool) -> None:
    """A clock that missed them then would tell them so: a check-in is undone for a day, and no longer."""
    assert does("check-in", 1).status == 200
    undone = does("undo", minute)
    assert (undone.status, status()) == ((200, Status.BOOKED) if expected else (409, Status.ARRIVED))
    the_clock(minute)
    assert status() is (Status.BOOKED if expected else Status.ARRIVED)


def test_the_day_shows_everybody_in_order_with_what_can_be_done() -> None:
    for n in range(1, 5):
        lotus.put(an_appointment(f"b-{n}", starts=STARTS - n * HOUR))
    for act, minute, id in (
        ("cancel", -300, "b-4"),
        ("no-show", -170, "b-3"),
        ("check-in", -121, "b-2"),
        ("complete", -61, "b-2"),
        ("check-in", -60, "b-1"),
    ):
        assert does(act, minute, id).status == 200
    shown = [(line["id"], line["status"], line["acts"][0], "undo" in line["acts"]) for line in the_day(-50)]
    assert shown == [
        ("b-4", "cancelled", "undo", True),
        ("b-3", "no_show", "reverse-no-show", True),
        ("b-2", "completed", "undo", True),
        ("b-1", "arrived", "begin", True),
        ("a-1", "booked", "check-in", False),
    ]


def test_a_visit_that_was_moved_away_is_on_its_new_day_alone() -> None:
    does("reschedule", -600, start="2026-03-04T10:00:00+08:00")
    does("cancel", -500)
    assert [line["id"] for line in the_day()] == []
    assert [line["id"] for line in the_day(on="2026-03-04")] == ["a-1"]


def test_another_business_s_day_is_none_of_ours() -> None:
    lotus.put(replace(an_appointment("g-1"), business="garage", service="brakes", slot=replace(SLOT, staff="sam")))
    does("cancel", -60)
    assert [line["id"] for line in the_day()] == ["a-1"]


SLOT = an_appointment().slot


# The end of the day.

Queued = Callable[[str], list[dict[str, Any]]]


def the_minute(now: datetime, queued: Queued) -> set[str]:
    """One run of the schedule and of the worker; whose ends of the day were looked at."""
    due_sweep.handler(due(Lane.DAY_LIST, now), None)
    keys = [(key["business"], key["id"]) for key in queued("DUE_QUEUE")]
    ends = [key for key in keys if key[1].startswith("day_end#")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        assert due_worker.handler(records(*ends, lane=Lane.DAY_LIST), None) == {"batchItemFailures": []}
    return {id.partition("#")[2] for _, id in ends}


def asked(staff: str = "mei", business: str = "lotus") -> list[Message]:
    return [it for it in messages.about(business, f"day-{staff}") if it.stage == "day_end"]


CLOSED = datetime.fromisoformat("2026-03-02T20:30+08:00")
"""Half an hour after the salon's closing."""


def test_at_the_day_s_end_whoever_had_visits_is_asked_once(queued: Queued) -> None:
    rules(NO_CHECK_IN)
    assert the_minute(CLOSED - MINUTE, queued) == set()
    assert the_minute(CLOSED, queued) == {"mei", "jun", "bo"}
    assert the_minute(CLOSED + MINUTE, queued) == set()
    (message,) = asked()
    assert (message.recipient, message.version) == ("mei", MONDAY.toordinal())
    assert (asked("jun"), asked("bo")) == ([], []), "a day without visits has none"
    assert status() is Status.BOOKED


@dataclass(frozen=True)
class End:
    """Hours of one weekday, a visit, the zone, and when the list is due."""

    hours: str
    starts: str
    due: str
    zone: str = "America/New_York"
    minutes: int = 60


ENDS = {
    "an ordinary day": End("09:00-17:00", "2026-03-05T10:00-05:00", "2026-03-05T17:30-05:00"),
    "a visit that runs over": End("09:00-17:00", "2026-03-05T16:30-05:00", "2026-03-05T18:00-05:00"),
    "by hand, long after closing": End("09:00-17:00", "2026-03-05T21:00-05:00", "2026-03-05T22:30-05:00"),
    "two windows": End("09:00-12:00 14:00-19:00", "2026-03-05T10:00-05:00", "2026-03-05T19:30-05:00"),
    "until midnight": End("16:00-24:00", "2026-03-05T20:00-05:00", "2026-03-06T00:30-05:00"),
    "a night's work": End("22:00-28:00", "2026-03-05T23:00-05:00", "2026-03-06T04:30-05:00"),
    "a visit past midnight": End("18:00-24:00", "2026-03-05T23:30-05:00", "2026-03-06T01:00-05:00"),
    "the night the clock goes forward": End("20:00-27:00", "2026-03-07T23:00-05:00", "2026-03-08T03:30-04:00"),
    "the day the clock goes forward": End("09:00-17:00", "2026-03-08T10:00-04:00", "2026-03-08T17:30-04:00"),
    "the night the clock goes back": End("20:00-25:30", "2026-10-31T22:00-04:00", "2026-11-01T02:00-05:00"),
    "the day the clock goes back": End("09:00-17:00", "2026-11-01T10:00-05:00", "2026-11-01T17:30-05:00"),
    "a weekday without hours": End("", "2026-03-05T10:00-05:00", "2026-03-05T18:30-05:00"),
    "a weekday without hours, late": End("", "2026-03-05T18:00-05:00", "2026-03-05T19:30-05:00"),
    "a public holiday": End("09:00-17:00", "2026-07-04T10:00-04:00", "2026-07-04T17:30-04:00"),
    "Lord Howe's half an hour": End(
        "09:00-17:00", "2026-04-05T10:00+10:30", "2026-04-05T17:30+10:30", "Australia/Lord_Howe"
    ),
    "Apia, which skipped a day once": End(
        "09:00-17:00", "2026-03-05T10:00+13:00", "2026-03-05T17:30+13:00", "Pacific/Apia"
    ),
    "a day long": End("09:00-17:00", "2026-03-05T09:00-05:00", "2026-03-06T09:30-05:00", minutes=24 * 60),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_the_day_s_end_is_the_later_of_closing_and_last_visit_by_local_clocks(end: End, queued: Queued) -> None:
    starts, due = datetime.fromisoformat(end.starts), datetime.fromisoformat(end.due)
    catalog = lotus.the_garage()
    windows = tuple(Window.parse(text) for text in end.hours.split())
    weekly = {starts.weekday(): windows} if windows else {(starts.weekday() + 3) % 7: (Window(540, 1020),)}
    sam = replace(catalog.staff["sam"], hours=WorkingHours(weekly), email="sam@garage.example")
    settings.save_business(replace(catalog.business, tz=end.zone, closes_on_holidays=True), now=starts - 20 * HOUR)
    settings.save_staff("garage", sam, now=starts - HOUR)
    slot = replace(SLOT, starts=starts, ends=starts + end.minutes * MINUTE, staff="sam")
    lotus.known(replace(a_client(), business="garage"))
    lotus.put(replace(an_appointment("g-1"), business="garage", service="brakes", slot=slot))
    for _ in range(3):  # looked at, and put off as often as it has to be
        the_minute(due - MINUTE, queued)
    assert asked("sam", "garage") == []
    for _ in range(3):
        the_minute(due, queued)
    (message,) = asked("sam", "garage")
    assert (message.due_at, message.version) == (due, starts.date().toordinal())


def answers(minute: float, **said: str) -> Answer:
    return desk("POST /v1/desk/day-end", minute, {"said": {id.replace("_", "-"): how for id, how in said.items()}})


def test_the_answer_closes_the_day_in_one_request_and_each_of_it_can_be_undone() -> None:
    rules(NO_CHECK_IN)
    for n in range(1, 4):
        lotus.put(an_appointment(f"b-{n}", starts=STARTS - n * HOUR))
    does("cancel", -300, "b-3")
    answer = answers(240, a_1="came", b_1="late", b_2="missed", b_3="came", b_9="came")
    assert answer.status == 200
    assert answer.body["refused"] == {"b-3": "move_not_allowed", "b-9": "unknown_appointment"}
    so = {line["id"]: (line["status"], line["history"][-1]["why"]) for line in answer.body["appointments"]}
    assert so == {
        "b-3": ("cancelled", ""),
        "b-2": ("no_show", ""),
        "b-1": ("completed", "The client came late"),
        "a-1": ("completed", ""),
    }
    assert follow_ups.load("lotus", "b-2-v1-no_show").about == "b-2"
    assert answers(241, a_1="came").body["refused"] == {}, "said again it is as it is"
    for id in ("a-1", "b-1", "b-2"):
        assert does("undo", 245, id).body["status"] == "booked"


NOT_DONE = ["move_not_allowed"]
TWO_ANSWERS = {
    "came, twice": ("came", "came", [], Status.COMPLETED),
    "late, twice": ("late", "late", [], Status.COMPLETED),
    "missed, twice": ("missed", "missed", [], Status.NO_SHOW),
    "late, and ticked as came by the next": ("late", "came", [], Status.COMPLETED),
    "came, and late": ("came", "late", NOT_DONE, Status.COMPLETED),
    "came, and missed": ("came", "missed", NOT_DONE, Status.COMPLETED),
    "late, and missed": ("late", "missed", NOT_DONE, Status.COMPLETED),
    "missed, and came": ("missed", "came", NOT_DONE, Status.NO_SHOW),
    "missed, and late": ("missed", "late", NOT_DONE, Status.NO_SHOW),
}


@pytest.mark.parametrize(("first", "second", "refused", "ends"), TWO_ANSWERS.values(), ids=TWO_ANSWERS)
def test_said_again_it_is_as_it_is_and_said_otherwise_it_is_refused(
    first: str, second: str, refused: list[str], ends: Status
) -> None:
    """Two of the staff answer one list, each with a click of their own."""
    answers(240, a_1=first)
    done = len(appointments.load("lotus", "a-1").history)
    assert list(answers(241, a_1=second).body["refused"].values()) == refused
    assert (status(), len(appointments.load("lotus", "a-1").history)) == (ends, done)


@pytest.mark.parametrize("said", ["late", "missed"])
def test_what_was_undone_may_be_said_otherwise(said: str) -> None:
    answers(240, a_1="came")
    does("undo", 241)
    assert answers(242, a_1=said).body["refused"] == {}
    does("undo", 243)
    assert answers(244, a_1="late").body["refused"] == {}
    assert appointments.load("lotus", "a-1").history[-1].why == "came_late"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "invalid_request"),
        ({"a-1": "perhaps"}, "invalid_request"),
        ({f"a-{n}": "came" for n in range(101)}, "invalid_request"),
        ({"a 1": "came"}, "invalid_request"),
    ],
    ids=["nobody", "no answer", "too many at once", "no id"],
)
def test_what_is_no_answer_is_refused(said: dict[str, str], code: str) -> None:
    assert desk("POST /v1/desk/day-end", 240, {"said": said}).code == code


def test_nobody_has_come_to_what_has_not_begun() -> None:
    assert answers(-10, a_1="came").body["refused"] == {"a-1": "move_not_allowed"}
    assert answers(-10, a_1="missed").body["refused"] == {"a-1": "move_not_allowed"}


def test_what_nobody_answers_by_the_next_list_is_as_it_was_ticked(queued: Queued) -> None:
    rules(NO_CHECK_IN)
    lotus.put(an_appointment("b-1", starts=STARTS - HOUR))
    lotus.put(an_appointment("c-1", starts=STARTS + DAY))
    the_minute(CLOSED, queued)
    does("no-show", 300, "b-1")
    the_minute(CLOSED + DAY - MINUTE, queued)
    assert status() is Status.BOOKED
    the_minute(CLOSED + DAY, queued)
    assert (status(), status("b-1"), status("c-1")) == (Status.COMPLETED, Status.NO_SHOW, Status.BOOKED)
    last = appointments.load("lotus", "a-1").history[-1]
    assert (last.by, last.why) == ("kept", "nobody_said_otherwise")
    assert [message.version for message in asked()] == [MONDAY.toordinal(), MONDAY.toordinal() + 1]
    assert does("undo", 25 * 60).body["status"] == "booked"


def test_who_came_by_what_nobody_said_is_remembered_like_everybody_who_came(queued: Queued) -> None:
    rules(NO_CHECK_IN)
    typed = a_client().phone or ""
    clients.put_alone(replace(clients.load("lotus", "c-1"), unheld_until=STARTS + 30 * DAY))
    lotus.put(replace(an_appointment("b-1", starts=STARTS + HOUR), booked_as=BookedAs("Li Na", "en", phone=typed)))
    the_minute(CLOSED, queued)
    the_minute(CLOSED + DAY, queued)
    assert status("b-1") is Status.COMPLETED
    assert clients.load("lotus", "c-1").unheld_until is None


def test_after_days_of_outage_each_day_is_closed_and_only_what_is_news_is_asked(queued: Queued) -> None:
    rules(NO_CHECK_IN)
    lotus.put(an_appointment("b-1", starts=STARTS + 3 * DAY))
    now = CLOSED + 3 * DAY + HOUR
    for _ in range(6):
        the_minute(now, queued)
    assert (status(), status("b-1")) == (Status.COMPLETED, Status.BOOKED)
    assert [message.version for message in asked()] == [MONDAY.toordinal() + 3]


def test_a_business_that_begins_to_check_in_is_asked_no_more(queued: Queued) -> None:
    rules(NO_CHECK_IN)
    rules(CHECKS_IN)
    the_minute(CLOSED, queued)
    assert (asked(), status()) == ([], Status.BOOKED)
    assert the_minute(CLOSED + DAY, queued) == set()


def test_two_workers_at_once_ask_once(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    rules(NO_CHECK_IN)
    again = records(("lotus", "day_end#mei"), lane=Lane.DAY_LIST)
    with monkeypatch.context() as patched:
        meddle(patched, before=lambda: due_worker.handler(again, None))
        the_minute(CLOSED, queued)
    assert len(asked()) == 1


def test_the_list_says_who_was_there_and_leads_to_the_answer(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    rules(NO_CHECK_IN)
    lotus.put(an_appointment("b-1", starts=STARTS - HOUR))
    does("cancel", -300, "b-1")
    the_minute(CLOSED, queued)
    provider = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: provider)
    monkeypatch.setattr(clock, "now", lambda: CLOSED)
    message_sender.handler(records(("lotus", asked()[0].id)), None)
    (text,) = provider.texts
    assert "1个预约" in text
    assert "https://kept.example/desk?on=2026-03-02&end=mei" in text


def test_what_is_answered_before_it_is_sent_is_not_asked(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    rules(NO_CHECK_IN)
    the_minute(CLOSED, queued)
    answers(211, a_1="came")
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: Provider())
    monkeypatch.setattr(clock, "now", lambda: CLOSED + MINUTE)
    message_sender.handler(records(("lotus", asked()[0].id)), None)
    assert why(asked()[0]) == "skipped: all_answered"
