"""Two records of one person become one, and are parted again within a day.

The record that goes keeps all that it was and leads to the other, so what was written under its id finds that one; the
record that stays knows the other's names, numbers and addresses. Nobody's word about being written to is stretched to
another address: what was said of one holds there, and nowhere else.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.channels import Channel, Purpose
from kept.clients.booked_as import contacts
from kept.clients.client import (
    MOST_INVITED,
    MOST_STOPPED,
    AlsoTheirs,
    Client,
    MergedClient,
    Regard,
    Tier,
)
from kept.clients.consent import ConsentWord, Stopped
from kept.clients.held import ContactKind, Held, How
from kept.clients.holding import OPTED_OUT, contact, held, holding, used, without
from kept.clients.notes import Note
from kept.clients.refusals import AlreadyMerged, MergeIsFinal, NotMerged, SameClient, TooManyMerged
from kept.clients.standing import StandingSet
from kept.clients.wrongs import of_both, without_those

UNDONE_WITHIN = timedelta(days=1)
MOST = 20
"""Records of one person: all are written at once where the client they lead to leads to another."""
STRONGEST = (Tier.VIP, Tier.REGULAR, Tier.PROSPECT)


@dataclass(frozen=True, slots=True)
class Merge:
    """By whom, when, and under which request."""

    by: str
    at: datetime
    request: str = ""


def must_be_two(stays: Client, goes: Client) -> None:
    """Raises SameClient, AlreadyMerged, TooManyMerged."""
    if stays.id == goes.id:
        raise SameClient
    for one in (stays, goes):
        if one.merged_into:
            raise AlreadyMerged(into=one.merged_into)
    if len(stays.merged) + len(goes.ids) > MOST:
        raise TooManyMerged(most=MOST)


def merged(stays: Client, goes: Client, how: Merge) -> tuple[Client, Client]:
    """Both as they are then. Raises what `must_be_two` does.

    What one has and the other lacks is taken: a contact with what was said of it, a warning, a note, a tag. The higher
    tier counts, of the words of staff that hold the graver, and who is not to be disturbed as either is not to be as
    both. Staff know them now: what was only typed of them is not forgotten any more.
    """
    must_be_two(stays, goes)
    own = _at(_own(stays), how.at)
    known = (*stays.merged, _entry(goes, how), *(replace(one, through=goes.id) for one in goes.merged))
    after = _standing_as(replace(stays, merged=known, own=own), united(own, known))
    for kind in taken(stays, goes):
        after = _taking(after, kind, goes)
    after = replace(
        after,
        stopped=_stops(after, goes, at=how.at),
        invited_at=tuple(sorted({*stays.invited_at, *goes.invited_at}))[-MOST_INVITED:],
        fading_at=_later(stays.fading_at, goes.fading_at),
        reviewed_at=_later(stays.reviewed_at, goes.reviewed_at),
        wrongs=of_both(stays.wrongs, goes.wrongs),
        older_notes=after.older_notes + goes.older_notes,
        notes=by_time((*stays.notes, *(note for note in goes.notes if not _has(stays, note)))),
    )
    return used(after, contacts(after).values()), replace(goes, merged_into=stays.id)


def taken(stays: Client, goes: Client) -> tuple[ContactKind, ...]:
    """Which of the other's contacts become those that the client is written to at."""
    return tuple(kind for kind in ContactKind if contact(stays, kind) is None and contact(goes, kind))


def undo_until(one: MergedClient) -> datetime:
    return one.at + UNDONE_WITHIN


def entry(client: Client, id: str) -> MergedClient:
    """Raises NotMerged."""
    if (found := next((one for one in client.merged if one.id == id), None)) is None:
        raise NotMerged
    return found


def must_be_undoable(one: MergedClient, *, now: datetime) -> None:
    """Raises MergeIsFinal."""
    if now >= undo_until(one):
        raise MergeIsFinal(until=undo_until(one).isoformat())


def parted(stays: Client, gone: Client) -> Client:
    """Without this record and those that came with it. What was written meanwhile stays, and every stop."""
    left = replace(stays, merged=tuple(one for one in stays.merged if one.id not in gone.ids))
    for kind, address in contacts(gone).items():
        if contact(left, kind) == address:
            left = without(left, kind)
    theirs = {_bare(note) for note in gone.notes}
    left = replace(
        left,
        notes=tuple(note for note in left.notes if _bare(note) not in theirs),
        wrongs=without_those(left.wrongs, gone.wrongs),
        older_notes=max(0, left.older_notes - gone.older_notes),
        subscriptions=left.subscriptions if left.wechat == stays.wechat else (),
    )
    own = _own(stays)
    return _standing_as(replace(left, own=own if left.merged else None), united(own, left.merged))


def restored(gone: Client, stays: Client, *, lost: Collection[ContactKind] = ()) -> Client:
    """The record that went, as it was, with what was said meanwhile of its own addresses; `lost` are those that have
    become somebody else's."""
    one, back = entry(stays, gone.id), replace(gone, merged_into="")
    for said in stays.consents:
        address = gone.address(said.channel)
        if said.at > one.at and address and address == stays.address(said.channel):
            back = back.stating(said)
    there = set(contacts(gone).values())
    elsewhere = [stop for stop in gone.stopped if stop.address not in there]
    stopped = (*elsewhere, *(stop for stop in stays.stopped if stop.address in there))
    taps = stays.subscriptions if gone.wechat and gone.wechat == stays.wechat else gone.subscriptions
    back = replace(back, stopped=stopped[-MOST_STOPPED:], subscriptions=taps)
    for kind in lost:
        back = without(back, kind)
    return back


def refreshed(stays: Client, others: Iterable[Client]) -> Client:
    """With these records among those merged as they are now that another left them."""
    now = {other.id: other for other in others}
    known = tuple(_as_now(one, now[one.id]) if one.id in now else one for one in stays.merged)
    after = replace(stays, merged=known)
    return _standing_as(after, united(after.own, known)) if after.own else after


def standing(client: Client) -> Regard:
    return Regard(client.tier, client.do_not_disturb, client.tags, client.standing_set)


def united(own: Regard, others: Iterable[MergedClient]) -> Regard:
    all_of_them = (own, *(one.standing for one in others))
    tags = {tag.casefold(): tag for one in reversed(all_of_them) for tag in reversed(one.tags)}
    return Regard(
        min((one.tier for one in all_of_them), key=STRONGEST.index),
        any(one.do_not_disturb for one in all_of_them),
        tuple(reversed(tags.values())),
        max((one.word for one in all_of_them if one.word), key=_weight, default=None),
    )


def _weight(word: StandingSet) -> tuple[int, bool, datetime]:
    """The graver counts, and of two alike the one that holds for longer."""
    return word.standing.gravity, word.until is None, word.until or word.at


def _at(how: Regard, now: datetime) -> Regard:
    """A word that has ended says nothing any more, and is in no other's way."""
    return how if how.word is None or how.word.holds_at(now) else replace(how, word=None)


def by_time(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: note.id))


def _own(client: Client) -> Regard:
    """How they stand without the merged ones: what staff changed since is their own."""
    if client.own is None or not client.merged:
        return standing(client)
    was = united(client.own, client.merged)
    brought = {tag.casefold() for one in client.merged for tag in one.standing.tags}
    brought -= {tag.casefold() for tag in client.own.tags}
    return Regard(
        client.own.tier if client.tier is was.tier else client.tier,
        client.own.do_not_disturb if client.do_not_disturb == was.do_not_disturb else client.do_not_disturb,
        tuple(tag for tag in client.tags if tag.casefold() not in brought),
        client.own.word if client.standing_set == was.word else client.standing_set,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _standing_as(client: Client, how: Regard) -> Client:
    return replace(client, tier=how.tier, do_not_disturb=how.do_not_disturb, tags=how.tags, standing_set=how.word)


def _entry(goes: Client, how: Merge) -> MergedClient:
    return MergedClient(goes.id, how.at, how.by, how.request, goes.name, _at(standing(goes), how.at), _contacts(goes))


def _as_now(one: MergedClient, now: Client) -> MergedClient:
    left = tuple(it for it in one.contacts if it.contact in contacts(now).values())
    return replace(one, standing=standing(now), contacts=left)


def _contacts(client: Client) -> tuple[AlsoTheirs, ...]:
    return tuple(
        AlsoTheirs(address, held(client, kind) or Held(kind, How.USED)) for kind, address in contacts(client).items()
    )


def _taking(client: Client, kind: ContactKind, other: Client) -> Client:
    """With it, held as the other held it, and with what was said and written from there; a word of their own on that
    channel stays the last."""
    one = held(other, kind) or Held(kind, How.USED)
    after = holding(client, kind, one.how, address=contact(other, kind), until=one.until)
    for channel in (c for c in Channel if client.address(c) is None and after.address(c)):
        said = [c for c in other.consents if c.channel is channel and client.said(c.purpose, channel) is None]
        after = replace(after, consents=(*after.consents, *(replace(line, is_old=False) for line in said)))
        after = after.writing(channel, at=at) if (at := other.wrote_last(channel)) else after
    if kind is ContactKind.WECHAT:
        after = replace(after, subscriptions=other.subscriptions)
    return after


def _stops(client: Client, other: Client, *, at: datetime) -> tuple[Stopped, ...]:
    """Of both; and a no that the other said of an address which is not the one the client is written to at."""
    stops = [*client.stopped, *(stop for stop in other.stopped if stop not in client.stopped)]
    for channel in Channel:
        address = other.address(channel)
        withdrew = other.said(Purpose.TRANSACTIONAL, channel) is ConsentWord.WITHDRAWN
        if address and withdrew and address != client.address(channel):
            stops.append(Stopped(channel, address, at, OPTED_OUT))
    return tuple(stops[-MOST_STOPPED:])


def _has(client: Client, note: Note) -> bool:
    return any(one.id == note.id for one in client.notes)


def _bare(note: Note) -> Note:
    return replace(note, is_old=False)
