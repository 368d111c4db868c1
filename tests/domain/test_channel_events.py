"""What providers send back, in the shapes that they document, and what it tells of a message and its reader."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.channels import Channel
from kept.messaging.channels import email, sms, standard_webhooks, webhook, wechat_inbound, whatsapp
from kept.messaging.channels.provider import tag
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Unreadable
from kept.reasons import Reason

AT = datetime(2026, 3, 12, 9, 0, 2, tzinfo=UTC)
BUSINESS, MESSAGE = "lotus", "apt_4x7q#v2#two_days#sms"


def receipt(
    channel: Channel, tells: ReceiptStatus, why: str = "", provider_id: str = "p-1", at: datetime = AT
) -> Receipt:
    return Receipt(channel, tells, at, BUSINESS, MESSAGE, provider_id, Reason.read(why) if why else None)


# Amazon SES: what its configuration set publishes.


def ses(kind: str, name: str = "", **details: Any) -> dict[str, Any]:
    """As in the examples of the SES guide: `name` is the member that the event has to itself."""
    tags = {"ses:configuration-set": ["kept"], "business": [tag(BUSINESS)], "message": [tag(MESSAGE)]}
    mail = {
        "timestamp": "2026-03-12T09:00:00.000Z",
        "messageId": "p-1",
        "destination": ["wang@example.com"],
        "headersTruncated": False,
        "tags": tags,
    }
    return {"eventType": kind, "mail": mail} | (
        {name: {"timestamp": "2026-03-12T09:00:02.000Z", **details}} if name else {}
    )


def bounce(kind: str, sub_type: str) -> dict[str, Any]:
    recipients = [{"emailAddress": "wang@example.com", "action": "failed", "status": "5.1.1"}]
    return ses("Bounce", "bounce", bounceType=kind, bounceSubType=sub_type, bouncedRecipients=recipients)


@pytest.mark.parametrize(
    ("event", "tells", "why"),
    [
        pytest.param(
            ses("Delivery", "delivery", smtpResponse="250 2.6.0"), ReceiptStatus.DELIVERED, "", id="delivered"
        ),
        pytest.param(bounce("Permanent", "General"), ReceiptStatus.BOUNCED, "no_such_address", id="a hard bounce"),
        pytest.param(bounce("Permanent", "NoEmail"), ReceiptStatus.BOUNCED, "no_such_address", id="no such mailbox"),
        pytest.param(bounce("Permanent", "Suppressed"), ReceiptStatus.BOUNCED, "bounced_before", id="on Amazon's list"),
        pytest.param(
            bounce("Permanent", "OnAccountSuppressionList"), ReceiptStatus.BOUNCED, "bounced_before", id="on our list"
        ),
        pytest.param(
            bounce("Permanent", "UnsubscribedRecipient"),
            ReceiptStatus.OPTED_OUT,
            "unsubscribed",
            id="unsubscribed at SES",
        ),
        pytest.param(
            bounce("Transient", "General"), ReceiptStatus.FAILED, "mailbox_unreachable", id="given up after hours"
        ),
        pytest.param(bounce("Transient", "MailboxFull"), ReceiptStatus.FAILED, "mailbox_full", id="a full mailbox"),
        pytest.param(bounce("Transient", "MessageTooLarge"), ReceiptStatus.FAILED, "mailbox_too_small", id="too large"),
        pytest.param(
            bounce("Transient", "ContentRejected"), ReceiptStatus.FAILED, "content_refused", id="content refused"
        ),
        pytest.param(
            bounce("Undetermined", "Undetermined"), ReceiptStatus.FAILED, "mailbox_unreachable", id="a mystery"
        ),
        pytest.param(
            ses("Complaint", "complaint", complaintFeedbackType="abuse"),
            ReceiptStatus.COMPLAINED,
            "marked_spam",
            id="spam",
        ),
        pytest.param(
            ses("Complaint", "complaint", complaintSubType="OnAccountSuppressionList"),
            ReceiptStatus.OPTED_OUT,
            "marked_spam_before",
            id="not even sent to one who complained",
        ),
    ],
)
def test_ses_tells_of_an_email(event: dict[str, Any], tells: ReceiptStatus, why: str) -> None:
    """A wrong address is told from one that fails for now, and both from a reader who wants no more."""
    assert email.events(event) == [receipt(Channel.EMAIL, tells, why)]


def test_a_mail_with_a_virus_is_refused_after_it_was_taken() -> None:
    """The ledger says that it failed and why, though the provider had accepted it."""
    sent_at = AT - timedelta(seconds=2)
    why = "virus"
    event = ses("Reject") | {"reject": {"reason": "Bad content"}}
    assert email.events(event) == [receipt(Channel.EMAIL, ReceiptStatus.FAILED, why, at=sent_at)]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(ses("Send", "send"), id="sent"),
        pytest.param(ses("DeliveryDelay", "deliveryDelay", delayType="MailboxFull"), id="delayed"),
        pytest.param(ses("Open", "open"), id="opened, which we do not ask for"),
        pytest.param(ses("Complaint", "complaint", complaintFeedbackType="not-spam"), id="called no spam after all"),
        pytest.param(ses("Delivery", "delivery") | {"mail": {"messageId": "p-1"}}, id="another's mail"),
    ],
)
def test_what_ses_says_besides_is_nobody_s_concern(event: dict[str, Any]) -> None:
    """Nothing is recorded of what is on its way, delayed, opened or another's."""
    assert email.events(event) == []


# AWS End User Messaging: delivery events, and what readers write.


def text_event(kind: str, **different: Any) -> dict[str, Any]:
    """As in the example of the guide."""
    return {
        "eventType": kind,
        "eventVersion": "1.0",
        "eventTimestamp": 1773306002000,
        "isFinal": True,
        "originationPhoneNumber": "+12065550152",
        "destinationPhoneNumber": "+14255550156",
        "messageId": "p-1",
        "messageStatus": kind.removeprefix("TEXT_"),
        "context": {"business": BUSINESS, "message": MESSAGE},
        "totalMessageParts": 1,
        **different,
    }


@pytest.mark.parametrize(
    ("kind", "tells", "why"),
    [
        ("TEXT_DELIVERED", ReceiptStatus.DELIVERED, ""),
        ("TEXT_SUCCESSFUL", ReceiptStatus.DELIVERED, ""),
        ("TEXT_INVALID", ReceiptStatus.BOUNCED, "no_such_number"),
        ("TEXT_INVALID_MESSAGE", ReceiptStatus.FAILED, "text_refused"),
        ("TEXT_UNREACHABLE", ReceiptStatus.FAILED, "phone_unreachable"),
        ("TEXT_CARRIER_UNREACHABLE", ReceiptStatus.FAILED, "carrier_unreachable"),
        ("TEXT_BLOCKED", ReceiptStatus.FAILED, "blocked_by_phone"),
        ("TEXT_CARRIER_BLOCKED", ReceiptStatus.FAILED, "blocked_by_carrier"),
        ("TEXT_PROTECT_BLOCKED", ReceiptStatus.FAILED, "blocked_by_account"),
        ("TEXT_SPAM", ReceiptStatus.FAILED, "spam_to_carrier"),
        ("TEXT_TTL_EXPIRED", ReceiptStatus.FAILED, "not_in_time"),
        ("TEXT_UNKNOWN", ReceiptStatus.FAILED, "carrier_silent"),
    ],
)
def test_a_carrier_tells_of_a_text(kind: str, tells: ReceiptStatus, why: str) -> None:
    """Only an invalid number is never tried again."""
    assert sms.events(text_event(kind)) == [receipt(Channel.SMS, tells, why)]


@pytest.mark.parametrize(
    "event",
    [
        *(pytest.param(text_event(kind), id=kind) for kind in sorted(sms.ON_THE_WAY)),
        pytest.param(text_event("TEXT_SUCCESSFUL", isFinal=False), id="accepted by a carrier who will tell more"),
        pytest.param(text_event("TEXT_DELIVERED", context={}), id="the provider's own answer to HELP"),
    ],
)
def test_a_text_on_its_way_is_no_news(event: dict[str, Any]) -> None:
    """Nothing is recorded before a carrier's last word, nor of texts that are not ours."""
    assert sms.events(event) == []


def test_every_event_of_the_provider_s_model_is_known() -> None:
    """So that no kind of theirs goes by unread."""
    from botocore.session import get_session

    event_type: Any = get_session().get_service_model("pinpoint-sms-voice-v2").shape_for("EventType")
    kinds = {kind for kind in event_type.enum if kind.startswith("TEXT_")}
    assert kinds - {"TEXT_ALL"} == sms.TOLD.keys() | sms.ON_THE_WAY


def test_a_reader_answers_a_text() -> None:
    """It keeps the number it is from, its words, and which message of ours came last before it."""
    event = {
        "originationNumber": "+14255550182",
        "destinationNumber": "+12125550101",
        "messageKeyword": "KEYWORD_kept",
        "messageBody": "1",
        "inboundMessageId": "cae173d2",
        "previousPublishedMessageId": "p-1",
    }
    assert sms.events(event) == [Reply(Channel.SMS, "+14255550182", "1", "cae173d2", latest="p-1")]


# WhatsApp: the entry of Meta's webhook, inside what AWS publishes.


def on_whatsapp(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    changes = [{"field": field, "value": {"messaging_product": "whatsapp", **value}} for value in values]
    return {
        "context": {"MetaWabaIds": [], "MetaPhoneNumberIds": []},
        "whatsAppWebhookEntry": json.dumps({"id": "1", "changes": changes}),
        "aws_account_id": "123456789012",
        "message_timestamp": "2026-03-12T09:00:02.271279391Z",
        "messageId": "6d69f07a",
    }


def status(word: str, code: int | None = None, **different: Any) -> dict[str, Any]:
    errors = [{"code": code, "title": "to +14255550156", "error_data": {"details": "Wang Fang"}}]
    return {
        "id": "wamid.1",
        "status": word,
        "timestamp": "1773306002",
        "recipient_id": "14255550156",
        "biz_opaque_callback_data": f"{BUSINESS}/{MESSAGE}",
        **({"errors": errors} if code else {}),
        **different,
    }


@pytest.mark.parametrize(
    ("said", "tells", "why"),
    [
        pytest.param(status("delivered"), [ReceiptStatus.DELIVERED], "", id="delivered"),
        pytest.param(status("read"), [ReceiptStatus.READ], "", id="read"),
        pytest.param(status("failed", 131026), [ReceiptStatus.BOUNCED], "not_on_whatsapp", id="not there"),
        pytest.param(
            status("failed", 131050),
            [ReceiptStatus.FAILED, ReceiptStatus.COMPLAINED],
            "stopped_on_whatsapp",
            id="wants no invitations",
        ),
        pytest.param(status("failed", 131047), [ReceiptStatus.FAILED], "window_closed", id="too late"),
        pytest.param(status("failed", 130429), [ReceiptStatus.FAILED], "too_fast", id="too fast"),
        pytest.param(
            status("failed", 131000),
            [ReceiptStatus.FAILED],
            'refused_by_whatsapp {"error":"131000"}',
            id="anything else",
        ),
    ],
)
def test_whatsapp_tells_of_a_message(said: dict[str, Any], tells: list[ReceiptStatus], why: str) -> None:
    """Who stops invitations there is told of twice: this one failed, and no more are wanted."""
    told = whatsapp.events(on_whatsapp({"statuses": [said]}))
    assert told == [receipt(Channel.WHATSAPP, tell, why, "wamid.1") for tell in tells]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(on_whatsapp({"statuses": [status("sent")]}), id="on its way"),
        pytest.param(on_whatsapp({"statuses": [status("deleted")]}), id="deleted by its reader"),
        pytest.param(on_whatsapp({"statuses": [status("read", biz_opaque_callback_data="")]}), id="not sent by us"),
        pytest.param(on_whatsapp({"event": "APPROVED"}, field="message_template_status_update"), id="of a template"),
        pytest.param(on_whatsapp({"errors": [{"code": 130429}]}), id="of the account"),
        pytest.param(on_whatsapp({"statuses": [status("read")]}, field="standby"), id="for another app"),
    ],
)
def test_what_whatsapp_says_besides_is_nobody_s_concern(entry: dict[str, Any]) -> None:
    """Nothing is recorded of templates, of the account, or of messages that are not ours."""
    assert whatsapp.events(entry) == []


def written(kind: str, **said: Any) -> dict[str, Any]:
    return {"from": "14255550156", "id": "wamid.2", "timestamp": "1773306002", "type": kind, **said}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        pytest.param(written("text", text={"body": "明天下午三点可以吗"}), "明天下午三点可以吗", id="words"),
        pytest.param(
            written("button", button={"payload": "1", "text": "Confirm"}), "Confirm", id="a template's button"
        ),
        pytest.param(
            written("interactive", interactive={"type": "button_reply", "button_reply": {"id": "1", "title": "Yes"}}),
            "Yes",
            id="a button",
        ),
        pytest.param(
            written("interactive", interactive={"type": "list_reply", "list_reply": {"id": "1", "title": "Friday"}}),
            "Friday",
            id="a line of a list",
        ),
        pytest.param(written("image", image={"id": "5", "caption": "my hair"}), "my hair", id="a picture with words"),
        pytest.param(written("image", image={"id": "5"}), "[image]", id="a picture alone"),
    ],
)
def test_a_reader_answers_on_whatsapp(message: dict[str, Any], text: str) -> None:
    """A tap on a button or a list counts as its words; a picture without words is named as one."""
    told = whatsapp.events(on_whatsapp({"contacts": [{"wa_id": "14255550156"}], "messages": [message]}))
    assert told == [Reply(Channel.WHATSAPP, "+14255550156", text, "wamid.2", AT)]


def test_one_entry_may_tell_of_several() -> None:
    """None of them is lost, and they keep their order."""
    entry = on_whatsapp(
        {"statuses": [status("delivered"), status("read")]}, {"messages": [written("text", text={"body": "1"})]}
    )
    kinds = [told.tells if isinstance(told, Receipt) else told.text for told in whatsapp.events(entry)]
    assert kinds == [ReceiptStatus.DELIVERED, ReceiptStatus.READ, "1"]


# WeChat: XML to an address of ours.


def xml(**members: str) -> bytes:
    said = {"ToUserName": "gh_1", "FromUserName": "oWang", "CreateTime": "1773306002", **members}
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>\n" for name, value in said.items())
    return f"<xml>\n{inner}</xml>".encode()


def finished(outcome: str) -> bytes:
    return xml(MsgType="event", Event="TEMPLATESENDJOBFINISH", MsgID="200163836", Status=outcome)


@pytest.mark.parametrize(
    ("outcome", "tells", "why"),
    [
        pytest.param("success", ReceiptStatus.DELIVERED, "", id="delivered"),
        pytest.param("failed:user block", ReceiptStatus.OPTED_OUT, "blocks_account", id="blocked by its reader"),
        pytest.param("failed: system failed", ReceiptStatus.FAILED, "not_delivered_by_wechat", id="their fault"),
        pytest.param("failed:system failed", ReceiptStatus.FAILED, "not_delivered_by_wechat", id="their fault, closer"),
    ],
)
def test_wechat_tells_of_a_template_by_its_own_number(outcome: str, tells: ReceiptStatus, why: str) -> None:
    """A reader who blocks the account has opted out; what went wrong otherwise is only a failure."""
    expected = Receipt(
        Channel.WECHAT, tells, AT, BUSINESS, provider_id="200163836", why=Reason.read(why) if why else None
    )
    assert wechat_inbound.events(finished(outcome), business=BUSINESS) == [expected]


@pytest.mark.parametrize(
    ("members", "text"),
    [
        pytest.param({"MsgType": "text", "Content": "改到周五 <行吗> & 谢谢"}, "改到周五 <行吗> & 谢谢", id="words"),
        pytest.param(
            {"MsgType": "voice", "MediaId": "5", "Recognition": "我不来了"}, "我不来了", id="a voice, understood"
        ),
        pytest.param({"MsgType": "text", "Content": "改到周五\n可以吗"}, "改到周五\n可以吗", id="two lines"),
        pytest.param({"MsgType": "voice", "MediaId": "5", "Recognition": ""}, "[voice]", id="a voice"),
        pytest.param({"MsgType": "image", "PicUrl": "http://mmbiz/1"}, "[image]", id="a picture"),
    ],
)
def test_a_follower_answers_on_wechat(members: dict[str, str], text: str) -> None:
    """Words as they were written, a voice as it was understood, and the rest by its kind."""
    told = wechat_inbound.events(xml(**members, MsgId="24760"), business=BUSINESS)
    assert told == [Reply(Channel.WECHAT, "oWang", text, "24760", AT, BUSINESS)]


def test_whoever_leaves_the_account_says_stop() -> None:
    """Unfollowing is taken as if they had written the word of refusal themselves."""
    told = wechat_inbound.events(xml(MsgType="event", Event="unsubscribe", EventKey=""), business=BUSINESS)
    assert told == [Reply(Channel.WECHAT, "oWang", "退订", "oWang-1773306002", AT, BUSINESS)]


@pytest.mark.parametrize("event", ["subscribe", "SCAN", "CLICK", "VIEW", "LOCATION"])
def test_other_events_of_wechat_are_no_news(event: str) -> None:
    assert wechat_inbound.events(xml(MsgType="event", Event=event, EventKey="1"), business=BUSINESS) == []


LAUGHS = """<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>
<xml><MsgType>text</MsgType><Content>&b;</Content></xml>"""
OUTSIDE = """<!DOCTYPE xml SYSTEM "http://elsewhere.example/x.dtd"><xml><MsgType>text</MsgType></xml>"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(LAUGHS.encode(), "a document type", id="entities within entities"),
        pytest.param(OUTSIDE.encode(), "a document type", id="a document type from elsewhere"),
        pytest.param(LAUGHS.encode("utf-16"), "a document type", id="the same in another encoding"),
        pytest.param(b"<xml>" + b"<a>" * 30_000, "too large", id="too large"),
        pytest.param(b"<xml><MsgType>text</MsgType>&undeclared;</xml>", "wechat: ValueError", id="an unknown entity"),
        pytest.param(b"<xml><MsgType>text", "wechat: ValueError", id="cut off"),
        pytest.param(b"", "wechat: ValueError", id="nothing"),
        pytest.param(b"\xff\xfe<xml>", "wechat: ValueError", id="no letters"),
        pytest.param(b"<xml><Encrypt>5Rs</Encrypt></xml>", "wechat: KeyError", id="encrypted, which is not in use"),
        pytest.param(finished("failed: who knows"), "wechat: KeyError", id="an outcome of no known kind"),
    ],
)
def test_xml_that_is_not_wechat_s_is_not_read(body: bytes, why: str) -> None:
    """Nothing is fetched or unfolded for it, and nothing too large is read: anybody may post to us."""
    with pytest.raises(Unreadable, match=why):
        wechat_inbound.events(body, business=BUSINESS)


def wechat_query(**different: str) -> dict[str, str]:
    said = {"timestamp": str(int(AT.timestamp())), "nonce": "1320562132"} | different
    signature = sha1("".join(sorted(["word", said["timestamp"], said["nonce"]])).encode()).hexdigest()
    return {"signature": signature, **said}


@pytest.mark.parametrize(
    ("query", "is_genuine"),
    [
        pytest.param(wechat_query(), True, id="signed"),
        pytest.param(wechat_query() | {"nonce": "1"}, False, id="another nonce"),
        pytest.param(wechat_query() | {"signature": "é\ud800"}, False, id="letters that no signature has"),
        pytest.param(wechat_query(timestamp=str(int(AT.timestamp()) - 299)), True, id="nearly five minutes old"),
        pytest.param(wechat_query(timestamp=str(int(AT.timestamp()) - 301)), False, id="older than five minutes"),
        pytest.param(wechat_query(timestamp=str(int(AT.timestamp()) + 301)), False, id="from the future"),
        pytest.param(wechat_query(timestamp="9" * 5000), False, id="a number without end"),
        pytest.param(wechat_query(timestamp="noon"), False, id="no number"),
        pytest.param({}, False, id="nothing"),
    ],
)
def test_only_wechat_knows_the_account_s_word(query: dict[str, str], is_genuine: bool) -> None:
    """What anybody else sends, or sends again after five minutes, is not taken for WeChat's."""
    assert wechat_inbound.is_genuine(query, token="word", now=AT) is is_genuine


# The business's own gateway.

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type":"message.read"}'
SIGNED = standard_webhooks.signed(BODY, id="evt_1", secret=SECRET, now=AT)


def said(kind: str, **data: str) -> dict[str, Any]:
    return {"type": kind, "timestamp": "2026-03-12T10:00:02+01:00", "data": data}


@pytest.mark.parametrize(
    ("event", "told"),
    [
        pytest.param(
            said("message.delivered", message=MESSAGE, id="p-1"),
            receipt(Channel.WEBHOOK, ReceiptStatus.DELIVERED),
            id="delivered",
        ),
        pytest.param(
            said("message.read", message=MESSAGE),
            receipt(Channel.WEBHOOK, ReceiptStatus.READ, provider_id=""),
            id="read",
        ),
        pytest.param(
            said("message.failed", message=MESSAGE, id="p-1", reason="no credit"),
            receipt(Channel.WEBHOOK, ReceiptStatus.FAILED, "no credit"),
            id="failed, in its own words",
        ),
        pytest.param(
            said("message.failed", message=MESSAGE, id="p-1", reason="invalid_address"),
            receipt(Channel.WEBHOOK, ReceiptStatus.BOUNCED),
            id="no such address",
        ),
        pytest.param(
            said("message.failed", message=MESSAGE, id="p-1", reason="opted_out"),
            receipt(Channel.WEBHOOK, ReceiptStatus.OPTED_OUT),
            id="opted out",
        ),
        pytest.param(
            said("message.reply", id="m-2", **{"from": "+14255550156", "text": "1"}),
            Reply(Channel.WEBHOOK, "+14255550156", "1", "m-2", AT, BUSINESS),
            id="an answer",
        ),
        pytest.param(
            said("message.read", message=MESSAGE, business="another"),
            receipt(Channel.WEBHOOK, ReceiptStatus.READ, provider_id=""),
            id="in another business's name",
        ),
    ],
)
def test_a_gateway_tells_of_its_own_business_alone(event: dict[str, Any], told: Receipt | Reply) -> None:
    """It cannot speak for another business, whatever it writes."""
    assert webhook.events(event, business=BUSINESS) == [told]


@pytest.mark.parametrize(
    ("headers", "body", "now", "is_genuine"),
    [
        pytest.param(SIGNED, BODY, AT, True, id="signed"),
        pytest.param(SIGNED, BODY, AT + timedelta(minutes=5), True, id="five minutes old"),
        pytest.param(SIGNED, BODY, AT + timedelta(seconds=301), False, id="older than five minutes"),
        pytest.param(SIGNED, BODY, AT - timedelta(seconds=301), False, id="from the future"),
        pytest.param(SIGNED, BODY + b" ", AT, False, id="other content"),
        pytest.param(SIGNED | {"webhook-id": "evt_2"}, BODY, AT, False, id="another id"),
        pytest.param(SIGNED | {"webhook-timestamp": "1773306003"}, BODY, AT, False, id="another time"),
        pytest.param(
            SIGNED | {"webhook-signature": f"v1a,x v1,AAAA {SIGNED['webhook-signature']}"},
            BODY,
            AT,
            True,
            id="one of three",
        ),
        pytest.param(
            SIGNED | {"webhook-signature": SIGNED["webhook-signature"].replace("v1,", "v2,")}, BODY, AT, False, id="v2"
        ),
        pytest.param(SIGNED | {"webhook-signature": "v1,é\ud800"}, BODY, AT, False, id="no base64"),
        pytest.param(SIGNED | {"webhook-signature": ""}, BODY, AT, False, id="unsigned"),
        pytest.param(SIGNED | {"webhook-timestamp": "9" * 5000}, BODY, AT, False, id="a number without end"),
        pytest.param({}, BODY, AT, False, id="nothing"),
    ],
)
def test_only_the_gateway_knows_the_secret(
    headers: dict[str, str], body: bytes, now: datetime, is_genuine: bool
) -> None:
    """Other content, another id or another time is not genuine, nor is what is older than five minutes."""
    assert standard_webhooks.is_genuine(body, headers, secret=SECRET, now=now) is is_genuine


# What is promised of all of them.

READ: dict[Channel, tuple[Callable[[Any], list[Receipt | Reply]], dict[str, Any]]] = {
    Channel.EMAIL: (email.events, bounce("Permanent", "General")),
    Channel.SMS: (sms.events, text_event("TEXT_DELIVERED")),
    Channel.WHATSAPP: (whatsapp.events, on_whatsapp({"statuses": [status("failed", 131026)]})),
    Channel.WEBHOOK: (lambda event: webhook.events(event, business=BUSINESS), said("message.read", message=MESSAGE)),
}
EVERY_READER = pytest.mark.parametrize("channel", list(READ))

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@EVERY_READER
@pytest.mark.parametrize(
    "event",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"eventType": "Moved", "mail": {}, "type": "message.moved", "data": {}}, id="of no known type"),
        pytest.param({"messageBody": None, "whatsAppWebhookEntry": "{", "eventType": None}, id="no words"),
    ],
)
def test_what_is_not_as_documented_is_not_read(channel: Channel, event: dict[str, Any]) -> None:
    """It is not guessed at: a change at a provider is noticed rather than misread."""
    with pytest.raises(Unreadable):
        READ[channel][0](event)


def test_a_time_without_a_zone_is_none() -> None:
    """It could be many hours off, so it is not guessed."""
    event = said("message.read", message=MESSAGE) | {"timestamp": "2026-03-12T09:00:02"}
    with pytest.raises(Unreadable, match="webhook: ValueError"):
        webhook.events(event, business=BUSINESS)


@pytest.mark.slow
@EVERY_READER
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_an_event_it_is_read_or_unreadable(channel: Channel, data: st.DataObject) -> None:
    read, event = READ[channel]
    with suppress(Unreadable):
        for told in read(_different(event, data)):
            texts = asdict(told).keys() - {"at", "why"}
            assert all(isinstance(getattr(told, name), str) for name in texts)
            assert isinstance(getattr(told, "why", None), Reason | None)


def _different(event: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """With anything at all in one place, at any depth."""
    name = data.draw(st.sampled_from(sorted(event)))
    inner = event[name]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        return event | {name: _different(inner, data)}
    return event | {name: data.draw(ANYTHING)}


def test_an_unreadable_event_does_not_say_what_stood_there() -> None:
    """It would stand in a log."""
    with pytest.raises(Unreadable) as raised:
        email.events(ses("Delivery", "delivery") | {"delivery": {"timestamp": "wang@example.com"}})
    assert (str(raised.value), raised.value.__cause__, raised.value.__suppress_context__) == (
        "email: ValueError",
        None,
        True,
    )
