"""Who is in the house for one visit is neither asked whether they come to the next nor marked as missed for it.

By whatever order of events; after the first is completed they have one grace more.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import attendance_worker
import message_sender
import no_show_detector
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.change_rules import ChangeRules
from kept.channels import Channel
from kept.clients.booked_as import BookedAs
from kept.messaging.message import MessageStatus
from kept.reminders.timeline import next_due
from kept.storage import appointments, catalogs, messages
from kept.storage.transaction import together
from kept.use_cases.booking.change import apply_change
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.outbox import Providers
from tests.stopping import meddle, records

MEI = Actor("staff", "mei")
Line = tuple[int, str, str]
"""Minutes after the next visit begins, the visit, and what happens to it."""


def at(minutes: float) -> datetime:
    return STARTS + timedelta(minutes=minutes)


ACTS: dict[str, Callable[[Change], Callable[[Appointment], Appointment]]] = {
    "check-in": lambda cause: lambda it: it.check_in(cause),
    "begin": lambda cause: lambda it: it.begin(cause),
    "complete": lambda cause: lambda it: it.complete(cause),
    "cancel": lambda cause: lambda it: it.cancel(cause, rules=ChangeRules()),
    "on my way": lambda cause: lambda it: it.wait_for_client(cause.at + timedelta(minutes=20), cause),
}


@pytest.fixture(autouse=True)
def _two_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na has an hour with Mei from 16:00, and the next from 17:00; another client, Wang, is there all day."""
    monkeypatch.setattr(clock, "now", lambda: at(-90))
    salon = lotus.the_salon()
    quiet = replace(salon.business.attendance, tells_delay=False)
    lotus.store(replace(salon, business=replace(salon.business, attendance=quiet)))
    lotus.store(lotus.the_garage())
    lotus.known()
    lotus.put(an_appointment("first", starts=at(-60)).looked(at(-50)))
    lotus.put(an_appointment("next").looked(at(-60)))


def happens(minutes: float, id: str, act: str) -> None:
    change = Change(CLIENT if act == "on my way" else MEI, at(minutes))
    apply_change(catalogs.load("lotus"), id, ACTS[act](change), change)


def play(lines: list[Line], until: int) -> dict[int, str]:
    """Minute by minute; when it was asked and when she was missed."""
    seen: dict[int, str] = {}
    for minute in range(-60, until + 1):
        for when, id, act in lines:
            if when == minute:
                happens(when, id, act)
        look(minute)
        asked = "next#v1#on_my_way#email" in told()
        status = appointments.load("lotus", "next").status
        now = "missed" if status is Status.NO_SHOW else "asked" if asked else ""
        if now and now not in seen.values():
            seen[minute] = now
    return seen


def look(minute: float) -> None:
    """What the worker does about the next visit where it is due by that minute."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: at(minute))
        due = next_due(appointments.load("lotus", "next"), catalogs.load("lotus"))
        if due and due[1] <= at(minute):
            attendance_worker.handler(records(("lotus", "next")), None)


def told() -> dict[str, MessageStatus]:
    return {message.id: message.status for message in messages.about("lotus", "next")}


HERE: dict[str, list[Line]] = {
    "checked in before": [(-60, "first", "check-in")],
    "in service": [(-60, "first", "check-in"), (-55, "first", "begin")],
    "late for the first, checked in a minute before the next": [(-1, "first", "check-in")],
    "checked in at the very start of the next": [(0, "first", "check-in")],
    "checked in right before the question": [(4, "first", "check-in")],
    "past its end without a tick": [(-30, "first", "check-in"), (-20, "first", "begin")],
    "on her way to the next as well": [(-60, "first", "check-in"), (2, "next", "on my way")],
}


@pytest.mark.parametrize("lines", HERE.values(), ids=HERE)
def test_who_is_here_is_neither_asked_nor_missed(lines: list[Line]) -> None:
    assert play(lines, 120) == {}
    (line,) = [e for e in appointments.load("lotus", "next").history if e.what == "in_the_house"]
    assert (line.by, line.why) == ("kept", "here_for_another_visit")


LEFT: dict[str, tuple[list[Line], dict[int, str]]] = {
    "completed long before": ([(-60, "first", "check-in"), (-40, "first", "complete")], {5: "asked", 15: "missed"}),
    "completed a grace before the question": (
        [(-60, "first", "check-in"), (-10, "first", "complete")],
        {5: "asked", 15: "missed"},
    ),
    "completed a moment before": ([(-60, "first", "check-in"), (-2, "first", "complete")], {15: "missed"}),
    "completed as the next begins": ([(-60, "first", "check-in"), (0, "first", "complete")], {15: "missed"}),
    "completed before the question": ([(-60, "first", "check-in"), (3, "first", "complete")], {18: "missed"}),
    "completed after it would have been asked": (
        [(-60, "first", "check-in"), (7, "first", "complete")],
        {22: "missed"},
    ),
    "completed after she would have been missed": (
        [(-60, "first", "check-in"), (40, "first", "complete")],
        {55: "missed"},
    ),
    "cancelled at the door": ([(-60, "first", "check-in"), (-5, "first", "cancel")], {5: "asked", 15: "missed"}),
    "never came to the first": ([], {5: "asked", 15: "missed"}),
    "asked, then checked in, then done": (
        [(8, "first", "check-in"), (20, "first", "complete")],
        {5: "asked", 35: "missed"},
    ),
}


@pytest.mark.parametrize(("lines", "seen"), LEFT.values(), ids=LEFT)
def test_who_is_done_has_a_grace_more(lines: list[Line], seen: dict[int, str]) -> None:
    assert play(lines, 90) == seen


def test_one_forgotten_tick_does_not_wait_for_ever() -> None:
    happens(-60, "first", "check-in")
    for minute in range(0, 13 * 60, 5):
        look(minute)
        assert minute > 12 * 60 or not told()
    visit = appointments.load("lotus", "next")
    assert visit.status is Status.NO_SHOW
    assert at(12 * 60) <= visit.history[-1].at <= at(12 * 60 + 15)


def test_found_after_an_outage_it_is_as_it_would_have_been() -> None:
    """She was done at minute 40, and nobody looked until minute 300."""
    happens(-60, "first", "check-in")
    happens(40, "first", "complete")
    look(300)
    visit = appointments.load("lotus", "next")
    assert (visit.status, visit.history[-1].why) == (
        Status.NO_SHOW,
        'waited_until {"until":"2026-03-02T17:55:00+08:00"}',
    )


def test_she_comes_to_the_next_as_usual() -> None:
    lines = [(-60, "first", "check-in"), (10, "first", "complete"), (12, "next", "check-in")]
    assert play(lines, 60) == {}
    assert appointments.load("lotus", "next").status is Status.ARRIVED


@pytest.mark.parametrize(
    ("id", "starts"), [("of the week before", at(-7 * 24 * 60)), ("of the morning", at(-14 * 60))], ids=str
)
def test_a_visit_that_was_over_long_ago_keeps_nobody_here(id: str, starts: datetime) -> None:
    """Checked in and never ticked as completed."""
    lotus.put(an_appointment(id, starts=starts).check_in(Change(MEI, starts)))
    assert play([], 30) == {5: "asked", 15: "missed"}


def test_somebody_else_s_visit_keeps_nobody_here() -> None:
    lotus.known(replace(a_client(), id="c-2", email="wang@example.com"))
    theirs = replace(an_appointment("wang", starts=at(-30)), client="c-2")
    lotus.put(replace(theirs, slot=replace(theirs.slot, staff="jun")).check_in(Change(MEI, at(-30))))
    assert play([], 30) == {5: "asked", 15: "missed"}


def test_a_later_visit_keeps_them_here_as_well() -> None:
    """Staff ticked the one she is in the house for, which is not the one that begins."""
    lotus.put(an_appointment("later", starts=at(90)))
    assert play([(-5, "later", "check-in")], 60) == {}


@pytest.mark.parametrize("minute", [5, 15])
def test_who_checks_in_at_that_very_moment_is_not_missed(monkeypatch: pytest.MonkeyPatch, minute: int) -> None:
    if minute == 15:
        look(5)
    with monkeypatch.context() as patched:
        meddle(patched, before=lambda: happens(minute, "first", "check-in"))
        look(minute)
    assert appointments.load("lotus", "next").status is Status.BOOKED
    assert ("next#v1#on_my_way#email" in told()) == (minute == 15)


def test_a_question_still_on_its_way_is_not_sent_to_who_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    providers = Providers()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: providers)
    look(5)
    happens(6, "first", "check-in")
    monkeypatch.setattr(clock, "now", lambda: at(7))
    message_sender.handler(records(("lotus", "next#v1#on_my_way#email")), None)
    assert providers.taken == []
    assert told()["next#v1#on_my_way#email"] is MessageStatus.SKIPPED


def swept(minute: int) -> int:
    done: int = no_show_detector.handler({"time": at(minute).isoformat()}, None)["handed_over"]
    return done


def test_looked_at_twice_it_waits_once(monkeypatch: pytest.MonkeyPatch) -> None:
    happens(-60, "first", "check-in")
    monkeypatch.setattr(clock, "now", lambda: at(5))
    attendance_worker.handler(records(("lotus", "next")), None)
    before = lotus.everything()
    assert [swept(minute) for minute in (5, 19, 20)] == [0, 0, 1]
    attendance_worker.handler(records(("lotus", "next")), None)
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("first", "second", "is_asked"),
    [
        pytest.param("Li Na", "Li Na", False, id="one person"),
        pytest.param("Li Na", "LI NA", False, id="one person, written otherwise"),
        pytest.param("Li Na", "Wang Wei", True, id="her husband is here, and she is not"),
        pytest.param(None, "Li Na", False, id="what was booked before names were kept"),
    ],
)
def test_of_a_family_on_one_number_each_is_in_the_house_for_themselves(
    first: str | None, second: str, *, is_asked: bool
) -> None:
    """They are filed as one client, and booked by name."""
    for id, name in (("first", first), ("next", second)):
        visit = appointments.load("lotus", id)
        booked = BookedAs(name, "zh-Hans", email="li.na@example.cn", agreed=(Channel.EMAIL,)) if name else None
        with together() as transaction:
            named = replace(visit, booked_as=booked)
            appointments.put(named, next_due(named, catalogs.load("lotus")), transaction)
    assert ("asked" in play([(-60, "first", "check-in")], 6).values()) is is_asked
