"""The day runs late: found by the visit that causes it or said at the desk, told once before they set out, and answered
in three ways; whatever is cut short, raced or repeated."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import attendance_worker
import client_pages
import due_worker
import front_desk
import my_appointment
import no_show_detector
from kept import clock
from kept.actor import Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.booking.told_delay import DelayChoice
from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import Terms
from kept.client_links import tokens
from kept.messaging.message import Message
from kept.storage import announced_delays, appointments, catalogs, clients, ledger, messages
from kept.storage.tables import AppointmentItem
from kept.use_cases.messaging.client_message import ToClient, to_client
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.functions.plain_browser import Browser
from tests.refusing import DESK, MINE
from tests.stopping import Killed, die, meddle, records

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"
FEES = Terms(48 * HOUR, 15 * MINUTE, late_fee=2000, move_fee=500, missed_fee=3000, currency="CNY")
DELAYS = "/v1/desk/delays"
STAFF = Actor("staff", "mei")


@pytest.fixture(autouse=True)
def _open() -> None:
    """Li Na at 17:00, Wu Lei at 18:00 and Zhao at 19:30, all with Mei."""
    tells(CHECKS_IN)
    for n, starts in ((1, STARTS), (2, STARTS + HOUR), (3, STARTS + 150 * MINUTE)):
        lotus.known(replace(a_client(), id=f"c-{n}", email=f"c-{n}@example.com", locale="en"))
        visit = replace(an_appointment(f"a-{n}", starts=starts), client=f"c-{n}", accepted=FEES)
        lotus.put(replace(visit, booked_at=STARTS - timedelta(days=30)))


def tells(rules: AttendanceRules) -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, attendance=rules)))
    catalogs.forget()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_clock(after: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: STARTS + after)

    return set_clock


def desk(act: str, visit: str = "a-1", body: object = None, **how: Any) -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/{visit}/{act}", body or {}, **({"role": "staff"} | how))


def say(minutes: Any, staff: str | None = "mei", **how: Any) -> Answer:
    body = {"minutes": minutes, "staff": staff}
    return ask(front_desk.handler, f"POST {DELAYS}", body, **({"role": "staff"} | how))


def listed() -> Any:
    return ask(front_desk.handler, f"GET {DELAYS}", role="staff").body


def mine(act: str, id: str = "a-2", body: object = None, **how: Any) -> Answer:
    method = "GET" if act == "later-times" else "POST"
    token = tokens.manage_token(visit(id))
    return ask(my_appointment.handler, f"{method} {MINE}/{act}", body or {}, **({"bearer": token} | how))


def visit(id: str = "a-2") -> Appointment:
    return appointments.load("lotus", id)


def late(id: str = "a-2") -> int | None:
    told = visit(id).told_delay
    return told.minutes if told else None


def said(id: str = "a-2") -> list[str]:
    return [str(it.status) for it in letters(id)]


def letters(id: str = "a-2") -> list[Message]:
    """The oldest first."""
    found = (it for it in messages.about("lotus", id) if it.stage == "running_late")
    return sorted(found, key=lambda it: it.created_at)


def look(id: str = "a-1") -> None:
    attendance_worker.handler(records(("lotus", id), lane="attendance"), None)


def due(id: str = "a-1") -> datetime | None:

    item = AppointmentItem.get("lotus", id)
    return datetime.fromtimestamp(int(item.due_at), UTC) if item.due_at else None


def runs_late(at: Any, minutes: int = 20) -> None:
    """Li Na came in time and begins so late, and it is looked at."""
    at(-5 * MINUTE)
    assert desk("check-in").status == 200
    at(minutes * MINUTE)
    assert desk("begin").status == 200
    look()


def test_told_as_it_begins_late(at: Any) -> None:
    """Wu Lei of 20 minutes; Zhao has half an hour between and is told nothing; nobody is told twice."""
    runs_late(at)
    assert (late("a-2"), late("a-3"), said()) == (20, None, ["queued"])
    look()
    at(26 * MINUTE)
    look()
    assert said() == ["queued"]


def test_it_is_due_by_itself(at: Any) -> None:
    """In the write of its own step, and again every five minutes; once it is over a last time, and then no more."""
    at(timedelta(0))
    desk("check-in")
    assert due() == STARTS + 10 * MINUTE
    at(20 * MINUTE)
    desk("begin")
    assert due() == STARTS + 20 * MINUTE
    look()
    assert due() == STARTS + 25 * MINUTE
    at(80 * MINUTE)
    desk("complete")
    assert due() == STARTS + 80 * MINUTE
    look()
    assert due() is None


def test_swept_like_all_that_is_due(at: Any, queued: Any) -> None:
    """The minute's sweep of attendance hands it over."""
    at(-5 * MINUTE)
    desk("check-in")
    at(12 * MINUTE)
    no_show_detector.handler({"time": (STARTS + 12 * MINUTE).isoformat()}, None)
    assert "a-1" in str(queued("ATTENDANCE_QUEUE"))


def test_who_waits_holds_up_too(at: Any) -> None:
    """Here and not begun: seen ten minutes after their start, and told anew when it has grown by ten."""
    lotus.put(said_to_begin(an_appointment("a-0", starts=STARTS - 2 * HOUR)))
    at(timedelta(0))
    desk("check-in")
    for minutes, expected in ((10, 10), (15, 10), (19, 10), (20, 20)):
        at(minutes * MINUTE)
        look()
        assert late() == expected, minutes
    assert said() == ["skipped", "queued"]


def said_to_begin(visit: Appointment) -> Appointment:
    """And over as planned."""
    return (
        visit.check_in(Change(STAFF, visit.starts))
        .begin(Change(STAFF, visit.starts))
        .complete(Change(STAFF, visit.ends))
    )


def test_where_nobody_says_when_a_visit_begins(at: Any) -> None:
    """A desk that checks in and says no more runs late for nobody: looked at once, and anew once one begins."""
    at(timedelta(0))
    desk("check-in")
    at(10 * MINUTE)
    look()
    assert (late(), said(), due()) == (None, [], None)
    at(25 * MINUTE)
    desk("begin")
    assert due() == STARTS + 25 * MINUTE
    look()
    assert (late(), due()) == (25, STARTS + 30 * MINUTE)


def test_back_on_time(at: Any) -> None:
    """Over sooner than feared: whoever was told hears that it begins as agreed, in other words."""
    runs_late(at)
    at(50 * MINUTE)
    desk("complete")
    look()
    assert late() == 0
    newest = max(
        (it for it in messages.about("lotus", "a-2") if it.stage == "running_late"), key=lambda it: it.created_at
    )
    about = to_client(newest, catalogs.load("lotus"), now=STARTS + 50 * MINUTE)
    assert isinstance(about, ToClient)
    assert "back on time" in about.parcel(now=STARTS + 50 * MINUTE).rendered.text


@pytest.mark.parametrize(("locale", "says"), [("en", ("20 minutes", "6:20")), ("zh-Hans", ("20分钟", "18:20"))])
def test_the_words(at: Any, locale: str, says: tuple[str, ...]) -> None:
    """By how much, when it begins, and that they choose."""
    clients.put_alone(replace(clients.load("lotus", "c-2"), locale=locale))
    runs_late(at)
    (message,) = letters()
    about = to_client(message, catalogs.load("lotus"), now=STARTS + 21 * MINUTE)
    assert isinstance(about, ToClient)
    text = about.parcel(now=STARTS + 21 * MINUTE).rendered.text
    assert all(word in text for word in says), text


@pytest.mark.parametrize(
    "rules",
    [AttendanceRules(checks_in=False), AttendanceRules(checks_in=True, tells_delay=False)],
    ids=["no check-in", "off"],
)
def test_by_hand_alone(at: Any, rules: AttendanceRules) -> None:
    """Where nobody checks in, or it is not wished, nobody is told by itself, and what is due comes to an end; what is
    said at the desk is told all the same."""
    at(-5 * MINUTE)
    desk("check-in")
    at(20 * MINUTE)
    desk("begin")
    tells(rules)
    look()
    assert (said(), due()) == ([], None)
    assert say(60).status == 200
    assert late() == 60


def test_they_wait(at: Any) -> None:
    """Their place is kept, and the desk sees it; said twice it is said once."""
    runs_late(at)
    at(22 * MINUTE)
    assert mine("wait", body={"version": 1}).body["delay"]["choice"] == "wait"
    assert mine("wait").status == 200
    assert [(it["appointment"], it["minutes"], it["choice"], it["status"]) for it in listed()["told"]] == [
        ("a-2", 20, "wait", "queued")
    ]


def test_they_come_later(at: Any) -> None:
    """To a time of the same day that is free then, by the move that there is: in the book, for nothing, though it is at
    short notice."""
    runs_late(at)
    at(22 * MINUTE)
    lotus.put(
        replace(an_appointment("a-9", starts=STARTS + HOUR), slot=replace(visit().slot, staff="jun"), client="c-1")
    )
    (first, *_) = mine("later-times").body["starts"]
    assert datetime.fromisoformat(first) == STARTS + 210 * MINUTE - 0 * MINUTE or datetime.fromisoformat(first)
    assert mine("reschedule", body={"start": first, "version": 1}).status == 200
    moved = visit()
    assert (moved.starts, moved.late, moved.reschedules) == (STARTS + 90 * MINUTE, False, 0)
    assert ledger.balance("lotus", "c-2", "CNY").owed == 0
    (told,) = listed()["told"]
    assert told["choice"] == "later"


def test_they_move_to_another_day(at: Any) -> None:
    """Or cancel: neither is late, and the desk sees what they did."""
    runs_late(at)
    at(22 * MINUTE)
    tomorrow = (STARTS + timedelta(days=1)).isoformat()
    assert mine("reschedule", body={"start": tomorrow, "version": 1}).status == 200
    assert (visit().late, ledger.balance("lotus", "c-2", "CNY").owed) == (False, 0)
    (told,) = listed()["told"]
    assert (told["choice"], told["start_then"]) == ("move", "2026-03-02T18:00:00+08:00")


def test_cancelled_for_nothing(at: Any) -> None:
    runs_late(at)
    at(22 * MINUTE)
    assert mine("cancel", body={"reason": "time"}).status == 200
    assert (visit().status, visit().late, ledger.balance("lotus", "c-2", "CNY").owed) == (Status.CANCELLED, False, 0)


def test_free_until_its_start(at: Any) -> None:
    """As long as we run late a change costs nothing, and that is what they are told."""
    runs_late(at)
    at(22 * MINUTE)
    told = mine("wait").body
    assert datetime.fromisoformat(told["free_change_until"]) == STARTS + HOUR


def test_answered_where_nothing_was_asked(at: Any) -> None:
    """Whoever was told of no delay, with another's link, or of a version before."""
    at(-60 * MINUTE)
    assert mine("wait").code == "move_not_allowed"
    assert mine("later-times").body == {"starts": []}
    assert mine("wait", bearer="garbage").status == 403
    assert mine("wait", body={"version": 7}).code == "outdated"


@pytest.mark.parametrize("minutes", [-5, -1, 1, 4, 241, 10**9])
def test_a_delay_that_is_none(at: Any, minutes: int) -> None:
    """Refused with a code, and nothing is changed."""
    at(-10 * MINUTE)
    answer = say(minutes)
    assert (answer.status, answer.code) == (422, "invalid_delay")
    assert (announced_delays.of_business("lotus"), said()) == ({}, [])


@pytest.mark.parametrize("minutes", ["20", 20.5, None, True, []])
def test_a_delay_that_is_no_number(at: Any, minutes: Any) -> None:
    at(-10 * MINUTE)
    assert say(minutes).code == "invalid_request"


def test_said_at_the_desk(at: Any) -> None:
    """From the next visit on, less what is free in between; taken back, whoever was told is told that."""
    at(-10 * MINUTE)
    answer = say(40)
    assert answer.status == 200, answer.body
    assert [late(f"a-{n}") for n in (1, 2, 3)] == [40, 40, 10]
    assert [(it["staff"], it["minutes"], it["by"]) for it in answer.body["announced"]] == [("mei", 40, "staff:mei")]
    assert [it["appointment"] for it in answer.body["told"]] == ["a-1", "a-2", "a-3"]
    assert say(0).body["announced"] == []
    assert [late(f"a-{n}") for n in (1, 2, 3)] == [0, 0, 0]


def test_everybody_runs_late(at: Any) -> None:
    at(-10 * MINUTE)
    jun = replace(an_appointment("a-4"), client="c-3", slot=replace(visit("a-1").slot, staff="jun"))
    lotus.put(jun)
    assert {it["staff"] for it in say(30, None).body["announced"]} == {"mei", "jun", "bo"}
    assert (late("a-1"), late("a-4")) == (30, 30)


def test_of_somebody_nobody_knows(at: Any) -> None:
    at(-10 * MINUTE)
    assert say(30, "nobody").code == "unknown_staff"
    assert say(30, business="garage", staff="mei").code in ("unknown_staff", "unknown_business")


def test_cut_short_while_telling(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said, and not all were told: what is due goes on, and tells nobody twice."""
    at(-10 * MINUTE)
    with monkeypatch.context() as patch:
        meddle(patch, after=die)
        with pytest.raises(Killed):
            say(40)
    assert [late(f"a-{n}") for n in (1, 2, 3)].count(None) == 2
    due_worker.handler(records(("lotus", "delay#mei"), lane="day_list"), None)
    assert [late(f"a-{n}") for n in (1, 2, 3)] == [40, 40, 10]
    assert [len(said(f"a-{n}")) for n in (1, 2, 3)] == [1, 1, 1]
    due_worker.handler(records(("lotus", "delay#mei"), lane="day_list"), None)
    assert [len(said(f"a-{n}")) for n in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_while_it_is_looked_at(at: Any, monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    """It stays due until it was, and whoever was told is not told again."""
    at(-5 * MINUTE)
    desk("check-in")
    at(20 * MINUTE)
    desk("begin")
    with monkeypatch.context() as patch:
        meddle(patch, **{moment: die})
        with pytest.raises(Killed):
            look()
    assert due() == STARTS + 20 * MINUTE
    look()
    assert (late(), said()) == (20, ["queued"])


def test_two_look_at_once(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds it told."""
    at(-5 * MINUTE)
    desk("check-in")
    at(20 * MINUTE)
    desk("begin")
    meddle(monkeypatch, before=look)
    look()
    assert (late(), said()) == (20, ["queued"])


def test_they_cancel_while_they_are_told(at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not expected any more is told nothing."""
    at(-5 * MINUTE)
    desk("check-in")
    at(20 * MINUTE)
    desk("begin")
    meddle(monkeypatch, before=lambda: mine("cancel", body={"reason": "time"}))
    look()
    assert (visit().status, said()) == (Status.CANCELLED, [])


def test_on_their_page(at: Any) -> None:
    """Without JavaScript: what is so, later times of the day, waiting, another day; and what they chose."""
    runs_late(at)
    at(22 * MINUTE)
    browser = Browser(client_pages.handler, "en")
    path = f"/a/{tokens.manage_token(visit())}"
    page = browser.get(path)
    assert "20 min late" in page.text
    assert "counts as late" not in page.text
    browser.press(page.form("/wait"))
    assert visit().told_delay
    assert visit().told_delay.choice is DelayChoice.WAIT  # type: ignore[union-attr]
    page = browser.get(path)
    browser.press(page.form("/move"), start=(STARTS + 90 * MINUTE).isoformat())
    assert visit().starts == STARTS + 90 * MINUTE
