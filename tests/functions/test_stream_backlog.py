"""Nobody read the streams for a day or more: all that stands there is read afterwards, some of it twice.

The figures then equal a recount, and a receiver has heard of everything in order, each thing once unless it was read
twice, and then under the same id.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, pairwise, zip_longest
from typing import Any
from zlib import crc32

import pytest

import event_stream
import webhook_sender
import webhooks as webhook_routes
from kept import clock
from kept.events.delivery import Attempt
from kept.follow_up.follow_up import FollowUp
from kept.storage import event_log, figure_days, webhooks
from kept.storage.tables import EventItem
from kept.use_cases.events import receiver, stream_reading
from kept.use_cases.insight import adding_up, recording
from tests import lotus
from tests.asking import an_http_event
from tests.functions.conftest import cloud, made, queued
from tests.functions.test_figures_recounted import SOME, TOMORROW, all_is_right, counted, nights, planted, told
from tests.made_year import FIRST, LAST, NOW, Stored
from tests.streamed import of_lives

__all__ = ["cloud", "made", "queued"]

FEW = SOME.lives[:60]
BATCH = 100
"""Records that a call is given, as in the template."""
SHARDS = 4
DAYS_OF_TRYING = 4
"""Longer than a delivery is tried for."""
OWNER = {"custom:business": "lotus", "custom:staff": "jun", "cognito:groups": "[owner]", "sub": "u-1"}
Record = dict[str, Any]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    recording.forget()
    stream_reading.forget()
    lotus.store(SOME.catalog)


def backlog(lives: list[list[Stored]]) -> Iterator[list[Record]]:
    """Batch by batch, as the shards give them: in order of each thing, and of nothing else. Every fifth comes again."""
    shards: list[list[Record]] = [[] for _ in range(SHARDS)]
    for record in of_lives(lives, NOW):
        shards[crc32(record["dynamodb"]["Keys"]["id"]["S"].encode()) % SHARDS].append(record)
    by_shard = [[shard[n : n + BATCH] for n in range(0, len(shard), BATCH)] for shard in shards]
    for number, batch in enumerate(chain.from_iterable(zip_longest(*by_shard, fillvalue=[]))):
        yield batch
        if number % 5 == 0:
            yield batch


def read(batches: Iterator[list[Record]]) -> int:
    """How many records; none of them is set aside, and none has to come again."""
    count = 0
    for batch in batches:
        assert event_stream.handler({"Records": batch}, None) == {"batchItemFailures": []}
        count += len(batch)
    return count


@pytest.mark.slow
def test_figures_that_were_added_up_before_it_was_read_equal_a_recount_afterwards() -> None:
    """The nights went by, and had next to nothing to add up: each day is added up anew for what came late."""
    planted(SOME)
    asked = {life[0].opened_at: life for life in SOME.lives if isinstance(life[0], FollowUp)}
    first = asked[min(asked)]
    others = [life for life in SOME.lives if life is not first]
    read(backlog([first]))
    nights()
    assert read(backlog(others)) > sum(map(len, others))
    changed = figure_days.added_up("lotus").changed
    assert changed
    assert told(FIRST, LAST)["total"] == counted(SOME, FIRST, LAST)
    for day in changed:
        adding_up.add_up("lotus", f"{figure_days.DUE}{day}", now=TOMORROW)
    assert figure_days.added_up("lotus").changed == {}
    all_is_right(SOME, FIRST, LAST)


@pytest.mark.slow
def test_a_receiver_hears_of_all_of_it_in_order_though_every_seventh_call_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: dict[str, list[tuple[int, str]]] = defaultdict(list)
    chance = random.Random(3)
    at = NOW

    def call(url: str, body: bytes, headers: dict[str, str], *, clock: Callable[[], datetime]) -> Attempt:  # noqa: ARG001
        if chance.randrange(7) == 0:
            return Attempt(clock(), 503, 5, "busy")
        told = json.loads(body)
        heard[told["about"]["id"]].append((told["about"]["number"], headers["webhook-id"]))
        return Attempt(clock(), 200, 5, "ok")

    monkeypatch.setattr(receiver, "call", call)
    monkeypatch.setattr(clock, "now", lambda: at)
    set_up()
    read(backlog(FEW))
    for _ in range(DAYS_OF_TRYING * 24):
        webhook_sender.handler({"business": "lotus", "endpoint": "books"}, None)
        if webhooks.next_due("lotus", "books") is None:
            break
        at += timedelta(hours=1)
    assert {id for life in heard.values() for _, id in life} == in_the_log()
    assert len(heard) == len(FEW)
    for thing, life in heard.items():
        assert all(one < other for (one, _), (other, _) in pairwise(life)), thing


def set_up() -> None:
    event = an_http_event("PUT /v1/desk/webhooks/books", {"url": "https://hooks.lotus.example/kept"})
    event["requestContext"]["authorizer"] = {"jwt": {"claims": OWNER, "scopes": None}}
    assert webhook_routes.handler(event, None)["statusCode"] == 200


def in_the_log() -> set[str]:
    """The ids of every event that was written down."""
    return {
        it.id.removeprefix(event_log.LOG) for it in EventItem.query("lotus", EventItem.id.startswith(event_log.LOG))
    }
