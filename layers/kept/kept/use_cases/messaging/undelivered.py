"""A call about what no message told the client: opened with the end of the message, closed when they know."""

from datetime import datetime

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.history import Event
from kept.business.catalog import Catalog
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.untold import Untold, id_of, is_ours, last_of_ours, shows_they_know, told_by
from kept.messaging.message import Message
from kept.messaging.to_tell import TAKEN_BACK
from kept.reasons import Code, because
from kept.storage import appointments, follow_ups


def call(
    visit: Appointment, act: Event, client: Client, catalog: Catalog, why: Untold, *, now: datetime
) -> FollowUp | None:
    """To be written in the transaction that found it out; None where it was opened before, and for somebody who left
    nothing by which they could be reached."""
    id = id_of(visit, act)
    if not contacts(client) or follow_ups.find(visit.business, id):
        return None
    return open_for(
        client,
        id,
        cause=OpenedBy.NOT_TOLD,
        about=visit.id,
        assignee=whose(visit.slot.staff, catalog, now=now),
        policy=catalog.follow_up_policy,
        change=Change(KEPT, now, why=str(why)),
    )


def taken_back(visit: Appointment, client: Client, catalog: Catalog, *, now: datetime) -> FollowUp | None:
    """That a no-show counts no more, to who was told that they were missed."""
    act = visit.history[-1]
    return call(visit, act, client, catalog, Untold(TAKEN_BACK, act.version, "", because(Code.NO_TEXT_TELLS)), now=now)


def in_words(follow_up: FollowUp, client: Client, catalog: Catalog, locale: str | None) -> str:
    """What the client is to be told; "" for a matter of another kind. Imports here: the words are a language's own."""
    from kept.follow_up.staff_notice import to_tell
    from kept.messaging.words import words_in

    visit = appointments.find(follow_up.business, follow_up.about) if follow_up.about else None
    said = to_tell(follow_up, visit, client, catalog)
    return words_in(locale or catalog.business.locale).to_tell(said) if said else ""


def needless(before: Appointment, after: Appointment, change: Change) -> FollowUp | None:
    """The call about what was done before, closed in the write that shows that they know, or that overtakes it."""
    act = last_of_ours(before)
    if act is None or not shows_they_know(after.history[-1]):
        return None
    return _closed(before, act, change, why=after.history[-1].what)


def arrived(message: Message, visit: Appointment, *, now: datetime) -> FollowUp | None:
    """The same where a message arrives that had been given up."""
    act = told_by(message, visit)
    return (
        _closed(visit, act, Change(KEPT, now), why=str(because(Code.TOLD_AFTER_ALL))) if act and is_ours(act) else None
    )


def _closed(visit: Appointment, act: Event, change: Change, *, why: str) -> FollowUp | None:
    opened = follow_ups.find_open(visit.business, id_of(visit, act))
    return opened and opened.ended(change.by, change.at, why)
