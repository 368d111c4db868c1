"""The stand-in fails as it is told to, and tells of what it took at the moment it was told to."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.local.inbox import Inbox
from infra.local.place import Place
from infra.local.product_clock import ProductClock
from infra.local.providers import readers
from infra.local.providers import stand_in as providers_stand_in
from infra.local.providers.answers import Answer, Request
from infra.local.providers.faults import Faults, from_form
from infra.local.providers.gateway import headers
from infra.local.providers.stand_in import StandIn
from tests.local.requests_to_providers import (
    ACCOUNTS,
    BUSINESS,
    OPENID,
    a_card,
    a_text,
    a_token,
    a_whatsapp,
    an_inbox,
    posted,
    some_words,
    wechat_words,
)


class Product(ThreadingHTTPServer):
    """What the product's routes are told, and what they answer; each path in turn, the last answer from then on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Heard)
        self.heard: list[tuple[str, bytes]] = []
        self.answers = [200]


class _Heard(BaseHTTPRequestHandler):
    server: Product

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path.partition("?")[0], body))
        answers = self.server.answers
        self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def product() -> Iterator[Product]:
    with Product() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def place(tmp_path: Path, product: Product) -> Place:
    """Where its stack would be, the product listens as well, and knows nothing of SNS."""
    return Place(tmp_path, product.server_port, product.server_port)


@pytest.fixture
def clock(place: Place) -> ProductClock:
    return ProductClock(place.clock_file)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return an_inbox(tmp_path)


@pytest.fixture
def stand_in(place: Place, clock: ProductClock, inbox: Inbox) -> StandIn:
    return StandIn(place, clock, inbox, lambda: ACCOUNTS)


def webhook(clock: ProductClock, number: int = 1) -> Request:
    """To the business's gateway, which tells of it by a POST and so without a stack."""
    data = {"message": f"a_{number}#v1#same_day#webhook", "to": "+6591234567", "text": "See you at nine."}
    body = json.dumps({"type": "message.send", "timestamp": "2026-03-14T09:00:00Z", "data": data}).encode()
    secret = ACCOUNTS[BUSINESS]["webhook"]["secret"]
    return posted(f"/gateway/{BUSINESS}", body, named=headers(secret, f"a_{number}", clock.now(), body))


def told(stand_in: StandIn, product: Product) -> list[str]:
    """The types of what the product's webhook route heard, in the order of the alphabet."""
    stand_in.events.settle()
    route = f"/v1/inbound/webhook/{BUSINESS}"
    return sorted(json.loads(body)["type"] for path, body in product.heard if path == route)


def error(answer: Answer) -> tuple[int, str]:
    return answer[0], dict(answer[1]).get("x-amzn-errortype", "")


def test_what_is_taken_is_told_of_just_after(
    stand_in: StandIn, clock: ProductClock, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt follows the answer, as a provider's does; it never comes inside it unless that is asked for."""
    monkeypatch.setattr(providers_stand_in, "AFTER_THE_ANSWER", timedelta(hours=1))
    assert stand_in.answer(webhook(clock))[0] == 202
    assert product.heard == []
    clock.set(clock.now() + timedelta(hours=1))
    assert told(stand_in, product) == ["message.delivered"]


def test_a_provider_that_is_down_takes_nothing(stand_in: StandIn, clock: ProductClock, inbox: Inbox) -> None:
    """Whether it answers 503 or breaks the connection, nothing reaches a reader."""
    stand_in.faults.change({"webhook": {"down": "503"}})
    assert stand_in.answer(webhook(clock))[0] == 503
    stand_in.faults.change({"webhook": {"down": "reset"}})
    with pytest.raises(SystemExit):
        stand_in.answer(webhook(clock))
    assert inbox.newest_first() == []


def test_it_is_down_for_as_many_requests_as_were_asked_for(stand_in: StandIn) -> None:
    """And for not one more, so that a test can say which attempt succeeds."""
    stand_in.faults.change({"sms": {"down": "503", "times": 2}})
    assert [stand_in.answer(a_text())[0] for _ in range(3)] == [503, 503, 200]


def test_one_channel_s_trouble_is_not_another_s(stand_in: StandIn) -> None:
    """Text messages down leave WhatsApp well, so that the next channel can be tried."""
    stand_in.faults.change({"sms": {"down": "503"}})
    assert stand_in.answer(a_whatsapp())[0] == 200


def test_what_is_taken_and_never_answered_is_in_the_inbox_and_told_of(
    stand_in: StandIn, clock: ProductClock, inbox: Inbox, product: Product
) -> None:
    """The doubtful case: the sender knows nothing, the reader has the message, and a receipt says so."""
    stand_in.faults.change({"webhook": {"silent": 0, "times": 1}})
    with pytest.raises(SystemExit):
        stand_in.answer(webhook(clock))
    assert len(inbox.newest_first()) == 1
    assert told(stand_in, product) == ["message.delivered"]
    assert stand_in.answer(webhook(clock, 2))[0] == 202


THROTTLED = {
    "sms": (a_text, (400, "ThrottlingException")),
    "whatsapp": (a_whatsapp, (429, "ThrottledRequestException")),
}


@pytest.mark.parametrize("channel", THROTTLED)
def test_what_comes_faster_than_it_may_is_throttled(channel: str, stand_in: StandIn) -> None:
    """By AWS's own error of each channel, which our clients tell from other refusals."""
    make, refusal = THROTTLED[channel]
    stand_in.faults.change({channel: {"per_second": 0.01}})
    assert [error(stand_in.answer(make())) for _ in range(2)] == [(200, ""), refusal]


def test_wechat_and_a_gateway_throttle_in_their_own_words(stand_in: StandIn, clock: ProductClock) -> None:
    """WeChat by a code inside an answer of 200, a gateway by the status 429."""
    stand_in.faults.change({"wechat": {"per_second": 0.01}, "webhook": {"per_second": 0.01}})
    _, (status, _, body) = stand_in.answer(a_token()), stand_in.answer(a_token())
    assert (status, json.loads(body)["errcode"]) == (200, 45009)
    assert [stand_in.answer(webhook(clock, number))[0] for number in (1, 2)] == [202, 429]


def test_a_slow_provider_takes_its_time(stand_in: StandIn) -> None:
    """It answers all the same, after the delay that was asked for."""
    stand_in.faults.change({"sms": {"delay": 0.05}})
    began = time.monotonic()
    assert stand_in.answer(a_text())[0] == 200
    assert time.monotonic() - began >= 0.05


MOMENTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "never": ({"receipts": "off"}, []),
    "twice": ({"receipts": "twice"}, ["message.delivered"] * 2),
    "as failed": ({"addresses": {"+6591234567": "failed"}}, ["message.failed"]),
    "as read": ({"reads": True}, ["message.delivered", "message.read"]),
    "not as read where it failed": ({"reads": True, "addresses": {"+6591234567": "failed"}}, ["message.failed"]),
}


@pytest.mark.parametrize(("faults", "kinds"), MOMENTS.values(), ids=MOMENTS)
def test_receipts_come_as_asked_for(
    faults: dict[str, Any], kinds: list[str], stand_in: StandIn, clock: ProductClock, product: Product
) -> None:
    """None, two, of failure or of reading; and nothing is read that did not arrive."""
    stand_in.faults.change({"webhook": faults})
    stand_in.answer(webhook(clock))
    assert told(stand_in, product) == kinds


def test_an_early_receipt_comes_before_the_answer(stand_in: StandIn, clock: ProductClock, product: Product) -> None:
    """A race that happens: the product hears of a message whose sending it has not written down yet."""
    stand_in.faults.change({"webhook": {"receipts": "early"}})
    stand_in.answer(webhook(clock))
    assert len(product.heard) == 1


def test_a_late_receipt_comes_when_the_product_s_clock_is_there(
    stand_in: StandIn, clock: ProductClock, product: Product
) -> None:
    """Late is by the clock that the console sets, and until then it is shown as pending."""
    stand_in.faults.change({"webhook": {"receipts": "late", "late": 3600}})
    stand_in.answer(webhook(clock))
    assert told(stand_in, product) == []
    assert [event["kind"] for event in stand_in.state()["pending"]] == ["message.delivered"]
    clock.set(clock.now() + timedelta(hours=1))
    assert told(stand_in, product) == ["message.delivered"]


def test_the_product_is_told_again_when_it_fails_and_no_more_when_it_refuses(
    stand_in: StandIn, clock: ProductClock, product: Product
) -> None:
    """A 500 is tried again, a 404 is final and kept to be seen."""
    product.answers = [500, 200]
    stand_in.answer(webhook(clock))
    assert told(stand_in, product) == ["message.delivered"] * 2
    product.answers = [404]
    stand_in.answer(webhook(clock, 2))
    assert len(told(stand_in, product)) == 3
    (lost,) = stand_in.state()["undelivered"]
    assert lost["why"] == "/v1/inbound/webhook/lotus answered 404"


def test_what_no_topic_takes_is_kept_to_be_seen(stand_in: StandIn, product: Product) -> None:
    """An event that the product refuses is not lost silently."""
    product.answers = [404]
    stand_in.answer(a_text())
    stand_in.events.settle()
    (lost,) = stand_in.state()["undelivered"]
    assert lost["kind"] == "TEXT_DELIVERED"


def test_what_was_refused_is_kept_to_be_seen(stand_in: StandIn) -> None:
    """With the channel and the provider's reason, for whoever looks at the console."""
    stand_in.answer(a_text(MaxPrice="free"))
    (refused,) = stand_in.state()["refused"]
    assert (refused["channel"], refused["why"][:19]) == ("sms", "ValidationException")


@pytest.mark.parametrize("path", ["/", "/v1/other", "/wechat", "/gateway"])
def test_what_no_provider_has_is_not_found(path: str, stand_in: StandIn) -> None:
    """A mistyped address fails loudly and is not taken for a message."""
    assert stand_in.answer(posted(path, {}))[0] == 404


BAD_CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "of a channel there is not": ({"fax": {}}, "no channel fax"),
    "that is no object": ({"sms": "down"}, "an object"),
    "to a word there is not": ({"sms": {"down": "sometimes"}}, "503"),
    "to a rate of nothing": ({"sms": {"per_second": 0}}, "greater than 0"),
    "of what there is not": ({"sms": {"mood": "bad"}}, "mood"),
    "to what cannot become of a text": ({"sms": {"addresses": {"+1": "eaten"}}}, "not eaten"),
}


@pytest.mark.parametrize(("change", "words"), BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(
    change: dict[str, Any], words: str, stand_in: StandIn
) -> None:
    """Also not the sound half of the change that came with it."""
    before = stand_in.state()
    with pytest.raises(ValueError, match=words):
        stand_in.faults.change({"email": {"down": "503"}} | change)
    assert stand_in.state() == before


def test_what_is_not_said_stays_and_null_makes_all_well(stand_in: StandIn) -> None:
    """A change names what changes; null takes back one address, or a whole channel."""
    stand_in.faults.change({"sms": {"down": "503", "addresses": {"+1": "invalid", "+2": "spam"}}})
    stand_in.faults.change({"sms": {"addresses": {"+1": None}}})
    assert stand_in.faults.of("sms") == Faults(down="503", addresses={"+2": "spam"})  # type: ignore[arg-type]
    stand_in.faults.change({"sms": None})
    assert stand_in.faults.of("sms") == Faults()


def test_a_form_says_the_whole_of_one_channel(stand_in: StandIn) -> None:
    """What a form leaves empty is off, as a person at the console expects."""
    form = {"channel": "sms", "down": "503", "per_second": "", "delay": "", "silent": "", "times": "3", "late": "90"}
    stand_in.faults.change(from_form(form | {"receipts": "late", "address": "+1", "fate": "invalid"}))
    changed = Faults(down="503", times=3, receipts="late", late=90, addresses={"+1": "invalid"})  # type: ignore[arg-type]
    assert stand_in.faults.of("sms") == changed
    stand_in.faults.change(from_form({"channel": "sms", "well": "yes"}))
    assert stand_in.faults.of("sms") == Faults()


def reply(stand_in: StandIn, inbox: Inbox, clock: ProductClock, **said: str) -> None:
    readers.act(said, stand_in, inbox, clock.now())


def test_a_reader_answers_a_message(stand_in: StandIn, inbox: Inbox, clock: ProductClock, product: Product) -> None:
    """The product hears the answer, and the console shows it under the message."""
    stand_in.answer(webhook(clock))
    (sent,) = inbox.newest_first()
    reply(stand_in, inbox, clock, to=sent.id, text="1")
    assert told(stand_in, product) == ["message.delivered", "message.reply"]
    assert [written.text for written in inbox.answers()[sent.id]] == ["1"]


def test_a_reader_who_writes_opens_the_window_for_free_words(
    stand_in: StandIn, inbox: Inbox, clock: ProductClock
) -> None:
    """WhatsApp takes free words for a day from then on."""
    stand_in.answer(a_whatsapp())
    reply(stand_in, inbox, clock, channel="whatsapp", **{"from": "+12125550123"}, text="are you open?")
    stand_in.answer(a_whatsapp(some_words()))
    assert "fate" not in inbox.newest_first()[0].details


def test_a_reader_can_write_first(stand_in: StandIn, inbox: Inbox, clock: ProductClock, product: Product) -> None:
    """Without a message before, and may then be answered."""
    reply(stand_in, inbox, clock, channel="wechat", **{"from": OPENID}, at=BUSINESS, text="你好")
    stand_in.events.settle()
    assert [path for path, _ in product.heard] == [f"/v1/inbound/wechat/{BUSINESS}"]
    token = json.loads(stand_in.answer(a_token())[2])["access_token"]
    assert json.loads(stand_in.answer(wechat_words(token, "您好"))[2]) == {"errcode": 0, "errmsg": "ok"}


def test_who_leaves_a_wechat_account_is_not_reached_until_they_come_back(
    stand_in: StandIn, inbox: Inbox, clock: ProductClock
) -> None:
    """As WeChat does it: 43004 while they are away."""
    token = json.loads(stand_in.answer(a_token())[2])["access_token"]
    codes = []
    for words in ("#unsubscribe", "#subscribe"):
        reply(stand_in, inbox, clock, channel="wechat", **{"from": OPENID}, at=BUSINESS, text=words)
        codes.append(json.loads(stand_in.answer(a_card(token))[2])["errcode"])
    assert codes == [43004, 0]


@pytest.mark.parametrize(("keeps_list", "status"), [(True, 400), (False, 200)], ids=["its own", "none"])
def test_stop_puts_who_writes_it_on_the_list_of_a_number_that_keeps_one(
    keeps_list: bool, status: int, stand_in: StandIn, inbox: Inbox, clock: ProductClock
) -> None:
    """AWS's own list refuses what follows; a number without one leaves it to the product."""
    stand_in.faults.change({"sms": {"opt_outs": keeps_list}})
    stand_in.answer(a_text())
    reply(stand_in, inbox, clock, to=inbox.newest_first()[0].id, text="Stop")
    assert stand_in.answer(a_text())[0] == status


BAD_REPLIES: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({}, "Say"),
    "no words": ({"to": "x", "text": " "}, "Say"),
    "to a message there is not": ({"to": "x", "text": "1"}, "no such message"),
    "from a stranger to nobody": ({"channel": "sms", "from": "+12125550123", "text": "1"}, "say with `at`"),
    "over a channel there is not": ({"channel": "fax", "from": "1", "text": "1", "at": "2"}, "say with `at`"),
}


@pytest.mark.parametrize(("said", "words"), BAD_REPLIES.values(), ids=BAD_REPLIES)
def test_a_reader_cannot_say(
    said: dict[str, str], words: str, stand_in: StandIn, inbox: Inbox, clock: ProductClock
) -> None:
    """What names no words, no message and nobody to hear it is refused with what is missing."""
    with pytest.raises(ValueError, match=words):
        reply(stand_in, inbox, clock, **said)
