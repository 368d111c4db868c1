"""The events of a client, told by what staff and the client themselves would call a change: messages, replies and the
search index write the record too, and tell nothing by that."""

from collections.abc import Iterator
from datetime import datetime

from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.events.catalogue import ClientRecordTold, ConsentTold, EventType, OutgoingEvent, an_event
from kept.events.change import Kind

FIELDS = (
    "name",
    "locale",
    "tz",
    "phone",
    "email",
    "wechat",
    "tier",
    "preferred",
    "occupation",
    "best_from",
    "best_until",
    "do_not_disturb",
    "tags",
    "notes",
    "merged",
)
"""Of the record, that make it another one."""
STOPPED, RESUMED = "stopped", "resumed"
UNKNOWN = ("unknown",)
"""In place of the fields, where it is not known any more what it was before."""


def events(before: Client | None, after: Client, *, at: datetime) -> Iterator[OutgoingEvent]:
    if before is None:
        yield from _new(after, at) if after.revision <= 1 else (_changed(after, UNKNOWN, at),)
        return
    yield from _merges(before, after, at)
    if fields := tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name)):
        yield _changed(after, fields, at)
    yield from _consents(before, after, at)


def erased(before: Client, *, at: datetime, expired: bool) -> OutgoingEvent:
    told = ClientRecordTold(because="retention" if expired else "request")
    return _event(EventType.CLIENT_ERASED, before, told, at, of="", number=before.revision + 1)


def _new(client: Client, at: datetime) -> Iterator[OutgoingEvent]:
    yield _event(EventType.CLIENT_CREATED, client, ClientRecordTold(), at, of="")


def _merges(before: Client, after: Client, at: datetime) -> Iterator[OutgoingEvent]:
    if before.merged_into == after.merged_into:
        return
    type = EventType.CLIENT_MERGED if after.merged_into else EventType.CLIENT_PARTED
    yield _event(type, after, ClientRecordTold(into=after.merged_into or before.merged_into), at)


def _changed(client: Client, fields: tuple[str, ...], at: datetime) -> OutgoingEvent:
    return _event(EventType.CLIENT_CHANGED, client, ClientRecordTold(fields=fields), at)


def _consents(before: Client, after: Client, at: datetime) -> Iterator[OutgoingEvent]:
    known = before.archived + len(_whole(before))
    for n, line in enumerate(_whole(after), start=after.archived):
        if n >= known:
            told = ConsentTold(line.channel, line.said, line.purpose)
            yield _event(EventType.CONSENT_CHANGED, after, told, line.at, of=str(n))
    were, are = ({one.channel for one in client.stopped} for client in (before, after))
    for said, channels in ((STOPPED, are - were), (RESUMED, were - are)):
        for channel in sorted(channels):
            told = ConsentTold(channel, said)
            yield _event(EventType.CONSENT_CHANGED, after, told, at, of=f"{after.revision}#{said}#{channel}")


def _whole(client: Client) -> list[Consent]:
    return [line for line in client.consents if not line.is_old]


def _event(
    type: EventType,
    client: Client,
    told: ClientRecordTold | ConsentTold,
    at: datetime,
    *,
    of: str | None = None,
    number: int | None = None,
) -> OutgoingEvent:
    number = client.revision if number is None else number
    return an_event(
        type,
        client.business,
        Kind.CLIENT,
        client.id,
        number=number,
        at=at,
        data=told,
        of=str(client.revision) if of is None else of,
    )
