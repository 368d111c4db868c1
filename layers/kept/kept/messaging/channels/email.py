"""E-mail through Amazon SES: text and HTML, and the calendar file both as an invitation and to be saved."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from typing import TYPE_CHECKING, Any

from kept.channels import Channel
from kept.clients.contact import wire_form
from kept.clients.refusals import UnwritableEmail
from kept.messaging.channels import Parcel, Rejected, Sending
from kept.messaging.channels.mail_headers import phrase, unstructured
from kept.messaging.channels.provider import ProviderRefusal, asked, tag, untag
from kept.messaging.channels.reading import instant, reading, text
from kept.messaging.inbound import Receipt, ReceiptStatus, Reply, Unreadable
from kept.reasons import Code, because
from kept.visible import one_line

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef

FINAL = frozenset({"MessageRejected", "BadRequestException"})

NO_MATTER = frozenset({"Send", "DeliveryDelay", "Open", "Click", "Subscription", "Rendering Failure"})
"""Events of steps on the way, and of features that are not in use."""

ON_ITS_LIST = frozenset({"Suppressed", "OnAccountSuppressionList"})
"""Of addresses that SES no longer writes to: it takes the message and drops it."""

BOUNCES = {
    "MailboxFull": Code.MAILBOX_FULL,
    "MessageTooLarge": Code.MAILBOX_TOO_SMALL,
    "ContentRejected": Code.CONTENT_REFUSED,
    "AttachmentRejected": Code.ATTACHMENT_REFUSED,
}


class Email:
    """From the deployment's verified address, in the business's name."""

    def __init__(self, ses: "SESV2Client", *, sender: str, configuration_set: str = "") -> None:
        self._ses = ses
        self._sender = sender
        self._configuration_set = configuration_set

    def compose(self, parcel: Parcel) -> Sending:
        return partial(self._send, self._request(parcel))

    def _send(self, request: "SendEmailRequestTypeDef") -> str:
        with asked(_refused):
            return self._ses.send_email(**request)["MessageId"]

    def _request(self, parcel: Parcel) -> "SendEmailRequestTypeDef":
        to = _wire_form(parcel.to)
        request: SendEmailRequestTypeDef = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": [to]},
            "Content": {"Raw": {"Data": composed(parcel, sender=self._sender, to=to)}},
            "EmailTags": [
                {"Name": "business", "Value": tag(parcel.business)},
                {"Name": "message", "Value": tag(parcel.message)},
            ],
        }
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        return request


def composed(parcel: Parcel, *, sender: str, to: str) -> bytes:
    """The headers are ours to the letter; the library writes the body alone, whose own hold no word that was typed."""
    headers = {
        "From": f"{phrase(parcel.sender)} <{sender}>",
        "To": to,
        "Subject": unstructured(parcel.rendered.subject),
        "Auto-Submitted": "auto-generated",
        "Content-Language": parcel.rendered.language,
    }
    if parcel.reply_to:
        headers["Reply-To"] = _wire_form(parcel.reply_to)
    if parcel.unsubscribe:  # RFC 8058; SES signs both headers with the sender's domain (DKIM), as it demands
        headers["List-Unsubscribe"] = f"<{one_line(parcel.unsubscribe)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    written = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return written.encode("ascii") + _body(parcel).as_bytes()


def _body(parcel: Parcel) -> EmailMessage:
    body = EmailMessage(policy=SMTP)
    body.set_content(parcel.rendered.text)
    body.add_alternative(parcel.rendered.html, subtype="html")
    if calendar := parcel.invitation:
        body.add_alternative(calendar.content.decode(), subtype="calendar", params={"method": calendar.method})
        body.add_attachment(calendar.content, maintype="application", subtype="ics", filename="appointment.ics")
    return body


def events(payload: Mapping[str, Any]) -> list[Receipt | Reply]:
    """What SES publishes of a configuration set, one reader a message. Nothing for mail without our tags."""
    with reading(Channel.EMAIL):
        mail, told = payload["mail"], _told(payload["eventType"], payload)
        tags = mail.get("tags") or {}
        if told is None or "message" not in tags:
            return []
        tells, why, at = told
        return [
            Receipt(
                Channel.EMAIL,
                tells,
                at=instant(at),
                business=untag(tags["business"][0]),
                message=untag(tags["message"][0]),
                provider_id=text(mail["messageId"]),
                why=because(why) if why else None,
            )
        ]


def _told(kind: str, payload: Mapping[str, Any]) -> tuple[ReceiptStatus, Code | None, str] | None:
    """What it says, why, and when; None where it says nothing of interest."""
    match kind:
        case "Delivery":
            return ReceiptStatus.DELIVERED, None, payload["delivery"]["timestamp"]
        case "Bounce":
            return _bounced(payload["bounce"])
        case "Complaint":
            return _complained(payload["complaint"])
        case "Reject":
            return ReceiptStatus.FAILED, Code.VIRUS, payload["mail"]["timestamp"]
        case _ if kind in NO_MATTER:
            return None
    raise Unreadable("email: an event of no known type")


def _bounced(bounce: Mapping[str, Any]) -> tuple[ReceiptStatus, Code | None, str]:
    """Only a permanent bounce is of the address. A transient one comes when SES has given up, and also of an absence
    note, which does no harm: the delivery that was told before stands."""
    kind, at = bounce.get("bounceSubType", ""), bounce["timestamp"]
    if kind == "UnsubscribedRecipient":
        return ReceiptStatus.OPTED_OUT, Code.UNSUBSCRIBED, at
    if bounce["bounceType"] == "Permanent":
        return ReceiptStatus.BOUNCED, Code.BOUNCED_BEFORE if kind in ON_ITS_LIST else Code.NO_SUCH_ADDRESS, at
    return ReceiptStatus.FAILED, BOUNCES.get(kind, Code.MAILBOX_UNREACHABLE), at


def _complained(complaint: Mapping[str, Any]) -> tuple[ReceiptStatus, Code | None, str] | None:
    """On the account's list it was never sent; somebody may also call it no spam after all."""
    if complaint.get("complaintSubType") in ON_ITS_LIST:
        return ReceiptStatus.OPTED_OUT, Code.MARKED_SPAM_BEFORE, complaint["timestamp"]
    if complaint.get("complaintFeedbackType") == "not-spam":
        return None
    return ReceiptStatus.COMPLAINED, Code.MARKED_SPAM, complaint["timestamp"]


def _wire_form(address: str) -> str:
    """Raises Rejected."""
    try:
        return wire_form(address)
    except UnwritableEmail as error:
        raise Rejected(because(Code.NO_EMAIL_ADDRESS)) from error


def _refused(refusal: ProviderRefusal) -> Rejected | None:
    return Rejected(because(Code.REFUSED, error=refusal.code)) if refusal.code in FINAL else None
