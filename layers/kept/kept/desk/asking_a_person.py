"""A reply that nobody but a person can answer: one follow-up for the matter, with every further word added to it."""

from dataclasses import replace
from datetime import datetime

from kept.booking.catalog import Catalog
from kept.booking.history import CLIENT, Cause
from kept.clients.client import Client
from kept.desk.assigning import assigned
from kept.desk.settled import settled
from kept.follow_up.causes import Cause as OpenedBy
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.storage import appointments, follow_ups

LONGEST = 500
"""Characters that the matter takes down of each reply; all of them stand in the conversation."""


def ask_a_person(
    received: Received, client: Client, book: Catalog, *, now: datetime, why: str = ""
) -> tuple[FollowUp, bool]:
    """The follow-up, and whether it was opened for this. `why` is the code of what stood in the way, if anything."""
    opened_by = _opened_by(received)
    id = f"{received.about or client.id}-v{received.version}-{opened_by}"
    words = ": ".join(filter(None, (why, received.text[:LONGEST])))
    change = Cause(CLIENT, now, words, received.key, received.key)

    def attempt() -> tuple[FollowUp, bool]:
        name, first = _matter(client.business, id, received.key)
        if first is None:
            return _open(name), True
        if wrote_before := follow_ups.event_under(first, change.key):
            return first, wrote_before.what is What.OPENED
        wrote = line(What.CLIENT_WROTE, replace(change, at=max(now, first.last.at)))
        return follow_ups.put_alone(first.record(wrote, {}, now=wrote.at)), False

    def _open(name: str) -> FollowUp:
        opened = open_for(
            client,
            name,
            cause=opened_by,
            about=received.about,
            assignee=_assignee(received, book, now),
            policy=book.follow_up_policy,
            change=change,
        )
        return follow_ups.put_alone(opened)

    return settled(attempt)


def _matter(business: str, id: str, key: str) -> tuple[str, FollowUp | None]:
    """The one that has these words already, or is neither over nor full; else the name for a new one: the second is
    called -2."""
    name, number = id, 1
    while found := follow_ups.find(business, name):
        if follow_ups.event_under(found, key) or not (found.is_over or found.is_full):
            break
        number += 1
        name = f"{id}-{number}"
    return name, found


def _opened_by(received: Received) -> OpenedBy:
    if received.intent is Intent.COMPLAINT:
        return OpenedBy.COMPLAINT
    return OpenedBy.UNREAD_REPLY if received.about else OpenedBy.ENQUIRY


def _assignee(received: Received, book: Catalog, now: datetime) -> str:
    """Whoever the visit is with is the client's own person."""
    visit = appointments.find(received.business, received.about) if received.about else None
    return assigned(book, visit.slot.staff if visit else "", now=now)
