"""From a table's stream into the log of events: each once, in order, and read on from where one was."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

import event_stream
from kept import clock
from kept.actor import CLIENT, Change
from kept.events.catalogue import EventType
from kept.events.change import AggregateChange, Kind
from kept.events.telling import events_of
from kept.follow_up.follow_up import FollowUp
from kept.storage import changes_aside, event_log, follow_ups
from kept.storage.changes_aside import Failed
from kept.storage.event_log import LoggedEvent
from kept.storage.parts import Cursor
from kept.use_cases.events import recording, trying_again
from tests import lotus
from tests.builders import BOOKED, a_follow_up, an_appointment
from tests.functions.conftest import cloud, made
from tests.sample_events import samples

__all__ = ["cloud", "made"]

ALL: frozenset[EventType] = frozenset()
LATER = BOOKED + timedelta(days=3)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: BOOKED)


def logged(*types: EventType, business: str = "lotus", now: datetime = LATER) -> list[LoggedEvent]:
    page = event_log.page(business, after=None, types=frozenset(types), limit=100, now=now)
    return list(page.events)


def a_visit_booked_confirmed_and_moved() -> list[AggregateChange]:
    booked = replace(an_appointment(), revision=1)
    confirmed = replace(booked.confirm(Change(CLIENT, BOOKED + timedelta(minutes=1))), revision=2)
    arrived = replace(confirmed.check_in(Change(CLIENT, BOOKED + timedelta(minutes=2))), revision=3)
    states = [None, booked, confirmed, arrived]
    return [
        AggregateChange("lotus", Kind.APPOINTMENT, "a-1", before, after, BOOKED, str(n))
        for n, (before, after) in enumerate(pairwise(states))
    ]


def test_what_is_written_is_in_the_log_once_however_often_it_is_read() -> None:
    lotus.open_both()
    everything = [sample.event for sample in samples() if sample.is_of_a_stream]
    for event in (*everything, *everything):
        assert event_stream.handler(event, None) == {"batchItemFailures": []}
    assert {one.type for one in logged()} == {
        EventType.CONFIRMED,
        EventType.CLIENT_CREATED,
        EventType.DELIVERED,
        EventType.FOLLOW_UP_CHANGED,
        EventType.FEE_CHARGED,
        EventType.SETTINGS_CHANGED,
    }
    assert len(logged()) == 6


@pytest.mark.parametrize("seed", range(5))
def test_in_another_order_and_again_it_is_the_same_log(seed: int) -> None:
    changes = a_visit_booked_confirmed_and_moved() * 2
    Random(seed).shuffle(changes)
    for change in changes:
        recording.record(change)
    found = sorted(logged(), key=lambda one: one.about.number)
    assert [one.type for one in found] == [EventType.BOOKED, EventType.CONFIRMED, EventType.ARRIVED]
    assert [one.about.number for one in found] == [10, 20, 30]


def test_what_was_cut_off_between_two_events_is_finished_when_it_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (booked, *_, arrived) = a_visit_booked_confirmed_and_moved()
    both = replace(arrived, before=booked.after)
    put, calls = event_log.put, []

    def dies_at_the_second(*args: object, **named: object) -> bool:
        calls.append(args)
        if len(calls) == 2:
            raise ConnectionError
        return put(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(event_log, "put", dies_at_the_second)
    with pytest.raises(ConnectionError):
        recording.record(both)
    assert [one.type for one in logged()] == [EventType.CONFIRMED]
    recording.record(both)
    assert [one.type for one in logged()] == [EventType.CONFIRMED, EventType.ARRIVED]


def test_what_was_set_aside_and_put_back_fills_its_gap() -> None:
    lotus.open_both()
    lotus.put(an_appointment())
    booked = events_of(a_visit_booked_confirmed_and_moved()[0])
    changes_aside.put("lotus", Failed("events", Kind.APPOINTMENT, "a-1", BOOKED, "1", "ConnectionError"))
    for _ in range(2):
        trying_again.again("lotus", "aside#events#appointment#a-1")
    assert [one.id for one in logged()] == [event.id for event in booked]
    assert changes_aside.find("lotus", "aside#events#appointment#a-1") is None


def test_a_clock_that_ran_out_is_told_by_the_policy_it_keeps() -> None:
    lotus.open_both()
    opened = replace(a_follow_up(opened=BOOKED), revision=1)
    late = replace(opened.looked(BOOKED + timedelta(hours=24, minutes=1)), revision=2)

    def change(before: FollowUp | None, after: FollowUp) -> AggregateChange:
        return AggregateChange("lotus", Kind.FOLLOW_UP, "f-1", before, after, BOOKED, "1")

    for _ in range(2):
        recording.record(change(None, opened))
        recording.record(change(opened, late))
    assert sorted(one.type for one in logged()) == [
        EventType.BREACHED,
        EventType.BREACHED,
        EventType.ESCALATED,
        EventType.OPENED,
    ]
    assert follow_ups.policies(late)


def test_the_log_is_read_on_from_where_one_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """And who reads in parts gets each event once; what is asked for by type is found among all."""
    for n in range(25):
        monkeypatch.setattr(clock, "now", lambda n=n: BOOKED + timedelta(seconds=n // 3))
        (event,) = events_of(
            AggregateChange("lotus", Kind.APPOINTMENT, f"a-{n}", None, an_appointment(f"a-{n}"), BOOKED, "1")
        )
        assert event_log.put(event, now=clock.now())
    read: list[str] = []
    after: Cursor | None = None
    while True:
        page = event_log.page("lotus", after=after, types=ALL, limit=10, now=LATER)
        read += [one.about.id for one in page.events]
        after = page.read_to
        if page.is_end:
            break
    assert sorted(read) == sorted({f"a-{n}" for n in range(25)})
    assert event_log.page("lotus", after=after, types=ALL, limit=10, now=LATER).events == ()
    assert not logged(EventType.CANCELLED)
    assert not logged(business="garage")


def test_what_was_written_in_the_last_seconds_is_not_shown_yet() -> None:
    """Two who write at once may come in either order, and nobody is to read past one of them."""
    recording.record(a_visit_booked_confirmed_and_moved()[0])
    assert not logged(now=BOOKED + timedelta(seconds=4))
    assert len(logged(now=BOOKED + timedelta(seconds=5))) == 1


def test_a_clock_that_ran_out_before_it_was_put_back_is_told_as_well() -> None:
    """Nobody knows what it was before; that it is no new one its revision says."""
    lotus.open_both()
    late = replace(a_follow_up(opened=BOOKED), revision=1).looked(BOOKED + timedelta(hours=24, minutes=1))
    change = AggregateChange("lotus", Kind.FOLLOW_UP, "f-1", None, replace(late, revision=2), BOOKED, "1")
    for _ in range(2):
        recording.record(change)
    assert EventType.BREACHED in [one.type for one in logged()]
    assert len({one.id for one in logged()}) == len(logged())


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(LATER, LATER + timedelta(days=1), id="still to come"),
        pytest.param(BOOKED, BOOKED, id="of no length"),
        pytest.param(BOOKED + timedelta(days=1), BOOKED, id="the wrong way round"),
    ],
)
def test_a_span_in_which_nothing_can_be_is_empty_and_at_its_end(since: datetime, until: datetime) -> None:
    """Whoever asks is not sent on from page to page."""
    recording.record(a_visit_booked_confirmed_and_moved()[0])
    page = event_log.page("lotus", after=None, types=ALL, limit=10, now=LATER, span=(since, until))
    assert (page.events, page.read_to, page.is_end) == ((), None, True)
