"""Records of several keys: each is done by itself, and what fails of them comes again alone."""

import json
from typing import Any

import pytest

from kept.due_work import queues
from kept.due_work.queue_worker import ForeignRecord, keys_of, worker
from kept.due_work.queues import CHUNK
from kept.lanes import Key, Lane
from kept.runtime import aws
from kept.settings import MissingSetting, setting
from tests.stopping import Killed, die, records

KEYS = [Key(Lane.MESSAGE, "lotus", f"m-{n}") for n in range(4)]


def body(*keys: Key) -> str:
    return json.dumps([{"lane": key.lane, "business": key.business, "id": key.id} for key in keys])


class Work:
    """Does everything but what it was told to fail at."""

    def __init__(self, *broken: str) -> None:
        self.broken, self.done = broken, list[str]()

    def __call__(self, business: str, id: str) -> None:
        if id in self.broken:
            raise ValueError(f"{business} has no {id}")
        self.done.append(id)


def answer(work: Work, *bodies: str) -> list[str]:
    """The numbers of the records that come again."""
    found: Any = worker(work)(records(*bodies), None)
    return [failed["itemIdentifier"] for failed in found["batchItemFailures"]]


def waiting() -> list[list[str]]:
    """The ids in each record of the queue that can be seen now, taken out of it."""
    sqs, url = aws("sqs"), setting("MESSAGES_QUEUE")
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for one in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return [[key.id for key in keys_of(one["Body"])] for one in found]


def test_every_key_of_a_record_is_done() -> None:
    work = Work()
    assert answer(work, body(*KEYS)) == []
    assert (work.done, waiting()) == (["m-0", "m-1", "m-2", "m-3"], [])


def test_what_fails_of_several_comes_again_alone_and_its_neighbours_are_done() -> None:
    work = Work("m-1", "m-3")
    assert answer(work, body(*KEYS)) == [], "the record is done with"
    assert work.done == ["m-0", "m-2"]
    assert sorted(id for ids in waiting() for id in ids) == ["m-1", "m-3"]


def test_what_fails_alone_is_left_to_the_queue_which_sets_it_aside_in_the_end() -> None:
    assert answer(Work("m-1"), body(KEYS[0]), body(KEYS[1]), body(KEYS[2])) == ["1"]
    assert waiting() == []


def test_where_even_the_queue_fails_the_record_comes_again_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of it is done twice then, which does nothing."""

    def refuse(*_: object) -> int:
        raise queues.QueueRefused("1 of 1: InternalError")

    monkeypatch.setattr(queues, "send", refuse)
    assert answer(Work("m-1"), body(*KEYS)) == ["0"]


@pytest.mark.parametrize(
    "strange",
    [
        pytest.param("not ours", id="no JSON"),
        pytest.param("{}", id="no key"),
        pytest.param("[]", id="no keys"),
        pytest.param('[{"lane": "rain", "business": "lotus", "id": "m-1"}]', id="no such lane"),
        pytest.param('[{"lane": "message", "business": "lotus", "id": 7}]', id="no text"),
        pytest.param('["m-1"]', id="not an object"),
    ],
)
def test_a_record_that_is_none_of_ours_is_reported_and_the_others_done(strange: str) -> None:
    work = Work()
    with pytest.raises(ForeignRecord):
        keys_of(strange)
    assert answer(work, strange, body(KEYS[0])) == ["0"]
    assert work.done == ["m-0"]


def test_a_key_by_itself_is_read_as_well() -> None:
    assert keys_of('{"lane": "message", "business": "lotus", "id": "m-1"}') == [KEYS[1]]


def test_keys_travel_ten_to_a_record_and_those_for_a_later_second_alone() -> None:
    """To be paid for once, and to be seen at the second of each."""
    many = [Key(Lane.MESSAGE, "lotus", f"m-{n}") for n in range(2 * CHUNK + 5)]
    assert queues.send(Lane.MESSAGE, many) == 25
    assert sorted(len(ids) for ids in waiting()) == [5, CHUNK, CHUNK]
    assert queues.send_in(Lane.MESSAGE, [(KEYS[0], 0), (KEYS[1], 0), (KEYS[2], 1), (KEYS[3], 1)]) == 4
    assert waiting() == [["m-0", "m-1"]]
    counted = aws("sqs").get_queue_attributes(
        QueueUrl=setting("MESSAGES_QUEUE"), AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert counted["Attributes"]["ApproximateNumberOfMessagesDelayed"] == "2"


def test_messages_of_one_record_are_handed_over_in_one() -> None:
    """Four visits whose reminders are decided together cost one request to the queue."""

    def work(business: str, id: str) -> None:
        queues.hand_over([Key(Lane.MESSAGE, business, f"said-{id}")])

    assert worker(work)(records(body(*KEYS)), None) == {"batchItemFailures": []}
    assert waiting() == [[f"said-m-{n}" for n in range(4)]]


def test_what_was_committed_before_a_neighbour_failed_is_handed_over() -> None:
    def work(business: str, id: str) -> None:
        if id == "m-2":
            raise ValueError
        queues.hand_over([Key(Lane.MESSAGE, business, f"said-{id}")])

    worker(work)(records(body(*KEYS)), None)
    assert sorted(waiting()) == [["m-2"], ["said-m-0", "said-m-1", "said-m-3"]]


def test_a_worker_that_is_killed_leaves_nothing_to_the_next_record() -> None:
    """What was not handed over is due, and the sweep finds it; it must not wait for whatever comes next."""

    def work(business: str, id: str) -> None:
        queues.hand_over([Key(Lane.MESSAGE, business, id)])
        die()

    with pytest.raises(Killed):
        worker(work)(records(body(*KEYS)), None)
    queues.hand_over([Key(Lane.MESSAGE, "lotus", "later")])
    assert waiting() == [["later"]]


def test_outside_of_a_record_a_message_is_handed_over_at_once() -> None:
    queues.hand_over([Key(Lane.MESSAGE, "lotus", "now")])
    assert waiting() == [["now"]]


def test_what_the_template_did_not_give_fails_with_its_name() -> None:
    """At its first use, and not as an address of nothing."""
    with pytest.raises(MissingSetting, match="NOBODY_SET_THIS"):
        setting("NOBODY_SET_THIS")
