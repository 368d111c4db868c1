"""The checker's look at one follow-up: what its clocks have told since the last one, each once."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pynamodb.transactions import TransactWrite

from kept.booking.catalog import Catalog
from kept.booking.history import KEPT, Cause
from kept.follow_up.agenda import agenda, given_up_at
from kept.follow_up.events import Outcome
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.matter import Policies
from kept.follow_up.notices import Told, digest, told
from kept.messaging.message import Message
from kept.messaging.outgoing import NOTICE_DIGEST
from kept.queues import hand_over
from kept.storage import follow_ups, messages
from kept.storage.transaction import Lost, together

MOST = 90
"""Notices in one look: a transaction takes a hundred items, of which nine are the follow-up and its old lines. Later
ones are due still, and told by the next look."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the clocks of one follow-up have told up to an instant, and the lists that somebody is owed for it."""

    until: datetime
    lines: tuple[Message, ...]
    lists: tuple[Message, ...]

    def put(self, transaction: TransactWrite) -> None:
        for message in self.lines:
            messages.put(message, transaction)

    def hand_over(self) -> None:
        """Once the transaction is committed."""
        hand_over(messages.key(message) for message in (*self.lines, *self.lists) if message.is_owed)


def look(catalog: Catalog, id: str, *, now: datetime) -> None:
    """The notices reached, what ended by itself, and how far the clocks were looked at, in one write. Raises Lost.

    A crash before it leaves the follow-up due, one after it leaves the messages due; both are swept again.
    """
    before = follow_ups.load(catalog.business.id, id)
    policies = follow_ups.policies(before)
    if not _is_due(before, policies, now):
        return
    follow_up = _given_up(before, policies, now)
    telling = telling_of(follow_up, policies, catalog, now=now, most=MOST)
    write_down(follow_up, telling)


def write_down(follow_up: FollowUp, telling: Telling) -> None:
    """Raises Lost."""
    with together() as transaction:
        follow_ups.put(follow_up.looked(telling.until), transaction)
        telling.put(transaction)
    telling.hand_over()


def telling_of(follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime, most: int) -> Telling:
    """Since the last look, to be written together with how far this one went.

    Where there are more than `most`, it goes up to an instant at which some are left. A change of the targets may bring
    hundreds to one instant: of these so many are told, and that they were is looked up by whoever goes on from there.
    Lists are written at once, before it: a crash then costs one that tells of nothing new.
    """
    found: Sequence[Told] = told(follow_up, policies, catalog, now=now)
    if found and found[0].notice.at == follow_up.looked_until:
        written = {message.id for message in messages.about(follow_up.business, follow_up.id)}
        found = [one for one in found if one.message.id not in written]
    until = now if len(found) <= most else found[most].notice.at
    within = [one for one in found if one.notice.at < until] or found[:most]
    lists = _lists(catalog.business.id, [one for one in within if one.is_listed], now)
    return Telling(until, tuple(one.message for one in within), tuple(lists))


def _is_due(follow_up: FollowUp, policies: Policies, now: datetime) -> bool:
    """Who comes second finds that it is not, for the first has looked."""
    at = agenda(follow_up.history, policies, looked_until=follow_up.looked_until).look_at
    return at is not None and at <= now


def _given_up(follow_up: FollowUp, policies: Policies, now: datetime) -> FollowUp:
    """One who never answered is let go at the instant at which their time was over, whenever that is found."""
    at = given_up_at(follow_up.history, policies)
    if at is None or at > now:
        return follow_up
    why = "no answer to any of the attempts"
    return follow_up.resolve(Cause(KEPT, max(at, follow_up.last.at), why), Outcome.GHOSTED)


def _lists(business: str, old: Sequence[Told], now: datetime) -> list[Message]:
    latest: dict[str, datetime] = {}
    for one in old:
        latest[one.message.recipient] = max(one.notice.at, latest.get(one.message.recipient, one.notice.at))
    return [made for recipient, at in latest.items() if (made := _list(business, recipient, at, now))]


def _list(business: str, recipient: str, at: datetime, now: datetime) -> Message | None:
    """The next list of this person; None where there is one that tells of this too.

    What a list tells is found when it is sent, so one that is still to be sent, or was sent after `at`, holds whatever
    became late then.
    """
    before = messages.about(business, f"{NOTICE_DIGEST}#{recipient}")
    if any(it.is_owed or (it.sent_at is not None and it.sent_at > at) for it in before):
        return None
    made = digest(business, recipient, max((it.version for it in before), default=0) + 1, now=now)
    with suppress(Lost), together() as transaction:
        messages.put(made, transaction)
        return made
    return None
