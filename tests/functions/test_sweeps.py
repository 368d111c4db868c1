"""The schedules: what is due goes to its queue, and an event that does not say when it is fails aloud."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

import due_sweep
import follow_up_sla
import no_show_detector
import reminder_fan_out
from kept.due_work import sweeping
from kept.lanes import SHARDS, Lane, lane_key
from kept.runtime import MissingTime, aws
from tests import lotus
from tests.builders import STARTS, an_appointment
from tests.sample_events import the_world
from tests.templates import due

SWEEPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "TOUCHPOINTS_QUEUE": (reminder_fan_out, {}),
    "ATTENDANCE_QUEUE": (no_show_detector, {}),
    "FOLLOW_UPS_QUEUE": (follow_up_sla, {}),
    "MESSAGES_QUEUE": (due_sweep, due(Lane.MESSAGE, STARTS)),
    "DUE_QUEUE": (due_sweep, due(Lane.DAY_LIST, STARTS)),
}
"""By the queue they fill, with what their schedules say beside the time."""
LATE = STARTS + timedelta(days=3)
Queued = Callable[[str], list[dict[str, Any]]]
each_sweep = pytest.mark.parametrize("queue", SWEEPS)


def sweep(queue: str, now: datetime = LATE) -> dict[str, Any]:
    function, said = SWEEPS[queue]
    done: dict[str, Any] = function.handler(said | {"time": now.isoformat()}, None)
    return done


@each_sweep
def test_what_is_due_goes_to_the_queue_of_its_worker(queue: str, queued: Queued) -> None:
    the_world()
    done = sweep(queue)
    keys = queued(queue)
    assert done["handed_over"] == len(keys) > 0
    assert {key["lane"] for key in keys} == {done["lane"]}
    assert {key["business"] for key in keys} == {"lotus"}


@each_sweep
def test_what_is_not_done_stays_due(queue: str) -> None:
    the_world()
    assert sweep(queue)["handed_over"] == sweep(queue)["handed_over"]


@each_sweep
def test_a_queue_that_is_deep_is_given_no_more(queue: str, monkeypatch: pytest.MonkeyPatch, queued: Queued) -> None:
    the_world()
    monkeypatch.setattr(sweeping, "DEEP", -1)
    assert sweep(queue) == {"lane": sweep(queue)["lane"], "handed_over": 0, "waiting": True}
    assert queued(queue) == []


@each_sweep
@pytest.mark.parametrize(
    "event",
    [{}, {"time": None}, {"time": 1772442000}, {"time": "soon"}, {"time": "2026-03-02T06:00:00"}, {"time": ""}],
    ids=["none", "null", "a number", "words", "no zone", "empty"],
)
def test_an_event_without_a_usable_time_is_an_error(queue: str, event: dict[str, Any]) -> None:
    """The alarm on errors tells; nothing is swept by a guess."""
    the_world()
    function, said = SWEEPS[queue]
    with pytest.raises(MissingTime):
        function.handler({name: it for name, it in said.items() if name != "time"} | event, None)
    depth = aws("sqs").get_queue_attributes(QueueUrl=os.environ[queue], AttributeNames=["ApproximateNumberOfMessages"])
    assert depth["Attributes"]["ApproximateNumberOfMessages"] == "0"


@pytest.mark.parametrize("said", [{}, {"lane": None}, {"lane": "messages"}], ids=["none", "null", "no lane of ours"])
def test_a_schedule_that_names_no_lane_is_an_error(said: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        due_sweep.handler({"time": LATE.isoformat()} | said, None)


def test_every_shard_is_swept_and_more_than_fits_into_one_request(queued: Queued) -> None:
    lotus.open_both()
    lotus.known()
    wanted = {f"a-{n}" for n in range(23)}
    for n, id in enumerate(sorted(wanted)):
        lotus.put(an_appointment(id, starts=STARTS + timedelta(hours=n)))
    assert len({lane_key(Lane.REMINDER, id) for id in wanted}) == SHARDS
    assert sweep("TOUCHPOINTS_QUEUE")["handed_over"] == len(wanted)
    handed = [key["id"] for _ in range(3) for key in queued("TOUCHPOINTS_QUEUE")]
    assert sorted(handed) == sorted(wanted)


def test_due_at_the_very_second() -> None:
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())
    at = STARTS - timedelta(hours=3)
    assert [sweep("TOUCHPOINTS_QUEUE", now)["handed_over"] for now in (at - timedelta(seconds=1), at)] == [0, 1]
