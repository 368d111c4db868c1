"""Rule: what fell into the night is in one list for each reader when they are back, with the client's words, where to
reach them and a link; each once, to whoever has it then, and nothing is sent to anybody who is not at work.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import follow_up_worker
import message_sender
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.business.catalog import StaffMember
from kept.channels import Channel
from kept.follow_up.events import What
from kept.follow_up.follow_up import line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.received import Received
from kept.storage import catalogs, clients, follow_ups, messages
from kept.storage.tables import FollowUpItem
from kept.storage.transaction import together
from kept.timekeeping.weekly_hours import TimeOff
from kept.use_cases.messaging import provider_clients
from tests.builders import a_catalog, a_client, a_member
from tests.functions.test_digest import Provider
from tests.reasons import why
from tests.stopping import records

Queued = Callable[[str], list[dict[str, Any]]]


def local(text: str) -> datetime:
    """In Shanghai, where everybody works from nine to eight."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


OPENED = local("2026-03-02T03:11")
"""A regular client's matters, due on Wednesday at 03:11."""
MORNING = local("2026-03-04T09:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    staff(a_member("mei"), a_member("bo"), a_member("lin", "manager"))
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def staff(*members: StaffMember) -> None:
    catalog = a_catalog(*members)
    catalogs.put("lotus", [replace(catalog.business, locale="en"), *members])
    catalogs.forget()


def opened(id: str, assignee: str = "mei", words: str = "When do you open?") -> None:
    """They wrote, and nobody could read it."""
    client = replace(a_client(), id=f"c-{id}", name=f"Client {id}", phone="+8613812345678", email=f"{id}@example.com")
    client = replace(client, tier=a_client().tier.REGULAR)
    with together() as transaction:
        clients.put_new(replace(client, phone=None if id != "f-1" else client.phone), transaction)
    key = f"key-{id}"
    messages.put_received(Received("lotus", client.id, key, Channel.SMS, words, OPENED))
    change = Change(CLIENT, OPENED, f"answered_enough: {words}", key, key)
    follow_up = open_for(client, id, cause=OpenedBy.ENQUIRY, assignee=assignee, policy=1, change=change)
    follow_ups.put_alone(follow_up)


def look(*ids: str, now: datetime) -> None:
    for id in ids:
        follow_up_worker.tell("lotus", id, now=now)


def owed(*ids: str) -> list[Message]:
    found = [m for id in ids for m in messages.about("lotus", id)]
    lists = [m for one in ("mei", "bo", "lin", "") for m in messages.about("lotus", f"follow_up_digest#{one}")]
    return [m for m in (*found, *lists) if m.is_owed]


def send(*some: Message, now: datetime) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        keys = [(m.business, m.id) for m in some]
        assert message_sender.handler(records(*keys), None) == {"batchItemFailures": []}


def looked_at(id: str) -> datetime:
    (item,) = [it for it in FollowUpItem.query("lotus") if it.id == id]
    return datetime.fromtimestamp(int(item.due_at), UTC)


def evening_before(*ids: str) -> None:
    """All reminders are told in the days before."""
    for now in (local("2026-03-03T19:00"), local("2026-03-03T19:30")):
        look(*ids, now=now)
        send(*owed(*ids), now=now)


def test_the_miss_of_the_night_is_in_one_list_in_the_morning(provider: Provider) -> None:
    opened("f-1")
    opened("f-2", words="A question of mine")
    evening_before("f-1", "f-2")
    provider.texts.clear()
    assert (looked_at("f-1"), looked_at("f-2")) == (MORNING, MORNING)
    look("f-1", "f-2", now=local("2026-03-04T03:12"))
    assert owed("f-1", "f-2") == []
    look("f-1", "f-2", now=MORNING + MINUTE)
    send(*owed("f-1", "f-2"), now=MORNING + MINUTE)
    assert {to: len(texts) for to, texts in provider.texts.items()} == {"mei": 1, "lin": 1}
    text = provider.texts["mei"][0].replace("\r", "").replace("=\n", "")
    assert "Tue, Mar 3, 8:00" in text
    assert '"When do you open?"' in text
    assert "Call: +8613812345678" in text
    assert "/desk/follow-ups/f-1" in text
    assert "answered_enough" not in text


def test_the_next_list_holds_only_what_is_new(provider: Provider) -> None:
    opened("f-1")
    look("f-1", now=MORNING + MINUTE)
    send(*owed("f-1"), now=MORNING + MINUTE)
    opened("f-2")
    look("f-2", now=MORNING + 10 * MINUTE)
    send(*owed("f-2"), now=MORNING + 10 * MINUTE)
    first, second = provider.texts["mei"]
    assert ("Client f-1" in first, "Client f-2" in first) == (True, False)
    assert ("Client f-1" in second, "Client f-2" in second) == (False, True)


def test_whoever_stands_in_for_two_gets_one_list_and_not_two(provider: Provider) -> None:
    """Mei goes off after her list was made, and before it is sent."""
    opened("f-1")
    opened("f-2", "bo")
    look("f-1", "f-2", now=MORNING + MINUTE)
    lists = owed("f-1", "f-2")
    off = TimeOff(MORNING, MORNING + timedelta(days=9))
    mei = a_member("mei")
    staff(
        replace(mei, hours=replace(mei.hours, time_off=(off,)), stand_in="bo"),
        a_member("bo"),
        a_member("lin", "manager"),
    )
    for one in lists:
        send(one, now=MORNING + 2 * MINUTE)
    (text,) = provider.texts["bo"]
    assert ("Client f-1" in text, "Client f-2" in text) == (True, True)


def test_handed_over_in_the_night_it_is_told_to_whoever_has_it(provider: Provider) -> None:
    opened("f-1")
    evening_before("f-1")
    provider.texts.clear()
    night = local("2026-03-04T03:12")
    look("f-1", now=night)
    before = follow_ups.load("lotus", "f-1")
    handed = line(What.ASSIGNED, Change(Actor("staff", "lin"), night), to="bo")
    follow_ups.put_alone(before.record(handed, follow_ups.policies(before), now=night))
    look("f-1", now=MORNING + MINUTE)
    send(*owed("f-1"), now=MORNING + MINUTE)
    assert set(provider.texts) == {"bo", "lin"}


def test_what_is_owed_at_closing_time_waits_in_the_ledger_for_the_morning(provider: Provider) -> None:
    """The provider was down, or the queue was slow."""
    opened("f-1")
    look("f-1", now=local("2026-03-03T19:30"))
    (reminder,) = owed("f-1")
    send(reminder, now=local("2026-03-03T20:00"))
    stored = messages.find("lotus", reminder.id)
    assert stored is not None
    assert (stored.status, provider.texts) == (MessageStatus.MISSED, {})
    assert why(stored) == "missed: not_at_work 2026-03-04 09:00"
    look("f-1", now=MORNING + MINUTE)
    send(*owed("f-1"), now=MORNING + MINUTE)
    assert set(provider.texts) == {"mei", "lin"}


def test_a_merge_in_the_night_loses_nothing() -> None:
    """What the one that is taken in would have told in the morning waits in the ledger instead."""
    from kept.use_cases.follow_ups.acts import merge

    opened("f-1")
    taken = replace(follow_ups.load("lotus", "f-1"), id="f-2", revision=0)
    follow_ups.put_alone(taken)
    night = local("2026-03-04T03:12")
    merge(
        catalogs.load("lotus"), "f-1", "f-2", Change(Actor("staff", "mei"), night, "the same", "a key of its own", "b")
    )
    waiting = [m for id in ("f-1", "f-2") for m in messages.about("lotus", id) if m.is_owed]
    assert {m.recipient for m in waiting} == {"mei", "lin"}
    send(*waiting, now=night + MINUTE)
    delayed = [messages.find("lotus", m.id) for m in waiting]
    assert {m.due_at for m in delayed if m and m.stage != "follow_up_reminder"} == {MORNING}
