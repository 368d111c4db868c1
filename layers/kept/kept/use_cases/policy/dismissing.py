"""A client is dismissed: a person's decision, with a letter that was seen before, which ends what is planned with them.

The word, the letter and what is still to be ended are one write; each follow-up and each visit is a write of its own,
and the item that remembers them is the last: what stops in the middle stays due and goes on. What goes out by itself
asks how the client stands at the last moment (`messaging/decision.py`), so nothing has to be found and called off.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept import ids
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.bounds import PART
from kept.business.catalog import Catalog
from kept.business.text_names import DISMISSAL
from kept.channels import Channel
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.filing import Filed
from kept.clients.held import ContactKind, How
from kept.clients.holding import contact, held
from kept.clients.notes import shortened, with_note
from kept.clients.standing import Standing, StandingSet
from kept.due_work.queues import hand_over
from kept.errors import Refusal
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.decision import Never, Wait, decide
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, undoable
from kept.messaging.reasons_in_words import in_words
from kept.messaging.texts import Rendered
from kept.reasons import Code, Reason, because
from kept.storage import catalogs, client_notes, client_visits, clients, dismissals, follow_ups, messages, waitlist
from kept.storage.dismissals import ToEnd
from kept.storage.transaction import together
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.unheard import UNSENT, withdrawn
from kept.use_cases.clients.noting_down import made
from kept.use_cases.messaging import client_message
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.waitlist import joining

USEFUL = timedelta(days=7)
AGAIN_AFTER = timedelta(days=1)
PLANNED = frozenset(
    {
        OpenedBy.NO_SHOW,
        OpenedBy.DECLINED_RECALL,
        OpenedBy.CALL_LATER,
        OpenedBy.FADING,
        OpenedBy.TERMS_REVIEW,
    }
)
"""What somebody was to win the client back by; what the client waits for an answer to stays."""


@dataclass(frozen=True, slots=True)
class LetterWay:
    """By which channel the letter reaches them, as it would be read; it waits for a reason until then."""

    channel: Channel
    rendered: Rendered
    waits: Reason | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What a dismissal would bring about: the letter, where a channel carries it, else why none does; the visits that
    can be cancelled with it, and what else ends."""

    letter: LetterWay | None
    closed: tuple[tuple[Channel, Reason], ...]
    visits: tuple[Appointment, ...]
    follow_ups: tuple[FollowUp, ...]


def preview(catalog: Catalog, client: str, *, now: datetime) -> Ending:
    """Changes nothing. Raises UnknownClient."""
    it = clients.load(catalog.business.id, client)
    ways = list(_ways(catalog, it, now))
    open_ = next((way for way in ways if isinstance(way, LetterWay)), None)
    closed = tuple(way for way in ways if not isinstance(way, LetterWay))
    return Ending(open_, closed, tuple(_coming(it, now)), tuple(_planned(it)))


def dismiss(catalog: Catalog, client: str, why: str, *, letter: bool, cancels: bool, change: Change) -> Client:
    """The letter goes by the first channel that carries it, and waits out the time in which it can be taken back. Of
    one who is dismissed already nothing is done again. Raises UnknownClient."""
    business = catalog.business.id

    def attempt() -> Client:
        before = clients.load(business, client)
        if before.is_dismissed:
            return before
        word = StandingSet(Standing.DISMISSED, why, change.by.id, change.at)
        after = replace(before, standing_set=word)
        rest = ToEnd(business, before.id, change, cancels)
        with together() as transaction:
            clients.put(after, transaction)
            dismissals.put(rest, transaction)
            said = _letter(catalog, before, change) if letter else None
            keys = messages.put_all([said] if said else [], transaction, now=change.at)
        hand_over([*keys, dismissals.key(rest)])
        return after

    return retried(attempt)


def go_on(business: str, client: str, *, now: datetime) -> None:
    """Whatever is still to be ended; nothing more where it was taken back meanwhile. What is refused is left as it is:
    somebody else was first."""
    rest = dismissals.find(business, client)
    if rest is None:
        return
    it = clients.find(business, client)
    if it and it.is_dismissed:
        for follow_up in _planned(it):
            _close(follow_up, now)
        for entry in waitlist.of_client(business, it.ids):
            joining.leave(catalogs.load(business), entry.id, replace(rest.change, at=now))
        for visit in _coming(it, now) if rest.cancels else ():
            with suppress(Refusal):
                _cancel(catalogs.load(business), visit, rest.change)
    dismissals.done(rest)


def take_back(catalog: Catalog, client: str, why: str, change: Change) -> Client:
    """The record counts again, a note says why, and the letter does not go where it has not gone. What was cancelled or
    closed stays so. Of one who is not dismissed nothing is done. Raises UnknownClient."""
    business = catalog.business
    said = in_words(because(Code.DISMISSAL_ENDED, words=why), business.locale)
    note = made(said, change)

    def attempt() -> Client:
        before = clients.load(business.id, client)
        if not before.is_dismissed:
            return before
        kept, moved = shortened(with_note(before.notes, note))
        after = replace(before, standing_set=None, notes=kept, older_notes=before.older_notes + len(moved))
        unsent = [it for one in before.ids for it in messages.about(business.id, one) if _is_unsent_letter(it)]
        with together() as transaction:
            clients.put(after, transaction)
            client_notes.put(after, moved, transaction)
            for it in unsent:
                messages.put(withdrawn(it), transaction)
        return after

    return retried(attempt)


def letters_again(catalog: Catalog, filing: Filed, change: Change) -> list[Message]:
    """The letter once more, to whoever was dismissed by one and books at a number or address that they have proved is
    theirs, and over no other: a stranger who types it reads nothing. Once a day at the most."""
    typed = contacts(filing.typed)
    people = {it.id: it for it in (filing.before, *filing.holders) if it and it.is_dismissed}
    proved = ((it, {kind for kind in typed if _has_proved(it, kind, typed[kind])}) for it in people.values())
    return [letter for it, kinds in proved if (letter := _letter_again(catalog, it, kinds, change))]


def _has_proved(client: Client, kind: ContactKind, typed: str) -> bool:
    how = held(client, kind)
    return contact(client, kind) == typed and how is not None and how.how is How.PROVED


def _letter_again(catalog: Catalog, client: Client, kinds: set[ContactKind], change: Change) -> Message | None:
    own, word = {contact(client, kind) for kind in kinds}, client.standing_set
    if not own or word is None or not word.holds_at(change.at):
        return None
    since = [it.created_at for it in messages.about(client.business, client.id) if it.stage == DISMISSAL]
    if not since or max(since) < word.at or change.at < max(since) + AGAIN_AFTER:
        return None
    ways = (way for way in _ways(catalog, client, change.at) if isinstance(way, LetterWay))
    channel = next((way.channel for way in ways if client.address(way.channel) in own), None)
    return _message(client, channel, change.at, f"again-{int(change.at.timestamp())}") if channel else None


def _is_unsent_letter(it: Message) -> bool:
    return it.stage == DISMISSAL and it.status in UNSENT


def _letter(catalog: Catalog, client: Client, change: Change) -> Message | None:
    way = next((way for way in _ways(catalog, client, change.at) if isinstance(way, LetterWay)), None)
    return undoable(_message(client, way.channel, change.at, ids.digest(change.key)), change) if way else None


def _message(client: Client, channel: Channel, now: datetime, occasion: str) -> Message:
    return about_no_visit(client, DISMISSAL, channel, now=now, useful_until=now + USEFUL, occasion=occasion)


def _ways(catalog: Catalog, client: Client, now: datetime) -> Iterable[LetterWay | tuple[Channel, Reason]]:
    """Over every channel of the business that carries written words, the client's preferred one first."""
    written = (channel for channel in catalog.business.channels if channel is not Channel.CALL)
    for channel in sorted(written, key=lambda one: one is not client.preferred):
        about = client_message.to_client(_message(client, channel, now, "preview"), catalog, now=now)
        if about is None:
            continue
        match decide(about.message, about.matter, address=about.address, now=now):
            case Never(reason=reason):
                yield channel, reason
            case Wait(until=until, reason=reason):
                yield LetterWay(channel, about.seen_before(), reason, until)
            case _:
                yield LetterWay(channel, about.seen_before())


def _coming(client: Client, now: datetime) -> list[Appointment]:
    found = client_visits.coming(client.business, client.ids, since=now, limit=PART).visits
    return [visit for visit in found if visit.is_expected]


def _planned(client: Client) -> list[FollowUp]:
    found = follow_ups.of_client(client.business, client.ids)
    return [it for it in found if it.cause in PLANNED and not it.is_over]


def _close(follow_up: FollowUp, now: datetime) -> None:
    def attempt() -> None:
        it = follow_ups.load(follow_up.business, follow_up.id)
        if not it.is_over:
            follow_ups.put_alone(it.ended(KEPT, now, str(because(Code.DISMISSED))))

    retried(attempt)


def _cancel(catalog: Catalog, visit: Appointment, change: Change) -> None:
    """By the business, so that it costs nothing; each under a key of its own."""
    own = replace(change, why=str(because(Code.DISMISSED)), key=ids.digest(f"{change.key}\n{visit.id}"))
    apply_change(
        catalog, visit.id, lambda it: it.cancel(own, rules=catalog.business.changes) if it.is_expected else it, own
    )
