"""Text messages through AWS End User Messaging."""

from typing import TYPE_CHECKING

from kept.messaging.channels import Parcel, Rejected, Suppressed
from kept.messaging.channels.provider import asked

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client

OPTED_OUT = "DESTINATION_PHONE_NUMBER_OPTED_OUT"


class Sms:
    """From the deployment's number, pool or sender id."""

    def __init__(self, sms: "PinpointSMSVoiceV2Client", *, origination: str) -> None:
        self._sms = sms
        self._origination = origination

    def send(self, parcel: Parcel) -> str:
        with asked(_refused):
            answer = self._sms.send_text_message(
                DestinationPhoneNumber=parcel.to,
                OriginationIdentity=self._origination,
                MessageBody=parcel.rendered.text,
                MessageType="TRANSACTIONAL",
            )
        return answer["MessageId"]


def _refused(code: str, reason: str) -> Rejected | None:
    """What is wrong with the number is final; what is wrong with the account may pass."""
    if reason == OPTED_OUT:
        return Suppressed("opted out")
    if code == "ValidationException" or reason.startswith("DESTINATION_"):
        return Rejected(f"refused by the provider ({reason or code})")
    return None
