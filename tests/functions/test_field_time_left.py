"""The rule: nothing is begun that the time left cannot finish, and what is not begun comes again without counting as a
failure. A provider that takes its time costs waiting, and never a message that is sent twice.

Each row is a batch of records, how long each key takes, and how much time the call has; the clock of the call is the
only one here.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

import message_sender
from kept.due_work import queue_worker
from kept.due_work.queue_worker import TAKES, consumer, worker
from kept.lanes import Key, Lane
from kept.runtime import aws
from kept.settings import setting
from tests.functions.test_records import body, waiting
from tests.stopping import records as an_event

NEEDS = TAKES.total_seconds()
"""Seconds."""


@dataclass
class Call:
    """A call of Lambda with a clock that goes on by what is done in it."""

    left: float
    takes: float
    done: list[str] = field(default_factory=list)
    began_with: list[float] = field(default_factory=list)

    def get_remaining_time_in_millis(self) -> int:
        return int(self.left * 1000)

    def work(self, business: str, id: str) -> None:  # noqa: ARG002  # as a worker is asked
        self.began_with.append(self.left)
        self.left -= self.takes
        self.done.append(id)


def keys(count: int, first: int = 0) -> list[Key]:
    return [Key(Lane.MESSAGE, "lotus", f"m-{n}") for n in range(first, first + count)]


def in_records(sizes: tuple[int, ...]) -> list[str]:
    bodies, first = [], 0
    for size in sizes:
        bodies.append(body(*keys(size, first)))
        first += size
    return bodies


@pytest.mark.parametrize(
    ("sizes", "time", "takes", "done"),
    [
        pytest.param((10,), 60, 0.1, 10, id="ten quick ones: all"),
        pytest.param((10,), 60, 15, 4, id="a provider that hangs"),
        pytest.param((10,), 30, 13, 2, id="half a minute"),
        pytest.param((1,), 60, 15, 1, id="one alone"),
        pytest.param((1,), 7, 15, 0, id="one alone and no time from the start"),
        pytest.param((10,), NEEDS, 1, 1, id="just enough for the first"),
        pytest.param((10,), NEEDS - 0.001, 1, 0, id="a millisecond short"),
        pytest.param((10,), 0, 1, 0, id="nothing left at all"),
        pytest.param((3, 3, 3), 30, 6, 4, id="the second record is cut in two"),
        pytest.param((1,) * 10, 30, 6, 4, id="ten records of one"),
        pytest.param((10,) * 10, 30, 0.25, 89, id="a hundred keys"),
        pytest.param((2, 8), 16, 4, 3, id="between two of the second record"),
        pytest.param((5, 5), 28, 4, 6, id="the first ends and one of the next is done"),
        pytest.param((5, 5), 24, 4, 5, id="exactly between two records"),
    ],
)
def test_what_there_is_no_time_for_is_not_begun_and_comes_again(
    sizes: tuple[int, ...], time: float, takes: float, done: int
) -> None:
    call = Call(time, takes)
    answer = worker(call.work)(an_event(*in_records(sizes)), call)
    assert answer == {"batchItemFailures": []}, "none of it is a failure"
    wanted = [key.id for key in keys(sum(sizes))]
    assert call.done == wanted[:done]
    assert min(call.began_with, default=NEEDS) >= NEEDS
    again = []
    while found := waiting():
        again += [id for ids in found for id in ids]
    assert sorted(again) == sorted(wanted[done:])


def test_it_comes_again_as_a_record_of_its_own_so_nothing_is_counted_towards_the_dead_letters() -> None:
    """SQS counts how often one record was received: a new one begins at none."""
    call = Call(NEEDS, 5)
    worker(call.work)(an_event(body(*keys(3))), call)
    sqs, url = aws("sqs"), setting("MESSAGES_QUEUE")
    (found,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
    assert found["Attributes"]["ApproximateReceiveCount"] == "1", "by this look at it"


def test_a_hundred_calls_that_have_time_for_one_end_with_each_done_once() -> None:
    done: list[str] = []
    bodies = [body(*keys(10))]
    while bodies:
        call = Call(NEEDS, 1)
        worker(call.work)(an_event(*bodies), call)
        done += call.done
        bodies = [body(*(Key(Lane.MESSAGE, "lotus", id) for id in ids)) for ids in waiting()]
    assert done == [key.id for key in keys(10)]


def test_what_failed_before_the_time_was_over_comes_again_alone_all_the_same() -> None:
    call = Call(NEEDS + 2, 1)

    def work(business: str, id: str) -> None:
        call.work(business, id)
        if id == "m-1":
            raise ValueError

    assert worker(work)(an_event(body(*keys(6))), call) == {"batchItemFailures": []}
    assert call.done == ["m-0", "m-1", "m-2"]
    assert sorted(waiting()) == [["m-1"], ["m-3", "m-4", "m-5"]]


def test_where_the_queue_does_not_take_it_the_record_itself_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """That counts as one of five; some of it is done twice then, which does nothing."""

    def refuse(*_: object) -> int:
        raise ValueError("no queue")

    monkeypatch.setattr("kept.due_work.queues.send", refuse)
    call = Call(NEEDS, 1)
    assert worker(call.work)(an_event(body(*keys(2))), call) == {"batchItemFailures": [{"itemIdentifier": "0"}]}


@pytest.mark.parametrize(("time", "failed"), [(60, []), (19, ["2"]), (7, ["0", "1", "2"])])
def test_what_has_no_keys_is_brought_again_by_its_queue(time: float, failed: list[str]) -> None:
    """Replies and receipts: the time at which SQS got them says how old they are, and would be lost with a new one."""
    call = Call(time, 6)
    answer: Any = consumer(lambda one: call.work("", one), job="test")(an_event("a", "b", "c"), call)
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == failed


def test_a_strange_record_without_time_is_reported_and_not_queued_again() -> None:
    call = Call(0, 1)
    answer = worker(call.work)(an_event("not ours", body(*keys(1))), call)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert waiting() == [["m-0"]]


def test_the_sender_begins_nothing_that_its_provider_could_outlast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds for its turn and thirteen for a provider that never answers."""
    looked: list[str] = []
    monkeypatch.setattr("message_sender.messages.find", lambda _, name: looked.append(name))
    assert message_sender.TAKES.total_seconds() >= 2 + 3 + 10 + 2
    call = Call(message_sender.TAKES.total_seconds() - 0.001, 1)
    message_sender.handler(an_event(body(*keys(2))), call)
    assert (looked, waiting()) == ([], [["m-0", "m-1"]])
    message_sender.handler(an_event(body(*keys(2))), Call(60, 1))
    assert looked == ["m-0", "m-1"]


def test_outside_of_lambda_there_is_no_end_to_a_call() -> None:
    call = Call(0, 1)
    worker(call.work)(an_event(body(*keys(3))), None)
    assert len(call.done) == 3
    assert queue_worker.has_time(None, TAKES)
