"""Wherever the API tells a reason it is in the language of who asks, else in English, beside its code and facts; what
was stored as a sentence before is told like what is written today.
"""

from dataclasses import replace
from typing import Any

import pytest

import clients
import follow_ups
import front_desk
from kept import clock
from kept.actor import KEPT, Actor, Change
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.subscriptions import Subscription, TapKind
from kept.follow_up.follow_up import open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import to_client
from kept.messaging.received import Received
from kept.reasons import Code, Reason, because
from kept.storage import messages
from tests import lotus
from tests.asking import ask
from tests.builders import a_client, an_appointment

DESK = "/v1/desk/appointments/a-1"
CLIENT = "/v1/desk/clients/c-1"
CHINESE = "这个地址以前就无法送达"

LANGUAGES = {
    "nothing said": ("", "en"),
    "English": ("en-GB,en;q=0.9", "en"),
    "Chinese": ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
    "another Chinese": ("zh-TW", "zh-Hans"),
    "the desk's own tag": ("zh-Hans", "zh-Hans"),
    "none of ours first": ("fr-FR,fr;q=0.9,zh;q=0.5", "zh-Hans"),
    "none of ours at all": ("fr-FR, de", "en"),
    "weighed the other way": ("en;q=0.1, zh;q=0.9", "zh-Hans"),
    "not wanted": ("zh;q=0, en", "en"),
    "anything": ("*", "en"),
    "rubbish": (";;,=,,q", "en"),
}
SAID = {"en": "The client has not agreed to text messages", "zh-Hans": "客户没有同意接收短信"}
OLD_SENTENCE = Reason.read("skipped: no consent for sms")


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def booked(client: Client | None = None, **how: Any) -> None:
    lotus.known(client)
    lotus.put(replace(an_appointment(), **how))


def a_message(channel: Channel = Channel.EMAIL) -> Message:
    business = lotus.the_salon().business
    return to_client(an_appointment(), a_client(), business, "two_days", now=lotus.NOW, over=channel)


def get(handler: Any, path: str, language: str = "") -> Any:
    answer = ask(handler, f"GET {path}", role="staff", language=language)
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.parametrize(("accepted", "language"), LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("reason", [because(Code.NO_CONSENT, channel="sms"), OLD_SENTENCE], ids=["today", "before"])
def test_the_ledger_speaks_the_language_of_who_asks(reason: Reason, accepted: str, language: str) -> None:
    booked()
    lotus.say(a_message(Channel.SMS).over(MessageStatus.SKIPPED, reason=reason))
    (line,) = get(front_desk.handler, f"{DESK}/messages", accepted)
    assert (line["status"], line["reason"]) == ("skipped", SAID[language])
    assert (line["reason_code"], line["facts"]) == ("no_consent", {"channel": "sms"})


def test_what_has_no_reason_has_no_code_either() -> None:
    booked()
    lotus.say(a_message())
    (line,) = get(front_desk.handler, f"{DESK}/messages", "zh")
    assert (line["reason"], line["reason_code"], line["facts"]) == ("", "", {})


def written(done: Reason | None) -> None:
    messages.put_received(Received("lotus", "c-1", "k-1", Channel.SMS, "1", lotus.NOW, about="a-1", done=done))


@pytest.mark.parametrize(
    ("done", "said", "code"),
    [
        pytest.param(because(Code.TIMES_OFFERED, count=3), "已提供 3 个其他时间", "times_offered", id="today"),
        pytest.param(Reason.read("other times offered (3)"), "已提供 3 个其他时间", "times_offered", id="before"),
        pytest.param(None, "", "", id="not yet"),
    ],
)
def test_what_was_done_about_a_reply_is_told_like_it(done: Reason | None, said: str, code: str) -> None:
    booked()
    written(done)
    (of_visit,) = get(front_desk.handler, f"{DESK}/replies", "zh")
    (of_client,) = get(clients.handler, f"{CLIENT}/conversation", "zh")
    for line in (of_visit, of_client):
        assert (line["done"], line["done_code"], bool(line["facts"])) == (said, code, done is not None)


def test_what_a_client_closed_is_told_with_its_code() -> None:
    she = a_client().stopping(Channel.EMAIL, why=because(Code.BOUNCED_BEFORE), at=lotus.NOW)
    no = Consent(
        Purpose.PROMOTIONAL, Channel.EMAIL, lotus.NOW, "email complaint", "marked as spam", ConsentWord.WITHDRAWN
    )
    words = Consent(Purpose.TRANSACTIONAL, Channel.SMS, lotus.NOW, "sms reply", "opted_out", ConsentWord.WITHDRAWN)
    declined = because(Code.DECLINED_IN_WECHAT)
    tap = Subscription(TapKind.DUE, lotus.NOW, "page", "", "a-1", void=declined)
    booked(replace(she, consents=(*she.consents, no, words), subscriptions=(tap,)))
    told = get(clients.handler, CLIENT, "zh")
    assert [(it["why"], it["why_code"]) for it in told["stopped"]] == [(CHINESE, "bounced_before")]
    assert [(it["void"], it["void_code"]) for it in told["subscriptions"]] == [("客户在微信中拒绝了", declined.code)]
    assert [it["words"] for it in told["consents"]][-2:] == ["客户曾将消息标为垃圾信息", "opted_out"], "theirs as it is"
    closed = get(front_desk.handler, DESK, "zh")["closed_channels"]
    assert (CHINESE, "bounced_before") in [(it["why"], it["why_code"]) for it in closed]


def test_evidence_is_told_in_the_language_of_who_asks() -> None:
    lines = ("two_days sms failed: opted out", "two_days email failed: opted_out", "on_my_way email queued")
    booked(evidence=lines)
    assert get(front_desk.handler, DESK, "zh")["evidence"] == [
        "two_days sms failed: 客户已退订",
        "two_days email failed: 客户已退订",
        "on_my_way email queued",
    ]


@pytest.mark.parametrize(
    ("by", "said"),
    [
        pytest.param(KEPT, "two_days over sms failed: 客户已退订", id="ours"),
        pytest.param(Actor("staff", "mei"), "two_days over sms failed: opted_out", id="somebody's own words"),
    ],
)
def test_the_line_that_opened_a_follow_up_is_told_so_too(by: Actor, said: str) -> None:
    why = Change(by, lotus.NOW, why="two_days over sms failed: opted_out")
    booked()
    opened = open_for(a_client(), "f-1", cause=OpenedBy.FAILED_MESSAGE, assignee="mei", policy=1, change=why)
    lotus.open_follow_up(opened)
    answer = ask(follow_ups.handler, "GET /v1/desk/follow-ups/f-1", role="staff", query={"locale": "zh-Hans"})
    assert answer.body["history"][0]["why"] == said
