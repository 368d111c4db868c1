"""E-mail through Amazon SES: text and HTML, and the calendar file both as an invitation and to be saved."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from kept.messaging.channels import Parcel, Rejected
from kept.messaging.channels.provider import asked
from kept.messaging.words import one_line, visible

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

FINAL = frozenset({"MessageRejected", "BadRequestException"})


class Email:
    """From the deployment's verified address, in the business's name."""

    def __init__(self, ses: "SESV2Client", *, sender: str) -> None:
        self._ses = ses
        self._sender = sender

    def send(self, parcel: Parcel) -> str:
        to = _wire_form(parcel.to)
        mail = composed(parcel, sender=self._sender, to=to)
        with asked(_refused):
            answer = self._ses.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": mail.as_bytes()}},
            )
        return answer["MessageId"]


def composed(parcel: Parcel, *, sender: str, to: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(visible(parcel.sender)), addr_spec=sender)
    mail["To"] = to
    mail["Subject"] = parcel.rendered.subject
    mail["Auto-Submitted"] = "auto-generated"
    if parcel.reply_to:
        mail["Reply-To"] = _wire_form(parcel.reply_to)
    mail.set_content(parcel.rendered.text)
    mail.add_alternative(parcel.rendered.html, subtype="html")
    if calendar := parcel.invitation:
        mail.add_alternative(calendar.content.decode(), subtype="calendar", params={"method": calendar.method})
        mail.add_attachment(calendar.content, maintype="application", subtype="ics", filename="appointment.ics")
    mail["Content-Language"] = parcel.rendered.language  # last: making parts takes the content's headers along
    return mail


def _wire_form(address: str) -> str:
    """With the domain as SES takes it, in ASCII. Raises Rejected for a name that SES cannot write to."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise Rejected("an address that e-mail cannot be sent to") from error


def _refused(code: str, _: str) -> Rejected | None:
    return Rejected(f"refused by the provider ({code})") if code in FINAL else None
