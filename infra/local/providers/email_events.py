"""The records of SES's event publishing, as the developer guide shows them ("Examples of event data")."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from infra.local.inbox import Sent

ACCOUNT = "000000000000"
About = Callable[[Sent, str], dict[str, Any]]


def record(type: str, about: About, sent: Sent, at: datetime) -> str:
    instant = _instant(at)
    said = about(sent, instant)
    return json.dumps({"eventType": type, "mail": _mail(sent), type[0].lower() + type[1:]: said}, ensure_ascii=False)


def _mail(sent: Sent) -> dict[str, Any]:
    details = sent.details
    headers = [{"name": name, "value": value} for name, value in sent.headers.items()]
    return {
        "timestamp": _instant(datetime.fromisoformat(sent.at)),
        "source": sent.sender,
        "sourceArn": f"arn:aws:ses:{details['region']}:{ACCOUNT}:identity/{sent.sender}",
        "sendingAccountId": ACCOUNT,
        "messageId": details["message_id"],
        "destination": details["destination"],
        "headersTruncated": False,
        "headers": headers,
        "commonHeaders": {
            "from": [sent.headers.get("From", sent.sender)],
            "to": details["destination"],
            "messageId": details["message_id"],
            "subject": sent.subject,
        },
        "tags": {
            "ses:configuration-set": [details["configuration_set"]],
            "ses:source-ip": ["127.0.0.1"],
            "ses:from-domain": [sent.sender.rpartition("@")[2]],
            "ses:caller-identity": ["message_sender"],
        }
        | {name: [value] for name, value in details["tags"].items()},
    }


def _send(_: Sent, __: str) -> dict[str, Any]:
    return {}


def _delivery(sent: Sent, instant: str) -> dict[str, Any]:
    return {
        "timestamp": instant,
        "processingTimeMillis": 546,
        "recipients": [sent.to],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "a8-70.smtp-out.amazonses.com",
    }


def _bounced(kind: str, sub_kind: str, status: str, diagnosis: str) -> About:
    def bounce(sent: Sent, instant: str) -> dict[str, Any]:
        reader = {"emailAddress": sent.to, "action": "failed", "status": status, "diagnosticCode": diagnosis}
        return {
            "bounceType": kind,
            "bounceSubType": sub_kind,
            "bouncedRecipients": [reader],
            "timestamp": instant,
            "feedbackId": f"{uuid.uuid4()}-000000",
            "reportingMTA": "dns; amazonses.com",
        }

    return bounce


def _complaint(sent: Sent, instant: str) -> dict[str, Any]:
    return {
        "complainedRecipients": [{"emailAddress": sent.to}],
        "timestamp": instant,
        "feedbackId": f"{uuid.uuid4()}-000000",
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintSubType": None,
        "complaintFeedbackType": "abuse",
        "arrivalDate": instant,
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


_SENT = ("Send", _send)
_GONE = ("Bounce", _bounced("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"))
_FULL = ("Bounce", _bounced("Transient", "MailboxFull", "5.2.2", "smtp; 552 5.2.2 mailbox full"))
_LISTED = (
    "Bounce",
    _bounced(
        "Permanent",
        "OnAccountSuppressionList",
        "5.1.1",
        "Amazon SES did not send the message to this address because it is on the suppression list for your account.",
    ),
)
EVENTS: dict[str, list[tuple[str, About]]] = {
    "delivered": [_SENT, ("Delivery", _delivery)],
    "bounce": [_SENT, _GONE],
    "soft": [_SENT, _FULL],
    "suppressed": [_SENT, _LISTED],
    "complaint": [_SENT, ("Delivery", _delivery), ("Complaint", _complaint)],
    "spam": [("Complaint", _complaint)],
}
