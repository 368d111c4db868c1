"""Requests as the product makes them, good ones that a test changes where it matters, and whom to make them to."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

from infra.local.inbox import Inbox, Sent
from infra.local.providers import email, gateway, sms, wechat, whatsapp
from infra.local.providers.accounts import made
from infra.local.providers.answers import Request
from infra.local.providers.email import Email
from infra.local.providers.gateway import Gateway, headers
from infra.local.providers.provider import Provider
from infra.local.providers.sms import Sms
from infra.local.providers.wechat import WeChat
from infra.local.providers.whatsapp import WhatsApp

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
BUSINESS = "lotus"
ACCOUNTS = {BUSINESS: made(BUSINESS, "http://127.0.0.1:8765")}
OPENID = "oLotus_reader-0001"
TOPIC = "arn:aws:sns:us-east-1:000000000000:kept-inbound"


@dataclass(frozen=True, slots=True)
class StackSes:
    """Verifies everybody, and has one configuration set, of which the topic hears these types."""

    types: frozenset[str] = frozenset({"SEND", "DELIVERY", "BOUNCE", "COMPLAINT"})

    def send(self, request: Request) -> None: ...

    def listeners(self, configuration_set: str) -> Mapping[str, frozenset[str]] | None:
        return {TOPIC: self.types} if configuration_set == "kept" else None


def all_providers(inbox: Inbox) -> dict[str, Provider]:
    return {
        "email": Email(StackSes()),
        "sms": Sms(),
        "whatsapp": WhatsApp(inbox),
        "wechat": WeChat(lambda: ACCOUNTS, inbox),
        "webhook": Gateway(lambda: ACCOUNTS),
    }


def an_inbox(folder: Path) -> Inbox:
    return Inbox(folder / "messages.jsonl")


def posted(
    path: str, said: object, *, query: Mapping[str, str] | None = None, named: Mapping[str, str] | None = None
) -> Request:
    """`named` are its headers."""
    content = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    sent = Message()
    for name, value in (named or {}).items():
        sent[name] = value
    return Request(path, query or {}, sent, content)


def without_nothing(said: Mapping[str, Any]) -> dict[str, Any]:
    """A test leaves out a member by giving it as None."""
    return {name: value for name, value in said.items() if value is not None}


def a_mail(**changed: Any) -> Request:
    body = {"Text": {"Data": "Confirm: http://127.0.0.1/c/1"}, "Html": {"Data": "<p>Confirm</p>"}}
    usual = {
        "FromEmailAddress": "desk@kept.example",
        "Destination": {"ToAddresses": ["ann@example.com"]},
        "Content": {"Simple": {"Subject": {"Data": "See you on Friday"}, "Body": body}},
        "ConfigurationSetName": "kept",
        "EmailTags": [{"Name": "business", "Value": BUSINESS}, {"Name": "message", "Value": "a_1-v1"}],
    }
    return posted(email.SEND, without_nothing(usual | changed))


def a_text(**changed: Any) -> Request:
    usual = {
        "DestinationPhoneNumber": "+8613912345678",
        "OriginationIdentity": "+12065550100",
        "MessageBody": "明天九点见",
        "MessageType": "TRANSACTIONAL",
        "MaxPrice": "0.20",
        "ConfigurationSetName": "kept",
        "Context": {"business": BUSINESS, "message": "a_1#v1#same_day#sms"},
    }
    return posted("/", without_nothing(usual | changed), named={"X-Amz-Target": sms.TARGET})


def a_whatsapp(inner: Mapping[str, Any] | bytes | None = None, **changed: Any) -> Request:
    content = inner if isinstance(inner, bytes) else json.dumps(inner or a_template()).encode()
    usual = {
        "originationPhoneNumberId": "phone-number-id-976c72a700aac43eaf573ae050example",
        "message": base64.b64encode(content).decode(),
        "metaApiVersion": "v20.0",
    }
    return posted(whatsapp.SEND, without_nothing(usual | changed))


def a_template(**changed: Any) -> dict[str, Any]:
    """A WhatsApp message from a template with two texts and a button; `components` and `template` replace parts."""
    texts = [{"type": "text", "text": "Haircut"}, {"type": "text", "text": "Sat 14 Mar, 14:00"}]
    button = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    components = [
        {"type": "body", "parameters": texts},
        button | {"parameters": [{"type": "payload", "payload": "1"}]},
    ]
    usual: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "to": "+12125550123",
        "type": "template",
        "template": {"name": "same_day", "language": {"code": "en"}, "components": components},
        "biz_opaque_callback_data": f"{BUSINESS}/a_1#v1#same_day#whatsapp",
    }
    return without_nothing(usual | changed)


def some_words(**changed: Any) -> dict[str, Any]:
    """A WhatsApp message in free words."""
    words = {"type": "text", "template": None, "text": {"body": "We are open until eight."}}
    return a_template(**words | changed)


def a_token(**changed: Any) -> Request:
    account = ACCOUNTS[BUSINESS]["wechat"]
    usual = {"grant_type": "client_credential", "appid": account["app_id"], "secret": account["app_secret"]}
    return posted(wechat.ADDRESS + wechat.TOKEN, without_nothing(usual | changed))


def a_card(token: str, **changed: Any) -> Request:
    """A WeChat template message."""
    usual = {
        "touser": OPENID,
        "template_id": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY",
        "url": "http://127.0.0.1/c/2",
        "client_msg_id": "3f1c9a",
        "data": {"thing1": {"value": "剪发"}, "time2": {"value": "2026年3月14日 14:00"}},
    }
    return posted(wechat.ADDRESS + wechat.TEMPLATE, without_nothing(usual | changed), query={"access_token": token})


def a_subscription(token: str, template: str) -> Request:
    """A message by one-time subscription."""
    said = {
        "touser": OPENID,
        "template_id": template,
        "page": "http://127.0.0.1/c/2",
        "data": {"thing1": {"value": "剪发"}},
    }
    return posted(wechat.ADDRESS + wechat.ONCE, said, query={"access_token": token})


def wechat_words(token: str, text: str) -> Request:
    said = {"touser": OPENID, "msgtype": "text", "text": {"content": text}}
    return posted(wechat.ADDRESS + wechat.WORDS, said, query={"access_token": token})


def a_webhook(said: object = None, *, secret: str = "", at: datetime = NOW, **changed: str) -> Request:
    """`webhook_id` and the like replace a header, "" leaves it out."""
    data = {"message": "a_1#v1#same_day#webhook", "to": "+6591234567", "text": "See you at nine."}
    body = said or {"type": "message.send", "timestamp": "2026-03-14T09:00:00Z", "data": data}
    content = json.dumps(body).encode()
    signed = headers(secret or ACCOUNTS[BUSINESS]["webhook"]["secret"], "a_1-v1-same_day", at, content)
    kept = signed | {name.replace("_", "-"): value for name, value in changed.items()}
    return posted(f"{gateway.ADDRESS}/{BUSINESS}", content, named={name: it for name, it in kept.items() if it})


def taken(provider: Provider, request: Request, fates: Mapping[str, str] | None = None, now: datetime = NOW) -> Sent:
    """The one message that is on its way because of it."""
    (sent,) = provider.take(request, fates or {}, now).sent
    return sent
