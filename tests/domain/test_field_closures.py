"""The rule: a day that cannot be reaches exactly whom it must, proposes each a time as like their own as can be had,
and tells them in the order of their start, a few at once and nobody too late."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.availability import FreeSlot
from kept.booking.closure import (
    ClosedTime,
    Closure,
    ReachedState,
    ReachedVisit,
    Scope,
    became,
    in_order,
    proposal,
)
from kept.booking.staging import turn
from kept.business.change_rules import ChangeRules
from kept.errors import InvalidRequest
from tests.builders import STARTS, an_appointment

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
NOW = STARTS - 6 * HOUR
"""Monday 11:00 in Shanghai; the visit is at 17:00 with Mei."""


def of(
    scope: Scope = Scope.HOUSE, of: str = "", *, since: datetime = STARTS, until: datetime = STARTS + HOUR
) -> ClosedTime:
    return ClosedTime(scope, of, since, until)


def a_slot(
    *, at: datetime = STARTS, staff: str = "mei", room: str | None = None, before: int = 0, after: int = 0
) -> Slot:
    return Slot(at, at + HOUR, staff, room, before, after)


@pytest.mark.parametrize(
    ("time", "slot", "reaches"),
    [
        pytest.param(of(), a_slot(), True, id="the house"),
        pytest.param(of(Scope.STAFF, "mei"), a_slot(), True, id="a person"),
        pytest.param(of(Scope.STAFF, "jun"), a_slot(), False, id="somebody else"),
        pytest.param(of(Scope.ROOM, "basin"), a_slot(room="basin"), True, id="a room"),
        pytest.param(of(Scope.ROOM, "basin"), a_slot(room="chair"), False, id="another room"),
        pytest.param(of(Scope.ROOM, "basin"), a_slot(), False, id="in no room"),
        pytest.param(of(Scope.ROOM, "mei"), a_slot(), False, id="a room called as a person"),
        pytest.param(of(since=STARTS + HOUR, until=STARTS + 2 * HOUR), a_slot(), False, id="it begins as they leave"),
        pytest.param(of(since=STARTS - HOUR, until=STARTS), a_slot(), False, id="it ends as they come"),
        pytest.param(of(since=STARTS + 59 * MINUTE, until=STARTS + DAY), a_slot(), True, id="their last minute"),
        pytest.param(of(since=STARTS - DAY, until=STARTS + MINUTE), a_slot(), True, id="their first minute"),
        pytest.param(of(since=STARTS + 20 * MINUTE, until=STARTS + 30 * MINUTE), a_slot(), True, id="within it"),
        pytest.param(of(since=STARTS + HOUR, until=STARTS + 2 * HOUR), a_slot(after=30), False, id="only its buffer"),
    ],
)
def test_whom_it_reaches(time: ClosedTime, slot: Slot, reaches: bool) -> None:
    assert time.covers(slot) is reaches


@pytest.mark.parametrize(
    ("scope", "who", "since", "until", "field"),
    [
        pytest.param(Scope.HOUSE, "", STARTS, STARTS, "end", id="nothing"),
        pytest.param(Scope.HOUSE, "", STARTS, STARTS - HOUR, "end", id="backwards"),
        pytest.param(Scope.HOUSE, "", STARTS, STARTS + 14 * DAY + MINUTE, "end", id="too long"),
        pytest.param(Scope.HOUSE, "", STARTS + timedelta(seconds=1), STARTS + HOUR, "start", id="no whole minute"),
        pytest.param(Scope.HOUSE, "mei", STARTS, STARTS + HOUR, "of", id="the house of somebody"),
        pytest.param(Scope.STAFF, "", STARTS, STARTS + HOUR, "of", id="nobody"),
        pytest.param(Scope.ROOM, "", STARTS, STARTS + HOUR, "of", id="no room"),
    ],
)
def test_what_makes_no_sense_is_refused(scope: Scope, who: str, since: datetime, until: datetime, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        ClosedTime(scope, who, since, until)
    assert [it["field"] for it in refused.value.facts["fields"]] == [field]  # type: ignore[attr-defined]


def a_visit(id: str, *, starts: datetime = STARTS) -> Appointment:
    return an_appointment(id, starts=starts)


def test_each_is_reached_once_in_the_order_of_their_start() -> None:
    """Two at the same minute by their ids; whoever was found on two days once."""
    late, early, same = a_visit("a-1", starts=STARTS + 30 * MINUTE), a_visit("a-2"), a_visit("a-0")
    time = of(until=STARTS + 2 * HOUR)
    assert [it.id for it in in_order(time, [late, early, late, same], now=NOW)] == ["a-0", "a-2", "a-1"]


@pytest.mark.parametrize(
    ("become", "now"),
    [
        pytest.param("cancel", NOW, id="cancelled"),
        pytest.param("check_in", NOW, id="here already"),
        pytest.param("", STARTS, id="it begins this minute"),
        pytest.param("", STARTS + MINUTE, id="it has begun"),
    ],
)
def test_whoever_is_gone_or_here_is_not_moved(become: str, now: datetime) -> None:
    visit = a_visit("a-1")
    if become == "cancel":
        visit = visit.cancel(Change(CLIENT, now), rules=ChangeRules())
    elif become:
        visit = getattr(visit, become)(Change(CLIENT, now))
    assert in_order(of(), [visit], now=now) == []


def free(*starts: str, staff: tuple[str, ...] = ("mei",)) -> list[FreeSlot]:
    """ "03-02 17:00" in Shanghai."""
    found = [datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI) for text in starts]
    return [FreeSlot(minute := int(at.timestamp()) // 60, minute + 60, staff, ()) for at in found]


@pytest.mark.parametrize(
    ("slots", "instead"),
    [
        pytest.param([], None, id="nothing is free"),
        pytest.param(free("03-02 16:00", "03-02 16:45"), None, id="never before their own time"),
        pytest.param(free("03-02 17:00"), "mei 03-02 17:00", id="the same time, in another room"),
        pytest.param(free("03-02 19:00", "03-02 20:00"), "mei 03-02 19:00", id="the same evening"),
        pytest.param(free("03-03 09:00", "03-03 16:30", "03-03 17:30"), "mei 03-03 16:30", id="the same time of day"),
        pytest.param(free("03-03 09:00", "03-04 17:00"), "mei 03-04 17:00", id="rather a day later at their time"),
        pytest.param(free("03-03 11:00", "03-05 17:00"), "mei 03-03 11:00", id="but not any number of days"),
        pytest.param(
            [*free("03-02 17:00", staff=("jun",)), *free("03-03 17:00")], "mei 03-03 17:00", id="with their person"
        ),
        pytest.param(
            [*free("03-02 17:00", staff=("jun",)), *free("03-06 17:00")], "jun 03-02 17:00", id="or soon with another"
        ),
        pytest.param(free("03-02 18:00", staff=("jun", "mei")), "mei 03-02 18:00", id="of several their own"),
        pytest.param(free("03-02 18:00", staff=("jun", "bo")), "jun 03-02 18:00", id="of several others the first"),
    ],
)
def test_the_time_that_is_proposed_is_as_like_theirs_as_can_be_had(slots: list[FreeSlot], instead: str | None) -> None:
    found = proposal(slots, a_slot(), SHANGHAI)
    assert (found and f"{found[1]} {found[0].astimezone(SHANGHAI):%m-%d %H:%M}") == instead


@pytest.mark.parametrize(
    ("taken", "instead"),
    [
        pytest.param(a_slot(), "18:00", id="theirs"),
        pytest.param(a_slot(at=STARTS - 30 * MINUTE), "18:00", id="half of it"),
        pytest.param(a_slot(at=STARTS - HOUR), "17:00", id="just before"),
        pytest.param(a_slot(at=STARTS - HOUR, after=10), "18:00", id="its buffer"),
        pytest.param(a_slot(staff="jun"), "17:00", id="of somebody else"),
    ],
)
def test_no_two_are_proposed_the_same(taken: Slot, instead: str) -> None:
    found = proposal(free("03-02 17:00", "03-02 18:00"), a_slot(), SHANGHAI, [taken])
    assert found
    assert f"{found[0].astimezone(SHANGHAI):%H:%M}" == instead


@pytest.mark.parametrize(
    ("n", "starts", "at"),
    [
        pytest.param(0, STARTS, NOW, id="the first"),
        pytest.param(9, STARTS, NOW, id="the last of the first ten"),
        pytest.param(10, STARTS, NOW + 10 * MINUTE, id="the first of the next"),
        pytest.param(35, STARTS, NOW + 30 * MINUTE, id="the fourth group"),
        pytest.param(500, STARTS, STARTS - 2 * HOUR, id="nobody later than they may set out"),
        pytest.param(500, NOW + HOUR, NOW, id="nor before it is decided"),
        pytest.param(500, STARTS + 7 * DAY, NOW + 500 * MINUTE, id="a week ahead there is time"),
    ],
)
def test_when_each_is_told(n: int, starts: datetime, at: datetime) -> None:
    """Ten at once, ten minutes apart."""
    assert turn(n, starts, since=NOW) == at


REACHED = ReachedVisit("a-1", 1, a_slot(), NOW)
WAITS, TOLD, CALL = ReachedState.WAITS, ReachedState.TOLD, ReachedState.CALL


def moved(*, to: datetime = STARTS + DAY) -> Appointment:
    return a_visit("a-1").reschedule(a_slot(at=to), Change(CLIENT, NOW), rules=ChangeRules())


@pytest.mark.parametrize(
    ("visit", "telling", "undone", "so"),
    [
        pytest.param(None, CALL, False, ReachedState.OVER, id="forgotten"),
        pytest.param(a_visit("a-1"), CALL, False, CALL, id="nothing else was free"),
        pytest.param(a_visit("a-1"), CALL, True, ReachedState.BACK, id="it never went"),
        pytest.param(moved(), WAITS, False, WAITS, id="not told yet"),
        pytest.param(moved(), TOLD, False, TOLD, id="told"),
        pytest.param(moved(), TOLD, True, TOLD, id="told, and taken back too late"),
        pytest.param(moved(), CALL, False, CALL, id="cannot be told"),
        pytest.param(moved().confirm(Change(CLIENT, NOW)), TOLD, False, ReachedState.ANSWERED, id="confirmed"),
        pytest.param(replace(moved(), version=3), TOLD, False, ReachedState.ANSWERED, id="moved on"),
        pytest.param(replace(moved(to=STARTS), version=3), CALL, True, ReachedState.BACK, id="back"),
        pytest.param(
            a_visit("a-1").cancel(Change(CLIENT, NOW), rules=ChangeRules()),
            CALL,
            False,
            ReachedState.OVER,
            id="cancelled",
        ),
    ],
)
def test_what_became_of_each(visit: Appointment | None, telling: ReachedState, undone: bool, so: ReachedState) -> None:
    assert became(REACHED, visit, telling=telling, undone=undone) is so


def test_whoever_is_booked_meanwhile_is_reached_as_well_and_nobody_twice() -> None:
    """In the next turn."""
    first = Closure("lotus", "cl-1", of(), "storm", "mei", NOW).reaching([a_visit("a-1")], now=NOW)
    both = first.reaching([a_visit("a-2"), a_visit("a-1")], now=NOW + MINUTE)
    assert [it.visit for it in both.reached] == ["a-1", "a-2"]
    assert both.reached[0] == first.reached[0]
    assert both.reached[1].tell_at == NOW + MINUTE
