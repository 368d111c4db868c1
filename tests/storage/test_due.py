"""The lanes: what is due by then and nothing else, of every business, and handed over as its worker reads it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kept.due_work import queues, sweeping
from kept.lanes import SHARDS, Key, Lane, lane_key, lane_keys
from tests import lotus
from tests.builders import STARTS, a_client, an_appointment
from tests.sample_events import the_world

LATE = STARTS + timedelta(days=30)
Queued = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize("lane", Lane)
def test_a_lane_holds_its_own_kind(lane: Lane) -> None:
    the_world()
    found = list(sweeping.due(lane, until=LATE))
    assert found
    assert {key.lane for key, _ in found} == {lane}


def test_the_oldest_of_a_shard_comes_first() -> None:
    lotus.open_both()
    lotus.known(a_client())
    ids = [f"a-{n}" for n in range(12)]
    for n, id in enumerate(ids):
        lotus.put(an_appointment(id, starts=STARTS + timedelta(days=11 - n)))
    found = [key.id for key, _ in sweeping.due(Lane.REMINDER, until=LATE)]
    for shard in lane_keys(Lane.REMINDER):
        within = [id for id in found if lane_key(Lane.REMINDER, id) == shard]
        assert within == sorted(within, key=ids.index, reverse=True)


def test_a_key_s_shard_is_always_the_same() -> None:
    """A lane is written by one Lambda and swept by another: no seed may differ between them."""
    assert lane_key(Lane.REMINDER, "a-1") == "reminder#0"
    assert lane_keys(Lane.MESSAGE) == [f"message#{shard}" for shard in range(SHARDS)]


def test_what_is_handed_over_is_what_a_worker_reads(queued: Queued) -> None:
    queues.send(Lane.REMINDER, [Key(Lane.REMINDER, "lotus", "a-1")])
    assert queued("TOUCHPOINTS_QUEUE") == [{"lane": "reminder", "business": "lotus", "id": "a-1"}]


def test_what_a_queue_did_not_take_is_not_counted_as_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def send_message_batch(self, **_: object) -> dict[str, Any]:
            return {"Failed": [{"Id": "0", "Code": "KmsThrottled", "SenderFault": False}]}

    monkeypatch.setattr(queues, "aws", lambda _: Full())
    with pytest.raises(queues.QueueRefused, match="1 of 1: KmsThrottled"):
        queues.send(Lane.REMINDER, [Key(Lane.REMINDER, "lotus", id) for id in ("a-1", "a-2")])
