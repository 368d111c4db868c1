"""The reader of the streams, and the caller of who wants to hear, killed anywhere: as if nothing had happened.

A stream brings a batch again until it is answered for, and one that timed out may still be at work when it comes again.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Slot
from kept.channels import Channel, Purpose
from kept.follow_up.events import What
from kept.follow_up.follow_up import line
from kept.messaging.message import Delivery, Message, MessageStatus
from tests.builders import BOOKED, STARTS, a_catalog, a_client, a_follow_up, an_appointment, on_duty
from tests.local.processes import Lab, Stop
from tests.local.receivers import Heard, receivers
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

LOTUS = a_catalog(on_duty("mei"), on_duty("jun", "owner"))
STAFF = Actor("staff", "mei")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = STARTS + 3 * DAY
"""The days of all that is read are over, so that each is to be added up again."""
WRITES = ("PutItem", "UpdateItem", "SendMessageBatch")


def lived(*life: Any) -> list[Any]:
    """Each version under its own revision."""
    return [replace(it, revision=n) for n, it in enumerate(life, start=1)]


def lives() -> list[list[Any]]:
    """A new client books, confirms, moves to another day, comes; is reminded; and has a follow-up that is answered."""
    booked = an_appointment()
    confirmed = booked.confirm(Change(CLIENT, BOOKED + HOUR))
    slot = Slot(STARTS + DAY, STARTS + DAY + HOUR, "mei")
    moved = confirmed.reschedule(slot, Change(CLIENT, BOOKED + 2 * HOUR), rules=LOTUS.business.changes)
    came = moved.check_in(Change(STAFF, STARTS + DAY))
    queued = Message("lotus", "a-1", 2, "two_days", Channel.EMAIL, Purpose.TRANSACTIONAL, "c-1", BOOKED, BOOKED)
    sent = replace(queued, status=MessageStatus.SENT, sent_at=STARTS - DAY, due_at=None)
    delivered = replace(sent, delivery=Delivery.DELIVERED, delivered_at=STARTS - DAY + HOUR)
    opened = a_follow_up()
    answered = replace(opened, history=(*opened.history, line(What.ANSWERED, Change(STAFF, STARTS + 2 * HOUR))))
    return [
        lived(a_client()),
        lived(booked, confirmed, moved, came),
        lived(queued, sent, delivered),
        lived(opened, answered),
    ]


READ = ("read_stream", NOW, lives())
READ_ALL: dict[str, list[Any]] = {"batchItemFailures": []}


@pytest.fixture
def heard(stack: Stack) -> Iterator[Heard]:
    with receivers(stack) as them:
        yield them


@pytest.fixture
def right(lab: Lab, heard: Heard) -> tuple[dict[str, Any], dict[str, int]]:
    """What is written where nothing happens, and how many requests of each name that takes."""
    begun(lab, heard)
    with lab.wire.watched() as log:
        told = lab.run(*READ)
    assert told.pop("answer") == READ_ALL
    return told, dict(log.passed)


def begun(lab: Lab, heard: Heard) -> None:
    """What the streams tell of stands in the tables, and one address hears of all."""
    client, visit, _, follow_up = (replace(life[-1], revision=0) for life in lives())
    lab.run("anew_and_heard", NOW - DAY, heard.url("ok"), LOTUS, client, visit, follow_up)


def test_what_is_read_undisturbed_is_what_this_test_is_about(right: tuple[dict[str, Any], dict[str, int]]) -> None:
    told, requests = right
    assert {id: [it["type"] for it in events] for id, events in told["log"].items()} == {
        "c-1": ["client.created"],
        "a-1": ["appointment.booked", "appointment.confirmed", "appointment.moved", "appointment.arrived"],
        "a-1#v2#two_days#email": ["message.sent", "message.delivered"],
        "f-1": ["follow_up.opened", "follow_up.answered"],
    }
    events = sum(len(events) for events in told["log"].values())
    assert len(told["deliveries"]) == events
    bodies = {id: body for id, (_, body, *_) in told["facts"].items() if body}
    assert sorted(bodies) == [
        "2026-03-01#message#a-1#v2#two_days#email",
        "2026-03-02#follow_up#f-1",
        "2026-03-03#appointment#a-1",
    ]
    assert told["facts"]["2026-03-03#appointment#a-1"][2] == 2
    assert (told["called"], told["aside"]) == ([True], [])
    assert set(WRITES) <= requests.keys()


@pytest.mark.parametrize("request_name", WRITES)
def test_a_reader_that_is_killed_at_any_write_and_reads_again_leaves_no_trace(
    request_name: str, lab: Lab, heard: Heard, right: tuple[dict[str, Any], dict[str, int]]
) -> None:
    """Before each of them in turn, which is after the one before it, and after the last: the log in its order, what
    goes to whom, facts and days to be added up."""
    told, requests = right
    last = requests[request_name]
    stops = [*(Stop(request_name, number) for number in range(1, last + 1)), Stop(request_name, last, after=True)]
    for stop in stops:
        begun(lab, heard)
        lab.killed(stop, *READ)
        assert lab.run(*READ) == told | {"answer": READ_ALL}, stop


@pytest.mark.parametrize("request_name", WRITES)
def test_the_batch_comes_again_twice_at_once_and_the_wrong_way_round_after_a_kill(
    request_name: str, lab: Lab, heard: Heard, right: tuple[dict[str, Any], dict[str, int]]
) -> None:
    """All is there once; only the log's own order may be another one, which deliveries do not go by."""
    told, requests = right
    for number in range(1, requests[request_name] + 1, 6):
        begun(lab, heard)
        lab.killed(Stop(request_name, number), *READ)
        assert [it["answer"] for it in lab.together([READ, READ, (*READ, -1)])] == [READ_ALL] * 3
        found = lab.run("told")
        assert in_any_order(found.pop("log")) == in_any_order(told["log"]), number
        assert found == {name: what for name, what in told.items() if name != "log"}, number


def in_any_order(log: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {thing: sorted(event["id"] for event in events) for thing, events in log.items()}


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("number", [1, 2, 3, 7])
def test_a_caller_that_is_killed_calls_again_with_the_same_ids_in_the_order_of_each_thing(
    number: int, after: bool, lab: Lab, heard: Heard, right: tuple[dict[str, Any], dict[str, int]]
) -> None:
    """At its lease, and at the record of an answer: what was answered and not recorded is told once more."""
    told, _ = right
    lab.killed(Stop("PutItem", number, after=after), "call", NOW)
    lab.run("call", NOW + timedelta(seconds=91))
    once: list[dict[str, Any]] = []
    for event in heard.events("ok"):
        once += [event] if event not in once else []
    assert len(heard.at("ok")) - len(once) <= 1
    for thing, events in told["log"].items():
        assert [event for event in once if event["about"]["id"] == thing] == events
    ids = {
        event["id"]: headers["webhook-id"]
        for event, (headers, _) in zip(heard.events("ok"), heard.at("ok"), strict=True)
    }
    assert all(id == name for id, name in ids.items())
    assert not [body for body in lab.run("told")["deliveries"].values() if '"delivered"' not in body]
