"""The stream function: what was written, decoded and given to each consumer, whatever becomes of the others."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import due_sweep
import due_worker
import event_stream
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.block import Block
from kept.booking.states import Status
from kept.channels import Channel, Purpose
from kept.events.change import AggregateChange, Kind
from kept.insight.fact import VisitFact
from kept.lanes import Key, Lane
from kept.messaging.message import Message, MessageStatus
from kept.messaging.received import Received, received_id
from kept.storage import appointments, aside, blocks, changes_aside, clients, facts, ledger, messages, stream_bookmarks
from kept.storage.changes_aside import Failed
from kept.storage.tables import AppointmentItem, ClientItem, LedgerItem, MessageItem
from kept.storage.transaction import together
from kept.use_cases.events import stream_reading, trying_again
from kept.use_cases.insight import recording as figures
from tests import lotus
from tests.builders import BOOKED, a_client, an_appointment
from tests.functions.conftest import cloud, made, queued
from tests.sample_events import samples, the_world
from tests.stopping import records
from tests.streamed import a_record

__all__ = ["cloud", "made", "queued"]

SAMPLES = {sample.name: sample.event for sample in samples() if sample.is_of_a_stream}


class Consumers:
    """What each was given, and which of them cannot take what."""

    def __init__(self) -> None:
        self.taken: dict[str, list[AggregateChange]] = {"events": [], "figures": []}
        self.failing: set[tuple[str, str]] = set()

    def take(self, name: str, change: AggregateChange) -> None:
        if (name, change.id) in self.failing:
            raise LookupError
        self.taken[name].append(change)

    def ids(self, name: str) -> list[str]:
        return [change.id for change in self.taken[name]]


@pytest.fixture
def consumers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Consumers]:
    both = Consumers()
    table = {name: lambda change, name=name: both.take(name, change) for name in both.taken}
    monkeypatch.setattr(stream_reading, "CONSUMERS", table)
    monkeypatch.setattr(trying_again, "CONSUMERS", table)
    stream_reading.forget()
    yield both
    stream_reading.forget()


def read(*some: dict[str, Any]) -> list[str]:
    answer = event_stream.handler({"Records": list(some)}, None)
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def a_visit(id: str, number: int = 1) -> dict[str, Any]:
    return a_record(appointments.as_item(an_appointment(id), None), number=number)


@pytest.mark.parametrize(
    ("name", "kind", "id"),
    [
        ("appointments", Kind.APPOINTMENT, "a-1"),
        ("clients", Kind.CLIENT, "c-2"),
        ("messages", Kind.MESSAGE, "a-1#v1#two_days#email"),
        ("follow_ups", Kind.FOLLOW_UP, "f-thanks"),
        ("ledger", Kind.LEDGER, "c-1#a-4#v1-fee"),
        ("catalog", Kind.SETTING, "2026-02-28T09:00:00.000+00:00#line-1"),
    ],
)
def test_a_write_is_given_to_every_consumer_as_what_the_trade_knows(
    consumers: Consumers, name: str, kind: Kind, id: str
) -> None:
    assert read(*SAMPLES[name]["Records"]) == []
    (change,), (same,) = consumers.taken.values()
    assert change == same
    assert (change.business, change.kind, change.id, change.expired) == ("lotus", kind, id, False)
    assert change.after is not None


def test_both_sides_of_a_change_are_known_with_their_revisions(consumers: Consumers) -> None:
    booked = an_appointment("a-1")
    confirmed = replace(booked, revision=1).confirm(Change(CLIENT, BOOKED + timedelta(hours=1)))
    before, after = (appointments.as_item(one, None) for one in (booked, confirmed))
    read(a_record(after, before=before, number=7))
    (change,) = consumers.taken["figures"]
    assert (change.at, change.sequence) == (BOOKED, "7")
    assert (change.before, change.after) == (replace(booked, revision=1), replace(confirmed, revision=2))


def beside() -> Iterator[tuple[str, Any]]:
    yield "a block of time", blocks_item()
    yield "an old line of a visit", AppointmentItem("lotus", "a-1#h#00000001", revision=1, body="{}")
    yield "a key of an old line", AppointmentItem("lotus", "a-1#k#abc", revision=1, body="h#00000001")
    yield "a claim on a number", ClientItem("lotus", "contact#0123", revision=1, body="c-1")
    yield "a number typed by somebody", ClientItem("lotus", "typed#0123#c-1", revision=1, body="c-1")
    yield "a token of the search", ClientItem("lotus#search", "li#name#c-1", revision=1, body="x")
    yield "that all were indexed", ClientItem("lotus", "#all", revision=1, body="x")
    yield "what a client's lines come to", LedgerItem("lotus", "c-1#balance#CNY", revision=1, body="{}")
    yield "a STOP", ClientItem("*", "left_alone#sms#0123", revision=1, body="{}")


def blocks_item() -> AppointmentItem:
    slot = an_appointment().slot
    block = Block("lotus", "b-1", slot, "lunch", "mei")
    with together() as transaction:
        blocks.put(block, transaction)
    return AppointmentItem.get("lotus", block.ref)


@pytest.mark.parametrize(
    "index", range(8), ids=lambda n: ("block", "line", "key", "claim", "typed", "token", "all", "stop")[n]
)
def test_what_stands_beside_the_aggregates_is_nobody_s(consumers: Consumers, index: int) -> None:
    assert read(a_record(list(beside())[index][1])) == []
    assert consumers.taken == {"events": [], "figures": []}
    assert not list(aside.waiting("lotus"))


def test_what_one_fails_with_is_set_aside_for_it_and_stops_nobody(consumers: Consumers) -> None:
    consumers.failing = {("figures", "a-1")}
    assert read(a_visit("a-1", 1), a_visit("a-2", 2)) == []
    assert consumers.ids("events") == ["a-1", "a-2"]
    assert consumers.ids("figures") == ["a-2"]
    (waits,) = aside.waiting("lotus")
    assert (waits.lane, waits.id, waits.due_at) == (Lane.EVENT, "aside#figures#appointment#a-1", BOOKED)


def test_an_item_that_nobody_can_read_is_set_aside_and_what_follows_is_read(consumers: Consumers) -> None:
    broken = AppointmentItem("lotus", "a-1", revision=1, body="{")
    assert read(a_record(broken), a_visit("a-2", 2)) == []
    assert consumers.ids("events") == consumers.ids("figures") == ["a-2"]
    assert {it.id for it in aside.waiting("lotus")} == {
        "aside#events#appointment#a-1",
        "aside#figures#appointment#a-1",
    }


@pytest.mark.parametrize("record", [{}, {"dynamodb": {}}, {"dynamodb": {"Keys": {"business": {"S": "lotus"}}}}])
def test_what_is_no_record_of_ours_is_passed_over(consumers: Consumers, record: dict[str, Any]) -> None:
    assert read(record, a_visit("a-2")) == []
    assert consumers.ids("events") == ["a-2"]


def test_a_record_of_another_table_is_passed_over(consumers: Consumers) -> None:
    visit = an_appointment()
    assert read(a_record(appointments.as_item(visit, None), table="other")) == []
    assert consumers.ids("events") == []


def test_where_nothing_can_be_set_aside_the_batch_comes_again_from_there(
    consumers: Consumers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised: on one machine that would stop the table for good."""

    def is_down(*_: object) -> None:
        raise ConnectionError

    consumers.failing = {("figures", "a-2")}
    monkeypatch.setattr(changes_aside, "put", is_down)
    assert read(a_visit("a-1", 1), a_visit("a-2", 2), a_visit("a-3", 3)) == ["2"]
    assert consumers.ids("events") == ["a-1", "a-2"]


def test_what_was_put_back_is_tried_with_the_thing_as_it_is_now(consumers: Consumers, queued: Any) -> None:
    lotus.open_both()
    visit = an_appointment("a-1")
    lotus.put(visit)
    consumers.failing = {("figures", "a-1")}
    read(a_visit("a-1", 9))
    (waits,) = aside.waiting("lotus")
    consumers.failing = set()
    with together() as transaction:
        booked = appointments.load("lotus", "a-1")
        appointments.put(booked.confirm(Change(CLIENT, BOOKED)), None, transaction)
    aside.put_back(Key(Lane.EVENT, "lotus", waits.id))
    due_sweep.handler({"lane": "event", "time": BOOKED.isoformat()}, None)
    assert due_worker.handler(records(json.dumps(queued("DUE_QUEUE"))), None) == {"batchItemFailures": []}
    (change,) = consumers.taken["figures"]
    assert change.before is None
    assert change.after == appointments.load("lotus", "a-1")
    assert change.after.status is Status.CONFIRMED
    assert not list(aside.waiting("lotus"))
    assert changes_aside.find("lotus", waits.id) is None


def test_money_that_was_put_back_is_tried_as_it_stands_in_the_ledger(consumers: Consumers, queued: Any) -> None:
    """A line of it is never written again, so it is what it was."""
    the_world()
    line = next(iter(ledger.of_visit("lotus", "c-1", "a-4", "CNY")))
    changes_aside.put("lotus", Failed("events", Kind.LEDGER, line.id, BOOKED, "1", "ConnectionError"))
    aside.put_back(Key(Lane.EVENT, "lotus", changes_aside.name("events", Kind.LEDGER, line.id)))
    due_sweep.handler({"lane": "event", "time": BOOKED.isoformat()}, None)
    assert due_worker.handler(records(json.dumps(queued("DUE_QUEUE"))), None) == {"batchItemFailures": []}
    assert [change.after for change in consumers.taken["events"] if change.kind is Kind.LEDGER] == [line]


def test_what_is_no_more_is_put_back_as_gone(consumers: Consumers) -> None:
    client = clients.as_item(a_client())
    consumers.failing = {("figures", "c-1")}
    read(a_record(client))
    consumers.failing = set()
    trying_again.again("lotus", "aside#figures#client#c-1")
    (change,) = consumers.taken["figures"]
    assert (change.before, change.after) == (None, None)


def test_putting_back_twice_does_it_once(consumers: Consumers) -> None:
    consumers.failing = {("figures", "a-1")}
    read(a_visit("a-1"))
    consumers.failing = set()
    for _ in range(2):
        trying_again.again("lotus", "aside#figures#appointment#a-1")
    assert len(consumers.taken["figures"]) == 1


def test_what_time_took_is_told_from_what_somebody_deleted(consumers: Consumers) -> None:
    gone = a_record(clients.as_item(a_client()))
    gone["dynamodb"]["OldImage"] = gone["dynamodb"].pop("NewImage")
    read(gone, gone | {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}})
    assert [(it.after, it.expired) for it in consumers.taken["events"]] == [(None, False), (None, True)]


@pytest.mark.usefixtures("consumers")
def test_how_far_a_stream_was_read_is_marked_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(minutes: float, number: int) -> str:
        monkeypatch.setattr(clock, "now", lambda: BOOKED + timedelta(minutes=minutes))
        read(a_visit("a-1", number))
        mark = stream_bookmarks.find("appointments")
        assert mark
        return mark.sequence

    assert [at(0, 1), at(0.5, 2), at(1.1, 3)] == ["1", "1", "3"]
    assert stream_bookmarks.find("clients") is None


def test_a_reminder_that_was_sent_is_known_to_the_figures_of_its_visit() -> None:
    """Through the consumers that there are."""
    lotus.open_both()
    figures.forget()
    visit = lotus.put(an_appointment("a-1"))
    told = Message("lotus", "a-1", 1, "two_days", Channel.EMAIL, Purpose.TRANSACTIONAL, "c-1", BOOKED, BOOKED)
    lotus.say(replace(told, status=MessageStatus.SENT, sent_at=BOOKED, due_at=None))
    (reminder,) = MessageItem.scan()
    assert read(a_record(appointments.as_item(visit, None)), a_record(reminder, number=2)) == []
    found = [fact for day in facts.days("lotus", visit.starts.date(), visit.starts.date()) for fact in day.facts]
    assert [fact.was_reminded for fact in found if isinstance(fact, VisitFact)] == [True]


def test_what_a_client_wrote_is_told_as_theirs_and_put_back_as_it_stands(consumers: Consumers) -> None:
    """It stands in the ledger of messages, under a name of its own."""
    lotus.open_both()
    wrote = messages.put_received(Received("lotus", "c-1", "k-1", Channel.SMS, "Is there parking?", BOOKED))
    item = MessageItem.get("lotus", received_id("c-1", "k-1"))
    consumers.failing = {("figures", item.id)}
    read(a_record(item))
    (change,) = consumers.taken["events"]
    assert (change.kind, change.after) == (Kind.REPLY, wrote)
    consumers.failing = set()
    trying_again.again("lotus", f"aside#figures#reply#{item.id}")
    assert [it.after for it in consumers.taken["figures"]] == [wrote]


@pytest.mark.usefixtures("consumers")
def test_without_a_bookmark_the_batch_is_read_all_the_same(
    consumers: Consumers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one is marked; an older mark costs a longer way back."""
    monkeypatch.setattr(clock, "now", lambda: BOOKED)
    with monkeypatch.context() as patched:
        patched.setattr(stream_bookmarks, "put", lambda _: 1 / 0)
        assert read(a_visit("a-1", 1)) == []
    assert (consumers.ids("figures"), stream_bookmarks.find("appointments")) == (["a-1"], None)
    read(a_visit("a-2", 2))
    mark = stream_bookmarks.find("appointments")
    assert mark
    assert mark.sequence == "2"
