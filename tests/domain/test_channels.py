"""Every channel as its provider is given it, and what the provider's refusals mean; the same promises for all."""

import base64
import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from threading import Thread
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest
import urllib3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from urllib3 import exceptions

from infra.local.providers.shapes import complaint
from kept.messaging.channels import (
    Carrier,
    InDoubt,
    Parcel,
    Rejected,
    Suppressed,
    Throttled,
    Unavailable,
    WrongAddress,
    wechat_inbound,
)
from kept.messaging.channels import email as email_channel
from kept.messaging.channels import sms as sms_channel
from kept.messaging.channels import webhook as webhook_channel
from kept.messaging.channels import wechat as wechat_channel
from kept.messaging.channels import whatsapp as whatsapp_channel
from kept.messaging.channels.call_list import CallList
from kept.messaging.channels.email import Email
from kept.messaging.channels.provider import called, tag, untag
from kept.messaging.channels.sms import Sms
from kept.messaging.channels.standard_webhooks import is_genuine, signed
from kept.messaging.channels.webhook import Gateway, Webhook
from kept.messaging.channels.wechat import Account, WeChat
from kept.messaging.channels.whatsapp import WhatsApp
from kept.messaging.ical import Invitation, Method
from kept.messaging.inbound import Receipt, Reply, Tells
from kept.messaging.purpose import Channel
from kept.messaging.texts import Rendered

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
BUSINESS, MESSAGE = "lotus", "apt_4x7q#v2#two_days#sms"
NAME, EMAIL, NUMBER, OPENID = "王芳", "wang.fang@example.com", "+8613812345678", "oXyz-WangFang_01"
LINK, UNSUBSCRIBE = "https://kept.example/a/k1.abc", f"https://kept.example/u/{'A1b-_' * 40}"
NAMED = {"client": NAME, "service": "剪发", "when": "3月14日周六 14:00", "prepare": "", "link": LINK}
RENDERED = Rendered(
    "zh-Hans", "预约：3月14日", "王芳，您好！剪发，3月14日周六 14:00。退订回TD", "<p>王芳，您好！</p>", NAMED
)
FILE = Invitation(Method.REQUEST, "BEGIN:VCALENDAR\r\nSUMMARY:剪发\r\nEND:VCALENDAR\r\n".encode())
PARCEL = Parcel(BUSINESS, MESSAGE, NUMBER, RENDERED, sender="花样年华", reader=NAME)
MAIL = replace(PARCEL, to=EMAIL, sender='花样 "年华", Ltd.', reply_to="desk@lotus.example", invitation=FILE)
TO_WHATSAPP = replace(PARCEL, template="kept_two_days client=client visit=when prepare=prepare")
TO_WECHAT = replace(PARCEL, to=OPENID, template="tmpl-2-days thing1=service thing2=client time3=when thing4=prepare")
SECRET = f"whsec_{base64.b64encode(b'a secret of twenty-four.').decode()}"

OPERATIONS = {
    "sesv2": "SendEmail",
    "pinpoint-sms-voice-v2": "SendTextMessage",
    "socialmessaging": "SendWhatsAppMessage",
}


@dataclass
class Wire:
    """Takes every request and remembers it, or fails as told: `answers` are given in turn, the last one for ever."""

    answers: list[Exception | tuple[int, Any]]
    requests: list[Any] = field(default_factory=list)

    def answer(self, request: Any) -> tuple[int, bytes]:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()


@cache
def aws(service: str) -> Any:
    """A real client, whose requests go to the wire that `on_wire` lays."""
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client(
        cast(Any, service),
        region_name="eu-west-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=config,
    )


def on_wire(service: str, wire: Wire) -> Any:
    def send(request: Any, **_: Any) -> AWSResponse:
        said = json.loads(request.body)
        assert complaint(service, OPERATIONS[service], said) is None
        status, body = wire.answer(said)
        raw = SimpleNamespace(stream=lambda: iter([body]))
        headers = {} if status == 200 else {"x-amzn-errortype": json.loads(body)["__type"]}
        return AWSResponse(request.url, status, cast(Any, headers), raw)

    client = aws(service)
    client.meta.events.unregister("before-send", unique_id="wire")
    client.meta.events.register("before-send", send, unique_id="wire")
    return client


class Http:
    """A pool of connections that all lead to the wire."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def request(self, method: str, url: str, *, body: bytes, headers: Mapping[str, str], **how: Any) -> Any:
        assert (method, headers["content-type"]) == ("POST", "application/json")
        assert (how["retries"], how["redirect"]) == (False, False)
        status, data = self.wire.answer(SimpleNamespace(url=url, body=body, headers=headers))
        return SimpleNamespace(status=status, data=data)


def email(wire: Wire) -> Carrier:
    return Email(on_wire("sesv2", wire), sender="desk@kept.example", configuration_set="kept")


def sms(wire: Wire) -> Carrier:
    client = on_wire("pinpoint-sms-voice-v2", wire)
    return Sms(client, origination="Kept", configuration_set="kept", max_price="0.30")


def whatsapp(wire: Wire) -> Carrier:
    return WhatsApp(on_wire("socialmessaging", wire), phone_number_id="phone-number-id-0123456789abcdef")


def wechat(wire: Wire) -> Carrier:
    return WeChat(cast(Any, Http(wire)), Account("wx1", "app-secret", "token"))


def webhook(wire: Wire) -> Carrier:
    return Webhook(cast(Any, Http(wire)), Gateway("https://gateway.example/hook", SECRET), clock=lambda: NOW)


def calls(wire: Wire) -> Carrier:
    return CallList(open=lambda parcel: json.loads(wire.answer(parcel)[1])["id"])


@dataclass(frozen=True)
class Under:
    """A channel under test: what is sent over it, and how its provider says yes."""

    carrier: Callable[[Wire], Carrier]
    parcel: Parcel
    yes: Any
    id: str


TOKEN_THEN = {"access_token": "T1", "expires_in": 7200}
UNDER = {
    Channel.EMAIL: Under(email, MAIL, {"MessageId": "p-1"}, "p-1"),
    Channel.SMS: Under(sms, PARCEL, {"MessageId": "p-1"}, "p-1"),
    Channel.WHATSAPP: Under(whatsapp, TO_WHATSAPP, {"messageId": "p-1"}, "p-1"),
    Channel.WECHAT: Under(wechat, TO_WECHAT, {"errcode": 0, "errmsg": "ok", "msgid": 200228332}, "200228332"),
    Channel.WEBHOOK: Under(webhook, PARCEL, {"id": "p-1"}, "p-1"),
    Channel.CALL: Under(calls, PARCEL, {"id": "fu_1"}, "fu_1"),
}
EVERY_CHANNEL = pytest.mark.parametrize("channel", list(Channel))


@pytest.fixture(autouse=True)
def _a_fresh_token() -> Iterator[None]:
    """WeChat's is there, unless a test takes it away."""
    wechat_channel.ACCESS[Account("wx1", "app-secret", "token")] = "T0"
    yield
    wechat_channel.ACCESS.clear()


def sent(channel: Channel, parcel: Parcel | None = None, *answers: Exception | tuple[int, Any]) -> Wire:
    """What the provider was asked, after it took the parcel."""
    under = UNDER[channel]
    wire = Wire(list(answers) or [(200, under.yes)])
    assert under.carrier(wire).send(parcel or under.parcel) == under.id
    return wire


def mailed(parcel: Parcel = MAIL) -> EmailMessage:
    return message_from_bytes(raw_mail(parcel), policy=policy.default)


def raw_mail(parcel: Parcel) -> bytes:
    return base64.b64decode(sent(Channel.EMAIL, parcel).requests[0]["Content"]["Raw"]["Data"])


def on_whatsapp(parcel: Parcel) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(base64.b64decode(sent(Channel.WHATSAPP, parcel).requests[0]["message"]))
    return message


def posted(channel: Channel, parcel: Parcel) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(sent(channel, parcel).requests[0].body)
    return said


# What is promised of all of them.


@EVERY_CHANNEL
def test_a_parcel_that_is_taken_has_its_provider_s_id(channel: Channel) -> None:
    assert len(sent(channel).requests) == 1


PARCELS = {
    "nobody to reply to": {"reply_to": ""},
    "an emoji": {"rendered": replace(RENDERED, text="Bis morgen 👩‍🦰💇!")},
    "a line break": {"rendered": replace(RENDERED, text="one\ntwo")},
    "an advertisement": {"unsubscribe": UNSUBSCRIBE},
    "a long name": {"sender": "花" * 200, "reader": "王" * 200},
    "a long id": {"message": "apt_4x7q#v2#confirmed#email#" + "r" * 60},
}


@EVERY_CHANNEL
@pytest.mark.parametrize("different", [pytest.param(value, id=name) for name, value in PARCELS.items()])
def test_all_take_the_same_parcels(channel: Channel, different: dict[str, Any]) -> None:
    sent(channel, replace(UNDER[channel].parcel, **different))


@EVERY_CHANNEL
def test_a_very_long_text_is_taken_or_refused_for_good(channel: Channel) -> None:
    """Never tried again and again."""
    text = "长" * 5000
    long = replace(UNDER[channel].parcel, rendered=replace(RENDERED, text=text), free_words=True)
    refused = {Channel.SMS: "too long: 75 text messages", Channel.WHATSAPP: "too long: at most 4096 characters"}
    if channel in refused:
        with pytest.raises(Rejected, match=refused[channel]):
            sent(channel, long)
    elif channel is Channel.WECHAT:
        with pytest.raises(Rejected, match="45002"):
            sent(channel, long, (200, {"errcode": 45002, "errmsg": "content size out of limit"}))
    else:
        sent(channel, long)


def refusal(code: str, **more: Any) -> tuple[int, dict[str, Any]]:
    return 400, {"__type": code, "message": f"no {NUMBER} {NAME}", "Message": f"no {NUMBER} {NAME}", **more}


def number_at_fault(reason: str) -> tuple[int, dict[str, Any]]:
    fields = [{"Name": "DestinationPhoneNumber", "Message": f"not {NUMBER}"}]
    return refusal("ValidationException", Reason=reason, Fields=fields)


def errcode(code: int) -> tuple[int, dict[str, Any]]:
    return 200, {"errcode": code, "errmsg": f"no {OPENID} rid: 1"}


AT = "https://provider.example"
Failure = Exception | tuple[int, Any]
NO_PATH = {"no connection": EndpointConnectionError(endpoint_url=AT), "too slow": ConnectTimeoutError(endpoint_url=AT)}
NO_ANSWER = {"no answer in time": ReadTimeoutError(endpoint_url=AT), "hung up": ConnectionClosedError(endpoint_url=AT)}
POOL = urllib3.HTTPSConnectionPool("provider.example")
NO_PATH_HTTP = {
    "no connection": exceptions.NewConnectionError(cast(Any, POOL), "refused"),
    "no such name": exceptions.NameResolutionError("provider.example", cast(Any, POOL), socket.gaierror()),
    "too slow": exceptions.ConnectTimeoutError(),
    "a wrong certificate": exceptions.SSLError(),
    "no address at all": exceptions.LocationParseError("://"),
}
NO_ANSWER_HTTP: dict[str, Failure] = {
    "no answer in time": exceptions.ReadTimeoutError(POOL, f"/{OPENID}", f"{NUMBER}"),
    "hung up": exceptions.ProtocolError("aborted"),
    "half an answer": exceptions.IncompleteRead(1, 2),
}

FAILURES: dict[Channel, dict[type[Exception], dict[str, Failure]]] = {
    Channel.EMAIL: {
        Rejected: {
            "its content": refusal("MessageRejected"),
            "a wrong request": refusal("BadRequestException"),
        },
        Throttled: {"too fast": refusal("TooManyRequestsException")},
        Unavailable: {
            **NO_PATH,
            "the day's quota": refusal("LimitExceededException"),
            "sending is paused": refusal("SendingPausedException"),
            "the account": refusal("AccountSuspendedException"),
            "the sender's domain": refusal("MailFromDomainNotVerifiedException"),
            "the configuration set": refusal("NotFoundException"),
            "their fault": (500, refusal("InternalServiceError")[1]),
        },
        InDoubt: {**NO_ANSWER, "not what they say": (200, b"<html>")},
    },
    Channel.SMS: {
        WrongAddress: {"not a number": number_at_fault("INVALID_PARAMETER")},
        Suppressed: {"opted out": refusal("ConflictException", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT")},
        Rejected: {
            "a blocked country": number_at_fault("DESTINATION_COUNTRY_BLOCKED"),
            "protected": refusal("ConflictException", Reason="DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"),
            "too dear": refusal("ValidationException", Reason="PRICE_OVER_THRESHOLD"),
            "another parameter": refusal("ValidationException", Reason="INVALID_PARAMETER"),
            "a sandbox": refusal("ConflictException", Reason="DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
        },
        Throttled: {"too fast": refusal("ThrottlingException")},
        Unavailable: {
            **NO_PATH,
            "the number is not active": refusal("ConflictException", Reason="RESOURCE_NOT_ACTIVE"),
            "spent": refusal("ServiceQuotaExceededException", Reason="MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
            "no such number of ours": refusal("ResourceNotFoundException"),
            "the account": refusal("AccessDeniedException", Reason="ACCOUNT_DISABLED"),
            "their fault": (500, refusal("InternalServerException")[1]),
        },
        InDoubt: {**NO_ANSWER, "not what they say": (200, b"<html>")},
    },
    Channel.WHATSAPP: {
        Rejected: {
            "its form": refusal("InvalidParametersException"),
            "a wrong request": refusal("ValidationException"),
        },
        Throttled: {"too fast": (429, refusal("ThrottledRequestException")[1])},
        Unavailable: {
            **NO_PATH,
            "no such number of ours": refusal("ResourceNotFoundException"),
            "the account": refusal("AccessDeniedException"),
            "Meta is down": (502, refusal("DependencyException")[1]),
            "their fault": (500, refusal("InternalServiceException")[1]),
        },
        InDoubt: {**NO_ANSWER, "not what they say": (200, b"<html>")},
    },
    Channel.WECHAT: {
        WrongAddress: {"no such follower": errcode(40003), "no such user": errcode(46004)},
        Suppressed: {
            "does not follow": errcode(43004),
            "on the black list": errcode(43019),
            "refused the template": errcode(43101),
        },
        Rejected: {
            "no such template": errcode(40037),
            "a variable": errcode(47003),
            "not JSON": errcode(47001),
            "too long": errcode(45002),
            "more than two days": errcode(45015),
            "too many free words": errcode(45047),
            "a limited user": errcode(50002),
            "its content": errcode(87014),
        },
        Throttled: {"the minute's quota": errcode(45011), "the day's quota": errcode(45009)},
        Unavailable: {
            **NO_PATH_HTTP,
            "busy": errcode(-1),
            "a token that is never good": errcode(40001),
            "not permitted": errcode(48001),
            "of no known code": errcode(99999),
            "their fault": (502, b"<html>"),
        },
        InDoubt: {**NO_ANSWER_HTTP, "not what they say": (200, b"<html>"), "no object": (200, b"1")},
    },
    Channel.WEBHOOK: {
        Rejected: {"a wrong request": (400, b""), "gone": (410, b""), "not fit": (422, b"")},
        Throttled: {"too fast": (429, b"")},
        Unavailable: {
            **NO_PATH_HTTP,
            "the secret": (401, b""),
            "moved": (302, b""),
            "not there": (404, b""),
            "down": (503, b""),
            "behind a wall": (504, b""),
        },
        InDoubt: NO_ANSWER_HTTP,
    },
}
EVERY_FAILURE = [
    pytest.param(channel, failure, means, id=f"{channel}: {name}")
    for channel, meanings in FAILURES.items()
    for means, failures in meanings.items()
    for name, failure in failures.items()
]


@pytest.mark.parametrize(("channel", "failure", "means"), EVERY_FAILURE)
def test_every_failure_means_one_thing(channel: Channel, failure: Failure, means: type[Exception]) -> None:
    """And says nothing of who it was for, whatever the provider wrote."""
    if isinstance(failure, tuple) and failure[1] == refusal("AccessDeniedException")[1]:
        failure = (403, failure[1])
    token = [(200, TOKEN_THEN)] if failure == errcode(40001) else []
    with pytest.raises((Rejected, Unavailable, InDoubt)) as raised:
        UNDER[channel].carrier(Wire([failure, *token, failure])).send(UNDER[channel].parcel)
    assert raised.type is means
    for personal in (NAME, EMAIL, NUMBER, OPENID, NUMBER[3:]):
        assert personal not in f"{raised.value} {raised.value!r}"


def delivered(channel: Channel, wire: Wire) -> list[Receipt | Reply]:
    """What the provider of this message tells when it arrived: it repeats what was sent along with it."""
    request, seconds = wire.requests[-1], str(int(NOW.timestamp()))
    match channel:
        case Channel.EMAIL:
            tags = {tag["Name"]: [tag["Value"]] for tag in request["EmailTags"]}
            mail, delivery = {"messageId": "p-1", "tags": tags}, {"timestamp": NOW.isoformat()}
            return email_channel.events({"eventType": "Delivery", "mail": mail, "delivery": delivery})
        case Channel.SMS:
            event = {"eventTimestamp": NOW.timestamp() * 1000, "isFinal": True, "messageId": "p-1"}
            return sms_channel.events({"eventType": "TEXT_DELIVERED", "context": request["Context"], **event})
        case Channel.WHATSAPP:
            data = json.loads(base64.b64decode(request["message"]))["biz_opaque_callback_data"]
            status = {"status": "delivered", "id": "p-1", "timestamp": seconds, "biz_opaque_callback_data": data}
            changes = [{"field": "messages", "value": {"statuses": [status]}}]
            return whatsapp_channel.events({"whatsAppWebhookEntry": json.dumps({"changes": changes})})
        case Channel.WECHAT:
            members = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "200228332", "Status": "success"}
            inner = "".join(f"<{k}>{v}</{k}>" for k, v in {**members, "CreateTime": seconds}.items())
            return wechat_inbound.events(f"<xml>{inner}</xml>".encode(), business=BUSINESS)
    message = json.loads(request.body)["data"]["message"]
    event = {"type": "message.delivered", "timestamp": NOW.isoformat(), "data": {"message": message, "id": "p-1"}}
    return webhook_channel.events(event, business=BUSINESS)


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.CALL])
@pytest.mark.parametrize(
    "message", [MESSAGE, "apt_4x7q#v12#mein-Text#email#wamid.HBg/L+=", "fu_1#v1#reminder_50#email"]
)
def test_the_receipt_names_the_message_that_was_sent(channel: Channel, message: str) -> None:
    """WeChat's by its own number, which is the one that sending gave."""
    wire = sent(channel, replace(UNDER[channel].parcel, message=message))
    named = "" if channel is Channel.WECHAT else message
    expected = Receipt(channel, Tells.DELIVERED, NOW, BUSINESS, named, UNDER[channel].id)
    assert delivered(channel, wire) == [expected]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.WEBHOOK])
def test_an_advertisement_has_its_way_out(channel: Channel) -> None:
    """A card of WhatsApp or WeChat has it from the platform: whoever stops it is told to us."""
    parcel = replace(UNDER[channel].parcel, unsubscribe=UNSUBSCRIBE, free_words=True)
    wire = sent(channel, parcel)
    match channel:
        case Channel.EMAIL:
            assert mailed(parcel)["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
        case Channel.SMS:
            assert (wire.requests[0]["MessageType"], "退订回TD" in wire.requests[0]["MessageBody"]) == (
                "PROMOTIONAL",
                True,
            )
        case Channel.WHATSAPP:
            assert "退订回TD" in on_whatsapp(parcel)["text"]["body"]
        case Channel.WEBHOOK:
            assert posted(channel, parcel)["data"]["unsubscribe"] == UNSUBSCRIBE


# E-mail.


def test_an_email_comes_from_the_business_and_is_answered_to_it() -> None:
    mail = mailed()
    sender = mail["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ('花样 "年华", Ltd.', "desk@kept.example")
    assert (mail["To"], mail["Reply-To"]) == (EMAIL, "desk@lotus.example")
    assert mail["Subject"] == RENDERED.subject
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "zh-Hans")


def test_an_email_has_text_html_and_the_calendar_file_twice() -> None:
    """As a part that calendars act on, and as a file for who has none of those."""
    parts = [part for part in mailed().walk() if not part.is_multipart()]
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert parts[0].get_content().splitlines() == RENDERED.text.splitlines()
    assert parts[1].get_content().strip() == RENDERED.html
    assert parts[2]["Content-Type"].params["method"] == "REQUEST"
    assert "SUMMARY:剪发" in parts[2].get_content()
    assert (parts[3].get_filename(), parts[3].get_content()) == ("appointment.ics", FILE.content)


def test_an_email_without_a_calendar_file_is_text_and_html() -> None:
    mail = mailed(replace(PARCEL, to=EMAIL))
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Reply-To"] is None


def test_an_email_about_a_booking_is_not_unsubscribed_from() -> None:
    assert mailed()["List-Unsubscribe"] is None


def test_a_long_link_to_unsubscribe_stays_in_one_piece() -> None:
    """Folded into encoded words, no mail program could follow it (RFC 8058 wants one HTTPS link in angle brackets)."""
    raw = raw_mail(replace(MAIL, unsubscribe=UNSUBSCRIBE))
    assert f"\r\nList-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_an_email_carries_its_id_in_letters_that_tags_may_have() -> None:
    request = sent(Channel.EMAIL).requests[0]
    assert request["ConfigurationSetName"] == "kept"
    tags = {tag["Name"]: tag["Value"] for tag in request["EmailTags"]}
    assert all(re.fullmatch("[A-Za-z0-9_-]{1,256}", value) for value in tags.values())
    assert {name: untag(value) for name, value in tags.items()} == {"business": BUSINESS, "message": MESSAGE}


@pytest.mark.parametrize("text", ["a#v1#two_days", "-2D-", "a-23b", "wamid.HB/gL+=", "花", "", "c3a9b0e2-23ab-4f1e"])
def test_a_tag_gives_back_what_it_was_made_of(text: str) -> None:
    assert untag(tag(text)) == text


def test_an_international_domain_is_written_in_the_form_that_travels() -> None:
    assert mailed(replace(PARCEL, to="wang@例子.example"))["To"] == "wang@xn--fsqu00a.example"


def test_a_business_s_name_adds_no_header() -> None:
    mail = mailed(replace(MAIL, sender="Lotus\r\nBcc: all@example.com"))
    assert mail["Bcc"] is None
    assert mail["From"].addresses[0].display_name == "Lotus Bcc: all@example.com"


@pytest.mark.parametrize("address", ["王@example.com", "wang@" + "x" * 64 + ".com"])
def test_an_address_that_cannot_travel_is_rejected_before_it_is_tried(address: str) -> None:
    wire = Wire([(200, {"MessageId": "p-1"})])
    with pytest.raises(Rejected):
        email(wire).send(replace(MAIL, to=address))
    assert wire.requests == []


# Text messages.


def test_a_text_message_is_sent_as_one_about_a_booking() -> None:
    assert sent(Channel.SMS).requests == [
        {
            "DestinationPhoneNumber": NUMBER,
            "OriginationIdentity": "Kept",
            "MessageBody": RENDERED.text,
            "MessageType": "TRANSACTIONAL",
            "TimeToLive": 86400,
            "Context": {"business": BUSINESS, "message": MESSAGE},
            "ConfigurationSetName": "kept",
            "MaxPrice": "0.30",
        }
    ]


def test_without_a_cap_and_a_configuration_set_none_is_named() -> None:
    wire = Wire([(200, {"MessageId": "p-1"})])
    Sms(on_wire("pinpoint-sms-voice-v2", wire), origination="Kept").send(PARCEL)
    assert not {"MaxPrice", "ConfigurationSetName"} & wire.requests[0].keys()


@pytest.mark.parametrize(
    ("text", "is_sent"),
    [
        pytest.param("a" * 918, True, id="six parts are sent"),
        pytest.param("a" * 919, False, id="seven are not"),
        pytest.param("长" * 402, True, id="six of Chinese are sent"),
        pytest.param("长" * 403, False, id="seven of Chinese are not"),
    ],
)
def test_a_text_is_sent_in_at_most_six_parts(text: str, is_sent: bool) -> None:
    wire = Wire([(200, {"MessageId": "p-1"})])
    parcel = replace(PARCEL, rendered=replace(RENDERED, text=text))
    if is_sent:
        sms(wire).send(parcel)
    else:
        with pytest.raises(Rejected, match="too long: 7 text messages, at most 6 are sent"):
            sms(wire).send(parcel)
    assert len(wire.requests) == is_sent


def test_a_text_over_the_price_cap_says_so() -> None:
    wire = Wire([refusal("ValidationException", Reason="PRICE_OVER_THRESHOLD")])
    with pytest.raises(Rejected, match="dearer than the price cap"):
        sms(wire).send(PARCEL)


# WhatsApp.


def test_whatsapp_gets_an_approved_template_with_its_variables_by_name() -> None:
    assert on_whatsapp(TO_WHATSAPP) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": NUMBER,
        "biz_opaque_callback_data": f"{BUSINESS}/{MESSAGE}",
        "type": "template",
        "template": {
            "name": "kept_two_days",
            "language": {"code": "zh_CN"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "parameter_name": "client", "text": NAME},
                        {"type": "text", "parameter_name": "visit", "text": "3月14日周六 14:00"},
                        {"type": "text", "parameter_name": "prepare", "text": "–"},
                    ],
                }
            ],
        },
    }


def test_who_wrote_within_the_day_gets_free_words() -> None:
    message = on_whatsapp(replace(TO_WHATSAPP, free_words=True))
    assert (message["type"], message["text"]) == ("text", {"body": RENDERED.text, "preview_url": False})


def test_a_template_without_variables_has_no_components() -> None:
    assert on_whatsapp(replace(PARCEL, template="kept_hello"))["template"]["components"] == []


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.WECHAT])
@pytest.mark.parametrize(
    ("template", "why"),
    [
        pytest.param("", "no approved template for this text", id="none for this text"),
        pytest.param("name client=clients", "the template asks for what is not known: clients", id="a misspelt value"),
        pytest.param("name client", "the template asks for what is not known: client", id="no value at all"),
    ],
)
def test_without_a_template_that_can_be_filled_nothing_is_sent(channel: Channel, template: str, why: str) -> None:
    wire = Wire([(200, UNDER[channel].yes)])
    with pytest.raises(Rejected, match=why):
        UNDER[channel].carrier(wire).send(replace(UNDER[channel].parcel, template=template))
    assert wire.requests == []


# WeChat.


def test_wechat_gets_a_template_whose_variables_fit_their_types() -> None:
    named = {**NAMED, "service": "一" * 21}
    said = posted(Channel.WECHAT, replace(TO_WECHAT, rendered=replace(RENDERED, named=named)))
    assert said == {
        "touser": OPENID,
        "template_id": "tmpl-2-days",
        "url": LINK,
        "client_msg_id": said["client_msg_id"],
        "data": {
            "thing1": {"value": "一" * 19 + "…"},
            "thing2": {"value": NAME},
            "time3": {"value": "3月14日周六 14:00"},
            "thing4": {"value": "–"},
        },
    }


def test_the_same_message_has_the_same_id_at_wechat_and_another_has_another() -> None:
    """By it WeChat drops what is repeated within ten minutes; it takes 32 characters."""
    first, again, other = (
        posted(Channel.WECHAT, replace(TO_WECHAT, message=message))["client_msg_id"]
        for message in (MESSAGE, MESSAGE, f"{MESSAGE}#2")
    )
    assert first == again != other
    assert len(first) == 32


def test_who_wrote_to_the_account_gets_free_words_in_plain_letters() -> None:
    """WeChat shows escaped letters as such. It gives no id."""
    wire = Wire([(200, {"errcode": 0, "errmsg": "ok"})])
    assert wechat(wire).send(replace(TO_WECHAT, free_words=True)) == ""
    assert wire.requests[0].url == "https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=T0"
    assert NAME.encode() in wire.requests[0].body


def test_the_first_message_fetches_a_token_and_the_next_uses_it() -> None:
    wechat_channel.ACCESS.clear()
    wire = Wire([(200, TOKEN_THEN), (200, UNDER[Channel.WECHAT].yes)])
    for _ in range(2):
        wechat(wire).send(TO_WECHAT)
    token, *messages = wire.requests
    assert (token.url, json.loads(token.body)) == (
        "https://api.weixin.qq.com/cgi-bin/stable_token",
        {"grant_type": "client_credential", "appid": "wx1", "secret": "app-secret"},
    )
    assert [m.url.rpartition("?")[2] for m in messages] == ["access_token=T1"] * 2


@pytest.mark.parametrize("stale", [40001, 40014, 42001])
def test_a_token_that_is_over_is_fetched_anew_once(stale: int) -> None:
    wire = sent(Channel.WECHAT, None, errcode(stale), (200, TOKEN_THEN), (200, UNDER[Channel.WECHAT].yes))
    assert [r.url.rpartition("=")[2] for r in wire.requests][::2] == ["T0", "T1"]


@pytest.mark.parametrize(
    ("failure", "means"),
    [
        pytest.param(errcode(40125), Unavailable, id="a wrong secret is not the reader's fault"),
        pytest.param(errcode(40164), Unavailable, id="nor is our address"),
        pytest.param(errcode(45009), Throttled, id="too many tokens"),
        pytest.param(
            NO_ANSWER_HTTP["hung up"], Unavailable, id="no token, so nothing was sent and nothing is in doubt"
        ),
    ],
)
def test_without_a_token_nothing_is_sent(failure: Failure, means: type[Exception]) -> None:
    wechat_channel.ACCESS.clear()
    wire = Wire([failure])
    with pytest.raises(Unavailable) as raised:
        wechat(wire).send(TO_WECHAT)
    assert (raised.type, len(wire.requests)) == (means, 1)


def test_secrets_stay_out_of_sight() -> None:
    assert "secret" not in repr(Account("wx1", "app-secret", "word")).replace("app_secret", "")
    assert SECRET not in repr(Gateway("https://gateway.example", SECRET))


# The business's own gateway.


def test_the_gateway_gets_the_whole_message_signed() -> None:
    request = sent(Channel.WEBHOOK).requests[0]
    assert json.loads(request.body) == {
        "type": "message.send",
        "timestamp": "2026-03-12T09:00:00+00:00",
        "data": {
            "business": BUSINESS,
            "message": MESSAGE,
            "to": NUMBER,
            "reader": NAME,
            "sender": "花样年华",
            "language": "zh-Hans",
            "text": RENDERED.text,
            "link": LINK,
            "unsubscribe": "",
        },
    }
    assert is_genuine(request.body, request.headers, secret=SECRET, now=NOW)


@pytest.mark.parametrize("answer", [b"", b"ok", b"[]", b'{"id": 7}', b'{"taken": true}', b"\xff"])
def test_a_gateway_that_gives_no_id_gets_ours(answer: bytes) -> None:
    wire = Wire([(202, answer)])
    assert webhook(wire).send(replace(PARCEL, message="apt_1#v1#received#webhook#wamid.HB")) == (
        "apt_1#v1#received#webhook#wamid-HB"
    )
    assert wire.requests[0].headers["webhook-id"] == "apt_1#v1#received#webhook#wamid-HB"


def test_the_signature_is_that_of_the_specification() -> None:
    """Its own example, from the libraries' test suites."""
    body = b'{"test": 2432232314}'
    secret, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC)
    headers = signed(body, id="msg_p5jXN8AQM9LWM0D4loKWxJek", secret=secret, now=at)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


# A call on the staff's list.


def test_a_call_s_script_is_the_text() -> None:
    assert sent(Channel.CALL).requests == [PARCEL]


# A provider that is reached over plain HTTP, with the real client.


def test_a_connection_that_is_refused_was_never_made() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unavailable), called():
        urllib3.PoolManager().request("POST", f"http://127.0.0.1:{port}/", body=b"{}", retries=False)


def test_a_connection_that_breaks_off_leaves_it_in_doubt() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        hangs_up = Thread(target=lambda: server.accept()[0].close())
        hangs_up.start()
        with pytest.raises(InDoubt), called():
            urllib3.PoolManager().request("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", retries=False)
        hangs_up.join()
