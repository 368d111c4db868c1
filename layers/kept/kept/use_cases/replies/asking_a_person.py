"""A reply that nobody but a person can answer: one follow-up for the matter, with every further word added to it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from kept import ids
from kept.actor import CLIENT, KEPT, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.received import Received
from kept.messaging.replies.reading import Asked, Intent
from kept.reasons import Code, because
from kept.storage import appointments, follow_ups, messages
from kept.storage.transaction import Lost
from kept.use_cases.follow_ups.assigning import assigned
from kept.use_cases.messaging.addressees import addressee_of
from kept.use_cases.messaging.conversation import visits_to_come
from kept.use_cases.optimistic_retry import retried

MOST_NAMED = 5
"""Visits that a note names."""

NEAR = timedelta(days=7)
"""Whoever says STOP so long before a visit is called about it: no reminder reaches them there."""

LONGEST = 500
"""Characters that the matter takes down of each reply; all of them stand in the conversation."""


def ask_a_person(
    received: Received,
    client: Client,
    catalog: Catalog,
    *,
    now: datetime,
    why: str = "",
    could_be: Iterable[Appointment] = (),
) -> tuple[FollowUp, bool]:
    """The follow-up, and whether it was opened for this. `why` is the code of what stood in the way, if anything;
    `could_be` the visits that they may have meant, which a note of ours names.
    """
    opened_by = _opened_by(received)
    id = _answered(received) or f"{received.about or client.id}-v{received.version}-{opened_by}"
    words = ": ".join(filter(None, (why, received.text[:LONGEST])))
    change = Change(CLIENT, now, words, received.key, received.key)

    def attempt() -> tuple[FollowUp, bool]:
        name, first = _matter(client.business, id, received.key)
        if first is None:
            return _open(name), True
        if wrote_before := follow_ups.event_under(first, change.key):
            return first, wrote_before.what is What.OPENED
        wrote = line(What.CLIENT_WROTE, replace(change, at=max(now, first.last.at)))
        return follow_ups.put_alone(_with_note(first.record(wrote, {}, now=wrote.at), facts)), False

    def _open(name: str) -> FollowUp:
        opened = open_for(
            client,
            name,
            cause=opened_by,
            about=received.about,
            assignee=_assignee(received, catalog, now),
            policy=catalog.follow_up_policy,
            change=change,
        )
        return follow_ups.put_alone(_with_note(opened, facts))

    facts = _facts(could_be, catalog)
    return retried(attempt)


def call_before_a_visit(client: Client, catalog: Catalog, change: Change) -> None:
    """One call for each visit of theirs that is near, and none again after it is done."""
    for visit in visits_to_come([client], now=change.at):
        if visit.starts - change.at > NEAR:
            continue
        opened = open_for(
            client,
            f"{visit.id}-{OpenedBy.SAID_STOP}",
            cause=OpenedBy.SAID_STOP,
            about=visit.id,
            assignee=assigned(catalog, visit.slot.staff, now=change.at),
            policy=catalog.follow_up_policy,
            change=change,
        )
        with suppress(Lost):
            follow_ups.put_alone(opened)


def _with_note(follow_up: FollowUp, facts: str) -> FollowUp:
    """Each of what can be said once, under a key of its own: the line may have moved out of a long history."""
    key = ids.digest(f"could mean\n{facts}")
    if not facts or follow_ups.event_under(follow_up, key):
        return follow_up
    at = follow_up.last.at
    return follow_up.record(line(What.NOTED, Change(KEPT, at, facts, key)), {}, now=at)


def _facts(could_be: Iterable[Appointment], catalog: Catalog) -> str:
    """Each visit by its service, its time at the business and whose it is."""
    visits = list(could_be)[:MOST_NAMED]
    lines = [
        f"{_service(visit, catalog)}, {visit.starts.astimezone(catalog.business.zone):%Y-%m-%d %H:%M}, "
        f"{addressee_of(visit).name}"
        for visit in visits
    ]
    return str(because(Code.COULD_MEAN, visits="; ".join(lines))) if lines else ""


def _service(visit: Appointment, catalog: Catalog) -> str:
    service = catalog.services.get(visit.service)
    return service.name if service else visit.service


def _answered(received: Received) -> str:
    """The matter in which one of the staff wrote what they answer; "" for none."""
    if received.asked is not Asked.BY_STAFF or received.is_not_theirs or received.intent is Intent.COMPLAINT:
        return ""
    message = messages.find(received.business, received.answers)
    return message.follow_up if message else ""


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
    if received.is_not_theirs:
        return OpenedBy.WRONG_NUMBER
    if received.intent is Intent.COMPLAINT:
        return OpenedBy.COMPLAINT
    return OpenedBy.UNREAD_REPLY if received.answers else OpenedBy.ENQUIRY


def _assignee(received: Received, catalog: Catalog, now: datetime) -> str:
    """Whoever the visit is with is the client's own person."""
    visit = appointments.find(received.business, received.about) if received.about else None
    return assigned(catalog, visit.slot.staff if visit else "", now=now)
