"""E-mail through Amazon SES: text and HTML, and the calendar file both as an invitation and to be saved."""

from collections.abc import Mapping
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import TYPE_CHECKING, Any

from kept.messaging.channels import Parcel, Rejected
from kept.messaging.channels.provider import Refusal, asked, tag, untag
from kept.messaging.channels.reading import instant, reading, text
from kept.messaging.inbound import Receipt, Reply, Tells, Unreadable
from kept.messaging.purpose import Channel
from kept.messaging.words import one_line, visible

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef

FINAL = frozenset({"MessageRejected", "BadRequestException"})

NO_MATTER = frozenset({"Send", "DeliveryDelay", "Open", "Click", "Subscription", "Rendering Failure"})
"""Events of steps on the way, and of features that are not in use."""

ON_ITS_LIST = frozenset({"Suppressed", "OnAccountSuppressionList"})
"""Of addresses that SES no longer writes to: it takes the message and drops it."""

BOUNCES = {
    "MailboxFull": "the mailbox is full",
    "MessageTooLarge": "too large for the mailbox",
    "ContentRejected": "its content was refused",
    "AttachmentRejected": "its attachment was refused",
}


class Whole(UnstructuredHeader, BaseHeader):
    """A header in one piece: Python would fold a long link into encoded words, which no mail program follows."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", Whole)
WRITTEN = SMTP.clone(header_factory=HEADERS)


class Email:
    """From the deployment's verified address, in the business's name."""

    def __init__(self, ses: "SESV2Client", *, sender: str, configuration_set: str = "") -> None:
        self._ses = ses
        self._sender = sender
        self._configuration_set = configuration_set

    def send(self, parcel: Parcel) -> str:
        with asked(_refused):
            return self._ses.send_email(**self._request(parcel))["MessageId"]

    def _request(self, parcel: Parcel) -> "SendEmailRequestTypeDef":
        to = _wire_form(parcel.to)
        request: SendEmailRequestTypeDef = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": [to]},
            "Content": {"Raw": {"Data": composed(parcel, sender=self._sender, to=to).as_bytes()}},
            "EmailTags": [
                {"Name": "business", "Value": tag(parcel.business)},
                {"Name": "message", "Value": tag(parcel.message)},
            ],
        }
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        return request


def composed(parcel: Parcel, *, sender: str, to: str) -> EmailMessage:
    mail = EmailMessage(policy=WRITTEN)
    mail["From"] = Address(one_line(visible(parcel.sender)), addr_spec=sender)
    mail["To"] = to
    mail["Subject"] = parcel.rendered.subject
    mail["Auto-Submitted"] = "auto-generated"
    if parcel.reply_to:
        mail["Reply-To"] = _wire_form(parcel.reply_to)
    if parcel.unsubscribe:  # RFC 8058; SES signs both headers with the sender's domain (DKIM), as it demands
        mail["List-Unsubscribe"] = f"<{parcel.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(parcel.rendered.text)
    mail.add_alternative(parcel.rendered.html, subtype="html")
    if calendar := parcel.invitation:
        mail.add_alternative(calendar.content.decode(), subtype="calendar", params={"method": calendar.method})
        mail.add_attachment(calendar.content, maintype="application", subtype="ics", filename="appointment.ics")
    mail["Content-Language"] = parcel.rendered.language  # last: making parts takes the content's headers along
    return mail


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
                why=why,
            )
        ]


def _told(kind: str, payload: Mapping[str, Any]) -> tuple[Tells, str, str] | None:
    """What it says, why, and when; None where it says nothing of interest."""
    match kind:
        case "Delivery":
            return Tells.DELIVERED, "", payload["delivery"]["timestamp"]
        case "Bounce":
            return _bounced(payload["bounce"])
        case "Complaint":
            return _complained(payload["complaint"])
        case "Reject":
            return Tells.FAILED, "refused by the provider, who found a virus in it", payload["mail"]["timestamp"]
        case _ if kind in NO_MATTER:
            return None
    raise Unreadable("email: an event of no known type")


def _bounced(bounce: Mapping[str, Any]) -> tuple[Tells, str, str]:
    """Only a permanent bounce is of the address. A transient one comes when SES has given up, and also of an absence
    note, which does no harm: the delivery that was told before stands."""
    kind, at = bounce.get("bounceSubType", ""), bounce["timestamp"]
    if kind == "UnsubscribedRecipient":
        return Tells.OPTED_OUT, "unsubscribed", at
    if bounce["bounceType"] == "Permanent":
        return Tells.BOUNCED, "it bounced before" if kind in ON_ITS_LIST else "the address does not exist", at
    return Tells.FAILED, BOUNCES.get(kind, "the mailbox could not be reached"), at


def _complained(complaint: Mapping[str, Any]) -> tuple[Tells, str, str] | None:
    """On the account's list it was never sent; somebody may also call it no spam after all."""
    if complaint.get("complaintSubType") in ON_ITS_LIST:
        return Tells.OPTED_OUT, "marked as spam before", complaint["timestamp"]
    if complaint.get("complaintFeedbackType") == "not-spam":
        return None
    return Tells.COMPLAINED, "marked as spam", complaint["timestamp"]


def _wire_form(address: str) -> str:
    """With the domain as SES takes it, in ASCII. Raises Rejected for a name that SES cannot write to."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise Rejected("an address that e-mail cannot be sent to") from error


def _refused(refusal: Refusal) -> Rejected | None:
    return Rejected(f"refused by the provider ({refusal.code})") if refusal.code in FINAL else None
