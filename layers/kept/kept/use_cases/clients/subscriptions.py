"""One-time subscriptions on WeChat: tapped, told of by WeChat, and settled when their message ends unsent."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from kept.channels import Channel
from kept.clients.client import Client
from kept.clients.subscriptions import Subscription, TapKind, given_back, voided, voided_with
from kept.messaging.inbound import Tapped
from kept.messaging.message import Message
from kept.messaging.wechat_forms import kind_of, kinds_of
from kept.reasons import Code, because, is_because
from kept.runtime import log
from kept.storage import catalogs, clients
from kept.use_cases.clients.clients import change_client

TOLD_BY_WECHAT = "WeChat"
NONE_LEFT, DECLINED = because(Code.NO_TAP_AT_WECHAT), because(Code.DECLINED_IN_WECHAT)


def subscribe(client: Client, kind: TapKind, *, at: datetime, source: str, words: str, occasion: str) -> Client:
    """As they now are. The same occasion counts once, so a button that is pressed twice is pressed once."""
    tap = Subscription(kind, at, source, words, occasion)
    return change_client(client.business, client.id, lambda it: it.subscribing(tap))


def take(tapped: Tapped) -> None:
    """What WeChat tells of a tap. Nothing for somebody nobody knows, and for a template that is none of ours."""
    kind = kinds_of(catalogs.load(tapped.business).business.templates).get(tapped.template)
    client = clients.by_contact(tapped.business, tapped.address)
    if kind is None or client is None:
        log.info("a tap for nothing", extra={"business": tapped.business})
        return
    change_client(client.business, client.id, partial(_told, tapped=tapped, kind=kind))


def settled_with(over: Message, *, none_left: bool) -> Client | None:
    """The client as the end of this message leaves them, where that changes anything.

    What is known not to have gone out gives its subscription back. What was taken by WeChat, or is in doubt, has spent
    it: giving it back would promise a message that WeChat may refuse.
    """
    if over.channel is not Channel.WECHAT or not over.attempts or over.sent_at or (kind := kind_of(over)) is None:
        return None
    if (client := clients.find(over.business, over.recipient)) is None:
        return None
    if none_left:
        taps = voided_with(client.subscriptions, over.id, kind, NONE_LEFT)
    else:
        taps = client.subscriptions if _may_be_out(over) else given_back(client.subscriptions, over.id)
    return replace(client, subscriptions=taps) if taps != client.subscriptions else None


def _may_be_out(over: Message) -> bool:
    return over.in_doubt or is_because(over.reason, Code.IN_DOUBT)


def _told(client: Client, tapped: Tapped, kind: TapKind) -> Client:
    if not tapped.accepted:
        return replace(client, subscriptions=voided(client.subscriptions, kind, DECLINED))
    tap = Subscription(kind, tapped.at, TOLD_BY_WECHAT, tapped.template, tapped.id, confirmed=True)
    return client.subscribing(tap)
