"""Every message that left the product, as its reader would see it; kept in one file, a line each."""

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along, an invitation for example."""

    name: str
    type: str
    content: str
    """Base64."""

    def content_bytes(self) -> bytes:
        return base64.b64decode(self.content)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one reader's address; `at` is on the product's clock."""

    id: str
    channel: str
    to: str
    sender: str
    at: str
    text: str
    subject: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class Inbox:
    """Shared by the threads of the server. A kill in the middle of a line loses that one message."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._messages = [_from_line(line) for line in _whole_lines(file)]

    def keep(self, message: Sent) -> None:
        with self._lock, self._file.open("a") as file:
            file.write(json.dumps(asdict(message), ensure_ascii=False) + "\n")
            self._messages.append(message)

    def newest_first(self, to: str = "") -> list[Sent]:
        with self._lock:
            return [message for message in reversed(self._messages) if to in ("", message.to)]

    def readers(self) -> list[str]:
        return sorted({message.to for message in self.newest_first()})

    def find(self, message_id: str) -> Sent | None:
        return next((message for message in self.newest_first() if message.id == message_id), None)


def from_ses(request: Mapping[str, Any], message_id: str, now: datetime) -> list[Sent]:
    """What a SendEmail request (SES v2, simple or raw) puts into the inbox of each of its readers."""
    content, readers = request["Content"], request.get("Destination", {}).get("ToAddresses", [])
    parts = _simple(content["Simple"]) if "Simple" in content else _raw(base64.b64decode(content["Raw"]["Data"]))
    return [
        Sent(id=_numbered(message_id, number), channel="email", to=reader, at=now.isoformat(timespec="seconds"),
             sender=request.get("FromEmailAddress", ""), **parts)
        for number, reader in enumerate(readers)
    ]  # fmt: skip


def _numbered(message_id: str, number: int) -> str:
    return f"{message_id.partition('@')[0]}-{number}"


def _simple(simple: Mapping[str, Any]) -> dict[str, Any]:
    body = simple["Body"]
    return {
        "subject": simple["Subject"]["Data"],
        "text": body.get("Text", {}).get("Data", ""),
        "html": body.get("Html", {}).get("Data", ""),
        "headers": {header["Name"]: header["Value"] for header in simple.get("Headers", [])},
        "attachments": tuple(_attachment(attached) for attached in simple.get("Attachments", [])),
    }


def _attachment(attached: Mapping[str, str]) -> Attachment:
    kind = attached.get("ContentType", "application/octet-stream")
    return Attachment(name=attached["FileName"], type=kind, content=attached["RawContent"])


def _raw(mime: bytes) -> dict[str, Any]:
    message = message_from_bytes(mime, _class=EmailMessage, policy=policy.default)
    return {
        "subject": str(message["Subject"] or ""),
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "headers": {name: str(value) for name, value in message.items()},
        "attachments": tuple(_attached(part) for part in message.iter_attachments()),
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _attached(part: Any) -> Attachment:
    content = base64.b64encode(part.get_payload(decode=True) or b"").decode()
    return Attachment(name=part.get_filename() or "attachment", type=part.get_content_type(), content=content)


def _whole_lines(file: Path) -> list[str]:
    """The lines of a file that is left without a broken last one."""
    text = file.read_text() if file.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole)
    return whole.splitlines()


def _from_line(line: str) -> Sent:
    said = json.loads(line)
    return Sent(**said | {"attachments": tuple(Attachment(**attached) for attached in said["attachments"])})
