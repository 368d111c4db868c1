"""Of the lines of a list: whom to speak to, what they wrote last, and what they are to be told, all read together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kept.booking.addressee import addressee
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.follow_up.events import FollowUpEvent, What, own
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.received import Received, received_id
from kept.policy.make_good import wronged_since
from kept.storage import appointments, clients, messages
from kept.use_cases.messaging.undelivered import in_words
from kept.use_cases.replies.their_words import LONGEST, last_of_theirs


@dataclass(frozen=True, slots=True)
class Person:
    """`client` as to be spoken to about it; without a name where they were forgotten since. `owed_since`: when we
    wronged them, as long as they were not served well since."""

    client: Client
    words: str
    to_tell: str
    owed_since: datetime | None = None


def people(catalog: Catalog, some: Sequence[FollowUp], locale: str | None) -> dict[str, Person]:
    """By the follow-up's id: a request for every hundred clients, visits and messages, however many lines there are."""
    business = catalog.business.id
    records = clients.several(business, (one.client for one in some))
    about = dict.fromkeys(one.about for one in some if one.about)
    visits = {visit.id: visit for visit in appointments.several(business, about)}
    wrote = _wrote(business, some, records)
    found = {}
    for one in some:
        record = records.get(one.client) or Client(business, one.client, "", "", catalog.business.tz)
        client = addressee(record, visits[one.about]) if one.about in visits else record
        told = _to_tell(one, client, catalog, locale)
        found[one.id] = Person(client, wrote.get(one.id, "")[:LONGEST], told, wronged_since(record))
    return found


def _wrote(business: str, some: Iterable[FollowUp], records: Mapping[str, Client]) -> dict[str, str]:
    """It may have been written under any id of theirs."""
    lines = {one.id: (one.client, line) for one in some if (line := last_of_theirs(one))}
    ours = {
        id: [received_id(one, line.key) for one in (records[client].ids if client in records else (client,))]
        for id, (client, line) in lines.items()
        if line.key
    }
    found: Mapping[str, Received] = messages.received_of(business, (one for all in ours.values() for one in all))
    return {id: _text(line, map(found.get, ours.get(id, ()))) for id, (_, line) in lines.items()}


def _text(line: FollowUpEvent, among: Iterable[Received | None]) -> str:
    written = next(filter(None, among), None)
    return written.text if written else line.why


def _to_tell(one: FollowUp, client: Client, catalog: Catalog, locale: str | None) -> str:
    """Of a call that a message became its first line is what to say."""
    if one.cause is OpenedBy.CALL:
        return own(one.history, What.OPENED)[0].why
    return in_words(one, client, catalog, locale) if one.cause is OpenedBy.NOT_TOLD else ""
