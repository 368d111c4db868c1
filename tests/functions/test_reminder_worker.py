"""The worker of reminders: one message per stage, however it is stopped, overtaken, repeated or late."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import no_show_detector
import reminder_fan_out
import reminder_worker
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot, book
from kept.business.change_rules import ChangeRules
from kept.business.reminder_stages import TWO_DAYS, Stage
from kept.messaging.message import MessageStatus
from kept.storage import appointments, messages
from tests import lotus
from tests.builders import STARTS
from tests.stopping import Killed, die, die_at_the_queue, meddle, records

KEY = ("lotus", "a-1")
TWO, SAME = "a-1#v1#two_days#email", "a-1#v1#same_day#email"
Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _booked() -> None:
    """Four days ahead, so that both reminders are still to come: two days before, and three hours."""
    lotus.open_both()
    lotus.known()
    lotus.put(a_visit())


def a_visit() -> Appointment:
    slot = Slot(STARTS, STARTS + timedelta(hours=1), staff="mei")
    asked = Change(CLIENT, before(days=4))
    return book(
        "lotus",
        "a-1",
        service="cut",
        client="c-1",
        slot=slot,
        tz="Asia/Shanghai",
        policy_version=1,
        note="",
        change=asked,
    )


def before(**span: int) -> datetime:
    """So long before it starts."""
    return STARTS - timedelta(**span)


def work(now: datetime, *keys: tuple[str, str] | str) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        return reminder_worker.handler(records(*(keys or (KEY,))), None)


def swept(now: datetime) -> int:
    done: int = reminder_fan_out.handler({"time": now.isoformat()}, None)["handed_over"]
    return done


def stored() -> Appointment:
    return appointments.load(*KEY)


def told() -> dict[str, MessageStatus]:
    return {message.id: message.status for message in messages.about("lotus", "a-1")}


def ids(keys: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(key["id"] for key in keys)


def test_each_stage_is_sent_once_at_its_time(queued: Queued) -> None:
    assert [swept(before(hours=49)), swept(before(hours=48))] == [0, 1]
    for _ in range(2):
        assert work(before(hours=48)) == {"batchItemFailures": []}
    assert told() == {TWO: MessageStatus.QUEUED}
    assert [swept(before(hours=47)), swept(before(hours=3))] == [0, 1]
    work(before(hours=3))
    assert told() == {TWO: MessageStatus.QUEUED, SAME: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [SAME, TWO]
    assert swept(STARTS) == 0


def test_too_early_nothing_is_done() -> None:
    before_it = lotus.everything()
    assert work(before(hours=49)) == {"batchItemFailures": []}
    assert lotus.everything() == before_it


def test_days_late_only_the_nearest_goes_out_and_the_other_is_recorded_as_missed(queued: Queued) -> None:
    work(before(hours=1))
    assert told() == {TWO: MessageStatus.MISSED, SAME: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [SAME]


def test_after_the_start_all_are_missed_and_the_check_is_due_at_once(queued: Queued) -> None:
    work(STARTS + timedelta(minutes=5))
    assert told() == {TWO: MessageStatus.MISSED, SAME: MessageStatus.MISSED}
    assert queued("MESSAGES_QUEUE") == []
    assert no_show_detector.handler({"time": (STARTS + timedelta(minutes=5)).isoformat()}, None)["handed_over"] == 1


@pytest.mark.parametrize(
    "silence",
    [lambda it, cause: it.cancel(cause, rules=ChangeRules()), lambda it, cause: it.confirm(cause)],
    ids=["cancelled", "confirmed"],
)
def test_what_is_pointless_is_not_said(silence: Callable[[Appointment, Change], Appointment]) -> None:
    """Cancelled, or confirmed where the stage is for those who have not."""
    asking = Stage("two_days", timedelta(hours=48), unless_confirmed=True)
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, stages=(asking,))))
    lotus.put(silence(stored(), Change(CLIENT, before(hours=72))))
    work(before(hours=48))
    assert (told(), swept(before(hours=47))) == ({}, 0)


def test_killed_before_the_commit_it_is_still_due(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=die)
    with pytest.raises(Killed):
        work(before(hours=48))
    assert (told(), swept(before(hours=48))) == ({}, 1)
    monkeypatch.undo()
    work(before(hours=48))
    assert told() == {TWO: MessageStatus.QUEUED}


def test_killed_after_the_commit_the_message_is_owed_and_not_written_again(
    monkeypatch: pytest.MonkeyPatch, queued: Queued
) -> None:
    die_at_the_queue(monkeypatch)
    with pytest.raises(Killed):
        work(before(hours=48))
    monkeypatch.undo()
    assert told() == {TWO: MessageStatus.QUEUED}
    written = lotus.everything()
    work(before(hours=48))
    assert lotus.everything() == written
    assert queued("MESSAGES_QUEUE") == []


def test_two_workers_at_once_write_one_message(monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    meddle(monkeypatch, before=lambda: work(before(hours=48)))
    assert work(before(hours=48)) == {"batchItemFailures": []}
    assert told() == {TWO: MessageStatus.QUEUED}
    assert ids(queued("MESSAGES_QUEUE")) == [TWO]


def test_a_move_while_the_worker_decides_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reminder of the old slot is not written; the new one has its own to come."""

    def move() -> None:
        slot = replace(stored().slot, starts=STARTS + timedelta(days=7), ends=STARTS + timedelta(days=7, hours=1))
        moved = stored().reschedule(slot, Change(CLIENT, before(hours=48)), rules=ChangeRules())
        lotus.put(moved)

    meddle(monkeypatch, before=move)
    work(before(hours=48))
    assert told() == {}
    assert stored().version == 2


def test_a_stage_that_is_dropped_does_not_keep_the_appointment_in_its_lane() -> None:
    """It goes on to the check on the day, which would not find it else, and is not swept every minute for nothing."""
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, stages=())))
    assert swept(before(hours=48)) == 1
    work(before(hours=48))
    assert (told(), swept(before(hours=47))) == ({}, 0)
    on_the_day = {"time": (STARTS + timedelta(minutes=5)).isoformat()}
    assert no_show_detector.handler(on_the_day, None)["handed_over"] == 1


def test_a_stage_that_is_put_off_is_sent_when_it_is_due_then() -> None:
    salon = lotus.the_salon()
    one_day = replace(TWO_DAYS, before=timedelta(hours=24))
    lotus.store(replace(salon, business=replace(salon.business, stages=(one_day,))))
    work(before(hours=48))
    assert [swept(before(hours=25)), swept(before(hours=24))] == [0, 1]


def test_records_that_fail_are_named_and_the_others_done() -> None:
    answer = work(before(hours=48), "nonsense", ("lotus", "a-9"), KEY, ("nobody", "a-1"), '{"business": "lotus"}')
    assert [failed["itemIdentifier"] for failed in answer["batchItemFailures"]] == ["0", "1", "3", "4"]
    assert told() == {TWO: MessageStatus.QUEUED}
