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

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client
    from mypy_boto3_pinpoint_sms_voice_v2.type_defs import SendTextMessageRequestTypeDef

MOST_SEGMENTS = 6
USELESS_AFTER = 24 * 60 * 60
"""Seconds for which delivery is tried (72 h by default): a day later most texts speak of what is past."""

TOLD = {
    "TEXT_DELIVERED": (ReceiptStatus.DELIVERED, ""),
    "TEXT_SUCCESSFUL": (ReceiptStatus.DELIVERED, ""),
    "TEXT_INVALID": (ReceiptStatus.BOUNCED, "there is no such number"),
    "TEXT_INVALID_MESSAGE": (ReceiptStatus.FAILED, "the text was refused"),
    "TEXT_UNREACHABLE": (ReceiptStatus.FAILED, "the telephone could not be reached"),
    "TEXT_CARRIER_UNREACHABLE": (ReceiptStatus.FAILED, "the carrier could not be reached"),
    "TEXT_BLOCKED": (ReceiptStatus.FAILED, "blocked by the telephone or its carrier"),
    "TEXT_CARRIER_BLOCKED": (ReceiptStatus.FAILED, "blocked by the carrier"),
    "TEXT_PROTECT_BLOCKED": (ReceiptStatus.FAILED, "blocked by the account's own protection"),
    "TEXT_SPAM": (ReceiptStatus.FAILED, "taken for spam by the carrier"),
    "TEXT_TTL_EXPIRED": (ReceiptStatus.FAILED, "not delivered in time"),
    "TEXT_UNKNOWN": (ReceiptStatus.FAILED, "the carrier did not say what became of it"),
}
"""Only an invalid number is never tried again. Where a country has no receipts, `successful` is all one learns."""

ON_THE_WAY = frozenset({"TEXT_QUEUED", "TEXT_PENDING", "TEXT_SENT"})

NOT_A_NUMBER = frozenset({"INVALID_PARAMETER", "FIELD_VALIDATION_FAILED", "CANNOT_PARSE"})
"""Of the parameter that holds the number; of another one they are ours to mend."""

REFUSED = {
    "DESTINATION_COUNTRY_BLOCKED": "texts to this country are blocked",
    "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": "texts to this country are blocked",
    "PRICE_OVER_THRESHOLD": "dearer than the price cap",
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
            raise Rejected(f"too long: {count} text messages, at most {self._most_segments} are sent")
        if self._is_a_name and rules_for(parcel.to).sender is Sender.NUMBER:
            raise Rejected("no text messages from a name to this country")
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
                why=why,
            )
        ]


def _reply(payload: Mapping[str, Any]) -> Reply:
    """It carries no time of its own. AWS calls whatever it sent there last the one that is answered."""
    address, words, id = (text(payload[name]) for name in ("originationNumber", "messageBody", "inboundMessageId"))
    return Reply(Channel.SMS, address, words, id, latest=text(payload.get("previousPublishedMessageId") or ""))


def _refused(refusal: ProviderRefusal) -> Rejected | None:
    """What is wrong with the number or the text is final; what is wrong with the account may pass."""
    if refusal.reason == "DESTINATION_PHONE_NUMBER_OPTED_OUT":
        return Suppressed("opted out")
    if refusal.reason in NOT_A_NUMBER and "DestinationPhoneNumber" in refusal.fields:
        return WrongAddress("not a number that text messages go to")
    if refusal.code == "ValidationException" or refusal.reason.startswith("DESTINATION_"):
        why = refusal.reason or refusal.code
        return Rejected(REFUSED.get(why, f"refused by the provider ({why})"))
    return None
