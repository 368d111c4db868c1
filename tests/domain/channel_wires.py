"""Every channel with its real client, on a wire that ends here."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from infra.local.providers.shapes import complaint
from kept.channels import Channel
from kept.messaging.channels import Carrier, Parcel
from kept.messaging.channels.call_list import CallList
from kept.messaging.channels.email import Email
from kept.messaging.channels.sms import Sms
from kept.messaging.channels.webhook import Gateway, Webhook
from kept.messaging.channels.wechat import ACCESS, Account, WeChat
from kept.messaging.channels.whatsapp import WhatsApp
from kept.messaging.ical import Invitation, Method
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

Failure = Exception | tuple[int, Any]

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
    return Sms(client, origination="+12065550100", configuration_set="kept", max_price="0.30")


def whatsapp(wire: Wire) -> Carrier:
    return WhatsApp(on_wire("socialmessaging", wire), phone_number_id="phone-number-id-0123456789abcdef")


def wechat(wire: Wire, *, token: str = "T0") -> Carrier:
    """With an access token that was fetched before, or without one."""
    account = Account("wx1", "app-secret", "word")
    ACCESS.pop(account, None)
    if token:
        ACCESS[account] = token
    return WeChat(cast(Any, Http(wire)), account)


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


def sent(channel: Channel, parcel: Parcel | None = None, *answers: Exception | tuple[int, Any]) -> Wire:
    """What the provider was asked, after it took the parcel."""
    under = UNDER[channel]
    wire = Wire(list(answers) or [(200, under.yes)])
    assert under.carrier(wire).compose(parcel or under.parcel)() == under.id
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


def refusal(code: str, **more: Any) -> tuple[int, dict[str, Any]]:
    return 400, {"__type": code, "message": f"no {NUMBER} {NAME}", "Message": f"no {NUMBER} {NAME}", **more}


def errcode(code: int) -> tuple[int, dict[str, Any]]:
    return 200, {"errcode": code, "errmsg": f"no {OPENID} rid: 1"}
