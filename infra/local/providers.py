"""The providers of messages as the product's Lambdas reach them here: e-mail goes on to the stack's SES, SMS ends here.

ministack has no `pinpoint-sms-voice-v2`, and its SES forgets attachments and headers; so both are answered on the
product's own address, and everything accepted is kept in the inbox.
"""

import json
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from datetime import datetime
from email.message import Message
from typing import Any

from infra.local.inbox import Inbox, Sent, from_ses
from infra.local.place import Place

SEND_EMAIL = "/v2/email/outbound-emails"
SEND_TEXT = "PinpointSMSVoiceV2.SendTextMessage"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_TEXT = 1600

Answer = tuple[int, list[tuple[str, str]], bytes]
_JSON = ("Content-Type", "application/x-amz-json-1.0")


def answer(place: Place, inbox: Inbox, path: str, headers: Message, body: bytes, now: datetime) -> Answer:
    """The provider's status, headers and body for a POST of the product."""
    if path == SEND_EMAIL:
        return _send_email(place, inbox, headers, body, now)
    if headers.get("X-Amz-Target") == SEND_TEXT:
        return _send_text(inbox, json.loads(body), now)
    return _refusal("UnknownOperationException", "This stand-in knows SendEmail and SendTextMessage only.")


def _send_email(place: Place, inbox: Inbox, headers: Message, body: bytes, now: datetime) -> Answer:
    """The stack's SES decides (it knows the senders that are verified); only what it takes is kept."""
    passed_on = {name: headers[name] for name in ("Authorization", "Content-Type", "X-Amz-Date") if name in headers}
    request = urllib.request.Request(place.stack_url + SEND_EMAIL, data=body, headers=passed_on)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answered = response.read()
    except urllib.error.HTTPError as refused:
        with refused:
            kind = [(name, value) for name, value in refused.headers.items() if name.lower() == "x-amzn-errortype"]
            return refused.code, [_JSON, *kind], refused.read()
    for message in from_ses(json.loads(body), json.loads(answered)["MessageId"], now):
        inbox.keep(message)
    return 200, [_JSON], answered


def _send_text(inbox: Inbox, request: Mapping[str, Any], now: datetime) -> Answer:
    to, text = str(request.get("DestinationPhoneNumber", "")), str(request.get("MessageBody", ""))
    if not _E164.fullmatch(to):
        return _refusal("ValidationException", "DestinationPhoneNumber is not an E.164 number.")
    if not text or len(text) > _LONGEST_TEXT:
        return _refusal("ValidationException", f"MessageBody must have 1 to {_LONGEST_TEXT} characters.")
    if not request.get("OriginationIdentity"):
        return _refusal("ValidationException", "OriginationIdentity is missing.")
    message_id = str(uuid.uuid4())
    inbox.keep(Sent(id=message_id, channel="sms", to=to, sender=request["OriginationIdentity"], text=text,
                    at=now.isoformat(timespec="seconds")))  # fmt: skip
    return 200, [_JSON], json.dumps({"MessageId": message_id}).encode()


def _refusal(kind: str, message: str) -> Answer:
    return 400, [_JSON], json.dumps({"__type": kind, "message": message, "Message": message}).encode()
