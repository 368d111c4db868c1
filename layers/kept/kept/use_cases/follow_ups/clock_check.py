"""The checker's look at one follow-up: every notice that its clocks have caused since the last look, each once."""

from collections.abc import Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from pynamodb.transactions import TransactWrite

from kept.business.catalog import Catalog
from kept.due_work.queues import hand_over
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.notices import FIRST, digest, looked, told
from kept.messaging.message import Message
from kept.storage import follow_ups, messages
from kept.storage.transaction import Lost, together
from kept.use_cases.follow_ups.late_list import latest_lists
from kept.use_cases.follow_ups.reaching import reach

MOST = 85
"""Notices in one look: a transaction takes a hundred items, of which nine are the follow-up and its old lines, and a
few what its client is sent or what is opened in its place. Later ones are due still, and told by the next look."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The follow-up as it then was looked at, what its clocks have told, the lists that somebody is owed for it, and
    what was opened in its place."""

    follow_up: FollowUp
    lines: tuple[Message, ...]
    lists: tuple[Message, ...]
    opened: tuple[FollowUp, ...] = ()

    def put(self, transaction: TransactWrite) -> None:
        for follow_up in self.opened:
            follow_ups.put(follow_up, transaction)
        for message in self.lines:
            messages.put(message, transaction)

    def hand_over(self) -> None:
        """Once the transaction is committed."""
        hand_over(messages.key(message) for message in (*self.lines, *self.lists) if message.is_owed)


def look(catalog: Catalog, id: str, *, now: datetime) -> None:
    """The notices to be told, what ended by itself, and how far the clocks were looked at, in one write. Raises Lost.

    A crash before it leaves the follow-up due, one after it leaves the messages due; both are swept again.
    """
    before = follow_ups.load(catalog.business.id, id)
    policies = follow_ups.policies(before)
    if not follow_ups.is_due(before, now=now):
        return
    reached = reach(before, policies, catalog, now=now)
    telling = telling_of(reached.follow_up, policies, catalog, now=now, most=MOST)
    write_down(replace(telling, lines=(*telling.lines, *reached.letters), opened=reached.opened), now=now)


def write_down(telling: Telling, *, now: datetime) -> None:
    """Raises Lost."""
    with together() as transaction:
        follow_ups.put(telling.follow_up, transaction, now=now)
        telling.put(transaction)
    telling.hand_over()


def telling_of(
    follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime, most: int, waits: bool = True
) -> Telling:
    """Since the last look, to be written together with how far this one went.

    Where there are more than `most`, the follow-up is brought along to the first that is left, and remembers what was
    told beyond it.
    Lists are written at once, before it: a crash then costs one that tells of nothing new.
    """
    found = told(follow_up, policies, catalog, now=now, waits=waits)[:most]
    lists = _lists(catalog.business.id, [one.message for one in found if one.is_listed], now)
    after = looked(follow_up, policies, found, now=now)
    return Telling(after, tuple(one.message for one in found), tuple(lists))


def _lists(business: str, lines: Sequence[Message], now: datetime) -> list[Message]:
    ids: dict[str, set[str]] = {}
    for line in lines:
        ids.setdefault(line.recipient, set()).add(line.id)
    return [made for recipient, told in ids.items() if (made := _list(business, recipient, told, now))]


def _list(business: str, recipient: str, lines: Set[str], now: datetime) -> Message | None:
    """The next list of this person; None where there is one that tells of these too.

    What a list tells is found when it is sent, so one that is still to be sent holds whatever is to be told by then,
    and one that was sent says what it told.
    """
    before = latest_lists(business, recipient)
    if any(it.is_owed for it in before) or lines <= {id for it in before for id in it.detail}:
        return None
    made = digest(business, recipient, max((it.version + 1 for it in before), default=FIRST), now=now)
    with suppress(Lost), together() as transaction:
        messages.put(made, transaction)
        return made
    return None
