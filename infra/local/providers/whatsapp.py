"""AWS End User Messaging Social: SendWhatsAppMessage, and what Meta tells of messages and readers through it.

AWS looks at the form of a message at once. What Meta decides (the 24 hours, a reader without WhatsApp) comes as a
status of the message that was taken.
"""

import base64
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from infra.local.inbox import Inbox, Sent, Written
from infra.local.providers.answers import Refused, Request, Taken, as_json, aws_refusal
from infra.local.providers.events import Event
from infra.local.providers.shapes import complaint
from infra.local.providers.whatsapp_events import STATUSES, inbound, status, wamid
from infra.local.providers.whatsapp_message import Malformed, Message, read

SEND = "/v1/whatsapp/send"
WINDOW = timedelta(hours=24)
"""For so long after a reader wrote they can be written to freely; otherwise in templates only."""
_VERSION = re.compile(r"v\d+\.\d+")


@dataclass(frozen=True, slots=True)
class WhatsApp:
    """The provider. It knows who wrote when from the inbox, for readers write through it."""

    inbox: Inbox
    fates: ClassVar = frozenset(STATUSES) - {"read", "closed"}
    later: ClassVar = frozenset({"read"})

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:  # noqa: ARG002
        said = request.json()
        if wrong := complaint("socialmessaging", "SendWhatsAppMessage", said):
            raise aws_refusal(400, "ValidationException", f"{wrong[1]} at '{wrong[0]}'")
        if not _VERSION.fullmatch(said["metaApiVersion"]):
            raise aws_refusal(400, "ValidationException", "metaApiVersion has the form v20.0.")
        try:
            message = read(base64.b64decode(said["message"]))
        except Malformed as malformed:
            raise aws_refusal(400, "InvalidParametersException", str(malformed)) from malformed
        id = str(uuid.uuid4())
        sent = self._sent(id, message, said["originationPhoneNumberId"], now)
        return Taken(as_json({"messageId": id}), (sent,))

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        return [status(word, sent, at) for word in STATUSES[fate]]

    def hear(self, written: Written, answered: Sent | None) -> Event:
        return inbound(written, answered)

    def throttled(self) -> Refused:
        return aws_refusal(429, "ThrottledRequestException", "Too many requests.")

    def _sent(self, id: str, message: Message, origin: str, now: datetime) -> Sent:
        wrote = self.inbox.wrote_last("whatsapp", message.to)
        is_open = message.is_template or (wrote is not None and now < wrote + WINDOW)
        business, _, about = message.callback_data.partition("/")
        return Sent(
            id=id,
            channel="whatsapp",
            to=message.to,
            sender=origin.rpartition("/")[2],
            at=now.isoformat(timespec="seconds"),
            subject=message.title,
            text=message.text,
            choices=message.buttons,
            details={
                "wamid": wamid(id),
                "callback_data": message.callback_data,
                "business": business,
                "message": about,
            }
            | ({} if is_open else {"fate": "closed"}),
        )
