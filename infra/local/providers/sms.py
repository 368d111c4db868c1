"""AWS End User Messaging SMS: SendTextMessage, delivery events and two-way messages, as its documents have them."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from infra.local.inbox import Sent, Written
from infra.local.providers.answers import Refused, Request, Taken, as_json, aws_refusal
from infra.local.providers.events import Event, Notice
from infra.local.providers.segments import encoding, parts
from infra.local.providers.shapes import complaint

TARGET = "PinpointSMSVoiceV2.SendTextMessage"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_PRICE = 0.05
"""US dollars a part, to whatever country: a stand-in's price."""
_STATUS = {
    "delivered": ("TEXT_DELIVERED", "DELIVERED", "Message has been accepted by phone"),
    "invalid": ("TEXT_INVALID", "INVALID", "Destination phone number is invalid"),
    "unreachable": ("TEXT_UNREACHABLE", "UNREACHABLE", "Phone is currently unreachable/unavailable"),
    "carrier_unreachable": ("TEXT_CARRIER_UNREACHABLE", "CARRIER_UNREACHABLE", "Phone carrier is unreachable"),
    "blocked": ("TEXT_BLOCKED", "BLOCKED", "Phone has blocked SMS"),
    "spam": ("TEXT_SPAM", "SPAM", "Message marked as spam"),
    "expired": ("TEXT_TTL_EXPIRED", "TTL_EXPIRED", "Message delivery TTL expired"),
}
_KEYWORDS = frozenset({"ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE"})
"""Those that put who writes them on the opt-out list of a number that manages it itself."""


@dataclass(frozen=True, slots=True)
class Sms:
    """The provider. `opted_out` is answered at once, the other fates come as events."""

    fates: ClassVar = frozenset({*_STATUS, "opted_out"})
    later: ClassVar = frozenset[str]()

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:
        said = request.json()
        _check(said)
        to, text = said["DestinationPhoneNumber"], said["MessageBody"]
        if fates.get(to) == "opted_out":
            raise aws_refusal(
                400, "ConflictException", "The number has opted out.", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT",
                ResourceType="opted-out-number", ResourceId=to,
            )  # fmt: skip
        id = str(uuid.uuid4())
        answer = as_json({"MessageId": id})
        if said.get("DryRun"):
            return Taken(answer)
        context = said.get("Context", {})
        details = {
            "configuration_set": said.get("ConfigurationSetName", ""),
            "type": said.get("MessageType", "TRANSACTIONAL"),
            "context": context,
            "business": context.get("business", ""),
            "message": context.get("message", ""),
        }
        at = now.isoformat(timespec="seconds")
        sender = said.get("OriginationIdentity", "")
        return Taken(answer, (Sent(id=id, channel="sms", to=to, sender=sender, text=text, at=at, details=details),))

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        """Nothing for a message without a configuration set."""
        if not sent.details["configuration_set"]:
            return []
        type, status, words = _STATUS[fate]
        event = {
            "eventType": type,
            "eventVersion": "1.0",
            "eventTimestamp": _millis(at),
            "isFinal": True,
            "originationPhoneNumber": sent.sender,
            "destinationPhoneNumber": sent.to,
            "isInternationalSend": False,
            "messageId": sent.id,
            "messageRequestTimestamp": _millis(datetime.fromisoformat(sent.at)),
            "messageEncoding": encoding(sent.text),
            "messageType": sent.details["type"],
            "messageStatus": status,
            "messageStatusDescription": words,
            "context": sent.details["context"],
            "totalMessageParts": parts(sent.text),
            "totalMessagePrice": _PRICE * parts(sent.text),
            "totalCarrierFee": 0.0,
        }
        return [Notice(type, sent.id, json.dumps(event))]

    def hear(self, written: Written, answered: Sent | None) -> Event:
        if not _E164.fullmatch(written.business):
            raise ValueError("Only a telephone number can be answered; a sender id or a pool's name cannot.")
        event = {
            "originationNumber": written.reader,
            "destinationNumber": written.business,
            "messageKeyword": "KEYWORD_kept",
            "messageBody": written.text,
            "inboundMessageId": written.id,
            "previousPublishedMessageId": answered.id if answered else "",
        }
        return Notice("inbound", written.to, json.dumps(event, ensure_ascii=False))

    def throttled(self) -> Refused:
        return aws_refusal(400, "ThrottlingException", "Rate exceeded")


def is_opt_out(text: str) -> bool:
    return text.strip().upper() in _KEYWORDS


def _check(said: Any) -> None:
    if wrong := complaint("pinpoint-sms-voice-v2", "SendTextMessage", said):
        raise _invalid(*wrong)
    if not _E164.fullmatch(said["DestinationPhoneNumber"]):
        raise _invalid("DestinationPhoneNumber", "Member must be an E.164 number")
    if not said.get("MessageBody"):
        raise _invalid("MessageBody", "Member must not be null")
    price = _PRICE * parts(said["MessageBody"])
    if "MaxPrice" in said and price > float(said["MaxPrice"]):
        raise _invalid("MaxPrice", f"The message costs {price:.2f} US dollars", "PRICE_OVER_THRESHOLD")


def _invalid(name: str, words: str, reason: str = "INVALID_PARAMETER") -> Refused:
    fields = [{"Name": name, "Message": words}]
    return aws_refusal(400, "ValidationException", f"{words} at '{name}'", Reason=reason, Fields=fields)


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)
