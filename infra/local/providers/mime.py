"""What a reader sees of a mail that was sent, simple or raw."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from infra.local.inbox import Attachment


@dataclass(frozen=True, slots=True)
class Read:
    """One mail."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    attachments: tuple[Attachment, ...]


def read(content: Mapping[str, Any]) -> Read:
    """Of the `Content` of a SendEmail; one made from a template shows its data."""
    if "Raw" in content:
        return _raw(base64.b64decode(content["Raw"]["Data"]))
    if "Simple" in content:
        return _simple(content["Simple"])
    template = content["Template"]
    return Read(template.get("TemplateName", ""), template.get("TemplateData", ""), "", {}, ())


def _simple(simple: Mapping[str, Any]) -> Read:
    body = simple["Body"]
    return Read(
        subject=simple["Subject"]["Data"],
        text=body.get("Text", {}).get("Data", ""),
        html=body.get("Html", {}).get("Data", ""),
        headers={header["Name"]: header["Value"] for header in simple.get("Headers", [])},
        attachments=tuple(_attachment(attached) for attached in simple.get("Attachments", [])),
    )


def _attachment(attached: Mapping[str, str]) -> Attachment:
    kind = attached.get("ContentType", "application/octet-stream")
    return Attachment(name=attached["FileName"], type=kind, content=attached["RawContent"])


def _raw(mail: bytes) -> Read:
    message = message_from_bytes(mail, _class=EmailMessage, policy=policy.default)
    return Read(
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        headers={name: str(value) for name, value in message.items()},
        attachments=tuple(_attached(part) for part in message.iter_attachments()),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _attached(part: Any) -> Attachment:
    content = base64.b64encode(part.get_payload(decode=True) or b"").decode()
    return Attachment(name=part.get_filename() or "attachment", type=part.get_content_type(), content=content)
