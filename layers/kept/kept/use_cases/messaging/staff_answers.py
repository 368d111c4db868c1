"""One of the staff writes to a client: over which channels that can be, and the message that carries it.

Decided twice by the same rules, as every message: here, where a refusal can still be put right by who types, and by the
sender at the last moment. Once for each idempotency key; a crash before it was queued leaves it to the sweep.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Catalog
from kept.business.text_names import STAFF_ANSWER
from kept.channels import Channel
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.errors import KeyReused
from kept.follow_up.merging import merged_into
from kept.follow_up.refusals import UnknownFollowUp
from kept.messaging.decision import ASKED_LATELY, Never, Wait, decide
from kept.messaging.free_words import free_until
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, to_client
from kept.messaging.personal import Length, length, subject
from kept.messaging.received import Received
from kept.messaging.refusals import AnswerTooLong, ChannelClosed, NoChannelOpen
from kept.reasons import Code, Reason, is_because
from kept.storage import appointments, clients, follow_ups, messages
from kept.use_cases.messaging import client_message
from kept.use_cases.messaging.client_message import ToClient
from kept.use_cases.optimistic_retry import retried

USEFUL = timedelta(days=2)
"""Longer than any night of a law's; what could not go by then is an answer no more."""


@dataclass(frozen=True, slots=True)
class StaffAnswer:
    """`about` is the visit it speaks of and `follow_up` what it answers; None for those of what they wrote last."""

    text: str
    channel: Channel | None = None
    about: str | None = None
    follow_up: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerChannel:
    """A channel for it. Closed, `why` says what is in the way, and `until` when its time for free words was over; open,
    it waits for that reason until then, or without a reason takes free words until then."""

    channel: Channel
    length: Length
    is_open: bool
    why: Reason | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerPreview:
    """What would become of it; `chosen` is None where no channel is open, `subject` that of an e-mail."""

    ways: tuple[AnswerChannel, ...]
    chosen: AnswerChannel | None
    subject: str


@dataclass(frozen=True, slots=True)
class Matter:
    """To whom, about which visit, if any, and in answer to what."""

    client: Client
    visit: Appointment | None
    follow_up: str

    def message(self, answer: StaffAnswer, channel: Channel, catalog: Catalog, change: Change) -> Message:
        """About a visit it goes to the address that this was booked with."""
        until = change.at + USEFUL
        if self.visit is None:
            new = about_no_visit(self.client, STAFF_ANSWER, channel, now=change.at, useful_until=until)
        else:
            new = to_client(
                self.visit,
                self.client,
                catalog.business,
                STAFF_ANSWER,
                now=change.at,
                useful_until=until,
                over=channel,
            )
        return replace(new, occasion=change.key, text=answer.text, by=change.by.id, follow_up=self.follow_up)


def preview(catalog: Catalog, client: str, answer: StaffAnswer, change: Change) -> AnswerPreview:
    """Changes nothing. Raises UnknownClient, UnknownAppointment, UnknownFollowUp."""
    matter = _matter(catalog, client, answer, change.at)
    ways = _ways(catalog, matter, answer, change)
    locale = matter.client.locale
    return AnswerPreview(ways, _chosen(ways, answer, matter.client), subject(catalog.business.name, locale))


def send(catalog: Catalog, client: str, answer: StaffAnswer, change: Change) -> Message:
    """As it is written down and handed to the sender. Raises what `preview` does, KeyReused for other words under the
    same key, AnswerTooLong, ChannelClosed, NoChannelOpen.
    """

    def attempt() -> Message:
        matter = _matter(catalog, client, answer, change.at)
        if first := _under(change.key, matter):
            if first.text != answer.text:
                raise KeyReused
            return first
        way = _open(_ways(catalog, matter, answer, change), answer, matter.client)
        written = messages.put_alone(matter.message(answer, way.channel, catalog, change))
        hand_over([messages.key(written)])
        return written

    return retried(attempt)


def _matter(catalog: Catalog, client: str, answer: StaffAnswer, now: datetime) -> Matter:
    business = catalog.business.id
    known = clients.load(business, client)
    last = messages.last_received(business, known.ids, since=now - ASKED_LATELY)
    about = answer.about if answer.about is not None else last.about if last else ""
    visit = _visit(known, about) if answer.about else appointments.find(business, about) if about else None
    asked = _follow_up(known, answer.follow_up) if answer.follow_up else _where_it_is_now(known, left_to(last))
    return Matter(known, visit, asked)


def left_to(last: Received | None) -> str:
    """The follow-up in which a person is to answer it; "" for none."""
    done = last.done if last else None
    return dict(done.facts).get("follow_up", "") if done and is_because(done, Code.LEFT_TO_A_PERSON) else ""


def _visit(client: Client, id: str) -> Appointment:
    """Raises UnknownAppointment also for one of another client."""
    visit = appointments.load(client.business, id)
    if visit.client not in client.ids:
        raise UnknownAppointment
    return visit


def _follow_up(client: Client, id: str) -> str:
    """Raises UnknownFollowUp also for one of another client."""
    if follow_ups.load(client.business, id).client not in client.ids:
        raise UnknownFollowUp
    return _where_it_is_now(client, id)


def _where_it_is_now(client: Client, id: str) -> str:
    """What was merged into another is answered there."""
    found = follow_ups.find(client.business, id) if id else None
    return (merged_into(found.history) or id) if found else ""


def _under(key: str, matter: Matter) -> Message | None:
    """What this very request wrote, if it came before."""
    client, visit = matter.client, matter.visit
    abouts = {*client.ids, *([visit.id] if visit else [])}
    said = (message for about in abouts for message in messages.about(client.business, about))
    return next((one for one in said if (one.stage, one.occasion) == (STAFF_ANSWER, key)), None)


def _open(ways: tuple[AnswerChannel, ...], answer: StaffAnswer, client: Client) -> AnswerChannel:
    """Raises AnswerTooLong, ChannelClosed, NoChannelOpen."""
    chosen = _chosen(ways, answer, client)
    if chosen is None and answer.channel:
        raise ChannelClosed(channel=answer.channel, why=Code.NO_ADDRESS, until=None)
    if chosen is None:
        raise NoChannelOpen(channels={way.channel: way.why.code for way in ways if way.why})
    if not chosen.is_open:
        raise ChannelClosed(channel=chosen.channel, why=chosen.why and chosen.why.code, until=chosen.until)
    if chosen.length.why:
        raise AnswerTooLong(channel=chosen.channel, **dict(chosen.length.why.facts))
    return chosen


def _chosen(ways: tuple[AnswerChannel, ...], answer: StaffAnswer, client: Client) -> AnswerChannel | None:
    """The one that was asked for, open or not; else the one they last wrote over, else the first that is open."""
    if answer.channel:
        return next((way for way in ways if way.channel is answer.channel), None)
    last = max(client.wrote, key=lambda wrote: wrote.at, default=None)
    usable = sorted((way for way in ways if way.is_open), key=lambda way: not (last and way.channel is last.channel))
    return next(iter(usable), None)


def _ways(catalog: Catalog, matter: Matter, answer: StaffAnswer, change: Change) -> tuple[AnswerChannel, ...]:
    """Over every channel of the business that carries written words, the client's preferred one first."""
    written = (channel for channel in catalog.business.channels if channel is not Channel.CALL)
    ordered = sorted(written, key=lambda channel: channel is not matter.client.preferred)
    drafts = (matter.message(answer, channel, catalog, change) for channel in ordered)
    read = (client_message.to_client(draft, catalog, now=change.at) for draft in drafts)
    return tuple(_way(about, now=change.at) for about in read if about)


def _way(about: ToClient, *, now: datetime) -> AnswerChannel:
    message, channel = about.message, about.message.channel
    size = length(message.text, channel, about.form)
    match decide(message, about.matter, address=about.address, now=now):
        case Never(reason=reason):
            over = free_until(channel, about.client) if is_because(reason, Code.FREE_WORDS_OVER) else None
            return AnswerChannel(channel, size, is_open=False, why=reason, until=over)
        case Wait(until=until, reason=reason):
            return AnswerChannel(channel, size, is_open=True, why=reason, until=until)
    return AnswerChannel(channel, size, is_open=True, why=None, until=free_until(channel, about.client))
