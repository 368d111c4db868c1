"""The one list that everybody gets of what became late while nobody looked, as it stands when it is sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any, cast

import pytest

import follow_up_worker
import message_sender
from kept import clock
from kept.actor import Actor, Change
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import What
from kept.follow_up.follow_up import line
from kept.follow_up.notices import FIRST, IN_A_LIST
from kept.messaging.message import Message, MessageStatus
from kept.reasons import Code, is_because
from kept.storage import catalogs, clients, follow_ups, messages
from kept.storage.tables import ClientItem
from kept.storage.transaction import together
from kept.use_cases.follow_ups import late_list
from kept.use_cases.messaging import provider_clients
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_client, a_follow_up, on_duty
from tests.reasons import why
from tests.stopping import Killed, die, meddle, records

IDS = [f"f-{n:02}" for n in range(30)]
"""Opened a minute after each other, every third of them Bo's, the others Mei's; each of a client of its own."""
HOLDERS = {id: "bo" if n % 3 == 0 else "mei" for n, id in enumerate(IDS)}
DUE, MINUTE = timedelta(hours=24), timedelta(minutes=1)
SLEPT = OPENED + timedelta(hours=49)
"""All are due, and an hour ago the owner was to hear of it as well."""
READERS = ("mei", "bo", "lin", "jun")
ONCE = dict.fromkeys(READERS, 1)


class Provider:
    """Takes every e-mail; what was written to whom."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}

    def send_email(self, **request: Any) -> dict[str, str]:
        mail = message_from_bytes(request["Content"]["Raw"]["Data"], policy=policy.default)
        (to,) = request["Destination"]["ToAddresses"]
        written = cast(Any, mail.get_body(("plain",))).get_content()
        self.texts.setdefault(to.partition("@")[0], []).append(written)
        return {"MessageId": "p-1"}


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """A salon that writes English, with a manager, Lin, and an owner, Jun."""
    catalog = a_catalog(on_duty("mei"), on_duty("bo"), on_duty("lin", "manager"), on_duty("jun", "owner"))
    catalogs.put("lotus", [replace(catalog.business, locale="en"), *catalog.staff.values()])
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def opened(count: int) -> None:
    for n, id in enumerate(IDS[:count]):
        named = replace(a_client(), id=f"c-{id}", name=f"Client {n}", email=f"c{n}@example.com")
        with together() as transaction:
            clients.put_new(named, transaction)
        follow_up = a_follow_up(opened=OPENED + n * MINUTE, assignee=HOLDERS[id])
        follow_ups.put_alone(replace(follow_up, id=id, client=named.id, about=""))


def look(*ids: str, now: datetime = SLEPT) -> None:
    """The worker's look at these, or at all that were opened."""
    for id in ids or [it.id for it in follow_ups.board("lotus").follow_ups]:
        follow_up_worker.tell("lotus", id, now=now)


def lists(reader: str) -> list[Message]:
    return messages.about("lotus", f"follow_up_digest#{reader}")


def send(now: datetime = SLEPT + MINUTE) -> None:
    """The sender's work on all that is owed."""
    owed = [m for id in IDS for m in messages.about("lotus", id)] + [m for it in (*READERS, "") for m in lists(it)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        keys = [(m.business, m.id) for m in owed if m.is_owed]
        assert message_sender.handler(records(*keys), None) == {"batchItemFailures": []}


def answer(id: str, *, at: datetime = SLEPT) -> None:
    """Everything that is due of it by then."""
    change = Change(by=Actor("staff", "mei"), at=at, why="on the telephone")
    for what, to in ((What.ANSWERED, ""), (What.STEP_DONE, "call")):
        now = follow_ups.load("lotus", id)
        done = now.record(line(what, change, to=to), follow_ups.policies(now), now=at)
        follow_ups.put_alone(done)


def lines(text: str) -> list[str]:
    """Those of the list, without the moment before each and what stands below it."""
    told = text.replace("\r", "").split("\n\n")[2].splitlines()
    return [said.split(": ", 1)[1] for said in told if not said.startswith(("Call: ", "Open it: ", "They wrote: "))]


def test_after_a_sleep_everybody_gets_one_list_and_no_single_notice(provider: Provider) -> None:
    opened(30)
    look()
    send()
    assert {to: len(texts) for to, texts in provider.texts.items()} == ONCE
    told = [m for id in IDS for m in messages.about("lotus", id)]
    assert {m.status for m in told} == {MessageStatus.MISSED}
    assert [m.reason for m in told if m.stage != "follow_up_reminder"] == [IN_A_LIST] * 30 * 4
    assert all(is_because(m.reason, Code.LATER_NOTICE) for m in told if m.detail[1] in ("50", "75", "90"))


def test_the_misses_keep_their_own_instants(provider: Provider) -> None:  # noqa: ARG001
    opened(30)
    look()
    for n, id in enumerate(IDS):
        late = follow_ups.load("lotus", id)
        first, *_ = clocks(late.history, follow_ups.policies(late), SLEPT)
        assert (first.state, first.due) == (State.MISSED, OPENED + n * MINUTE + DUE)


def test_the_list_tells_what_was_due_since_when_the_longest_overdue_first(provider: Provider) -> None:
    opened(30)
    look()
    send()
    (text,) = provider.texts["mei"]
    theirs = [id for id in IDS if HOLDERS[id] == "mei"]
    assert "Hello Mei" in text
    assert "While you were away these fell due: 20 follow-ups, the longest overdue first." in text
    assert lines(text) == [f"get in touch with Client {IDS.index(id)}" for id in theirs]
    assert "Tue, Mar 3, 5:01 PM: get in touch with Client 1" in text


def test_whoever_hears_of_the_work_of_others_reads_whose_it_is(provider: Provider) -> None:
    opened(3)
    look()
    send()
    (text,) = provider.texts["lin"]
    assert lines(text) == [
        "get in touch with Client 0 (assigned to Bo)",
        "get in touch with Client 1 (assigned to Mei)",
        "get in touch with Client 2 (assigned to Mei)",
    ]


def test_what_finds_no_room_in_the_list_is_counted(provider: Provider) -> None:
    opened(30)
    look()
    send()
    (text,) = provider.texts["jun"]
    assert "30 follow-ups, the longest overdue first; 10 more stand on the board." in text
    assert len(lines(text)) == 20


def test_no_more_of_the_board_is_read_than_a_list_may_cost(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(8)
    monkeypatch.setattr(late_list, "PAGE", 2)
    monkeypatch.setattr(late_list, "MOST_READ", 6)
    look()
    send()
    assert len(lines(provider.texts["jun"][0])) == 6


def test_a_worker_that_comes_again_makes_no_second_list(provider: Provider) -> None:
    opened(3)
    look()
    look()
    send()
    look(now=SLEPT + 5 * MINUTE)
    send(now=SLEPT + 6 * MINUTE)
    assert {reader: len(lists(reader)) for reader in READERS} == ONCE
    assert {to: len(texts) for to, texts in provider.texts.items()} == ONCE


def test_two_workers_at_once_make_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(3)
    meddle(monkeypatch, before=lambda: look("f-00"))
    look("f-00")
    look("f-01")
    assert {reader: len(lists(reader)) for reader in READERS} == ONCE


def test_a_worker_that_is_killed_owes_nobody_a_second_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is written before the look is, so the look comes again and finds it."""
    opened(3)
    meddle(monkeypatch, after=die)
    with pytest.raises(Killed):
        look("f-01")
    look()
    assert {reader: len(lists(reader)) for reader in READERS} == ONCE


def test_a_sender_that_comes_again_sends_nothing_again(provider: Provider) -> None:
    opened(3)
    look()
    send()
    send()
    assert {to: len(texts) for to, texts in provider.texts.items()} == ONCE


def test_what_was_answered_before_the_list_is_sent_is_not_in_it(provider: Provider) -> None:
    opened(3)
    look()
    answer("f-01")
    send()
    assert "get in touch with Client 2" in lines(provider.texts["mei"][0])
    assert not [said for text in provider.texts.values() for said in lines(text[0]) if "Client 1 " in f"{said} "]


def test_where_all_was_answered_no_list_is_sent_and_the_ledger_says_so(provider: Provider) -> None:
    opened(3)
    look()
    for id in IDS[:3]:
        answer(id)
    send()
    assert provider.texts == {}
    for reader in READERS:
        (one,) = lists(reader)
        assert (one.status.value, why(one)) == ("skipped", "skipped: all_answered")


def test_what_nobody_of_the_staff_can_be_told_goes_to_the_business(provider: Provider) -> None:
    opened(1)
    handed = replace(follow_ups.load("lotus", "f-00"), id="f-nobody", revision=0)
    by = Change(by=Actor("staff", "bo"), at=OPENED, why="is off")
    follow_ups.put_alone(handed.record(line(What.ASSIGNED, by), {}, now=OPENED))
    look("f-nobody")
    send()
    (text,) = provider.texts["desk"]
    assert "Hello Lotus" in text
    assert lines(text) == ["get in touch with Client 0"]


def test_an_erased_client_is_not_in_the_list(provider: Provider) -> None:
    opened(3)
    look()
    ClientItem("lotus", "c-f-01").delete()
    send()
    assert lines(provider.texts["mei"][0])[0] == "get in touch with Client 2"


Queued = Callable[[str], list[dict[str, Any]]]


def test_the_list_is_handed_to_the_sender_at_once(queued: Queued) -> None:
    opened(2)
    look("f-01")
    waiting = sorted(key["id"] for key in queued("MESSAGES_QUEUE"))
    assert waiting == [f"follow_up_digest#{reader}#v{FIRST}#follow_up_digest#email" for reader in ("jun", "lin", "mei")]
