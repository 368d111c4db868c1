"""What AWS publishes of WhatsApp: its own header, and in it the entry of Meta's webhook as a string."""

import base64
import json
from datetime import datetime
from typing import Any

from infra.local.inbox import Sent, Written
from infra.local.place import REGION
from infra.local.providers.events import Notice

ACCOUNT = "000000000000"
_WABA, _META_NUMBER, _DISPLAYED = "1234567890", "106540352242922", "15550783881"
_ARN = f"arn:aws:social-messaging:{REGION}:{ACCOUNT}"
STATUSES: dict[str, tuple[str, ...]] = {
    "delivered": ("sent", "delivered"),
    "read": ("read",),
    "unreachable": ("131026",),
    "closed": ("131047",),
    "unwanted": ("131049",),
    "stopped": ("131050",),
    "no_template": ("132001",),
    "paused": ("132015",),
}
"""By what becomes of a message: its statuses, or the code of the error of a failed one."""
_ERRORS = {
    "131026": ("Message undeliverable", "Message Undeliverable."),
    "131047": (
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    "131049": (
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    "131050": (
        "Marketing messages stopped",
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages.",
    ),
    "132015": ("Template is paused", "The template is paused because of its quality and cannot be sent."),
    "132001": ("Template name does not exist in the translation", "template name does not exist in the language"),
}


def status(word: str, sent: Sent, at: datetime) -> Notice:
    """`word` is a status, or the code of an error."""
    said: dict[str, Any] = {
        "id": sent.details["wamid"],
        "status": "failed" if word in _ERRORS else word,
        "timestamp": _seconds(at),
        "recipient_id": sent.to.removeprefix("+"),
    }
    if data := sent.details["callback_data"]:
        said["biz_opaque_callback_data"] = data
    if word in _ERRORS:
        title, words = _ERRORS[word]
        said["errors"] = [
            {
                "code": int(word),
                "title": title,
                "message": title,
                "error_data": {"details": words},
                "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
            }
        ]
    elif word in ("sent", "delivered"):
        said["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "utility", "type": "regular"}
    kind = f"failed {word}" if word in _ERRORS else word
    return Notice(kind, sent.id, _entry({"statuses": [said]}, sent.sender, sent.id, at))


def inbound(written: Written, answered: Sent | None) -> Notice:
    """A button that was pressed, or words."""
    at = datetime.fromisoformat(written.at)
    number = written.reader.removeprefix("+")
    said: dict[str, Any] = {"from": number, "id": wamid(written.id), "timestamp": _seconds(at)}
    if answered:
        said["context"] = {"from": _DISPLAYED, "id": answered.details["wamid"]}
    if answered and written.text in answered.choices:
        said |= {"type": "button", "button": {"payload": answered.choices[written.text], "text": written.text}}
    else:
        said |= {"type": "text", "text": {"body": written.text}}
    contact = {"profile": {"name": written.reader}, "wa_id": number}
    value = {"contacts": [contact], "messages": [said]}
    return Notice("inbound", written.to, _entry(value, written.business, written.id, at))


def _entry(value: dict[str, Any], origin: str, id: str, at: datetime) -> str:
    metadata = {"display_phone_number": _DISPLAYED, "phone_number_id": _META_NUMBER}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata} | value, "field": "messages"}
    number = {
        "metaPhoneNumberId": _META_NUMBER,
        "arn": f"{_ARN}:phone-number-id/{origin.partition('-id-')[2] or origin}",
    }
    event = {
        "context": {
            "MetaWabaIds": [{"wabaId": _WABA, "arn": f"{_ARN}:waba/kept"}],
            "MetaPhoneNumberIds": [number],
        },
        "whatsAppWebhookEntry": json.dumps({"id": _WABA, "changes": [change]}, ensure_ascii=False),
        "aws_account_id": ACCOUNT,
        "message_timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "messageId": id,
    }
    return json.dumps(event, ensure_ascii=False)


def wamid(id: str) -> str:
    """Meta's id of a message, beside AWS's."""
    return f"wamid.{base64.b64encode(id.encode()).decode()}"


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))
