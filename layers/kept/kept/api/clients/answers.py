"""Clients as staff see them: how they are reached, what they agreed to, and what was said."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from kept.api.base import Answer
from kept.api.business.setting_types import Clock
from kept.api.reasons import Facts, told
from kept.business.catalog import Business
from kept.channels import Channel, Purpose
from kept.clients.client import Client, MergedClient, Occupation, Tier
from kept.clients.consent import Consent, ConsentWord, Stopped
from kept.clients.details import revision
from kept.clients.held import ContactKind
from kept.clients.merging import undo_until
from kept.clients.notes import Note, alerts
from kept.clients.standing import Standing
from kept.clients.subscriptions import Subscription, TapKind
from kept.clients.written_number import as_written
from kept.language_tags import FALLBACK
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.reasons_in_words import in_words
from kept.messaging.receipts import COMPLAINTS
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.policy.early_cancelling import EarlyCancelling
from kept.policy.standing import ClientStanding
from kept.reasons import Reason
from kept.use_cases.policy.standings import Record


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
    why_code: str
    facts: Facts


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
    void_code: str
    facts: Facts


class NoteAnswer(Answer):
    """`by` is the id of the staff member who wrote it; a pinned one is a warning."""

    id: str
    text: str
    by: str
    at: datetime
    pinned: bool


class OlderNotesAnswer(Answer):
    """The newest first; asking for those `before` the last of them goes on."""

    notes: list[NoteAnswer]


class RecordAnswer(Answer):
    """Of the newest 500 visits. `booked` are all, those to come among them; `late` are those of the `kept` to which
    they came late, `cancelled_late` those of the `cancelled` that were too late for a free change; `since` is the
    start of the first."""

    booked: int
    kept: int
    late: int
    missed: int
    cancelled: int
    cancelled_late: int
    since: datetime | None


class StandingSetAnswer(Answer):
    """A person's word in the place of the record: theirs (`by`, their id), until then or until it is ended."""

    by: str
    at: datetime
    why: str
    until: datetime | None


class StandingAnswer(Answer):
    """What is asked of them when they book, and why. `by_record` is what their visits say: the `missed` and the
    `cancelled_late` that count still, since the first of them. It is milder by itself from `eases_at` on.

    `cancelled_early` is how often they cancelled in good time lately, which gives them the first choice of new slots
    until `early_until`; `early` says so in words."""

    standing: Standing
    why: str
    why_code: str
    facts: Facts
    by_record: Standing
    missed: int
    cancelled_late: int
    since: datetime | None
    eases_at: datetime | None
    cancelled_early: int
    early: str
    early_until: datetime | None
    set: StandingSetAnswer | None


class MergedAnswer(Answer):
    """Another record of the same person, with the numbers and addresses it brought; it can be taken apart again until
    `undo_until`."""

    id: str
    name: str
    contacts: list[str]
    by: str
    at: datetime
    undo_until: datetime


class ClientAnswer(Answer):
    """`reached_by` are the channels over which they may be written to now, by purpose, in the order they are tried.

    `revision` is of what staff edit: sent back with a change it keeps two who edit at once from overwriting each other.
    `notes` are the newest first, and the pinned ones, which are the `alerts`; `older_notes` more are asked for by
    themselves.

    Of a long ledger of `consents` the newest lines are here, and of older ones the last of each kind; the first
    `earlier` of all are asked for by themselves.
    """

    id: str
    revision: str
    name: str
    tier: Tier
    tags: list[str]
    alerts: list[str]
    notes: list[NoteAnswer]
    older_notes: int
    figures: RecordAnswer
    standing: StandingAnswer
    locale: str
    zone: str
    phone: str | None
    phone_written: str | None
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
    merged: list[MergedAnswer]


class SaidAnswer(Answer):
    """What the client wrote (`text`, how it was read and what was done), or what we did (`stage` and its outcome).

    Of what one of the staff wrote `text` are their words and `staff` their id; Kept's own texts are not kept. One that
    waits is to go at `next_try`.
    """

    by: Literal["client", "us"]
    at: datetime
    channel: Channel
    appointment: str
    text: str = ""
    intent: Intent | None = None
    done: str = ""
    done_code: str = ""
    stage: str = ""
    status: MessageStatus | None = None
    reason: str = ""
    reason_code: str = ""
    facts: Facts
    delivery: Delivery | None = None
    staff: str = ""
    follow_up: str = ""
    next_try: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None


def client(it: Client, business: Business, record: Record, language: str = FALLBACK) -> ClientAnswer:
    asked = () if it.do_not_disturb else (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL)
    return ClientAnswer(
        id=it.id,
        revision=revision(it),
        name=it.name,
        tier=it.tier,
        tags=list(it.tags),
        alerts=list(alerts(it)),
        notes=notes(reversed(it.notes)),
        older_notes=it.older_notes,
        figures=RecordAnswer.model_validate(record.figures, from_attributes=True),
        standing=_standing(record.standing, record.early, language),
        locale=it.locale,
        zone=it.tz,
        phone=it.phone,
        phone_written=it.phone and as_written(it.phone, business.country),
        email=it.email,
        wechat=it.wechat,
        preferred=it.preferred,
        occupation=it.occupation,
        best_from=it.best_from,
        best_until=it.best_until,
        do_not_disturb=it.do_not_disturb,
        reached_by={purpose: list(it.channels(purpose, business.channels)) for purpose in asked},
        consents=_ledger(it.consents, language),
        earlier=it.archived,
        stopped=[_stopped(stopped, language) for stopped in it.stopped],
        wrote=[WroteAnswer.model_validate(wrote, from_attributes=True) for wrote in it.wrote],
        subscriptions=[_tap(tap, language) for tap in it.subscriptions],
        invited_at=list(it.invited_at),
        merged=[_merged(one, business) for one in it.merged],
    )


def _standing(it: ClientStanding, early: EarlyCancelling, language: str) -> StandingAnswer:
    return StandingAnswer(
        standing=it.standing,
        **told(it.why, "why", language),
        by_record=it.by_record,
        missed=it.missed,
        cancelled_late=it.late,
        since=it.since,
        eases_at=it.eases_at,
        cancelled_early=early.count,
        early=in_words(early.why, language),
        early_until=early.until,
        set=StandingSetAnswer.model_validate(it.word, from_attributes=True) if it.word else None,
    )


def notes(found: Iterable[Note]) -> list[NoteAnswer]:
    return [NoteAnswer.model_validate(note, from_attributes=True) for note in found]


def _merged(it: MergedClient, business: Business) -> MergedAnswer:
    known = ((one.contact, one.held.kind) for one in it.contacts)
    written = [as_written(one, business.country) if kind is ContactKind.PHONE else one for one, kind in known]
    return MergedAnswer(id=it.id, name=it.name, contacts=written, by=it.by, at=it.at, undo_until=undo_until(it))


def _stopped(it: Stopped, language: str) -> StoppedAnswer:
    return StoppedAnswer(channel=it.channel, address=it.address, at=it.at, **told(it.why, "why", language))


def _tap(it: Subscription, language: str) -> TapAnswer:
    return TapAnswer(
        kind=it.kind,
        at=it.at,
        source=it.source,
        words=it.words,
        confirmed=it.confirmed,
        spent_on=it.spent_on,
        **told(it.void, "void", language),
    )


def earlier(lines: Sequence[Consent], upto: int, language: str = FALLBACK) -> EarlierConsentsAnswer:
    return EarlierConsentsAnswer(consents=_ledger(lines, language), earlier=upto - len(lines))


def _ledger(lines: Iterable[Consent], language: str) -> list[ConsentAnswer]:
    """What a complaint says is no word of theirs, and told in the asker's."""
    found = [ConsentAnswer.model_validate(said, from_attributes=True) for said in lines]
    return [
        it.model_copy(update={"words": in_words(Reason.read(it.words), language)}) if it.source in COMPLAINTS else it
        for it in found
    ]


def conversation(lines: Iterable[Message | Received], language: str = FALLBACK) -> list[SaidAnswer]:
    return [_written(line, language) if isinstance(line, Received) else sent(line, language) for line in lines]


def _written(it: Received, language: str) -> SaidAnswer:
    return SaidAnswer(
        by="client",
        at=it.at,
        channel=it.channel,
        appointment=it.about,
        text=it.text,
        intent=it.intent,
        **told(it.done, "done", language),
    )


def sent(it: Message, language: str = FALLBACK) -> SaidAnswer:
    return SaidAnswer(
        by="us",
        at=it.sent_at or it.created_at,
        channel=it.channel,
        appointment="" if it.about == it.recipient else it.about,
        stage=it.stage,
        status=it.status,
        **told(it.reason, "reason", language),
        delivery=it.delivery,
        text=it.text,
        staff=it.by,
        follow_up=it.follow_up,
        next_try=it.due_at if it.is_owed else None,
        sent_at=it.sent_at,
        delivered_at=it.delivered_at,
        read_at=it.read_at,
    )
