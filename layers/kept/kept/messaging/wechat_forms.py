"""How a text goes out over WeChat: in free words, by a one-time subscription, or as a template message.

What each may be used for is WeChat's to say. Free words are for whoever wrote within 48 hours, and never for an
advertisement. A one-time subscription carries one message for each tap, at any later time. Template messages are
notices of a service: advertisements get the account blocked.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from kept.business.text_names import BY_SUBSCRIPTION, OWN_STAGES, STAFF_ANSWER, TO_CLIENTS, WECHAT_ONCE
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.subscriptions import Subscription, TapKind, to_spend
from kept.messaging.free_words import free_until
from kept.messaging.message import Message
from kept.reasons import Code

SUBSCRIBED = dict(zip(BY_SUBSCRIPTION, (TapKind.REMINDER, TapKind.DUE), strict=True))
"""By the name of the text that the subscription's template is for."""

REMINDING = frozenset({"two_days", "at_risk", "same_day", OWN_STAGES})
NONE_LEFT = {
    TapKind.REMINDER: Code.NO_REMINDER_TAP,
    TapKind.DUE: Code.NO_INVITATION_TAP,
}
"""What the ledger says of each."""


class WeChatForm(StrEnum):
    """Which of WeChat's interfaces carries a text."""

    FREE = "free"
    ONCE = "once"
    TEMPLATE = "template"


def form(message: Message, client: Client, templates: Mapping[str, str], *, now: datetime) -> WeChatForm:
    """A reminder for which both ways are open spends a subscription only where there is one."""
    promotes = message.purpose is Purpose.PROMOTIONAL
    until = free_until(Channel.WECHAT, client)
    if not promotes and until is not None and now < until:
        return WeChatForm.FREE
    if promotes:
        return WeChatForm.ONCE
    if once_template(message, templates) and (subscription(message, client) or not _notice(message, templates)):
        return WeChatForm.ONCE
    return WeChatForm.TEMPLATE


def kind_of(message: Message) -> TapKind | None:
    """Which subscription the text is for; None for those that are told of a booking's changes and answers."""
    return SUBSCRIBED.get(_text(message))


def once_template(message: Message, templates: Mapping[str, str]) -> str:
    """ "" where it has none."""
    return templates.get(f"{WECHAT_ONCE}/{_text(message)}", "")


def subscription(message: Message, client: Client) -> Subscription | None:
    """The one that it has taken, or may take."""
    kind = kind_of(message)
    return to_spend(client.subscriptions, kind, message.id) if kind else None


def offered(channels: Iterable[Channel], templates: Mapping[str, str]) -> tuple[TapKind, ...]:
    """What a client can tap: nothing of a business that is not on WeChat, or has no template for it."""
    if Channel.WECHAT not in channels:
        return ()
    return tuple(kind for text, kind in SUBSCRIBED.items() if templates.get(f"{WECHAT_ONCE}/{text}"))


def kinds_of(templates: Mapping[str, str]) -> dict[str, TapKind]:
    """By WeChat's id of the template, as its events name it."""
    named = {text: templates.get(f"{WECHAT_ONCE}/{text}", "").split() for text in SUBSCRIBED}
    return {words[0]: SUBSCRIBED[text] for text, words in named.items() if words}


def _notice(message: Message, templates: Mapping[str, str]) -> bool:
    return bool(templates.get(f"{Channel.WECHAT}/{message.stage}") or templates.get(f"{Channel.WECHAT}/{OWN_STAGES}"))


def _text(message: Message) -> str:
    """A stage that the business has added reminds as well."""
    reminds = message.stage in REMINDING or message.stage not in (*TO_CLIENTS, STAFF_ANSWER)
    return OWN_STAGES if reminds else message.stage
