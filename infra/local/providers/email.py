"""Amazon SES v2: SendEmail, held to its documents; the stack's SES says who is verified and who is told of what.

ministack's SES forgets attachments and headers and tells nobody anything; so what is accepted is kept in the inbox and
the events come from here, to the topics that the configuration set names.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from infra.local.inbox import Sent, Written
from infra.local.place import REGION
from infra.local.providers import mime
from infra.local.providers.answers import Refused, Request, Taken, as_json, aws_refusal
from infra.local.providers.email_events import EVENTS, record
from infra.local.providers.events import Event, Notice
from infra.local.providers.shapes import complaint

SEND = "/v2/email/outbound-emails"
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ADDRESS = re.compile(r"(?:.*<)?[!-~]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+>?")
_MOST_READERS = 50


class Stack(Protocol):
    """What is asked of the stack's own SES."""

    def send(self, request: Request) -> None:
        """Raises Refused for a sender that nobody verified."""

    def listeners(self, configuration_set: str) -> Mapping[str, frozenset[str]] | None:
        """Topics, and the types of events each is told of; None where there is no such set."""


@dataclass(frozen=True, slots=True)
class Email:
    """The provider."""

    stack: Stack
    fates: ClassVar = frozenset({"delivered", "bounce", "soft", "suppressed", "complaint"})
    later: ClassVar = frozenset({"spam"})

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:  # noqa: ARG002
        said = request.json()
        _check(said)
        configuration_set = said.get("ConfigurationSetName", "")
        if configuration_set and self.stack.listeners(configuration_set) is None:
            raise _refusal("NotFoundException", f"Configuration set <{configuration_set}> does not exist.", 404)
        self.stack.send(request)
        id, read = str(uuid.uuid4()), mime.read(said["Content"])
        readers = _readers(said)
        sent = tuple(
            Sent(
                id=f"{id}-{number}",
                channel="email",
                to=reader,
                sender=said.get("FromEmailAddress", ""),
                at=now.isoformat(timespec="seconds"),
                subject=read.subject,
                text=read.text,
                html=read.html,
                headers=read.headers,
                attachments=read.attachments,
                details=_details(said, id),
            )
            for number, reader in enumerate(readers)
        )
        return Taken(as_json({"MessageId": id}), sent)

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        """Nothing for mail without a configuration set."""
        topics = self.stack.listeners(sent.details["configuration_set"]) or {}
        return [
            Notice(type, sent.id, record(type, about, sent, at), topic)
            for type, about in EVENTS[fate]
            for topic, told_of in topics.items()
            if re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type).upper() in told_of
        ]

    def hear(self, written: Written, answered: Sent | None) -> Event:  # noqa: ARG002
        raise ValueError("Mail is answered to the business's own address, not to Kept.")

    def throttled(self) -> Refused:
        return _refusal("TooManyRequestsException", "Maximum sending rate exceeded.", 429)


def _check(said: Any) -> None:
    if wrong := complaint("sesv2", "SendEmail", said):
        raise _refusal("BadRequestException", f"{wrong[1]} at '{wrong[0]}'.")
    readers, content = _readers(said), said["Content"]
    if not 1 <= len(readers) <= _MOST_READERS:
        raise _refusal("BadRequestException", "Recipient count is not between 1 and 50.")
    for address in [said.get("FromEmailAddress", ""), *readers, *said.get("ReplyToAddresses", [])]:
        if not _ADDRESS.fullmatch(address):
            raise _refusal("BadRequestException", "Missing final '@domain' or characters that are not ASCII.")
    if len(content.keys() & {"Simple", "Raw", "Template"}) != 1:
        raise _refusal("BadRequestException", "Content must be one of Simple, Raw and Template.")
    for tag in said.get("EmailTags", []):
        if not (_TAG.fullmatch(tag["Name"]) and _TAG.fullmatch(tag["Value"])):
            raise _refusal("BadRequestException", "Tags have ASCII letters, digits, '_' and '-', at most 256.")


def _readers(said: Mapping[str, Any]) -> list[str]:
    destination = said.get("Destination", {})
    return [reader for kind in ("To", "Cc", "Bcc") for reader in destination.get(f"{kind}Addresses", [])]


def _details(said: Mapping[str, Any], id: str) -> dict[str, Any]:
    tags = {tag["Name"]: tag["Value"] for tag in said.get("EmailTags", [])}
    return {
        "message_id": id,
        "configuration_set": said.get("ConfigurationSetName", ""),
        "tags": tags,
        "destination": _readers(said),
        "business": tags.get("business", ""),
        "message": tags.get("message", ""),
        "region": REGION,
    }


def _refusal(kind: str, words: str, status: int = 400) -> Refused:
    return aws_refusal(status, kind, words)
