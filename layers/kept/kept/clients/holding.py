"""A client's hold on their numbers and addresses: taken, kept, proved, given up, and forgotten where it was none."""

from dataclasses import replace
from datetime import datetime, timedelta

from kept.clients.client import Client
from kept.clients.held import Held, How, Kind

KEPT = timedelta(days=30)
"""After the visit's end, what was typed for it and neither used nor proved is kept for so long at least."""

RENEWED = timedelta(days=60)
"""From the end of the visit for which it is taken or renewed: so the next booking of a month or so writes nothing."""


def contact(client: Client, kind: Kind) -> str | None:
    found: str | None = getattr(client, kind)
    return found


def held(client: Client, kind: Kind) -> Held | None:
    """None where they have none of that kind; what nothing is said of has been theirs all along."""
    if contact(client, kind) is None:
        return None
    return next((one for one in client.held if one.kind is kind), Held(kind, How.USED))


def holding(
    client: Client, kind: Kind, how: How, *, address: str | None = None, until: datetime | None = None
) -> Client:
    """With this contact (`address`, or the one they have), held so."""
    others = tuple(one for one in client.held if one.kind is not kind)
    now_held = others if how is How.USED else (*others, Held(kind, how, until))
    return replace(client, **{kind: address or contact(client, kind)}, held=now_held)  # type: ignore[arg-type]


def without(client: Client, kind: Kind) -> Client:
    """It is not theirs (any more), nor is what they said about being written to there."""
    left = replace(client, **{kind: None}, held=tuple(one for one in client.held if one.kind is not kind))  # type: ignore[arg-type]
    return replace(
        left,
        consents=tuple(said for said in left.consents if left.address(said.channel)),
        wrote=tuple(wrote for wrote in left.wrote if left.address(wrote.channel)),
        preferred=left.preferred if left.preferred and left.address(left.preferred) else None,
    )


def typed_for(client: Client, kinds: set[Kind], *, ends: datetime) -> Client:
    """Kept at least KEPT after a visit that ends then; itself where that is so already."""
    for kind in sorted(kinds):
        one = held(client, kind)
        if one and one.until and one.until < ends + KEPT:
            client = holding(client, kind, How.TYPED, until=ends + RENEWED)
    return client


def used(client: Client, kinds: set[Kind]) -> Client:
    """They came, or chose something from there: it is not forgotten any more."""
    for kind in sorted(kinds):
        if (one := held(client, kind)) and one.how is How.TYPED:
            client = holding(client, kind, How.USED)
    return client


def remembered(client: Client, *, now: datetime) -> Client:
    """Without what was only typed, and too long ago."""
    over = [one.kind for one in client.held if one.until and one.until <= now]
    for kind in over:
        client = without(client, kind)
    return client


def forgotten_at(client: Client) -> datetime | None:
    """When nothing of theirs is left that was more than typed; None where something is."""
    theirs = [held(client, kind) for kind in Kind if contact(client, kind)]
    until = [one.until for one in theirs if one and one.until]
    return max(until) if until and len(until) == len(theirs) else None
