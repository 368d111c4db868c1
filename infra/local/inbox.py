"""Every message that left the product, as its reader would see it, and what readers wrote back; a line each."""

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

CONVERSATIONS = frozenset({"sms", "whatsapp", "wechat", "webhook"})
"""Channels on which a reader can write back."""


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
    """One message to one reader's address; `at` is on the product's clock.

    `choices` are its buttons: what is sent back, by what stands on them. `details` is what its provider has to know of
    it to tell what becomes of it.
    """

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
    choices: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unsubscribes_at(self) -> str:
        """Where a mail client's own button says so (RFC 8058), if the message has one."""
        named = self.headers.get("List-Unsubscribe", "")
        one_click = self.headers.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        links = [link.strip(" <>") for link in named.split(",")]
        return next((link for link in links if one_click and link.startswith("http")), "")


@dataclass(frozen=True, slots=True)
class Written:
    """What a reader wrote from an address to the business's own; `to` is the message they answered, if it was one."""

    id: str
    channel: str
    reader: str
    business: str
    at: str
    text: str
    to: str = ""


class Inbox:
    """Shared by the threads of the server. A kill in the middle of a line loses that one message."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        lines = [json.loads(line) for line in _whole_lines(file)]
        self._messages = [_sent(said) for said in lines if "sender" in said]
        self._written = [Written(**said) for said in lines if "reader" in said]

    def keep(self, message: Sent) -> None:
        with self._lock:
            self._write(message)
            self._messages.append(message)

    def keep_written(self, written: Written) -> None:
        with self._lock:
            self._write(written)
            self._written.append(written)

    def newest_first(self, to: str = "") -> list[Sent]:
        with self._lock:
            return [message for message in reversed(self._messages) if to in ("", message.to)]

    def readers(self) -> list[str]:
        return sorted({message.to for message in self.newest_first()})

    def find(self, message_id: str) -> Sent | None:
        return next((message for message in self.newest_first() if message.id == message_id), None)

    def answers(self) -> dict[str, list[Written]]:
        """What was written back, by the message it answers."""
        found: dict[str, list[Written]] = {}
        with self._lock:
            for written in self._written:
                found.setdefault(written.to, []).append(written)
        return found

    def wrote_last(self, channel: str, reader: str) -> datetime | None:
        with self._lock:
            of_reader = (w.at for w in reversed(self._written) if (w.channel, w.reader) == (channel, reader))
            last = next(of_reader, None)
        return datetime.fromisoformat(last) if last else None

    def _write(self, line: Sent | Written) -> None:
        with self._file.open("a") as file:
            file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")


def _whole_lines(file: Path) -> list[str]:
    """The lines of a file that is left without a broken last one."""
    text = file.read_text() if file.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole)
    return whole.splitlines()


def _sent(said: dict[str, Any]) -> Sent:
    return Sent(**said | {"attachments": tuple(Attachment(**attached) for attached in said["attachments"])})
