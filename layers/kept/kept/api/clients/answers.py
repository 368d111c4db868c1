"""Clients as staff see them: how they are reached, what they agreed to, and what was said."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from kept.api.base import Answer
from kept.api.business.setting_types import Clock
from kept.business.catalog import Business
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Occupation, Tier
from kept.clients.consent import Consent, ConsentWord
from kept.clients.subscriptions import TapKind
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent


class ConsentAnswer(Answer):
    """One statement of the ledger, in which the last word on a purpose and a channel counts."""

    purpose: Purpose
    channel: Channel
    said: ConsentWord
    at: datetime
    source: str
    words: str


class EarlierConsentsAnswer(Answer):
    """In order; before them come `earlier` more, and asking for those `before` that number goes on with them."""

    consents: list[ConsentAnswer]
    earlier: int


class StoppedAnswer(Answer):
    """A channel that does not reach that address any more."""

    channel: Channel
    address: str
    at: datetime
    why: str


class WroteAnswer(Answer):
    """When the client last wrote over it."""

    channel: Channel
    at: datetime


class TapAnswer(Answer):
    """A one-time subscription on WeChat: one message of its kind, once. `spent_on` is the message that took it, `void`
    why it can be used no more; `confirmed` by WeChat itself."""

    kind: TapKind
    at: datetime
    source: str
    words: str
    confirmed: bool
    spent_on: str
    void: str


class ClientAnswer(Answer):
    """`reached_by` are the channels over which they may be written to now, by purpose, in the order they are tried.

    Of a long ledger of `consents` the newest lines are here, and of older ones the last of each kind; the first
    `earlier` of all are asked for by themselves.
    """

    id: str
    name: str
    tier: Tier
    locale: str
    zone: str
    phone: str | None
    email: str | None
    wechat: str | None
    preferred: Channel | None
    occupation: Occupation | None
    best_from: Clock | None
    best_until: Clock | None
    do_not_disturb: bool
    reached_by: dict[Purpose, list[Channel]]
    consents: list[ConsentAnswer]
    earlier: int
    stopped: list[StoppedAnswer]
    wrote: list[WroteAnswer]
    subscriptions: list[TapAnswer]
    invited_at: list[datetime]


class SaidAnswer(Answer):
    """What the client wrote (`text`, how it was read and what was done), or what we did (`stage` and its outcome)."""

    by: Literal["client", "us"]
    at: datetime
    channel: Channel
    appointment: str
    text: str = ""
    intent: Intent | None = None
    done: str = ""
    stage: str = ""
    status: MessageStatus | None = None
    reason: str = ""
    delivery: Delivery | None = None


def client(it: Client, business: Business) -> ClientAnswer:
    asked = () if it.do_not_disturb else (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL)
    return ClientAnswer(
        id=it.id,
        name=it.name,
        tier=it.tier,
        locale=it.locale,
        zone=it.tz,
        phone=it.phone,
        email=it.email,
        wechat=it.wechat,
        preferred=it.preferred,
        occupation=it.occupation,
        best_from=it.best_from,
        best_until=it.best_until,
        do_not_disturb=it.do_not_disturb,
        reached_by={purpose: list(it.channels(purpose, business.channels)) for purpose in asked},
        consents=_ledger(it.consents),
        earlier=it.archived,
        stopped=[StoppedAnswer.model_validate(stopped, from_attributes=True) for stopped in it.stopped],
        wrote=[WroteAnswer.model_validate(wrote, from_attributes=True) for wrote in it.wrote],
        subscriptions=[TapAnswer.model_validate(tap, from_attributes=True) for tap in it.subscriptions],
        invited_at=list(it.invited_at),
    )


def earlier(lines: Sequence[Consent], upto: int) -> EarlierConsentsAnswer:
    return EarlierConsentsAnswer(consents=_ledger(lines), earlier=upto - len(lines))


def _ledger(lines: Iterable[Consent]) -> list[ConsentAnswer]:
    return [ConsentAnswer.model_validate(said, from_attributes=True) for said in lines]


def conversation(lines: Iterable[Message | Received]) -> list[SaidAnswer]:
    return [_written(line) if isinstance(line, Received) else _sent(line) for line in lines]


def _written(it: Received) -> SaidAnswer:
    return SaidAnswer(
        by="client",
        at=it.at,
        channel=it.channel,
        appointment=it.about,
        text=it.text,
        intent=it.intent,
        done=it.done,
    )


def _sent(it: Message) -> SaidAnswer:
    return SaidAnswer(
        by="us",
        at=it.sent_at or it.created_at,
        channel=it.channel,
        appointment="" if it.about == it.recipient else it.about,
        stage=it.stage,
        status=it.status,
        reason=it.reason,
        delivery=it.delivery,
    )
