"""The addresses of events: set up by the owner, called in order and one at a time, and nobody else waits for them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from botocore.stub import Stubber

import due_sweep
import due_worker
import put_back
import set_aside
import webhook_sender
import webhooks
from kept import clock
from kept.actor import CLIENT, Change
from kept.client_links import signing_keys
from kept.events.change import AggregateChange, Kind
from kept.events.delivery import SCHEDULE, Attempt
from kept.lanes import Key, Lane
from kept.messaging.channels.standard_webhooks import is_genuine
from kept.runtime import aws
from kept.storage import aside, changes_aside, event_log
from kept.storage import webhooks as stored
from kept.storage.changes_aside import Failed
from kept.storage.tables import EventItem
from kept.use_cases.events import calling, receiver, recording
from kept.use_cases.outside import https_call
from tests import lotus
from tests.asking import an_http_event
from tests.builders import BOOKED, an_appointment
from tests.functions.conftest import RESOLVED, cloud, made, queued
from tests.stopping import records

__all__ = ["cloud", "made", "queued"]

URL = "https://hooks.lotus.example/kept"
OWNER = {"custom:business": "lotus", "custom:staff": "jun", "cognito:groups": "[owner]", "sub": "u-1"}


@dataclass
class Receiver:
    """A server that answers as it is told, and remembers what it was sent."""

    answers: Callable[[int], tuple[int, str, timedelta | None]] = lambda _: (200, "ok", None)
    heard: list[tuple[dict[str, Any], dict[str, str]]] = field(default_factory=list)

    def call(self, url: str, body: bytes, headers: dict[str, str], *, clock: Callable[[], datetime]) -> Attempt:
        assert url == URL
        self.heard.append((json.loads(body), headers))
        status, said, wait = self.answers(len(self.heard))
        return Attempt(clock(), status, 5, said, wait)

    @property
    def numbers(self) -> list[tuple[str, int]]:
        return [(body["about"]["id"], body["about"]["number"]) for body, _ in self.heard]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, headers in self.heard]


class Time:
    """The clock, which goes where it is put."""

    def __init__(self) -> None:
        self.at = BOOKED

    def __call__(self) -> datetime:
        return self.at

    def on(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    lotus.open_both()
    its = Time()
    monkeypatch.setattr(clock, "now", its)
    return its


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    server = Receiver()
    monkeypatch.setattr(receiver, "call", server.call)
    return server


def ask(
    route: str, body: object = None, *, key: str = "", who: dict[str, str] = OWNER, of: Any = webhooks
) -> tuple[int, Any]:
    """With a query behind the path, where there is one."""
    path, _, said = route.partition("?")
    query = dict(parse_qsl(said))
    event = an_http_event(path, body, key=key, query=query)
    event["requestContext"]["authorizer"] = {"jwt": {"claims": who, "scopes": None}}
    answer = of.handler(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def set_up(**other: Any) -> dict[str, Any]:
    status, made = ask("PUT /v1/desk/webhooks/books", {"url": URL, **other})
    assert status == 200, made
    return dict(made)


def happens(id: str = "a-1", *, upto: int = 3) -> None:
    """A visit is booked, confirmed, and its client arrives: as far as that."""
    booked = replace(an_appointment(id), revision=1)
    confirmed = replace(booked.confirm(Change(CLIENT, BOOKED)), revision=2)
    arrived = replace(confirmed.check_in(Change(CLIENT, BOOKED)), revision=3)
    states = [None, booked, confirmed, arrived]
    for before, after in list(pairwise(states))[:upto]:
        recording.record(AggregateChange("lotus", Kind.APPOINTMENT, id, before, after, BOOKED, "1"))


def send() -> int:
    return int(webhook_sender.handler({"business": "lotus", "endpoint": "books"}, None)["calls"])


def listed(*, waiting: bool = False) -> list[dict[str, Any]]:
    status, found = ask(f"GET /v1/desk/webhooks/books/deliveries?waiting={str(waiting).lower()}")
    assert status == 200, found
    return list(found["deliveries"])


def test_what_happens_is_told_in_order_signed_and_once(there: Receiver, time: Time) -> None:
    secret = set_up()["secret"]
    for _ in range(2):
        happens()
    assert send() == 3
    assert send() == 0
    assert there.numbers == [("a-1", 10), ("a-1", 20), ("a-1", 30)]
    for body, headers in there.heard:
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        assert is_genuine(raw, headers, secret=secret, now=time.at)
        assert headers["webhook-id"] == body["id"]
        assert {"type", "timestamp", "data"} <= body.keys()
    assert [one["status"] for one in listed()] == ["delivered"] * 3
    assert not listed(waiting=True)


@pytest.mark.usefixtures("there")
def test_a_secret_is_shown_to_who_made_it_and_stands_nowhere() -> None:
    status, made = ask("PUT /v1/desk/webhooks/books", {"url": URL}, key="key-of-mine-1")
    assert status == 200
    assert made["secret"].startswith("whsec_")
    again = ask("PUT /v1/desk/webhooks/books", {"url": URL}, key="key-of-mine-1")[1]
    assert again["secret"] == made["secret"]
    later = ask("PUT /v1/desk/webhooks/books", {"url": URL, "note": "The books"}, key="key-of-mine-2")[1]
    assert later["secret"] is None
    assert ask("GET /v1/desk/webhooks/books")[1]["secret"] is None
    assert [one["secret"] for one in ask("GET /v1/desk/webhooks")[1]["webhooks"]] == [None]
    happens()
    send()
    everything = json.dumps(lotus.everything(), default=str, ensure_ascii=False)
    assert made["secret"] not in everything
    assert made["secret"].removeprefix("whsec_") not in everything


def test_the_key_that_signs_is_asked_for_where_it_is_not_known_yet(
    there: Receiver, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = set_up()["secret"]
    happens(upto=1)
    monkeypatch.setattr(signing_keys, "_read", None)
    assert send() == 1
    ((body, headers),) = there.heard
    raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    assert is_genuine(raw, headers, secret=secret, now=time.at)


def test_a_rotated_secret_signs_beside_the_one_before_for_a_day(there: Receiver, time: Time) -> None:
    first = set_up()["secret"]
    second = ask("POST /v1/desk/webhooks/books/rotate", {}, key="rotate-me-1")[1]["secret"]
    assert ask("POST /v1/desk/webhooks/books/rotate", {}, key="rotate-me-1")[1]["secret"] == second != first
    happens(upto=1)
    send()
    time.on(hours=25)
    happens(upto=2)
    send()
    for (body, headers), good in zip(there.heard, ((first, second), (second,)), strict=True):
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=time.at.tzinfo)
        fits = [one for one in (first, second) if is_genuine(raw, headers, secret=one, now=at)]
        assert tuple(fits) == good


def test_it_hears_of_the_types_that_were_asked_for(there: Receiver) -> None:
    set_up(types=["appointment.confirmed"])
    happens()
    send()
    assert [body["type"] for body, _ in there.heard] == ["appointment.confirmed"]


def test_one_that_fails_holds_up_its_own_thing_alone_and_is_told_again_with_the_same_id(
    there: Receiver, time: Time
) -> None:
    there.answers = lambda n: (500 if there.heard[n - 1][0]["about"]["id"] == "a-1" and n < 4 else 200, "", None)
    set_up()
    happens("a-1", upto=2)
    happens("a-2", upto=2)
    send()
    assert there.numbers == [("a-1", 10), ("a-2", 10), ("a-2", 20)]
    assert [(one["about"]["id"], one["about"]["number"]) for one in listed(waiting=True)] == [("a-1", 10), ("a-1", 20)]
    time.on(seconds=7)
    send()
    assert there.numbers[3:] == [("a-1", 10), ("a-1", 20)]
    assert there.ids[0] == there.ids[3]
    assert not listed(waiting=True)


def test_after_the_last_attempt_the_later_ones_go_on(there: Receiver, time: Time) -> None:
    there.answers = lambda n: (200 if there.heard[n - 1][0]["about"]["number"] == 20 else 500, "no", None)
    set_up()
    happens(upto=2)
    for planned in SCHEDULE:
        time.at += planned * 1.2
        send()
    time.on(minutes=1)
    send()
    assert [number for _, number in there.numbers] == [10] * 10 + [20]
    assert {one["about"]["number"]: one["status"] for one in listed()} == {10: "given_up", 20: "delivered"}


def test_who_asks_for_time_gets_it(there: Receiver, time: Time) -> None:
    there.answers = lambda n: (429, "slower", timedelta(hours=1)) if n == 1 else (200, "ok", None)
    set_up()
    happens(upto=1)
    send()
    time.on(minutes=59)
    assert send() == 0
    time.on(minutes=2)
    assert send() == 1


def test_410_switches_it_off_and_tells_the_business(there: Receiver, queued: Any) -> None:
    there.answers = lambda _: (410, "gone", None)
    set_up()
    happens()
    send()
    assert len(there.heard) == 1
    assert ask("GET /v1/desk/webhooks/books")[1]["off"] == "gone"
    assert [one["status"] for one in listed()] == ["stopped"] * 3
    assert [key["id"].split("#")[2] for key in queued("MESSAGES_QUEUE")] == ["webhook_off"]
    happens("a-2")
    assert send() == 0


def test_five_days_of_failing_switch_it_off_and_its_owner_on_again(there: Receiver, time: Time, queued: Any) -> None:
    there.answers = lambda _: (0, "ConnectTimeoutError", None)
    set_up()
    for day in range(6):
        happens(f"a-{day}", upto=1)
        send()
        time.on(days=1)
    assert ask("GET /v1/desk/webhooks/books")[1]["off"] == "failing"
    assert len(queued("MESSAGES_QUEUE")) == 1
    assert ask("POST /v1/desk/webhooks/books/test", {})[0] == 409
    there.answers = lambda _: (200, "ok", None)
    assert ask("PUT /v1/desk/webhooks/books", {"url": URL, "on": True})[1]["off"] is None
    there.heard.clear()
    status, replayed = ask("POST /v1/desk/webhooks/books/replay", {"since": (BOOKED - timedelta(days=1)).isoformat()})
    assert (status, replayed["count"], replayed["next"]) == (200, 6, None)
    send()
    assert sorted(id for id, _ in there.numbers) == [f"a-{day}" for day in range(6)]


def test_a_replay_is_of_its_span_alone_with_the_ids_that_they_had(there: Receiver, time: Time) -> None:
    set_up()
    for hour in range(4):
        happens(f"a-{hour}", upto=1)
        time.on(hours=1)
    send()
    first = dict(zip([id for id, _ in there.numbers], there.ids, strict=True))
    there.heard.clear()
    span = {name: (BOOKED + timedelta(hours=at)).isoformat() for name, at in (("since", 1), ("until", 3))}
    assert ask("POST /v1/desk/webhooks/books/replay", span)[1]["count"] == 2
    send()
    assert dict(zip([id for id, _ in there.numbers], there.ids, strict=True)) == {
        id: first[id] for id in ("a-1", "a-2")
    }


def test_one_delivery_can_be_sent_again(there: Receiver) -> None:
    set_up()
    happens(upto=1)
    send()
    (done,) = listed()
    assert ask("POST /v1/desk/webhooks/books/redeliver", {"delivery": done["id"]})[1]["status"] == "waiting"
    send()
    assert there.ids[0] == there.ids[1]
    assert len(listed()[0]["attempts"]) == 2
    unknown = {"delivery": "books#appointment#a-9#0#evt_9"}
    assert ask("POST /v1/desk/webhooks/books/redeliver", unknown, key="not-there-1")[0] == 404


def test_a_test_says_that_it_is_one(there: Receiver) -> None:
    set_up(types=["appointment.booked"])
    status, sent = ask("POST /v1/desk/webhooks/books/test", {}, key="try-it-now-1")
    assert (status, sent["type"]) == (200, "webhook.test")
    assert ask("POST /v1/desk/webhooks/books/test", {}, key="try-it-now-1")[1]["id"] == sent["id"]
    send()
    assert [body["type"] for body, _ in there.heard] == ["webhook.test"]


def test_what_was_answered_is_shown_with_its_beginning_alone(there: Receiver) -> None:
    there.answers = lambda _: (418, "x" * 5_000, None)
    set_up()
    happens(upto=1)
    send()
    (attempt,) = listed(waiting=True)[0]["attempts"]
    assert (attempt["status"], attempt["milliseconds"]) == (418, 5)


def test_two_at_once_call_it_once(there: Receiver) -> None:
    """The second finds the lease taken, and leaves everything as it is."""
    inside: list[int] = []

    def looks_in(_: int) -> tuple[int, str, None]:
        inside.append(send())
        return 200, "ok", None

    there.answers = looks_in
    set_up()
    happens(upto=1)
    assert send() == 1
    assert inside == [0]


def test_what_was_woken_during_a_run_is_not_lost(there: Receiver, queued: Any) -> None:
    def meanwhile(n: int) -> tuple[int, str, None]:
        if n == 1:
            happens("a-2", upto=1)
        return 200, "ok", None

    there.answers = meanwhile
    set_up()
    happens(upto=1)
    send()
    assert {id for id, _ in there.numbers} == {"a-1", "a-2"}
    assert {key["id"] for key in queued("DUE_QUEUE")} == {"endpoint#books"}


@pytest.mark.usefixtures("there")
def test_a_run_that_died_is_taken_over_when_its_lease_is_over(time: Time) -> None:
    set_up()
    happens(upto=1)
    died = stored.lease("lotus", "books", now=time.at, lasts=calling.LEASE)
    died.__enter__()
    assert send() == 0
    time.at += calling.LEASE + timedelta(seconds=1)
    assert send() == 1


@pytest.mark.usefixtures("there")
def test_what_there_is_no_time_for_is_left_and_asked_for_again(queued: Any) -> None:
    set_up()
    happens()
    queued("DUE_QUEUE")
    left = iter([True, False])
    assert calling.call_all("lotus", "books", has_time=lambda: next(left)).calls == 1
    assert [key["id"] for key in queued("DUE_QUEUE")] == ["endpoint#books"]
    assert len(listed(waiting=True)) == 2


@pytest.mark.usefixtures("there")
def test_the_sweep_finds_an_address_that_nobody_was_told_of(time: Time, queued: Any) -> None:
    set_up()
    happens(upto=1)
    queued("DUE_QUEUE")
    time.on(minutes=1)
    due_sweep.handler({"lane": "event", "time": time.at.isoformat()}, None)
    assert [key["id"] for key in queued("DUE_QUEUE")] == ["endpoint#books"]
    send()
    time.on(minutes=1)
    send()  # once more, for an index may be behind
    due_sweep.handler({"lane": "event", "time": (time.at + timedelta(days=1)).isoformat()}, None)
    assert queued("DUE_QUEUE") == []


def test_the_sender_is_asked_and_not_waited_for() -> None:
    payload = json.dumps({"business": "lotus", "endpoint": "books"})
    wanted = {"FunctionName": "kept-webhook_sender", "InvocationType": "Event", "Payload": payload}
    with Stubber(aws("lambda")) as stubber:
        stubber.add_response("invoke", {"StatusCode": 202}, wanted)
        key = {"lane": "event", "business": "lotus", "id": "endpoint#books"}
        assert due_worker.handler(records(json.dumps([key])), None) == {"batchItemFailures": []}
        stubber.assert_no_pending_responses()


def test_a_change_that_was_put_back_is_told_after_all(there: Receiver, queued: Any) -> None:
    """By the worker of all due work, to who hears of it."""
    set_up()
    lotus.put(an_appointment())
    changes_aside.put("lotus", Failed("events", Kind.APPOINTMENT, "a-1", BOOKED, "1", "ConnectionError"))
    key = {"lane": "event", "business": "lotus", "id": "aside#events#appointment#a-1"}
    assert due_worker.handler(records(json.dumps([key])), None) == {"batchItemFailures": []}
    assert queued("DUE_QUEUE") == [{"lane": "event", "business": "lotus", "id": "endpoint#books"}]
    assert send() == 1
    assert [body["type"] for body, _ in there.heard] == ["appointment.booked"]


def test_what_fails_for_good_is_set_aside_by_its_dead_letter_and_put_back_by_a_manager() -> None:
    set_up()
    happens(upto=1)
    key = {"lane": "event", "business": "lotus", "id": "endpoint#books"}
    assert set_aside.handler(records(json.dumps([key])), None) == {"batchItemFailures": []}
    manager = {**OWNER, "cognito:groups": "[manager]"}
    status, shown = ask("GET /v1/desk/set-aside", who=manager, of=put_back)
    assert (status, [(it["lane"], it["id"]) for it in shown]) == (200, [("event", "endpoint#books")])
    body = {"lane": "event", "id": "endpoint#books"}
    assert ask("POST /v1/desk/set-aside/put-back", body, who=manager, of=put_back)[0] == 200
    assert not list(aside.waiting("lotus"))


def test_an_event_whose_words_are_gone_is_given_up_without_a_call(there: Receiver, time: Time) -> None:
    set_up()
    happens(upto=1)
    (logged,) = event_log.page("lotus", after=None, types=frozenset(), limit=9, now=time.at + timedelta(days=1)).events
    EventItem("lotus", f"event#{logged.id}").delete()
    for planned in SCHEDULE:
        time.at += planned * 1.2
        send()
    assert there.heard == []
    assert [one["status"] for one in listed()] == ["given_up"]


REFUSED = {
    "plain http": "http://hooks.lotus.example/kept",
    "this machine": "https://localhost/kept",
    "metadata": "https://169.254.169.254/latest",
    "a name that leads inside": "https://inside.lotus.example/kept",
    "a name that leads to both": "https://both.lotus.example/kept",
    "a name that leads nowhere": "https://nowhere.lotus.example/kept",
    "another port": "https://hooks.lotus.example:8080/kept",
    "a user": "https://kept@hooks.lotus.example/kept",
}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    found = RESOLVED | {
        "inside.lotus.example": ["10.0.0.7"],
        "both.lotus.example": ["93.184.215.14", "169.254.169.254"],
        "mapped.lotus.example": ["::ffff:127.0.0.1"],
    }
    monkeypatch.setattr(https_call, "resolved", lambda host, _: found.get(host, []))


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_server_on_the_internet_is_refused_in_words_and_nothing_is_changed(case: str) -> None:
    before = lotus.everything()
    status, refused = ask("PUT /v1/desk/webhooks/books", {"url": REFUSED[case]})
    assert (status, refused["code"], refused["field"]) == (422, "invalid_setting", "url")
    assert lotus.everything() == before


@pytest.mark.parametrize("leads_to", [["10.0.0.7"], ["93.184.215.14", "::1"], ["::ffff:169.254.169.254"], []])
def test_a_name_that_leads_elsewhere_since_is_not_called(leads_to: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is resolved anew before every call."""
    set_up()
    happens(upto=1)
    monkeypatch.setattr(https_call, "resolved", lambda *_: leads_to)
    monkeypatch.setattr(https_call, "_asked", lambda *_: pytest.fail("it was called"))
    send()
    (attempt,) = listed(waiting=True)[0]["attempts"]
    assert attempt["status"] == 0
    assert attempt["said"] in (https_call.INSIDE, https_call.NO_NAME)


def test_a_business_has_five_at_the_most() -> None:
    for n in range(5):
        assert ask(f"PUT /v1/desk/webhooks/w-{n}", {"url": URL})[0] == 200
    status, refused = ask("PUT /v1/desk/webhooks/w-5", {"url": URL})
    assert (status, refused["code"]) == (422, "invalid_setting")
    assert ask("DELETE /v1/desk/webhooks/w-0")[0] == 200
    assert ask("PUT /v1/desk/webhooks/w-5", {"url": URL})[0] == 200


def test_one_that_was_dropped_hears_of_nothing_more(there: Receiver) -> None:
    set_up()
    happens(upto=1)
    assert ask("DELETE /v1/desk/webhooks/books") == (200, {"id": "books"})
    assert send() == 0
    happens("a-2")
    assert there.heard == []
    assert ask("GET /v1/desk/webhooks/books")[0] == 404


def test_the_log_is_read_by_who_leads(time: Time) -> None:
    set_up()
    happens()
    time.on(seconds=10)
    manager = {**OWNER, "cognito:groups": "[manager]"}
    status, found = ask("GET /v1/desk/events?limit=2", who=manager)
    assert status == 200
    assert [one["about"]["number"] for one in found["events"]] == [10, 20]
    assert found["more"]
    rest = ask(f"GET /v1/desk/events?after={found['next']}", who=manager)[1]
    assert [one["about"]["number"] for one in rest["events"]] == [30]
    assert not rest["more"]
    only = ask("GET /v1/desk/events?type=appointment.arrived", who=manager)[1]
    assert [one["type"] for one in only["events"]] == ["appointment.arrived"]
    assert ask("GET /v1/desk/events?type=appointment.eaten", who=manager)[0] == 422
    assert ask("GET /v1/desk/events?after=x", who=manager)[0] == 422
    assert ask("GET /v1/desk/events", who={**OWNER, "cognito:groups": "[staff]"})[0] == 403
    assert ask("GET /v1/desk/webhooks", who=manager)[0] == 403
    assert ask("GET /v1/desk/events", who={**OWNER, "custom:business": "garage"})[1]["events"] == []


def test_an_address_that_could_not_be_asked_for_is_set_aside_and_put_back_like_all_due_work(there: Receiver) -> None:
    set_up()
    happens(upto=1)
    key = Key(Lane.EVENT, "lotus", "endpoint#books")
    assert aside.set_aside(key, now=BOOKED + timedelta(seconds=1))
    assert [waits.id for waits in aside.waiting("lotus")] == ["endpoint#books"]
    aside.put_back(key)
    assert send() == 1
    assert len(there.heard) == 1


def test_with_its_signing_key_gone_nothing_is_called_unsigned(there: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt says why, for whoever is to rotate the secret; with the key back it is told."""
    set_up()
    happens(upto=1)
    with monkeypatch.context() as patched:
        patched.setattr(signing_keys, "current", lambda: SimpleNamespace(current="k9", keys={}))
        assert send() == 1
    assert there.heard == []
    ((shown,),) = [listed(waiting=True)]
    assert shown["attempts"][0]["said"] == calling.NO_KEY


def test_one_that_is_dropped_while_it_is_called_does_not_come_back(there: Receiver) -> None:
    """What it answered says nothing of any other address."""
    set_up()
    happens(upto=1)

    def dropped(_: int) -> tuple[int, str, timedelta | None]:
        assert ask("DELETE /v1/desk/webhooks/books")[0] in (200, 204)
        return 410, "gone", None

    there.answers = dropped
    send()
    assert stored.endpoint("lotus", "books") is None


def test_switched_off_twice_in_a_day_its_business_is_told_once(there: Receiver, queued: Any) -> None:
    there.answers = lambda _: (410, "gone", None)
    set_up()
    for id in ("a-1", "a-2"):
        happens(id, upto=1)
        send()
        assert ask("GET /v1/desk/webhooks/books")[1]["off"] == "gone"
        assert ask("PUT /v1/desk/webhooks/books", {"url": URL, "on": True})[1]["off"] is None
    assert len(queued("MESSAGES_QUEUE")) == 1
