"""What the stand-in tells: in the providers' own shapes, and so that the product reads it as it was meant."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from infra.local.inbox import Sent, Written
from infra.local.providers.answers import Refused
from infra.local.providers.email import Email
from infra.local.providers.events import Event, Notice, Post
from infra.local.providers.provider import Provider
from kept.messaging.channels import email, sms, standard_webhooks, webhook, wechat_inbound, whatsapp
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Tapped
from tests.local.requests_to_providers import (
    ACCOUNTS,
    BUSINESS,
    NOW,
    OPENID,
    StackSes,
    a_card,
    a_mail,
    a_subscription,
    a_text,
    a_token,
    a_webhook,
    a_whatsapp,
    all_providers,
    an_inbox,
    some_words,
    taken,
    wechat_words,
)

LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def providers(tmp_path: Path) -> dict[str, Provider]:
    inbox = an_inbox(tmp_path)
    inbox.keep_written(wrote("whatsapp", "+12125550188", "hello"))
    inbox.keep_written(wrote("wechat", OPENID, "你好"))
    return all_providers(inbox)


def wrote(channel: str, reader: str, text: str, *, at: str = "", to: str = "") -> Written:
    return Written(f"{channel}-words", channel, reader, at, NOW.isoformat(), text, to)


def a_sent(channel: str, providers: Mapping[str, Provider]) -> Sent:
    """The usual message of that channel."""
    usual = {"email": a_mail, "sms": a_text, "whatsapp": a_whatsapp, "webhook": a_webhook}
    return taken(providers[channel], a_card(token(providers)) if channel == "wechat" else usual[channel]())


def token(providers: Mapping[str, Provider]) -> str:
    return str(json.loads(providers["wechat"].take(a_token(), {}, NOW).answer[2])["access_token"])


def read(channel: str, event: Event) -> Sequence[Receipt | Reply | Tapped]:
    """By the product's own reader of the channel, after it has looked at the signature."""
    readers: dict[str, Callable[[Mapping[str, Any]], Sequence[Receipt | Reply]]] = {
        "email": email.events,
        "sms": sms.events,
        "whatsapp": whatsapp.events,
    }
    if isinstance(event, Notice):
        return readers[channel](json.loads(event.text))
    query, headers = event.signed(event.body, NOW)
    if channel == "wechat":
        assert wechat_inbound.is_genuine(query, token=ACCOUNTS[BUSINESS]["wechat"]["token"], now=NOW)
        return wechat_inbound.events(event.body, business=BUSINESS)
    assert standard_webhooks.is_genuine(event.body, headers, secret=ACCOUNTS[BUSINESS]["webhook"]["secret"], now=NOW)
    return webhook.events(json.loads(event.body), business=BUSINESS)


FATES = {
    ("email", "delivered"): [ReceiptStatus.DELIVERED],
    ("email", "bounce"): [ReceiptStatus.BOUNCED],
    ("email", "soft"): [ReceiptStatus.FAILED],
    ("email", "suppressed"): [ReceiptStatus.BOUNCED],
    ("email", "complaint"): [ReceiptStatus.DELIVERED, ReceiptStatus.COMPLAINED],
    ("sms", "delivered"): [ReceiptStatus.DELIVERED],
    ("sms", "invalid"): [ReceiptStatus.BOUNCED],
    ("sms", "unreachable"): [ReceiptStatus.FAILED],
    ("sms", "carrier_unreachable"): [ReceiptStatus.FAILED],
    ("sms", "blocked"): [ReceiptStatus.FAILED],
    ("sms", "spam"): [ReceiptStatus.FAILED],
    ("sms", "expired"): [ReceiptStatus.FAILED],
    ("whatsapp", "delivered"): [ReceiptStatus.DELIVERED],
    ("whatsapp", "unreachable"): [ReceiptStatus.BOUNCED],
    ("whatsapp", "unwanted"): [ReceiptStatus.FAILED],
    ("whatsapp", "stopped"): [ReceiptStatus.FAILED, ReceiptStatus.COMPLAINED],
    ("whatsapp", "no_template"): [ReceiptStatus.FAILED],
    ("whatsapp", "paused"): [ReceiptStatus.FAILED],
    ("wechat", "delivered"): [ReceiptStatus.DELIVERED],
    ("wechat", "blocked"): [ReceiptStatus.OPTED_OUT],
    ("wechat", "failed"): [ReceiptStatus.FAILED],
    ("webhook", "delivered"): [ReceiptStatus.DELIVERED],
    ("webhook", "failed"): [ReceiptStatus.FAILED],
    ("webhook", "invalid"): [ReceiptStatus.BOUNCED],
    ("webhook", "opted_out"): [ReceiptStatus.OPTED_OUT],
}
REFUSED_AT_ONCE = {
    "sms": {"opted_out"},
    "wechat": {"invalid", "unfollowed", "blacklisted", "refuses"},
}


@pytest.mark.parametrize(("said", "means"), FATES.items(), ids=map("-".join, FATES))
def test_what_becomes_of_a_message_is_read_as_it_was_meant(
    said: tuple[str, str], means: list[ReceiptStatus], providers: dict[str, Provider]
) -> None:
    channel, fate = said
    sent = a_sent(channel, providers)
    receipts = [receipt for event in providers[channel].tell(sent, fate, LATER) for receipt in read(channel, event)]
    assert [receipt.tells for receipt in receipts if isinstance(receipt, Receipt)] == means
    assert {receipt.business for receipt in receipts} == {BUSINESS}


def test_every_fate_has_its_line_above(providers: dict[str, Provider]) -> None:
    told = {(channel, fate) for channel, provider in providers.items() for fate in provider.fates}
    assert told == FATES.keys() | {(channel, fate) for channel, fates in REFUSED_AT_ONCE.items() for fate in fates}


AFTERWARDS = {
    ("email", "spam"): ReceiptStatus.COMPLAINED,
    ("whatsapp", "read"): ReceiptStatus.READ,
    ("webhook", "read"): ReceiptStatus.READ,
}


@pytest.mark.parametrize(("said", "means"), AFTERWARDS.items(), ids=map("-".join, AFTERWARDS))
def test_what_its_reader_does_with_it_is_told_later(
    said: tuple[str, str], means: ReceiptStatus, providers: dict[str, Provider]
) -> None:
    channel, what = said
    assert what in providers[channel].later
    (event,) = providers[channel].tell(a_sent(channel, providers), what, LATER)
    (receipt,) = read(channel, event)
    assert isinstance(receipt, Receipt)
    assert receipt.tells is means


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "wechat", "webhook"])
def test_what_a_reader_answers_is_read_with_who_said_it(channel: str, providers: dict[str, Provider]) -> None:
    sent = a_sent(channel, providers)
    (reply,) = read(channel, providers[channel].hear(wrote(channel, sent.to, "好的", at=sent.sender, to=sent.id), sent))
    assert isinstance(reply, Reply)
    assert (reply.text, reply.address) == ("好的", sent.to)


def test_a_button_of_a_template_says_what_stands_on_it(providers: dict[str, Provider]) -> None:
    sent = a_sent("whatsapp", providers)
    event = providers["whatsapp"].hear(wrote("whatsapp", sent.to, "1", at=sent.sender, to=sent.id), sent)
    assert isinstance(event, Notice)
    (message,) = value(event)["messages"]
    assert (message["type"], message["button"]) == ("button", {"payload": "1", "text": "1"})
    assert message["context"]["id"] == sent.details["wamid"]


def test_a_sender_id_cannot_be_answered(providers: dict[str, Provider]) -> None:
    with pytest.raises(ValueError, match="sender id"):
        providers["sms"].hear(wrote("sms", "+12125550123", "1", at="Kept"), None)


def test_mail_is_not_answered_to_the_product(providers: dict[str, Provider]) -> None:
    with pytest.raises(ValueError, match="business's own address"):
        providers["email"].hear(wrote("email", "ann@example.com", "1"), None)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_without_a_configuration_set_nothing_is_told(channel: str, providers: dict[str, Provider]) -> None:
    make = {"email": a_mail, "sms": a_text}[channel]
    assert providers[channel].tell(taken(providers[channel], make(ConfigurationSetName=None)), "delivered", LATER) == []


def test_a_topic_hears_only_of_what_it_listens_to() -> None:
    provider = Email(StackSes(types=frozenset({"COMPLAINT", "DELIVERY_DELAY"})))
    told = provider.tell(taken(provider, a_mail()), "complaint", LATER)
    assert [event.kind for event in told] == ["Complaint"]


def test_an_event_of_ses_says_which_mail_it_is_about(providers: dict[str, Provider]) -> None:
    sent = a_sent("email", providers)
    _, event = providers["email"].tell(sent, "bounce", LATER)
    assert isinstance(event, Notice)
    said = json.loads(event.text)
    assert said["mail"]["tags"]["message"] == ["a_1-v1"]
    assert said["mail"]["messageId"] == sent.id.removesuffix("-0")
    assert (said["mail"]["timestamp"], said["bounce"]["timestamp"]) == (
        "2026-03-14T09:00:00.000Z",
        "2026-03-14T09:00:30.000Z",
    )


def test_a_text_message_is_counted_in_parts(providers: dict[str, Provider]) -> None:
    sent = taken(providers["sms"], a_text(MessageBody="约" * 71))
    (event,) = providers["sms"].tell(sent, "delivered", LATER)
    assert isinstance(event, Notice)
    said = json.loads(event.text)
    assert (said["messageEncoding"], said["totalMessageParts"]) == ("Unicode", 2)


def test_free_words_on_whatsapp_fail_without_a_window_and_arrive_within_one(providers: dict[str, Provider]) -> None:
    closed = taken(providers["whatsapp"], a_whatsapp(some_words()))
    (failed,) = providers["whatsapp"].tell(closed, closed.details["fate"], LATER)
    assert isinstance(failed, Notice)
    assert [error["code"] for error in value(failed)["statuses"][0]["errors"]] == [131047]
    opened = taken(providers["whatsapp"], a_whatsapp(some_words(to="+12125550188")), now=NOW + timedelta(hours=23))
    assert "fate" not in opened.details


def test_the_window_closes_after_a_day(providers: dict[str, Provider]) -> None:
    late = taken(providers["whatsapp"], a_whatsapp(some_words(to="+12125550188")), now=NOW + timedelta(hours=24))
    assert late.details["fate"] == "closed"


def test_free_words_on_wechat_are_taken_and_nothing_is_told_of_them(providers: dict[str, Provider]) -> None:
    sent = taken(providers["wechat"], wechat_words(token(providers), "好的"))
    assert sent.text == "好的"
    assert providers["wechat"].tell(sent, "delivered", LATER) == []


def test_who_leaves_an_account_is_told_as_an_event(providers: dict[str, Provider]) -> None:
    event = providers["wechat"].hear(wrote("wechat", OPENID, "#unsubscribe", at=BUSINESS), None)
    assert isinstance(event, Post)
    assert b"<Event><![CDATA[unsubscribe]]></Event>" in event.body
    assert len(read("wechat", event)) == 1


def test_who_follows_an_account_brings_the_key_of_the_code_they_scanned(providers: dict[str, Provider]) -> None:
    event = providers["wechat"].hear(wrote("wechat", OPENID, "#subscribe c_1", at=BUSINESS), None)
    assert isinstance(event, Post)
    assert b"<EventKey><![CDATA[qrscene_c_1]]></EventKey>" in event.body


@pytest.mark.parametrize(("answer", "accepted"), [("#accept", True), ("#reject", False)])
def test_who_answers_the_window_of_a_subscription_is_told_as_an_event(
    answer: str, providers: dict[str, Provider], *, accepted: bool
) -> None:
    event = providers["wechat"].hear(wrote("wechat", OPENID, f"{answer} KT-remind-01", at=BUSINESS), None)
    (told,) = read("wechat", event)
    assert isinstance(told, Tapped)
    assert (told.address, told.template, told.accepted) == (OPENID, "KT-remind-01", accepted)


def test_a_subscription_is_one_message_for_each_tap(providers: dict[str, Provider]) -> None:
    """Of who never answered a window, the product's own page is believed."""
    account, given = providers["wechat"], token(providers)
    for _ in range(2):
        assert taken(account, a_subscription(given, "KT-never-asked")).text
    for _ in range(2):
        account.hear(wrote("wechat", OPENID, "#accept KT-remind-01", at=BUSINESS), None)
    assert [taken(account, a_subscription(given, "KT-remind-01")).subject for _ in range(2)] == ["KT-remind-01"] * 2
    with pytest.raises(Refused) as refused:
        taken(account, a_subscription(given, "KT-remind-01"))
    assert json.loads(refused.value.answer[2])["errcode"] == 43101
    account.hear(wrote("wechat", OPENID, "#reject KT-never-asked", at=BUSINESS), None)
    with pytest.raises(Refused):
        taken(account, a_subscription(given, "KT-never-asked"))


def test_wechat_signs_the_time_and_a_number_used_once(providers: dict[str, Provider]) -> None:
    """As its documents compute it: SHA-1 of token, timestamp and nonce in the order of the alphabet."""
    event = providers["wechat"].hear(wrote("wechat", OPENID, "你好", at=BUSINESS), None)
    assert isinstance(event, Post)
    query = dict(parse_qsl(urlencode(event.signed(event.body, NOW)[0])))
    parts = sorted([ACCOUNTS[BUSINESS]["wechat"]["token"], query["timestamp"], query["nonce"]])
    assert query["signature"] == hashlib.sha1("".join(parts).encode()).hexdigest()
    assert query["openid"] == OPENID


def value(event: Notice) -> Any:
    """Of the one change in the entry that AWS passes on."""
    (change,) = json.loads(json.loads(event.text)["whatsAppWebhookEntry"])["changes"]
    return change["value"]
