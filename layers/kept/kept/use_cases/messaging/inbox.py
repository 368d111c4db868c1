"""What clients wrote, a line for each of them with their last words: read off an index, nothing is kept for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUpStatus
from kept.follow_up.merging import merged_into
from kept.follow_up.view import FollowUpView
from kept.messaging.received import Received, writer_of
from kept.storage import clients, follow_ups, messages
from kept.storage.parts import Cursor
from kept.use_cases.follow_ups.board import standing
from kept.use_cases.messaging.staff_answers import left_to

LINES = 30
READ, READS = 100, 5
"""Of the index at once, and how often for one request: whoever writes hundreds of messages makes no inbox slow."""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """The last words of a client, and the follow-up that a person was left with, as it stands."""

    client: Client
    received: Received
    matter: FollowUpView | None

    @property
    def is_unanswered(self) -> bool:
        return self.matter is not None and self.matter.follow_up.status is FollowUpStatus.OPEN


@dataclass(frozen=True, slots=True)
class Inbox:
    """Newest first; fewer lines than fit do not mean that there are no more."""

    lines: tuple[InboxLine, ...]
    more_after: Cursor | None


def inbox(business: str, after: Cursor | None, *, now: datetime) -> Inbox:
    """Each client once, where they wrote last, however far somebody reads on."""
    last, more = _last_of_each(business, after)
    written = messages.received_of(business, last)
    known = clients.several(business, (one.client for one in written.values()))
    matters = _matters(business, written.values(), now)
    found = (written[id] for id in last if id in written)
    lines = [InboxLine(known[one.client], one, matters.get(one.id)) for one in found if one.client in known]
    first = {line.client.id: line for line in reversed(lines) if not _wrote_later(line)}
    return Inbox(tuple(line for line in lines if first.get(line.client.id) is line), more)


def _wrote_later(line: InboxLine) -> bool:
    """Under another id of theirs: that line stands for both."""
    received, at = line.received, int(line.received.at.timestamp())
    others = (id for id in line.client.ids if id != received.client)
    return any(messages.wrote_after(received.business, id, at) for id in others)


def _last_of_each(business: str, after: Cursor | None) -> tuple[list[str], Cursor | None]:
    """The ids of their last words, and where to read on. Who wrote again since has stood on an earlier part."""
    last: dict[str, str] = {}
    place = after
    for _ in range(READS):
        read, more = messages.writings(business, after=place, limit=READ)
        for one in read:
            place, client = one, writer_of(one.id)
            if client in last or (after and messages.wrote_after(business, client, one.at)):
                continue
            last[client] = one.id
            if len(last) == LINES:
                return list(last.values()), place if more or one != read[-1] else None
        if more is None:
            return list(last.values()), None
    return list(last.values()), place


def _matters(business: str, written: Iterable[Received], now: datetime) -> dict[str, FollowUpView]:
    """By the id of the words that it was opened or went on with; of one that was merged the one that took it in."""
    asked = {one.id: id for one in written if (id := left_to(one))}
    found = follow_ups.several(business, asked.values())
    into = {id: taken for id, one in found.items() if (taken := merged_into(one.history))}
    found |= follow_ups.several(business, into.values())
    views = {view.follow_up.id: view for view in standing(list(found.values()), now=now)}
    return {words: views[into.get(id, id)] for words, id in asked.items() if into.get(id, id) in views}
