"""What a client's words are about: the visit that we last wrote to them of."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from kept.attendance.no_show import Check, no_show_at
from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog
from kept.clients.client import Client
from kept.messaging.message import Message
from kept.messaging.purpose import Channel
from kept.messaging.replies.reading import Asked
from kept.messaging.text_names import SURVEY
from kept.storage import appointments, messages

FRESH = timedelta(days=3)
"""Of several visits, the one we wrote of within that time is meant; otherwise a person has to ask."""

SINCE = timedelta(days=2)
"""A visit that began so long ago may still be spoken of."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Topic:
    """`wrote_at` is when we last wrote to them about it over that channel, `version` the slot that we then spoke of;
    `asked` what we asked.
    """

    appointment: Appointment | None
    version: int = 0
    asked: Asked = Asked.BOOKING
    wrote_at: datetime = NEVER


def topic(client: Client, book: Catalog, channel: Channel, *, now: datetime) -> Topic:
    """The visit still to come that we wrote of last; else the only one to come; else the last we wrote of.

    Whoever was asked since then how it went may give stars: then a number is no key.
    """
    about = _visit(client, book, channel, now)
    is_asked = _asked_how_it_went(client, channel) > about.wrote_at
    return replace(about, asked=Asked.HOW_IT_WENT) if is_asked else about


def _visit(client: Client, book: Catalog, channel: Channel, now: datetime) -> Topic:
    found = [_spoken_of(visit, book, channel, now) for visit in _visits(client, now)]
    ahead = [one for one in found if one.appointment and one.appointment.is_expected]
    if not ahead:
        return max(found, key=lambda one: one.wrote_at, default=Topic(None))
    latest = max(ahead, key=lambda one: one.wrote_at)
    if len(ahead) > 1 and now - latest.wrote_at > FRESH:
        return Topic(None)
    return latest


def wrote_last(client: Client, channel: Channel, *, now: datetime) -> datetime:
    """When this business last wrote to them over that channel, be it of a visit or an invitation."""
    about = (client.id, *appointments.of_client(client.business, client.id, since=now - SINCE))
    said = (m for id in about for m in messages.about(client.business, id) if m.channel is channel)
    return max(map(_sent_at, said), default=NEVER)


def _asked_how_it_went(client: Client, channel: Channel) -> datetime:
    said = (m for m in messages.about(client.business, client.id) if m.channel is channel and m.stage == SURVEY)
    return max(map(_sent_at, said), default=NEVER)


def _visits(client: Client, now: datetime) -> list[Appointment]:
    ids = appointments.of_client(client.business, client.id, since=now - SINCE)
    return list(appointments.several(client.business, ids))


def _spoken_of(visit: Appointment, book: Catalog, channel: Channel, now: datetime) -> Topic:
    said = [m for m in messages.about(visit.business, visit.id) if m.channel is channel and m.sent_at]
    last = max(said, key=_sent_at, default=None)
    if last is None:
        return Topic(visit, visit.version)
    waiting = visit.starts <= now < no_show_at(visit, book.business.attendance)
    on_the_day = waiting and any((m.stage, m.version) == (Check.ASK, visit.version) for m in said)
    return Topic(visit, last.version, Asked.ON_THE_DAY if on_the_day else Asked.BOOKING, _sent_at(last))


def _sent_at(message: Message) -> datetime:
    return message.sent_at or NEVER
