"""When a sender may call its provider: it takes turns, a block of ten at a time, from the one gate of the channel."""

import random
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from kept.channels import Channel
from kept.messaging.circuit_breaker import Gate
from kept.messaging.message import Message
from kept.settings import setting
from kept.storage import gates
from kept.storage.transaction import Lost

OF_ONE_BUSINESS = frozenset({Channel.WECHAT, Channel.WEBHOOK})
"""Each has its own account there; the others are the deployment's."""

STALE = timedelta(seconds=2)
"""A turn not used by then is lost: kept, it would be used on top of somebody else's."""

TRIES, JITTER = 20, 0.01
"""Seconds; the n-th wait is anything up to n times as long."""

NO_LIMIT = 100.0


class NotNow(Exception):
    """No turn was given; it may be asked for again then."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Shut(NotNow):
    """The provider is down; nobody calls it before then."""


class Crowded(NotNow):
    """Too many stand at its gate."""


_mine: dict[str, deque[datetime]] = {}
_failing: set[str] = set()
_seen: dict[str, Gate] = {}


def take(message: Message, *, now: datetime) -> datetime:
    """When it is this message's turn: now, or later if others are before it. Raises NotNow."""
    name = _gate(message)
    mine = _mine.setdefault(name, deque())
    while mine and mine[0] < now - STALE:
        mine.popleft()
    if not mine:
        mine.extend(_block(name, per_second(message.channel), now))
    return mine.popleft()


def keep(message: Message, *, now: datetime) -> datetime:
    """The turn it was given before; its provider may have gone down since. Raises NotNow."""
    gate = _open_gate(_gate(message), now)
    return take(message, now=now) if gate.is_probed or message.slot_at is None else message.slot_at


def tells(message: Message, *, now: datetime) -> bool:
    """Whether its provider sends receipts at all; known from the turn it just had."""
    known = _seen.get(_gate(message))
    return known is not None and known.tells(now=now)


def told(message: Message, *, now: datetime) -> None:
    """A receipt came."""
    _told(_gate(message), lambda gate: gate.told(now=now))


def answered(message: Message) -> None:
    """It is up. Only who knows of a failure says so, or every message would cost a write."""
    if (name := _gate(message)) in _failing:
        _failing.discard(name)
        _told(name, lambda gate: gate.answered())


def failed(message: Message, *, now: datetime) -> datetime | None:
    """Nobody answered; after a few in a row it is left alone for a while: until when, or None while it is not."""
    _forget(message)
    gate = _told(_gate(message), lambda gate: gate.failed(now=now))
    return gate.shut_until if gate.is_shut(now=now) else None


def throttled(message: Message, *, now: datetime) -> None:
    _forget(message)
    _told(_gate(message), lambda gate: gate.throttled(per_second(message.channel), now=now))


def per_second(channel: Channel) -> float:
    """From SENDING_RATES: "email=14 sms=10"; what is not named there has no limit worth keeping."""
    rates = dict(pair.split("=") for pair in setting("SENDING_RATES").split())
    return float(rates.get(channel, NO_LIMIT))


def forget() -> None:
    """Everything known of the gates is read again."""
    for known in (_mine, _failing, _seen):
        known.clear()


def _gate(message: Message) -> str:
    return f"{message.channel}/{message.business}" if message.channel in OF_ONE_BUSINESS else message.channel


def _forget(message: Message) -> None:
    """The turns in hand were given at the old pace."""
    _mine.pop(_gate(message), None)
    _failing.add(_gate(message))


def _open_gate(name: str, now: datetime) -> Gate:
    gate = _seen[name] = gates.load(name)
    if gate.shut_until and gate.is_shut(now=now):
        raise Shut(gate.shut_until)
    if gate.failures:
        _failing.add(name)
    return gate


def _block(name: str, rate: float, now: datetime) -> tuple[datetime, ...]:
    for tried in range(1, TRIES + 1):
        gate = _open_gate(name, now)
        taken, turns = gate.turns(rate, now=now)
        if _put(taken, tried):
            return turns
    raise Crowded(now + STALE)


def _told(name: str, change: Callable[[Gate], Gate]) -> Gate:
    """As it then is. A crash before it costs one more call to a provider that is down."""
    for tried in range(1, TRIES + 1):
        gate = gates.load(name)
        after = change(gate)
        if after is gate or _put(after, tried):
            return after
    return gate


def _put(gate: Gate, tried: int) -> bool:
    try:
        gates.put(gate)
    except Lost:
        time.sleep(random.uniform(0, JITTER * tried))  # noqa: S311  # jitter is no secret
        return False
    return True
