"""A client's hold on their numbers and addresses: taken, kept, proved, given up, and forgotten where it was none."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from kept.clients.client import Client
from kept.clients.held import ContactKind, Held, How
from kept.reasons import Code, because

KEPT = timedelta(days=30)
"""After the visit's end, what was typed for it and neither used nor proved is kept for so long at least."""

OPTED_OUT = because(Code.OPTED_OUT)
"""Why nothing reaches an address from which somebody said so."""

RENEWED = timedelta(days=60)
"""From the end of the visit for which it is taken or renewed: so the next booking of a month or so writes nothing."""


def contact(client: Client, kind: ContactKind) -> str | None:
    found: str | None = getattr(client, kind)
    return found


def held(client: Client, kind: ContactKind) -> Held | None:
    """None where they have none of that kind; what nothing is said of has been theirs all along."""
    if contact(client, kind) is None:
        return None
    return next((one for one in client.held if one.kind is kind), Held(kind, How.USED))


def holding(
    client: Client, kind: ContactKind, how: How, *, address: str | None = None, until: datetime | None = None
) -> Client:
    """With this contact (`address`, or the one they have), held so."""
    if held(client, kind) == Held(kind, how, until) and address in (None, contact(client, kind)):
        return client
    others = tuple(one for one in client.held if one.kind is not kind)
    now_held = others if how is How.USED else (*others, Held(kind, how, until))
    return replace(client, **{kind: address or contact(client, kind)}, held=now_held)  # type: ignore[arg-type]


def without(client: Client, kind: ContactKind) -> Client:
    """It is not theirs (any more), nor is what they said about being written to there."""
    lost = held(client, kind)
    left = replace(client, **{kind: None}, held=tuple(one for one in client.held if one.kind is not kind))  # type: ignore[arg-type]
    if lost and not any(contact(left, other) for other in ContactKind):
        left = replace(left, unheld_until=lost.until)
    return replace(
        left,
        consents=tuple(said for said in left.consents if left.address(said.channel)),
        wrote=tuple(wrote for wrote in left.wrote if left.address(wrote.channel)),
        preferred=left.preferred if left.preferred and left.address(left.preferred) else None,
    )


def not_also(client: Client, address: str) -> Client:
    """No other record of theirs is known by it any more."""
    left = tuple(
        replace(one, contacts=tuple(it for it in one.contacts if it.contact != address)) for one in client.merged
    )
    return replace(client, merged=left) if left != client.merged else client


def kept_for(client: Client, kinds: set[ContactKind], *, ends: datetime) -> Client:
    """Kept at least KEPT after a visit that ends then; itself where that is so already."""
    for kind in sorted(kinds):
        one = held(client, kind)
        if one and one.until and one.until < ends + KEPT:
            client = holding(client, kind, How.TYPED, until=ends + RENEWED)
    if client.unheld_until and client.unheld_until < ends + KEPT:
        client = replace(client, unheld_until=ends + RENEWED)
    return client


def used(client: Client, typed: Iterable[str]) -> Client:
    """They came, or chose something from there: what was typed of their contacts is not forgotten any more."""
    said = set(typed)
    for kind in ContactKind:
        if (one := held(client, kind)) and one.how is How.TYPED and contact(client, kind) in said:
            client = holding(client, kind, How.USED)
    return replace(client, unheld_until=None) if client.unheld_until else client


def spoken(before: Client, after: Client, *, at: str | None = None) -> Client:
    """What they said or chose is remembered with where they did (`at`, or as the change tells, or all of theirs).

    That an address does not exist is no word of theirs.
    """
    stopped = [stop for stop in after.stopped if stop not in before.stopped]
    if not any(stop.why == OPTED_OUT for stop in stopped) and replace(after, stopped=before.stopped) == before:
        return after
    said = [c.channel for c in after.consents if c not in before.consents]
    said += [w.channel for w in after.wrote if w not in before.wrote]
    there = [at] if at else [after.address(channel) for channel in said] + [stop.address for stop in stopped]
    return used(after, filter(None, there or (contact(after, kind) for kind in ContactKind)))


def remembered(client: Client, *, now: datetime) -> Client:
    """Without what was only typed, and too long ago."""
    over = [one.kind for one in client.held if one.until and one.until <= now]
    for kind in over:
        client = without(client, kind)
    return client


def forgotten_at(client: Client) -> datetime | None:
    """When nothing of theirs is left that was more than typed; None where something is, and of what leads to another
    client: whoever staff say is one with somebody is known to them."""
    if client.merged_into:
        return None
    theirs = [held(client, kind) for kind in ContactKind if contact(client, kind)]
    if not theirs:
        return client.unheld_until
    until = [one.until for one in theirs if one and one.until]
    return max(until) if until and len(until) == len(theirs) else None
