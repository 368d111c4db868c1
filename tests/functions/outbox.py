"""Messages on their way: what is owed, providers that take everything in memory, and the receipts that come back."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import due_sweep
import inbound_message
import message_sender
from kept import clock
from kept.business.contact_rules import ContactRules
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.lanes import Lane
from kept.messaging.channels.provider import tag
from kept.messaging.message import Message
from kept.storage import clients, messages
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import BOOKED, STARTS, a_catalog, a_client, an_appointment
from tests.reasons import outcome, why
from tests.stopping import records
from tests.templates import due

NOON = STARTS - timedelta(hours=29)
"""12:00 in Shanghai, the day before the visit and after it was booked."""
MINUTE = timedelta(minutes=1)
PHONE = "+8613812345678"
ORDER = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
"""In which the salon tries its channels, unless a test says otherwise."""


class Providers:
    """SES and both of AWS End User Messaging: they take everything, unless told what happens at the next message."""

    def __init__(self) -> None:
        self.taken: list[Channel] = []
        self.before: Callable[[], object] = nothing
        self.after: Callable[[], object] = nothing

    def send_email(self, **_: object) -> dict[str, str]:
        return self._take(Channel.EMAIL)

    def send_text_message(self, **_: object) -> dict[str, str]:
        return self._take(Channel.SMS)

    def send_whatsapp_message(self, **_: object) -> dict[str, str]:
        return self._take(Channel.WHATSAPP)

    def _take(self, channel: Channel) -> dict[str, str]:
        before, self.before = self.before, nothing
        after, self.after = self.after, nothing
        before()
        self.taken.append(channel)
        after()
        return {"MessageId": f"p-{len(self.taken)}", "messageId": f"p-{len(self.taken)}"}


def nothing() -> None:
    """It goes well."""


def reached_by(*channels: Channel, invited_by: tuple[Channel, ...] = ()) -> Client:
    """Li Na, who agreed to be told of her bookings over these, and to invitations over some."""
    agreed = [(Purpose.TRANSACTIONAL, channel) for channel in channels]
    invited = [(Purpose.PROMOTIONAL, channel) for channel in invited_by]
    consents = tuple(Consent(*to, BOOKED, "booking page", "yes") for to in (*agreed, *invited))
    return replace(a_client(), phone=PHONE, wechat="oABCD1234efgh5678IJKL90mnop", consents=consents)


def opened(monkeypatch: pytest.MonkeyPatch, client: Client, channels: tuple[Channel, ...] = ORDER) -> Providers:
    """The salon with her and her visit in the book; it invites at noon, and its texts have templates on WhatsApp."""
    catalog = a_catalog()
    on_whatsapp = {f"whatsapp/{text}": f"kept_{text}" for text in ("confirmation", "two_days", "same_day")}
    templates = {**catalog.business.templates, **on_whatsapp}
    contact = ContactRules(never=(), best=())
    business = replace(catalog.business, channels=channels, templates=templates, contact=contact)
    lotus.store(replace(catalog, business=business))
    lotus.known(client)
    lotus.put(an_appointment())
    found = Providers()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def owed(channel: Channel, stage: str = "confirmation", **how: Any) -> Message:
    """A message to her about her visit, due at noon."""
    message = Message(
        "lotus",
        "a-1",
        1,
        stage,
        channel,
        Purpose.TRANSACTIONAL,
        "c-1",
        created_at=NOON,
        due_at=NOON,
        useful_until=STARTS,
    )
    return messages.put_alone(replace(message, **how))


def an_invitation(channel: Channel) -> Message:
    return owed(channel, "recall", about="c-1", purpose=Purpose.PROMOTIONAL, useful_until=None, detail=("cut",))


def work(*due: Message, now: datetime = NOON) -> Any:
    """What the sender answers to records of these."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        return message_sender.handler(records(*((m.business, m.id) for m in due)), None)


def swept(now: datetime) -> int:
    """How many the sweep of that minute hands over."""
    done: int = due_sweep.handler(due(Lane.MESSAGE, now), None)["handed_over"]
    return done


def come_in(*bodies: str, now: datetime = NOON) -> list[str]:
    """The numbers of the records that are to come again."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        answer: Any = inbound_message.handler(records(*bodies), None)
    return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]


def stored(message: Message) -> Message:
    found = messages.find(message.business, message.id)
    assert found
    return found


def became(message: Message) -> tuple[str, str]:
    return stored(message).status.value, why(stored(message))


def she() -> Client:
    """As she now stands in the book."""
    return clients.load("lotus", "c-1")


def said(about: str = "a-1") -> dict[str, str]:
    """What became of everything about it, by stage and channel."""
    return {f"{m.stage} {m.channel}": outcome(m) for m in messages.about("lotus", about)}


MAIL = {
    "delivered": {"eventType": "Delivery", "delivery": {}},
    "bounced": {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General"}},
    "complained": {"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}},
}
TEXT = {"delivered": "TEXT_DELIVERED", "failed": "TEXT_UNREACHABLE", "bounced": "TEXT_INVALID"}


def a_receipt(message: Message, tells: str, *, at: datetime = NOON + MINUTE) -> str:
    """As the provider of its channel tells it, by SNS."""
    match message.channel:
        case Channel.EMAIL:
            return _of_mail(message, MAIL[tells], at)
        case Channel.SMS:
            return json.dumps(
                {
                    "eventType": TEXT[tells],
                    "eventVersion": "1.0",
                    "eventTimestamp": at.timestamp() * 1000,
                    "isFinal": True,
                    "messageId": "p-1",
                    "context": {"business": message.business, "message": message.id},
                }
            )
    return _of_whatsapp(message, tells, at)


def _of_mail(message: Message, event: dict[str, Any], at: datetime) -> str:
    (kind,) = (name for name in event if name != "eventType")
    tags = {"business": [tag(message.business)], "message": [tag(message.id)]}
    return json.dumps(
        event | {kind: event[kind] | {"timestamp": at.isoformat()}, "mail": {"messageId": "p-1", "tags": tags}}
    )


def _of_whatsapp(message: Message, tells: str, at: datetime) -> str:
    status = {
        "id": "p-1",
        "status": tells,
        "timestamp": str(int(at.timestamp())),
        "biz_opaque_callback_data": f"{message.business}/{message.id}",
        "errors": [{"code": 131026}],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": {"statuses": [status]}}]}
    return json.dumps({"whatsAppWebhookEntry": json.dumps(entry)})
