"""Due work of a new kind is an entry in the lanes, one in the table of what is done, and a rule: nothing else, no
function and no queue. What the lanes, the sweeps and the workers say of each other holds here."""

import json
from importlib import import_module
from typing import Any

import pytest

import due_sweep
import due_worker
from kept.due_work import queues as due_queues
from kept.due_work.queue_worker import Work, by_lane
from kept.lanes import Key, Lane
from kept.storage import due_tables
from tests.functions.conftest import cloud, made, queued
from tests.sample_events import samples
from tests.stopping import records
from tests.templates import due, functions, queues

__all__ = ["cloud", "made", "queued"]

KNOWN = {
    Lane.REMINDER: ("reminder_fan_out", "reminder_worker"),
    Lane.ATTENDANCE: ("no_show_detector", "attendance_worker"),
    Lane.FOLLOW_UP: ("follow_up_sla", "follow_up_worker"),
    Lane.MESSAGE: ("due_sweep", "message_sender"),
}
"""The lanes with a function of their own; all others share due_sweep and due_worker."""


def queue_of(lane: Lane) -> str:
    return due_queues.QUEUES.get(lane, due_queues.SHARED).removesuffix("_QUEUE").lower()


@pytest.mark.parametrize("lane", Lane)
def test_a_lane_has_a_table_a_schedule_and_a_worker_of_its_queue(lane: Lane) -> None:
    sweep, worker = KNOWN.get(lane, ("due_sweep", "due_worker"))
    assert lane in due_tables.TABLES
    assert queues()[queue_of(lane)] == worker
    assert (f"due-{lane}" in _rules()) == (sweep == "due_sweep")
    if sweep == "due_sweep":
        assert due(lane, samples()[0].happens)["lane"] == lane
    assert any(swept["lane"] == lane for swept in _swept_by(sweep))


def test_what_is_done_for_a_lane_is_in_one_place() -> None:
    """None is forgotten, and none is done by two."""
    assert set(due_worker.WORK) | set(KNOWN) == set(Lane)
    assert set(due_worker.WORK) & set(KNOWN) == set()
    assert set(due_queues.QUEUES) == set(KNOWN)


def test_every_rule_names_a_lane_and_is_named_after_it() -> None:
    assert set(_rules()) == {f"due-{lane}" for lane in Lane if KNOWN.get(lane, ("due_sweep",))[0] == "due_sweep"}


def test_work_of_a_new_kind_needs_no_function(monkeypatch: pytest.MonkeyPatch, queued: Any) -> None:
    """It goes through the queue and to the work of its lane, and what fails of it comes again alone."""
    done: list[tuple[str, str]] = []

    def fails_for_two(business: str, id: str) -> None:
        done.append((business, id))
        if id == "2":
            raise LookupError

    new: Any = "new"
    work: dict[Lane, Work] = {new: fails_for_two, Lane.DAY_LIST: due_worker.staff_day}
    monkeypatch.setattr("kept.due_work.queue_worker.Lane", str)
    due_queues.send(new, [Key(new, "lotus", id) for id in "123"])
    keys = queued("DUE_QUEUE")
    assert by_lane(work, job="due_worker")(records(json.dumps(keys)), None) == {"batchItemFailures": []}
    assert done == [("lotus", "1"), ("lotus", "2"), ("lotus", "3")]
    assert [key["id"] for key in queued("DUE_QUEUE")] == ["2"]


def test_a_key_of_a_lane_that_is_not_the_worker_s_fails() -> None:
    """Nothing is done for it by a guess, and in the end it is set aside where a person sees it."""
    answer = due_worker.handler(records(json.dumps({"lane": "reminder", "business": "lotus", "id": "a-1"})), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def _rules() -> dict[str, Any]:
    (sweep,) = (function for function in functions() if function.name == due_sweep.__name__)
    return sweep.rules


def _swept_by(function: str) -> list[dict[str, Any]]:
    """What its sample events make it answer, with nothing due."""
    handler = import_module(function).handler
    return [handler(sample.event, None) for sample in samples() if sample.function == function]
