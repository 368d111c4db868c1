"""The worker of the follow-up clock: one message per notice, however it is stopped, repeated or overtaken."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import follow_up_sla
import follow_up_worker
from kept import clock
from kept.actor import Actor, Change
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, FollowUpStatus, line
from kept.follow_up.notices import FIRST
from kept.messaging.message import MessageStatus
from kept.storage import catalogs, follow_ups, messages
from kept.storage.tables import FollowUpItem
from kept.use_cases.follow_ups import clock_check
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_follow_up, on_duty
from tests.reasons import why
from tests.stopping import Killed, die, die_at_the_queue, meddle, records

KEY = ("lotus", "f-1")
REMINDED = "f-1#v1#follow_up_reminder#email#first_response_50"
BREACHED = [
    "f-1#v1#follow_up_breached#email#first_response_1",
    "f-1#v1#follow_up_breached#email#step_call_1",
    "f-1#v1#follow_up_escalated#email#first_response_2",
]
LIST = tuple(f"follow_up_digest#{one}#v{FIRST}#follow_up_digest#email" for one in ("mei", "lin"))


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _opened() -> None:
    """A VIP's follow-up of Mei's, due after 24 hours, in a salon with a manager and an owner."""
    catalog = a_catalog(on_duty("mei"), on_duty("lin", "manager"), on_duty("jun", "owner"))
    catalogs.put("lotus", [catalog.business, *catalog.staff.values(), *catalog.services.values()])
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


def write(what: What, hours: float, to: str = "", *, until: datetime | None = None) -> None:
    """Mei writes one line, so many hours after the opening."""
    change = Change(by=Actor("staff", "mei"), at=at(hours), why="on the telephone")
    now = stored()
    new = line(what, change, to=to, until=until)
    follow_ups.put_alone(now.record(new, follow_ups.policies(now), now=change.at))


def placed() -> datetime:
    """Its place on the board."""
    (item,) = FollowUpItem.query("lotus")
    return datetime.fromtimestamp(int(item.answer_by), UTC)


def test_a_reminder_is_written_queued_and_not_due_again(queued: Queued) -> None:
    assert work(12.1) == {"batchItemFailures": []}
    assert told() == {REMINDED: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [REMINDED]
    assert swept(12.2) == 0
    assert swept(18.1) == 1


def test_it_is_stored_as_its_history_and_nothing_that_can_be_worked_out() -> None:
    assert replace(stored(), revision=0) == a_follow_up()
    (item,) = FollowUpItem.query("lotus")
    assert json.loads(item.body).keys() == {"business", "id", "client", "about", "history", "looked_until"}


def test_the_sweep_finds_it_only_once_it_is_due() -> None:
    assert swept(11) == 0
    assert swept(12.01) == 1


def test_at_the_breach_the_assignee_and_the_manager_hear_of_it_once() -> None:
    for hours in (12.1, 18.1, 21.7, 24.1, 24.1, 25, 30):
        work(hours)
    recipients = {m.id: m.recipient for m in messages.about("lotus", "f-1") if m.id in BREACHED}
    assert recipients == dict(zip(BREACHED, ("mei", "mei", "lin"), strict=True))
    assert len(told()) == 6
    assert set(told().values()) == {MessageStatus.QUEUED}


def test_a_day_later_the_owner_hears_of_it() -> None:
    for hours in (24.1, 48.1):
        work(hours)
    assert {m.recipient for m in messages.about("lotus", "f-1") if m.occasion == "first_response_3"} == {"jun"}


def test_after_a_sleep_what_was_overtaken_is_missed_and_the_rest_stands_in_one_list_for_each(queued: Queued) -> None:
    work(30)
    work(30)
    reasons = {m.id: why(m) for m in messages.about("lotus", "f-1")}
    overtaken = [id for id, reason in reasons.items() if reason == "missed: later_notice"]
    assert [id.rpartition("_")[2] for id in overtaken] == ["50", "75", "90"]
    assert [id for id, reason in reasons.items() if reason == "missed: in_a_list"] == BREACHED
    assert ids(queued("MESSAGES_QUEUE")) == sorted(LIST)


def test_a_list_that_is_not_sent_yet_takes_up_what_is_found_later(queued: Queued) -> None:
    follow_ups.put_alone(replace(a_follow_up(), id="f-2"))
    work(30)
    work(31, ("lotus", "f-2"))
    assert ids(queued("MESSAGES_QUEUE")) == sorted(LIST)


def test_after_another_sleep_there_is_another_list(queued: Queued) -> None:
    work(30)
    for id in LIST:
        (one,) = [m for m in messages.about("lotus", id.partition("#v")[0]) if m.is_owed]
        messages.put_alone(one.claimed(until=at(30)).sent(at=at(30), provider_id="p"))
    queued("MESSAGES_QUEUE")
    work(70)
    assert f"follow_up_digest#mei#v{FIRST + 1}#follow_up_digest#email" in ids(queued("MESSAGES_QUEUE"))


def test_after_the_answer_there_is_silence_until_the_next_clock() -> None:
    write(What.ANSWERED, 1)
    write(What.STEP_DONE, 1, "call")
    assert swept(20) == 0
    work(20)
    assert told() == {}


def test_an_answer_late_but_before_the_checker_ran_tells_nobody_in_vain(queued: Queued) -> None:
    write(What.STEP_DONE, 20, "call")
    write(What.ANSWERED, 26)
    assert swept(40) == 1
    work(40)
    assert set(told().values()) == {MessageStatus.MISSED}
    assert queued("MESSAGES_QUEUE") == []
    (first, *_) = clocks(stored().history, follow_ups.policies(stored()), at(40))
    assert (first.state, first.late) == (State.MISSED, timedelta(hours=2))
    assert swept(41) == 0


def test_a_reassigned_one_reminds_its_new_assignee() -> None:
    work(12.1)
    write(What.ASSIGNED, 14, "jun")
    work(18.1)
    assert {m.occasion: m.recipient for m in messages.about("lotus", "f-1")} == {
        "first_response_50": "mei",
        "first_response_75": "jun",
    }


def test_at_the_end_of_a_pause_it_comes_back_to_its_place_and_nobody_is_told() -> None:
    write(What.ANSWERED, 1)
    write(What.STEP_DONE, 1, "call")
    write(What.STEP_DONE, 1, "offer_times")
    write(What.SNOOZED, 2, until=at(20))
    assert (placed(), swept(19)) == (at(20), 0)
    assert swept(20) == 1
    work(20)
    assert (told(), swept(21)) == ({}, 0)
    assert placed() > at(20)


def test_who_never_answers_is_let_go_a_day_after_the_last_attempt_at_that_instant() -> None:
    for hours in (1, 50, 170):
        write(What.TRIED, hours, "phone")
    work(169)
    assert not stored().is_over
    work(200)
    assert (stored().last.at, stored().last.to, stored().is_over) == (at(194), "ghosted", True)
    assert swept(9999) == 0


def test_what_is_let_go_tells_nothing_of_after_it_ended() -> None:
    """Half of a VIP's five days to the resolution passes at hour 60, an hour after the client was given up."""
    for hours in (1, 2, 35):
        write(What.TRIED, hours, "phone")
    work(70)
    assert (stored().last.at, stored().is_over) == (at(59), True)
    assert "resolution_50" not in {m.occasion for m in messages.about("lotus", "f-1")}


def test_more_than_a_transaction_holds_is_told_in_several_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three reminders, three misses at one instant, and the owner's a day later."""
    monkeypatch.setattr(clock_check, "MOST", 3)
    counts = []
    for _ in range(4):
        work(49)
        counts.append((len(told()), swept(49)))
    assert counts == [(3, 1), (6, 1), (7, 0), (7, 0)]


def test_killed_before_the_commit_nothing_has_happened_and_it_is_still_due(
    monkeypatch: pytest.MonkeyPatch, queued: Queued
) -> None:
    meddle(monkeypatch, before=die)
    with pytest.raises(Killed):
        work(12.1)
    assert told() == {}
    assert swept(12.2) == 1
    work(12.2)
    assert ids(queued("MESSAGES_QUEUE")) == [REMINDED]


def test_killed_after_the_commit_the_message_is_due_and_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, after=die)
    with pytest.raises(Killed):
        work(12.1)
    work(12.2)
    assert told() == {REMINDED: MessageStatus.QUEUED}
    (message,) = messages.about("lotus", "f-1")
    assert (message.due_at, message.revision) == (at(12.1), 1)


def test_killed_before_the_queue_has_it_the_message_stays_due(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    die_at_the_queue(monkeypatch)
    with pytest.raises(Killed):
        work(12.1)
    monkeypatch.undo()
    work(12.1)
    assert told() == {REMINDED: MessageStatus.QUEUED}
    assert queued("MESSAGES_QUEUE") == []


def test_two_workers_at_once_write_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=lambda: work(12.1))
    assert work(12.1) == {"batchItemFailures": []}
    assert told() == {REMINDED: MessageStatus.QUEUED}
    assert stored().revision == 2


def test_an_answer_while_the_worker_decides_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=lambda: write(What.ANSWERED, 12.1))
    work(12.1)
    assert (stored().status, told()) == (FollowUpStatus.ANSWERED, {})


def test_delivered_out_of_order_nothing_comes_back() -> None:
    work(25)
    before = told()
    work(12.1)
    assert told() == before


@pytest.mark.parametrize(
    "strange",
    ["not json", "[]", '{"business": "lotus"}', '{"business": 1, "id": 2}'],
    ids=["no JSON", "no object", "no id", "no names"],
)
def test_a_record_that_is_not_ours_is_reported_and_the_others_are_done(strange: str) -> None:
    answer = work(12.1, strange, KEY, ("lotus", "f-none"), ("nowhere", "f-1"))
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["0", "2", "3"]
    assert told() == {REMINDED: MessageStatus.QUEUED}
