"""On the deployed stack: what is written goes through the tables' streams into the log, and to who wants to hear."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from infra.local.place import PATIENCE
from kept.messaging.channels.standard_webhooks import is_genuine
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.receivers import receivers
from tests.local.stack import Stack, a_free_port

pytestmark = pytest.mark.stack
SHOWN_AFTER = 6.0
"""Seconds after which the log shows what was written (storage/event_log.py)."""
KNOWN_AFTER = 11.0
"""Seconds after which a new address is told of what happens (storage/webhooks.py)."""


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def until(is_so: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.2)


def set_up(desk: Api, urls: dict[str, str], **other: Any) -> dict[str, Any]:
    """What each was answered with, by its id, once whoever reads the streams has heard of them."""
    made = {id: desk.ask("PUT", f"/v1/desk/webhooks/{id}", {"url": url, **other}) for id, url in urls.items()}
    assert {it.status for it in made.values()} == {200}, made
    time.sleep(KNOWN_AFTER)
    return {id: it.body for id, it in made.items()}


def log_of(desk: Api, *, at_least: int) -> list[dict[str, Any]]:
    """All of it, once that many can be seen: the newest five seconds are not shown."""
    found: list[dict[str, Any]] = []

    def read() -> bool:
        found[:] = desk.ask("GET", "/v1/desk/events").body["events"]
        return len(found) >= at_least

    until(read)
    return found


def booked_and_come(stack: Stack, desk: Api, business: str, start: datetime, phone: str) -> str:
    booked = Api(stack.base_url).book(business, "cut", start, name="Ada Lim", phone=phone)
    assert booked.status == 201, booked.body
    assert desk.check_in(booked.body["id"]).status == 200
    return str(booked.body["id"])


def ids(events: list[dict[str, Any]]) -> set[str]:
    """But of the lists of the day, which go to staff meanwhile."""
    return {it["id"] for it in events if not it["about"]["id"].startswith("day-")}


def of_visits(events: list[dict[str, Any]], id: str) -> list[str]:
    return [it["type"] for it in events if it["about"]["id"] == id]


def test_what_is_written_is_logged_and_told_in_order_and_a_bookmark_says_how_far(
    stack: Stack, monday: datetime
) -> None:
    desk = opened(stack, "stream", a_studio("Stream"))
    with receivers(stack) as heard:
        books = set_up(desk, {"books": heard.url("ok")})["books"]
        id = booked_and_come(stack, desk, "stream", on(monday, "15:00"), "+6591234566")
        until(lambda: len(of_visits(heard.events("ok"), id)) >= 2)
        stack.console.settle()
        assert of_visits(heard.events("ok"), id) == ["appointment.booked", "appointment.arrived"]
        for headers, body in heard.at("ok"):
            signed_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=monday.tzinfo)
            assert is_genuine(body, headers, secret=books["secret"], now=signed_at)
            assert b"Ada" not in body
            assert b"91234566" not in body
        until(lambda: len(of_visits(log_of(desk, at_least=0), id)) >= 2)  # the newest seconds are not shown yet
        assert of_visits(log_of(desk, at_least=0), id) == ["appointment.booked", "appointment.arrived"]
        assert {"client.created", "message.sent"} <= {it["type"] for it in heard.events("ok")}
        delivered = desk.ask("GET", "/v1/desk/webhooks/books/deliveries").body["deliveries"]
        assert {it["status"] for it in delivered} == {"delivered"}
    items = stack.client("dynamodb").scan(TableName="kept-events")["Items"]
    marked = {item["id"]["S"] for item in items if item["business"]["S"] == "*"}
    assert {"bookmark#appointments", "bookmark#messages", "bookmark#clients", "bookmark#catalog"} <= marked
    assert not [item for item in items if item["id"]["S"].startswith("aside#")]


def test_repeated_reordered_and_in_two_batches_at_once_it_is_the_same_log(stack: Stack, monday: datetime) -> None:
    desk = opened(stack, "again", a_studio("Again"))
    booked_and_come(stack, desk, "again", on(monday, "15:00"), "+6591234577")
    stack.console.settle()
    time.sleep(SHOWN_AFTER)
    before = log_of(desk, at_least=6)
    known = ids(before)
    records = list(of_streams(stack, "again"))
    assert len(records) >= 4
    batches = [records, records[::-1], records[::2], records[1::2]]
    with ThreadPoolExecutor(len(batches)) as pool:
        answers = list(pool.map(lambda batch: read_again(stack, batch), batches))
    assert answers == [{"batchItemFailures": []}] * len(batches)
    stack.console.settle()
    time.sleep(SHOWN_AFTER)
    assert ids(log_of(desk, at_least=len(before))) == known


def test_whatever_a_receiver_does_stays_with_it(stack: Stack, monday: datetime) -> None:
    """One is slow, one is down, one leads elsewhere, one answers garbage: a fifth hears of all, and the desk waits for
    none of them."""
    desk = opened(stack, "rude", a_studio("Rude"))
    closed = a_free_port()
    with receivers(stack, also=closed) as heard:
        urls = {name: heard.url(name) for name in ("ok", "slow", "redirect", "garbage")}
        set_up(desk, urls | {"down": f"http://127.0.0.1:{closed}/"}, types=["appointment.booked"])
        for clock in ("11:00", "15:00"):
            booked = Api(stack.base_url).book("rude", "cut", on(monday, clock), name="Ada Lim", phone="+6591234588")
            assert booked.status == 201, booked.body
        until(lambda: len(heard.at("ok")) >= 2 and len(heard.at("slow")) >= 2 and all_tried(desk))
        assert not heard.at("inside")
        assert {name: said(desk, name) for name in ("redirect", "garbage", "down")} == {
            "redirect": {302},
            "garbage": {0},
            "down": {0},
        }


def all_tried(desk: Api) -> bool:
    return all(len(waiting(desk, name)) == 2 for name in ("redirect", "garbage", "down"))


def waiting(desk: Api, name: str) -> list[dict[str, Any]]:
    found = desk.ask("GET", f"/v1/desk/webhooks/{name}/deliveries?waiting=true").body["deliveries"]
    return [it for it in found if it["attempts"]]


def said(desk: Api, name: str) -> set[int]:
    return {attempt["status"] for it in waiting(desk, name) for attempt in it["attempts"]}


def test_an_address_within_is_refused(stack: Stack) -> None:
    """Also one on this machine that its own list does not name."""
    desk = opened(stack, "inside", a_studio("Inside"))
    for url in ("https://169.254.169.254/latest/meta-data/", "https://localhost/", "http://127.0.0.1:9/"):
        refused = desk.ask("PUT", "/v1/desk/webhooks/books", {"url": url})
        assert (refused.status, refused.body["code"]) == (422, "invalid_setting")
    assert desk.ask("GET", "/v1/desk/webhooks").body["webhooks"] == []


def of_streams(stack: Stack, business: str) -> Iterator[dict[str, Any]]:
    """What the streams of the tables still hold of that business."""
    streams = stack.client("dynamodbstreams")
    for stream in streams.list_streams()["Streams"]:
        if not stream["TableName"].startswith("kept-"):
            continue
        for shard in streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]:
            begin = streams.get_shard_iterator(
                StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )
            for record in streams.get_records(ShardIterator=begin["ShardIterator"])["Records"]:
                if record["dynamodb"]["Keys"]["business"]["S"].startswith(business):
                    yield as_lambda_gets_it(record, stream["StreamArn"])


def as_lambda_gets_it(record: dict[str, Any], arn: str) -> dict[str, Any]:
    told = record["dynamodb"]
    return {
        **record,
        "eventSourceARN": arn,
        "dynamodb": {**told, "ApproximateCreationDateTime": told["ApproximateCreationDateTime"].timestamp()},
    }


def read_again(stack: Stack, batch: list[dict[str, Any]]) -> Any:
    payload = json.dumps({"Records": batch}, default=str).encode()
    answer = stack.client("lambda").invoke(FunctionName="kept-event_stream", Payload=payload)
    return json.loads(answer["Payload"].read())
