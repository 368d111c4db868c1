"""Sending one message: decide at the last moment, compose it, claim it, hand it over, record what became of it.

What a crash costs: before the claim nothing, the message stays due. Between the claim and the record the message is in
doubt: when the claim runs out (2 min) a booking's message is sent once more and says so, an advertisement is not. A
receipt that comes in the meantime settles the doubt.
"""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from jinja2 import TemplateError

from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.subscriptions import spent
from kept.errors import Refusal
from kept.follow_up.follow_up import FollowUp
from kept.messaging.channels import InDoubt, NotSubscribed, ProviderUnavailable, Rejected, Sending, Throttled
from kept.messaging.decision import Done, Never, Send, Undelivered, Wait, decide
from kept.messaging.message import CLAIM, Message, MessageStatus
from kept.messaging.segments import segments
from kept.reasons import Code, because
from kept.runtime import log
from kept.storage import catalogs, clients, follow_ups, messages
from kept.storage.transaction import Lost, together
from kept.use_cases.clients.clients import change_client
from kept.use_cases.messaging import client_message, rate_limiter, unanswered
from kept.use_cases.messaging.answered import answered_by
from kept.use_cases.messaging.channel_fallback import give_up, told_after_all
from kept.use_cases.messaging.client_message import ToClient
from kept.use_cases.messaging.provider_clients import NoAccount, carrier
from kept.use_cases.messaging.staff_message import ToStaff

PATIENCE = timedelta(seconds=2)
"""A turn so near is waited for, ten times in a run at the most; a later one is written down as the message's own."""

RECEIPTS_COME = timedelta(days=7)
"""For so long a provider's own id of a message is remembered."""

PAUSES = (1, 2, 4, 8, 16, 30)
"""Minutes between attempts; the last one from then on."""

UNWRITABLE = (Refusal, TemplateError, ValueError, LookupError, TypeError)
"""What a text, a name or an address can make composing fail with; what AWS and our settings fail with comes again."""

WITH_OTHERS = 24
"""Attempts, two hours of being the one that finds out whether a provider is back; then its own pauses count."""


def deliver(message: Message, *, now: datetime) -> None:
    about = client_message.read(message, catalogs.load(message.business), now=now)
    matter, address = (about.matter, about.address) if about else (None, None)
    message = about.message if about else message
    match decide(message, matter, address=address, now=now):
        case Wait(until=until, reason=reason):
            record(message.delayed(until=until, reason=reason))
        case Never() as never:
            give_up(message.over(never.status, reason=never.reason), about, elsewhere=never.elsewhere, now=now)
        case Undelivered(reason=reason):
            give_up(message.looked(reason=reason), about, elsewhere=True, now=now)
        case Done():
            record(message.looked())
        case Send() if about:
            _in_turn(message, about, now)


def _in_turn(message: Message, about: ToClient | ToStaff, now: datetime) -> None:
    try:
        turn = rate_limiter.keep(message, now=now) if message.slot_at else rate_limiter.take(message, now=now)
    except rate_limiter.Shut as shut:
        waits = message.delayed(until=shut.until, reason=because(Code.PROVIDER_SHUT, channel=message.channel))
        record(replace(waits, down_since=message.down_since or now))
        return
    except rate_limiter.Crowded as crowded:
        record(message.delayed(until=crowded.until, reason=because(Code.SENDING_RATE, channel=message.channel)))
        return
    if turn > now + PATIENCE:
        waits = message.delayed(until=turn, reason=because(Code.SENDING_RATE, channel=message.channel))
        record(replace(waits, slot_at=turn))
        return
    time.sleep(max(0.0, (turn - now).total_seconds()))
    _send(message, about, max(turn, now))


def _send(message: Message, about: ToClient | ToStaff, now: datetime) -> None:
    """Composed before it is claimed: what its content fails at is known for sure, and goes elsewhere."""
    if isinstance(about, ToClient) and unanswered.is_too_much(message, about, now=now):
        give_up(message.over(MessageStatus.SKIPPED, reason=unanswered.REASON), about, elsewhere=True, now=now)
        return
    try:
        sending, parts = _composed(message, about, now)
    except (Rejected, NoAccount) as error:
        give_up(message.over(MessageStatus.FAILED, reason=error.reason), about, elsewhere=True, now=now)
        return
    if claimed := _claim(replace(message, parts=parts), about, now):
        _hand_over(sending, claimed, about, now)


def _composed(message: Message, about: ToClient | ToStaff, now: datetime) -> tuple[Sending, int]:
    """And how many parts it takes as a text message, 0 over any other channel. Raises Rejected for all that its content
    can fail at, known or not, and NoAccount."""
    try:
        parcel = about.parcel(now=now)
        if parcel.rendered.unsayable:
            log.warning("in our words, theirs fail", extra={**_ids(message), "why": parcel.rendered.unsayable})
        parts = segments(parcel.rendered.text).count if message.channel is Channel.SMS else 0
        return carrier(about).compose(parcel), parts
    except UNWRITABLE as error:
        log.error("not composed", extra={**_ids(message), "error": type(error).__name__})
        raise Rejected(because(Code.NOT_WRITTEN, error=type(error).__name__)) from error


def _hand_over(sending: Sending, claimed: Message, about: ToClient | ToStaff, now: datetime) -> None:
    try:
        provider_id = sending()
    except InDoubt as doubt:
        rate_limiter.failed(claimed, now=now)
        log.warning("in doubt", extra={**_ids(claimed), "error": str(doubt)})
    except Rejected as error:
        rate_limiter.answered(claimed)
        _rejected(claimed, about, error, now)
    except Throttled:
        rate_limiter.throttled(claimed, now=now)
        record(claimed.delayed(until=_again(claimed, now), reason=because(Code.PROVIDER_BUSY)))
    except ProviderUnavailable as error:
        _unavailable(claimed, error, now)
    else:
        rate_limiter.answered(claimed)
        _sent(claimed, about, provider_id, now)


def _claim(message: Message, about: ToClient | ToStaff, now: datetime) -> Message | None:
    """An invitation counts against the client's cap in the write that claims it, so that two at once cannot pass it;
    so does a subscription on WeChat, which is spent in it."""
    claimed = message.claimed(until=now + CLAIM)
    client = _after_claiming(message, about, now) if isinstance(about, ToClient) else None
    if client is None:
        return record(claimed)
    try:
        with together() as transaction:
            messages.put(claimed, transaction)
            clients.put(client, transaction)
    except Lost:
        return None
    return replace(claimed, revision=claimed.revision + 1)


def _after_claiming(message: Message, about: ToClient, now: datetime) -> Client | None:
    """The client as this makes them, where it changes anything: a message that is tried again has done so before."""
    client, kind = about.record, about.takes(now=now)
    if message.purpose is Purpose.PROMOTIONAL and not message.attempts:
        client = client.invited(at=now)
    if kind:
        client = replace(client, subscriptions=spent(client.subscriptions, kind, message.id))
    return client if client != about.record else None


def _sent(claimed: Message, about: ToClient | ToStaff, provider_id: str, now: datetime) -> None:
    """A call is only on the list by now. A receipt may have been faster: then the message is read again with what it
    told, and recorded all the same."""
    if claimed.channel is Channel.CALL:
        record(claimed.listed(provider_id))
        return
    look_at = _look_at(claimed, about, now)
    found: Message | None = claimed
    while found and not record(found.sent(at=now, provider_id=provider_id, look_at=look_at)):
        found = messages.find(claimed.business, claimed.id)
        if found and not (found.is_owed or found.status is MessageStatus.SENT):
            return
    if isinstance(about, ToClient):
        told_after_all(claimed, about, now=now)
    if claimed.channel is Channel.WECHAT and provider_id:
        messages.remember(claimed, provider_id, until=now + RECEIPTS_COME)


def _look_at(claimed: Message, about: ToClient | ToStaff, now: datetime) -> datetime | None:
    """When it is looked at whether it arrived: where receipts come at all, and another channel could take over."""
    if not isinstance(about, ToClient) or claimed.occasion or not rate_limiter.tells(claimed, now=now):
        return None
    if about.matter.another(claimed, now=now) is None:
        return None
    return now + about.catalog.business.contact.unread_after


def _unavailable(claimed: Message, error: ProviderUnavailable, now: datetime) -> None:
    """It waits with the others for the provider to be called again, or had it not gone down for all, by itself."""
    shut_until = rate_limiter.failed(claimed, now=now)
    with_others = shut_until if claimed.attempts <= WITH_OTHERS else None
    reason = because(Code.PROVIDER_UNAVAILABLE, error=error)
    waits = claimed.delayed(until=with_others or _again(claimed, now), reason=reason)
    record(replace(waits, down_since=claimed.down_since or now))


def _rejected(claimed: Message, about: ToClient | ToStaff, error: Rejected, now: datetime) -> None:
    """A wrong address is written down with the client, so that nothing more is tried there."""
    if error.address_is_wrong and isinstance(about, ToClient):
        wrong = partial(Client.stopping, channel=claimed.channel, why=error.reason, at=now, address=about.address)
        client = change_client(about.record.business, about.record.id, wrong)
        about = replace(about, client=wrong(about.client), record=client)
    none_left = isinstance(error, NotSubscribed)
    over = claimed.over(error.status, reason=error.reason)
    give_up(over, about, elsewhere=True, now=now, none_left=none_left)


def _again(claimed: Message, now: datetime) -> datetime:
    return now + timedelta(minutes=PAUSES[min(claimed.attempts, len(PAUSES)) - 1])


def record(message: Message) -> Message | None:
    """As written; None when somebody else was first, who then has it.

    An answer of staff that was sent stops the clock of what it answers in the same write.
    """
    try:
        written = _written(message, answered_by(message))
    except Lost:
        return None
    log.info("message", extra={**_ids(message), "status": message.status})
    return written


def _written(message: Message, answered: FollowUp | None) -> Message:
    """Raises Lost."""
    if answered is None:
        return messages.put_alone(message)
    with together() as transaction:
        messages.put(message, transaction)
        follow_ups.put(answered, transaction)
    return replace(message, revision=message.revision + 1)


def _ids(message: Message) -> dict[str, str]:
    """What the log may say of it: nothing about a person."""
    return {"business": message.business, "message_id": message.id}
