"""WhatsApp through AWS End User Messaging Social: approved templates, and free words to who wrote within the day."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kept.channels import Channel
from kept.messaging.channels import Parcel, Rejected, Sending
from kept.messaging.channels.provider import ProviderRefusal, asked
from kept.messaging.channels.reading import reading, seconds, text
from kept.messaging.channels.templates import filled
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply
from kept.reasons import Code, Reason, because

if TYPE_CHECKING:
    from mypy_boto3_socialmessaging import EndUserMessagingSocialClient

META_API = "v23.0"
"""Of Meta's API, as the message is written; AWS lists those it speaks under its endpoints."""

LONGEST = 4096
"""Characters of free words."""

LANGUAGES = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}
"""Meta names Chinese by where it is read; other languages have our own name."""

KINDS = ("statuses", "messages")
"""What a change tells of: what became of ours, and theirs to us."""

BY_NO_HAND = frozenset({"reaction", "system", "unsupported", "request_welcome", "edit", "revoke", "ephemeral"})
"""Kinds of messages that are nobody's words: a thumb under ours, a changed number, what was taken back or edited."""

FINAL = frozenset({"ValidationException", "InvalidParametersException"})
ARRIVED = {"delivered": ReceiptStatus.DELIVERED, "read": ReceiptStatus.READ}

MEANING = {131026: (ReceiptStatus.BOUNCED,), 131050: (ReceiptStatus.FAILED, ReceiptStatus.COMPLAINED)}
"""WhatsApp does not say who is not there and who blocks us: neither is tried again. Who stopped invitations still
gets what concerns their booking. All other errors are of this one message."""

FAILURES = {
    131026: Code.NOT_ON_WHATSAPP,
    131050: Code.STOPPED_ON_WHATSAPP,
    131047: Code.WINDOW_CLOSED,
    131049: Code.WHATSAPP_LIMIT,
    130472: Code.WHATSAPP_EXPERIMENT,
    130429: Code.TOO_FAST,
    131056: Code.TOO_MANY_TO_ONE,
    132001: Code.NO_SUCH_TEMPLATE,
    132015: Code.TEMPLATE_PAUSED,
    132016: Code.TEMPLATE_DISABLED,
}


class WhatsApp:
    """From the deployment's number, by its id at AWS."""

    def __init__(self, social: "EndUserMessagingSocialClient", *, phone_number_id: str) -> None:
        self._social = social
        self._phone_number_id = phone_number_id

    def compose(self, parcel: Parcel) -> Sending:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.to,
            "biz_opaque_callback_data": f"{parcel.business}/{parcel.message}",
            **(_words(parcel) if parcel.free_words else _template(parcel)),
        }
        return partial(self._send, json.dumps(message).encode())

    def _send(self, message: bytes) -> str:
        with asked(_refused):
            answer = self._social.send_whatsapp_message(
                originationPhoneNumberId=self._phone_number_id,
                message=message,
                metaApiVersion=META_API,
            )
            return str(answer["messageId"])


def _words(parcel: Parcel) -> dict[str, Any]:
    if len(parcel.rendered.text) > LONGEST:
        raise Rejected(because(Code.TOO_LONG, most=LONGEST))
    return {"type": "text", "text": {"body": parcel.rendered.text, "preview_url": False}}


def _template(parcel: Parcel) -> dict[str, Any]:
    """With the variables of its body by name."""
    name, variables = filled(parcel)
    language = LANGUAGES.get(parcel.rendered.language, parcel.rendered.language)
    body = [{"type": "text", "parameter_name": key, "text": value} for key, value in variables.items()]
    components = [{"type": "body", "parameters": body}] if body else []
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": language}, "components": components},
    }


def events(payload: Mapping[str, Any]) -> list[Receipt | Reply]:
    """The entry of Meta's webhook that AWS publishes: statuses of our messages, and messages to us."""
    with reading(Channel.WHATSAPP):
        values = [change["value"] for change in _entry(payload)["changes"] if change["field"] == "messages"]
        receipts = [
            receipt for value in values for status in value.get("statuses", ()) for receipt in _receipts(status)
        ]
        return [*receipts, *(_reply(message) for value in values for message in value.get("messages", ()))]


def apart(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One such payload for each status and each message, for each stands for itself. Raises Unreadable."""
    with reading(Channel.WHATSAPP):
        entry = _entry(payload)
        return [
            {**payload, "whatsAppWebhookEntry": json.dumps({**entry, "changes": [one]}, ensure_ascii=False)}
            for change in entry["changes"]
            for one in _changes_of_one(change)
        ]


def _entry(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = json.loads(payload["whatsAppWebhookEntry"])
    return entry


def _changes_of_one(change: Any) -> Iterator[Any]:
    """A change that tells of several things, as several; whatever else it is, it is one."""
    value = change.get("value") if isinstance(change, Mapping) else None
    if not isinstance(value, Mapping):
        yield change
        return
    rest = {name: said for name, said in value.items() if name not in KINDS}
    for kind in (kind for kind in KINDS if kind in value):
        said = value[kind] if isinstance(value[kind], list) else [value[kind]]
        yield from ({**change, "value": {**rest, kind: [one]}} for one in said)


def _receipts(status: Mapping[str, Any]) -> Iterator[Receipt]:
    """None for what carries no data of ours, nor for a step on the way."""
    business, _, message = status.get("biz_opaque_callback_data", "").partition("/")
    if message:
        at, id = seconds(status["timestamp"]), text(status["id"])
        yield from (Receipt(Channel.WHATSAPP, tells, at, business, message, id, why) for tells, why in _told(status))


def _told(status: Mapping[str, Any]) -> list[tuple[ReceiptStatus, Reason | None]]:
    if status["status"] != "failed":
        return [(ARRIVED[status["status"]], None)] if status["status"] in ARRIVED else []
    code = status["errors"][0]["code"]
    why = because(FAILURES[code]) if code in FAILURES else because(Code.REFUSED_BY_WHATSAPP, error=int(code))
    return [(tells, why) for tells in MEANING.get(code, (ReceiptStatus.FAILED,))]


def _reply(message: Mapping[str, Any]) -> Reply:
    """A button says what stands on it. What has no words says what it is, for somebody to look at: [image].

    Who hides their number behind a name is known by the id that WhatsApp has for them.
    """
    kind = message["type"]
    sender = text(message.get("from") or message.get("from_user_id") or message.get("user_id"))
    return Reply(
        Channel.WHATSAPP,
        f"+{sender}" if sender.isdecimal() else sender,
        text(_words_of(message)),
        text(message["id"]),
        seconds(message["timestamp"]),
        answers=text(_named(message).get("id") or ""),
        by_hand=kind not in BY_NO_HAND,
    )


def _words_of(message: Mapping[str, Any]) -> Any:
    match message:
        case {"type": "text", "text": {"body": said}}:
            return said
        case {"type": "button", "button": {"text": said}}:
            return said
        case {
            "type": "interactive",
            "interactive": {"button_reply": {"title": said}} | {"list_reply": {"title": said}},
        }:
            return said
        case {"type": "reaction", "reaction": {"emoji": str(said)}} if said:
            return said
    kind = text(message["type"])
    inner = message.get(kind)
    return (inner.get("caption") if isinstance(inner, Mapping) else None) or f"[{kind}]"


def _named(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Which message it answers, or reacts to. A product that was asked about is named in the same place, without id."""
    match message:
        case {"type": "reaction", "reaction": {"message_id": id}}:
            return {"id": id}
        case {"context": {"id": id}}:
            return {"id": id}
    return {}


def _refused(refusal: ProviderRefusal) -> Rejected | None:
    """AWS looks at the form alone; what Meta thinks of it comes as a status."""
    return Rejected(because(Code.REFUSED, error=refusal.code)) if refusal.code in FINAL else None
