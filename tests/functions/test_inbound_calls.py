"""WeChat and gateways at the door: whoever cannot prove who they are is sent away, and nothing is queued."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

import inbound_calls
from kept import clock
from tests import lotus
from tests.asking import Answer, an_http_event
from tests.functions.answering import a_gateway_call, a_wechat, by_gateway, by_wechat, call, waiting
from tests.functions.conftest import GATEWAYS

NOW = lotus.NOW
WECHAT, GATEWAY = "POST /v1/inbound/wechat/lotus", "POST /v1/inbound/webhook/lotus"
XML, JSON = a_wechat("明天下午三点可以吗", "w-1", NOW), a_gateway_call("1", "g-1", NOW)
ANOTHER_SECRET = "whsec_YW5vdGhlci1zZWNyZXQtb2YtYW5vdGhlci1vbmU="
LATER, EARLIER = timedelta(minutes=6), timedelta(minutes=-6)


def wechat(body: str = XML, query: Mapping[str, str] | None = None, route: str = WECHAT) -> Answer:
    return call(route, body, now=NOW, query=by_wechat(NOW) if query is None else query)


def gateway(body: str = JSON, headers: Mapping[str, str] | None = None, route: str = GATEWAY) -> Answer:
    return call(route, body, now=NOW, headers=by_gateway(body, NOW) if headers is None else headers)


def queued() -> list[dict[str, Any]]:
    return [json.loads(body) for body in waiting()]


def test_what_wechat_says_is_queued_as_it_is_and_answered_with_the_word_it_waits_for() -> None:
    answer = wechat()
    assert (answer.status, answer.body) == (200, "success")
    assert queued() == [{"called": "wechat", "business": "lotus", "body": XML}]


def test_what_a_gateway_says_is_queued_under_the_business_that_it_called() -> None:
    assert gateway().status == 200
    assert queued() == [{"called": "webhook", "business": "lotus", "body": JSON}]


def test_what_is_no_text_message_at_all_is_queued_too_where_it_can_be_looked_at() -> None:
    """Whoever signed it; what it says is read later, and what cannot be read stays with the dead letters."""
    assert [gateway("not json").status, wechat("not xml").status] == [200, 200]
    assert len(queued()) == 2


def test_wechat_is_greeted_with_its_own_words() -> None:
    answer = call("GET /v1/inbound/wechat/lotus", now=NOW, query=by_wechat(NOW) | {"echostr": "5836258353413562115"})
    assert (answer.status, answer.body) == (200, "5836258353413562115")
    assert queued() == []


WRONG_QUERIES: dict[str, dict[str, str]] = {
    "none": {},
    "no signature": {name: value for name, value in by_wechat(NOW).items() if name != "signature"},
    "an empty one": by_wechat(NOW) | {"signature": ""},
    "another one": by_wechat(NOW) | {"signature": "0" * 40},
    "one that is no ASCII": by_wechat(NOW) | {"signature": "签名"},
    "with another account's token": by_wechat(NOW, token="garage-token"),
    "with no token": by_wechat(NOW, token=""),
    "over another nonce": by_wechat(NOW) | {"nonce": "1"},
    "over another time": by_wechat(NOW) | {"timestamp": str(int(NOW.timestamp()) + 1)},
    "six minutes old": by_wechat(NOW - LATER),
    "six minutes ahead": by_wechat(NOW + LATER),
    "at no time": by_wechat(NOW) | {"timestamp": "now"},
    "at a time beyond all calendars": by_wechat(NOW) | {"timestamp": "9" * 400},
}
GOOD = by_gateway(JSON, NOW)
WRONG_HEADERS: dict[str, dict[str, str]] = {
    "none": {},
    "no signature": {name: value for name, value in GOOD.items() if name != "webhook-signature"},
    "an empty one": GOOD | {"webhook-signature": ""},
    "another one": GOOD | {"webhook-signature": "v1,AAAA"},
    "one that is no ASCII": GOOD | {"webhook-signature": "v1,签名"},
    "of another version": GOOD | {"webhook-signature": GOOD["webhook-signature"].replace("v1,", "v2,")},
    "with another business's secret": by_gateway(JSON, NOW, secret=ANOTHER_SECRET),
    "over another body": by_gateway(JSON.replace('"1"', '"3"'), NOW),
    "over another id": GOOD | {"webhook-id": "evt-2"},
    "without an id": GOOD | {"webhook-id": ""},
    "six minutes old": by_gateway(JSON, NOW + EARLIER),
    "six minutes ahead": by_gateway(JSON, NOW + LATER),
    "at no time": GOOD | {"webhook-timestamp": "now"},
    "at a time beyond all calendars": GOOD | {"webhook-timestamp": "9" * 400},
}


def is_sent_away(answer: Answer) -> bool:
    return (answer.status, json.loads(answer.body)["code"], queued()) == (403, "not_signed", [])


@pytest.mark.parametrize("query", WRONG_QUERIES.values(), ids=WRONG_QUERIES)
@pytest.mark.parametrize("route", [WECHAT, WECHAT.replace("POST", "GET")], ids=["saying", "greeting"])
def test_whoever_is_not_wechat_is_sent_away(query: dict[str, str], route: str) -> None:
    assert is_sent_away(wechat(query=query, route=route))


@pytest.mark.parametrize("headers", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
def test_whoever_is_not_the_gateway_is_sent_away(headers: dict[str, str]) -> None:
    assert is_sent_away(gateway(headers=headers))


@pytest.mark.parametrize("business", ["garage", "nobody", "lotus%20", "__proto__"])
def test_a_signature_opens_no_other_business_and_none_without_an_account(business: str) -> None:
    assert is_sent_away(wechat(route=WECHAT.replace("lotus", business)))
    assert is_sent_away(gateway(route=GATEWAY.replace("lotus", business)))


def test_of_several_signatures_one_good_one_is_enough() -> None:
    """As while a secret is being changed."""
    both = f"v1,AAAA {GOOD['webhook-signature']}"
    assert gateway(headers=GOOD | {"webhook-signature": both}).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("x" * inbound_calls.LARGEST, 200, id="as large as may be"),
        pytest.param("\x01" * inbound_calls.LARGEST, 200, id="of signs that take six bytes each in the queue"),
        pytest.param("x" * (inbound_calls.LARGEST + 1), 413, id="a byte more"),
        pytest.param("约" * (inbound_calls.LARGEST // 2), 413, id="counted in bytes"),
    ],
)
def test_a_body_beyond_measure_is_refused(body: str, status: int) -> None:
    assert [wechat(body).status, gateway(body).status] == [status, status]
    assert len(queued()) == (2 if status == 200 else 0)


@pytest.mark.parametrize("body", [base64.b64encode(b"\xff\xfe\x00").decode(), "a"], ids=["no text", "no base64"])
def test_a_body_that_is_not_text_is_refused(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for route in (WECHAT, GATEWAY):
        event = an_http_event(route, query=by_wechat(NOW)) | {"body": body, "isBase64Encoded": True}
        answer = inbound_calls.handler(event, None)
        assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (422, "invalid_request")
    assert queued() == []


def test_a_body_in_base64_is_read_as_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As API Gateway hands on a content type that it does not know."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    event = an_http_event(WECHAT, query=by_wechat(NOW))
    inbound_calls.handler(event | {"body": base64.b64encode(XML.encode()).decode(), "isBase64Encoded": True}, None)
    assert [record["body"] for record in queued()] == [XML]


def test_nothing_personal_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="kept"):
        wechat()
        gateway()
        wechat(query={})
        gateway(headers={})
    logged = str([vars(record) for record in caplog.records if record.name.startswith("kept")])
    assert "POST /v1/inbound" in logged
    secrets = [GATEWAYS["lotus"]["webhook"]["secret"], GATEWAYS["lotus"]["wechat"]["token"]]
    for personal in ("明天下午", "13812345678", "oABCD", GOOD["webhook-signature"], *secrets):
        assert personal not in logged
