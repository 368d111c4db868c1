"""Many messages about the same hours go out in groups, in the order of their start, so that not everybody calls at
once: the one rule of closed days, of a day that runs late, and of times that were corrected."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import Actor, Change
from kept.booking import staging
from kept.booking.kept_time import Keep
from kept.booking.staging import turns
from kept.messaging.message import Message, MessageStatus
from kept.storage import appointments, catalogs, messages
from kept.use_cases.booking import delays
from kept.use_cases.booking.local_times import keep_local_times
from tests import lotus
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STAFF = Actor("staff", "jun")

TURNS: dict[str, tuple[list[timedelta], list[int]]] = {
    "nobody": ([], []),
    "one": ([9 * HOUR], [0]),
    "a group": ([(9 + n) * HOUR for n in range(2)], [0, 0]),
    "the next group": ([(9 + n) * HOUR for n in range(5)], [0, 0, 10, 10, 20]),
    "in whatever order they are read": ([13 * HOUR, 9 * HOUR, 11 * HOUR], [10, 0, 0]),
    "whoever may have set out waits for nobody": ([HOUR, HOUR, HOUR, HOUR], [0, 0, 0, 0]),
    "nobody later than two hours before": ([HOUR, HOUR, 2 * HOUR + 4 * MINUTE, 9 * HOUR], [0, 0, 4, 10]),
}


@pytest.mark.parametrize(("ahead", "minutes"), TURNS.values(), ids=TURNS)
def test_turns(monkeypatch: pytest.MonkeyPatch, ahead: list[timedelta], minutes: list[int]) -> None:
    monkeypatch.setattr(staging, "GROUP", 2)
    visits = [an_appointment(f"a-{n}", starts=STARTS + it) for n, it in enumerate(ahead)]
    found = turns(visits, since=STARTS)
    assert [(found[f"a-{n}"] - STARTS) // MINUTE for n in range(len(ahead))] == minutes


@pytest.fixture
def booked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour ahead one with Mei and one with Jun, for two hours, and after it another with each."""
    monkeypatch.setattr(staging, "GROUP", 1)
    lotus.open_both()
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, attendance=CHECKS_IN)))
    catalogs.forget()
    for n, (ahead, staff) in enumerate([(150, "mei"), (150, "jun"), (30, "mei"), (30, "jun")]):
        lotus.known(replace(a_client(), id=f"c-{n}", email=f"c-{n}@example.com"))
        visit = an_appointment(f"a-{n}", starts=STARTS + ahead * MINUTE)
        slot = replace(visit.slot, staff=staff, ends=max(visit.ends, STARTS + 150 * MINUTE))
        lotus.put(replace(visit, client=f"c-{n}", slot=slot))


def told(id: str, stage: str) -> Message | None:
    return next((it for it in messages.about("lotus", id) if it.stage == stage), None)


@pytest.mark.usefixtures("booked")
def test_a_whole_house_that_runs_late_is_told_in_groups() -> None:
    """Whoever is near at once, the others one group after the other; noted with all of them now, and what is taken back
    before their turn is not sent."""
    delays.announce(catalogs.load("lotus"), None, 30, Change(STAFF, STARTS))
    found = [told(f"a-{n}", "running_late") for n in range(4)]
    assert sorted((it.due_at - STARTS) // MINUTE for it in found if it and it.due_at) == [0, 0, 20, 30]
    assert all(appointments.load("lotus", f"a-{n}").told_delay for n in range(4))
    delays.announce(catalogs.load("lotus"), None, 0, Change(STAFF, STARTS + MINUTE))
    waited = [it for it in found if it and it.due_at and it.due_at > STARTS + MINUTE]
    now = [messages.find("lotus", it.id) for it in waited]
    assert [it.status for it in now if it] == [MessageStatus.SKIPPED] * 2


@pytest.mark.usefixtures("booked")
def test_corrected_times_are_told_in_groups() -> None:
    """The place was thought to be in Shanghai, and is an hour further east."""
    salon = catalogs.load("lotus")
    lotus.store(replace(salon, business=replace(salon.business, tz="Asia/Tokyo", tz_before="Asia/Shanghai")))
    catalogs.forget()
    now = STARTS - timedelta(days=1)
    report = keep_local_times(catalogs.load("lotus"), Keep.TIME, Change(STAFF, now))
    assert report.complete
    found = [told(it.id, "rescheduled") for it in report.kept if it.told]
    at: list[datetime] = sorted(it.due_at for it in found if it and it.due_at)
    assert [(it - now) // MINUTE for it in at] == [10 * n for n in range(len(found))]
