"""The worker of the follow-up clock: one message per notice, however it is stopped, repeated or overtaken."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import follow_up_sla
import follow_up_worker
from kept import clock
from kept.booking.history import Actor, Cause
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.messaging.message import MessageStatus
from kept.storage import catalog, follow_ups, messages
from kept.storage.tables import FollowUpItem
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_follow_up, a_member
from tests.stopping import Killed, die, die_at_the_queue, meddle, records

KEY = ("lotus", "f-1")
REMINDED = "f-1#v1#follow_up_reminder_50#email"
BREACHED = ["f-1#v1#follow_up_breached#email", "f-1#v1#follow_up_escalated_1#email"]


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _opened() -> None:
    """A VIP's follow-up of Mei's, due after 24 hours, in a salon with a manager and an owner."""
    book = a_catalog(a_member("mei"), a_member("lin", "manager"), a_member("jun", "owner"))
    catalog.put("lotus", [book.business, *book.staff.values(), *book.services.values()])
    follow_ups.put_alone(a_follow_up())


def work(hours: float, *keys: tuple[str, str] | str) -> Any:
    """What the worker answers when it is given these records so many hours after the opening."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: at(hours))
        return follow_up_worker.handler(records(*(keys or (KEY,))), None)


def swept(hours: float) -> int:
    """How many follow-ups the sweep hands over so many hours after the opening."""
    done: int = follow_up_sla.handler({"time": at(hours).isoformat()}, None)["handed_over"]
    return done


def told() -> dict[str, MessageStatus]:
    return {message.id: message.status for message in messages.about("lotus", "f-1")}


def ids(keys: list[dict[str, Any]]) -> list[str]:
    return sorted(key["id"] for key in keys)


def stored() -> FollowUp:
    return follow_ups.load(*KEY)


def test_a_reminder_is_written_queued_and_not_due_again(queued: Queued) -> None:
    assert work(13) == {"batchItemFailures": []}
    assert told() == {REMINDED: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [REMINDED]
    assert swept(14) == 0
    assert swept(19) == 1


def test_it_is_stored_whole_and_its_clock_in_so_many_words() -> None:
    assert replace(stored(), revision=0) == a_follow_up()
    (item,) = FollowUpItem.query("lotus")
    assert {"target", "thresholds", "levels"} <= json.loads(item.body).keys()


def test_the_sweep_finds_it_only_once_it_is_due() -> None:
    assert swept(11) == 0
    assert swept(12) == 1


def test_at_the_breach_the_assignee_and_the_manager_hear_of_it_once() -> None:
    for hours in (13, 19, 22, 24.1, 24.1, 25, 30):
        work(hours)
    recipients = {m.id: m.recipient for m in messages.about("lotus", "f-1") if m.id in BREACHED}
    assert recipients == {BREACHED[0]: "mei", BREACHED[1]: "lin"}
    assert len(told()) == 5
    assert [e.what for e in stored().history].count("first response missed") == 1


def test_after_a_day_of_sleep_the_rest_is_recorded_as_missed(queued: Queued) -> None:
    work(30)
    missed = [id for id, status in told().items() if status is MessageStatus.MISSED]
    assert missed == [f"f-1#v1#follow_up_reminder_{percent}#email" for percent in (50, 75, 90)]
    assert ids(queued("MESSAGES_QUEUE")) == BREACHED


def test_after_the_answer_there_is_silence() -> None:
    follow_ups.put_alone(stored().answer(Cause(by=Actor("staff", "mei"), at=at(1))))
    assert swept(100) == 0
    work(100)
    assert told() == {}


def test_an_answer_late_but_before_the_checker_ran_tells_nobody_in_vain(queued: Queued) -> None:
    follow_ups.put_alone(stored().answer(Cause(by=Actor("staff", "mei"), at=at(26))))
    assert swept(40) == 1
    work(40)
    assert set(told().values()) == {MessageStatus.MISSED}
    assert queued("MESSAGES_QUEUE") == []
    assert stored().is_missed(now=at(40))
    assert swept(41) == 0


def test_a_reassigned_one_reminds_its_new_assignee() -> None:
    work(13)
    follow_ups.put_alone(stored().reassign("jun", Cause(by=Actor("staff", "lin"), at=at(14))))
    work(19)
    assert {m.stage: m.recipient for m in messages.about("lotus", "f-1")} == {
        "follow_up_reminder_50": "mei",
        "follow_up_reminder_75": "jun",
    }


def test_killed_before_the_commit_nothing_has_happened_and_it_is_still_due(
    monkeypatch: pytest.MonkeyPatch, queued: Queued
) -> None:
    meddle(monkeypatch, before=die)
    with pytest.raises(Killed):
        work(13)
    assert told() == {}
    assert swept(14) == 1
    work(14)
    assert ids(queued("MESSAGES_QUEUE")) == [REMINDED]


def test_killed_after_the_commit_the_message_is_due_and_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, after=die)
    with pytest.raises(Killed):
        work(13)
    work(14)
    assert told() == {REMINDED: MessageStatus.QUEUED}
    (message,) = messages.about("lotus", "f-1")
    assert (message.due_at, message.revision) == (at(13), 1)


def test_killed_before_the_queue_has_it_the_message_stays_due(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    die_at_the_queue(monkeypatch)
    with pytest.raises(Killed):
        work(13)
    monkeypatch.undo()
    work(13)
    assert told() == {REMINDED: MessageStatus.QUEUED}
    assert queued("MESSAGES_QUEUE") == []


def test_two_workers_at_once_write_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=lambda: work(13))
    assert work(13) == {"batchItemFailures": []}
    assert told() == {REMINDED: MessageStatus.QUEUED}
    assert stored().revision == 2


def test_an_answer_while_the_worker_decides_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(
        monkeypatch, before=lambda: follow_ups.put_alone(stored().answer(Cause(by=Actor("staff", "mei"), at=at(13))))
    )
    work(13)
    assert (stored().status, told()) == (FollowUpStatus.ANSWERED, {})


def test_delivered_out_of_order_nothing_comes_back() -> None:
    work(25)
    before = told()
    work(13)
    assert told() == before


@pytest.mark.parametrize(
    "strange",
    ["not json", "[]", '{"business": "lotus"}', '{"business": 1, "id": 2}'],
    ids=["no JSON", "no object", "no id", "no names"],
)
def test_a_record_that_is_not_ours_is_reported_and_the_others_are_done(strange: str) -> None:
    answer = work(13, strange, KEY, ("lotus", "f-none"), ("nowhere", "f-1"))
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["0", "2", "3"]
    assert told() == {REMINDED: MessageStatus.QUEUED}
