"""When an event is tried again, for how long, and what ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kept.events.catalogue import EventType
from kept.events.change import Kind
from kept.events.delivery import LONGEST_WAIT, SCHEDULE, Attempt, DeliveryStatus, EventDelivery
from kept.events.receivers import Endpoint, OffBecause, SigningSecret
from tests.builders import BOOKED

WAITING = EventDelivery("lotus", "till", "evt_1", EventType.BOOKED, Kind.APPOINTMENT, "a-1", 10, BOOKED, BOOKED)
TILL = Endpoint("lotus", "till", "https://till.example/", SigningSecret("k1", 1), BOOKED, "jun")


def answer(status: int, after: timedelta | None = None, *, days: float = 0) -> Attempt:
    return Attempt(BOOKED + timedelta(days=days), status, 20, "said", after)


def test_it_is_tried_ten_times_in_three_days_each_a_little_later_than_planned() -> None:
    it, waits = WAITING, []
    while it.due_at:
        at = it.due_at
        it = it.answered(replace(answer(500), at=at))
        waits += [it.due_at - at] if it.due_at else []
    assert it.status is DeliveryStatus.GIVEN_UP
    assert len(it.attempts) == len(SCHEDULE) == 10
    assert all(planned <= wait <= planned * 1.1 for planned, wait in zip(SCHEDULE[1:], waits, strict=True))
    assert timedelta(hours=75) < sum(SCHEDULE, timedelta()) < timedelta(hours=76)


def test_what_failed_together_does_not_come_back_together() -> None:
    several = [replace(WAITING, event=f"evt_{n}", attempts=(answer(500),), tried=1) for n in range(50)]
    assert len({it.answered(answer(500)).due_at for it in several}) > 40


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_yes_is_one(status: int) -> None:
    assert WAITING.answered(answer(status)).status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize(
    "status", [0, 100, 301, 302, 307, 308, 400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504, 999]
)
def test_anything_else_is_tried_again(status: int) -> None:
    """A redirect too: nobody goes where it leads."""
    assert WAITING.answered(answer(status)).status is DeliveryStatus.WAITING


def test_410_ends_it() -> None:
    assert WAITING.answered(answer(410)).status is DeliveryStatus.STOPPED


@pytest.mark.parametrize(
    ("status", "asked", "waits"),
    [
        (429, timedelta(minutes=10), timedelta(minutes=10)),
        (503, timedelta(hours=3), timedelta(hours=3)),
        (503, timedelta(days=400), LONGEST_WAIT),
        (502, timedelta(minutes=1), timedelta(minutes=1)),
        (504, timedelta(minutes=1), timedelta(minutes=1)),
        (429, timedelta(0), SCHEDULE[1]),
        (429, None, SCHEDULE[1]),
        (500, timedelta(hours=3), SCHEDULE[1]),
        (200, timedelta(hours=3), None),
    ],
)
def test_who_asks_to_wait_is_waited_for_but_not_for_ever(
    status: int, asked: timedelta | None, waits: timedelta | None
) -> None:
    due = WAITING.answered(answer(status, asked)).due_at
    assert (due is None) is (waits is None)
    if due and waits:
        assert waits <= due - BOOKED <= waits * 1.1


def test_a_replay_begins_anew_and_leaves_alone_what_waits() -> None:
    over = WAITING.answered(answer(410))
    again = over.again(now=BOOKED + timedelta(days=9))
    assert (again.status, again.tried, again.id) == (DeliveryStatus.WAITING, 0, WAITING.id)
    assert again.due_at == BOOKED + timedelta(days=9)
    assert WAITING.again(now=BOOKED + timedelta(days=9)) == WAITING


def test_a_later_event_stands_behind_the_earlier_one() -> None:
    later = replace(WAITING, event="evt_0", number=20)
    assert later.id > WAITING.id
    due = later.behind(WAITING.answered(answer(500))).due_at
    assert due is not None
    assert due > BOOKED + SCHEDULE[1]


def test_an_endpoint_is_given_up_on_after_five_days_without_a_yes() -> None:
    failing = TILL.failed(now=BOOKED)
    assert failing.off is None
    assert failing.failed(now=BOOKED + timedelta(days=4, hours=23)).off is None
    assert failing.failed(now=BOOKED + timedelta(days=5)).off is OffBecause.FAILING
    assert failing.succeeded().failed(now=BOOKED + timedelta(days=5)).off is None
    assert not replace(TILL, off=OffBecause.GONE).hears_of(EventType.BOOKED)
    assert replace(TILL, off=OffBecause.GONE).switched(on=True) == TILL


@pytest.mark.parametrize("off", [None, *OffBecause])
def test_switched_off_it_says_why_it_was_first(off: OffBecause | None) -> None:
    """Its owner switches off what nobody else has; what is off already keeps its reason, and hears of nothing."""
    it = replace(TILL, off=off).switched(on=False)
    assert it.off is (off or OffBecause.OWNER)
    assert not it.hears_of(EventType.BOOKED)


def test_both_secrets_sign_for_a_day() -> None:
    rotated = TILL.rotated("k2", now=BOOKED, under="")
    names = [(it.key, it.number) for it in rotated.signs_with(now=BOOKED + timedelta(hours=23))]
    assert names == [("k2", 2), ("k1", 1)]
    assert [it.number for it in rotated.signs_with(now=BOOKED + timedelta(hours=24))] == [2]
    assert [it.number for it in rotated.rotated("k2", now=BOOKED, under="").signs_with(now=BOOKED)] == [3, 2]


def test_it_hears_of_what_was_asked_for() -> None:
    assert TILL.hears_of(EventType.SENT)
    some = replace(TILL, types=(EventType.BOOKED,))
    assert some.hears_of(EventType.BOOKED)
    assert not some.hears_of(EventType.SENT)
