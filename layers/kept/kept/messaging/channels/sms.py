"""Text messages through AWS End User Messaging, and what it tells of them and of their readers."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kept.business.country_rules import Sender, rules_for
from kept.channels import Channel
from kept.messaging.channels import Parcel, Rejected, Sending, Suppressed, WrongAddress
from kept.messaging.channels.provider import ProviderRefusal, asked
from kept.messaging.channels.reading import reading, seconds, text
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Unreadable
from kept.messaging.segments import segments
from kept.reasons import Code, because

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client
    from mypy_boto3_pinpoint_sms_voice_v2.type_defs import SendTextMessageRequestTypeDef

MOST_SEGMENTS = 6
USELESS_AFTER = 24 * 60 * 60
"""Seconds for which delivery is tried (72 h by default): a day later most texts speak of what is past."""

TOLD: dict[str, tuple[ReceiptStatus, Code | None]] = {
    "TEXT_DELIVERED": (ReceiptStatus.DELIVERED, None),
    "TEXT_SUCCESSFUL": (ReceiptStatus.DELIVERED, None),
    "TEXT_INVALID": (ReceiptStatus.BOUNCED, Code.NO_SUCH_NUMBER),
    "TEXT_INVALID_MESSAGE": (ReceiptStatus.FAILED, Code.TEXT_REFUSED),
    "TEXT_UNREACHABLE": (ReceiptStatus.FAILED, Code.PHONE_UNREACHABLE),
    "TEXT_CARRIER_UNREACHABLE": (ReceiptStatus.FAILED, Code.CARRIER_UNREACHABLE),
    "TEXT_BLOCKED": (ReceiptStatus.FAILED, Code.BLOCKED_BY_PHONE),
    "TEXT_CARRIER_BLOCKED": (ReceiptStatus.FAILED, Code.BLOCKED_BY_CARRIER),
    "TEXT_PROTECT_BLOCKED": (ReceiptStatus.FAILED, Code.BLOCKED_BY_ACCOUNT),
    "TEXT_SPAM": (ReceiptStatus.FAILED, Code.SPAM_TO_CARRIER),
    "TEXT_TTL_EXPIRED": (ReceiptStatus.FAILED, Code.NOT_IN_TIME),
    "TEXT_UNKNOWN": (ReceiptStatus.FAILED, Code.CARRIER_SILENT),
}
"""Only an invalid number is never tried again. Where a country has no receipts, `successful` is all one learns."""

ON_THE_WAY = frozenset({"TEXT_QUEUED", "TEXT_PENDING", "TEXT_SENT"})

NOT_A_NUMBER = frozenset({"INVALID_PARAMETER", "FIELD_VALIDATION_FAILED", "CANNOT_PARSE"})
"""Of the parameter that holds the number; of another one they are ours to mend."""

REFUSED = {
    "DESTINATION_COUNTRY_BLOCKED": Code.COUNTRY_BLOCKED,
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": Code.COUNTRY_BLOCKED,
    "PRICE_OVER_THRESHOLD": Code.TOO_DEAR,
}


class Sms:
    """From the deployment's number, pool or sender id. `max_price`: US dollars a message, like 0.30; "" for any."""

    def __init__(
        self,
        sms: "PinpointSMSVoiceV2Client",
        *,
        origination: str,
        configuration_set: str = "",
        max_price: str = "",
        most_segments: int = MOST_SEGMENTS,
    ) -> None:
        self._sms = sms
        self._origination = origination
        self._configuration_set = configuration_set
        self._max_price = max_price
        self._most_segments = most_segments

    def compose(self, parcel: Parcel) -> Sending:
        if (count := segments(parcel.rendered.text).count) > self._most_segments:
            raise Rejected(because(Code.TOO_MANY_PARTS, parts=count, most=self._most_segments))
        if self._is_a_name and rules_for(parcel.to).sender is Sender.NUMBER:
            raise Rejected(because(Code.NO_NAMED_SENDER))
        return partial(self._send, self._request(parcel))

    @property
    def _is_a_name(self) -> bool:
        """What is no number, nor the name by which AWS knows a number or a pool."""
        return not self._origination.startswith(("+", "phone-", "pool-", "arn:"))

    def _send(self, request: "SendTextMessageRequestTypeDef") -> str:
        with asked(_refused):
            return self._sms.send_text_message(**request)["MessageId"]

    def _request(self, parcel: Parcel) -> "SendTextMessageRequestTypeDef":
        request: SendTextMessageRequestTypeDef = {
            "DestinationPhoneNumber": parcel.to,
            "OriginationIdentity": self._origination,
            "MessageBody": parcel.rendered.text,
            "MessageType": "PROMOTIONAL" if parcel.promotional else "TRANSACTIONAL",
            "TimeToLive": USELESS_AFTER,
            "Context": {"business": parcel.business, "message": parcel.message},
        }
        if registered := next(iter(parcel.template.split()), ""):
            request["Context"] = {**request["Context"], "template": registered}
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        if self._max_price:
            request["MaxPrice"] = self._max_price
        return request


def events(payload: Mapping[str, Any]) -> list[Receipt | Reply]:
    """Events of a configuration set, and two-way messages. Nothing for texts without our context: answers to HELP."""
    with reading(Channel.SMS):
        if "messageBody" in payload:
            return [_reply(payload)]
        kind, context = payload["eventType"], payload.get("context") or {}
        if kind not in TOLD.keys() | ON_THE_WAY:
            raise Unreadable("sms: an event of no known type")
        if "message" not in context or kind in ON_THE_WAY or payload.get("isFinal") is False:
            return []
        tells, why = TOLD[kind]
        return [
            Receipt(
                Channel.SMS,
                tells,
                at=seconds(payload["eventTimestamp"] / 1000),
                business=text(context["business"]),
                message=text(context["message"]),
                provider_id=text(payload["messageId"]),
                why=because(why) if why else None,
            )
        ]


def _reply(payload: Mapping[str, Any]) -> Reply:
    """It carries no time of its own. AWS calls whatever it sent there last the one that is answered."""
    address, words, id = (text(payload[name]) for name in ("originationNumber", "messageBody", "inboundMessageId"))
    return Reply(Channel.SMS, address, words, id, latest=text(payload.get("previousPublishedMessageId") or ""))


def _refused(refusal: ProviderRefusal) -> Rejected | None:
    """What is wrong with the number or the text is final; what is wrong with the account may pass."""
    if refusal.reason == "DESTINATION_PHONE_NUMBER_OPTED_OUT":
        return Suppressed(because(Code.OPTED_OUT))
    if refusal.reason in NOT_A_NUMBER and "DestinationPhoneNumber" in refusal.fields:
        return WrongAddress(because(Code.NO_TEXT_NUMBER))
    if refusal.code == "ValidationException" or refusal.reason.startswith("DESTINATION_"):
        why = refusal.reason or refusal.code
        return Rejected(because(REFUSED[why]) if why in REFUSED else because(Code.REFUSED, error=why))
    return None
