"""The list of what fell due while its reader was not at work, or nobody looked, as it stands when it is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from kept.business.absence import there
from kept.business.catalog import Catalog
from kept.client_links.links import follow_up_page
from kept.clients.refusals import UnknownClient
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, clocks
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.notices import LISTED, line_of, standing_for
from kept.follow_up.shown import shown
from kept.follow_up.staff_hours import StaffHours
from kept.messaging.digest import Digest, Owed
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import NOTICE_DIGEST
from kept.settings import setting
from kept.storage import clients, follow_ups, messages
from kept.use_cases.messaging.addressees import of_matter
from kept.use_cases.replies.their_words import their_words

MOST_READ = 500
"""Of the board, soonest due first: what is late stands at its top."""
MOST_SHOWN = 20
PAGE = 100
MOST_REMEMBERED = 400
"""Notices that a list says it told; of more, some are told in the next list again."""
LISTS = 50
"""Of one person's, the latest, are asked what they told. What an older one told, and still stands, is told again."""


@dataclass(frozen=True, slots=True)
class _Late:
    """Of several clocks of one follow-up, the one that was due first; `told` are the lines of the ledger it tells."""

    follow_up: FollowUp
    clock: Clock
    due: datetime
    told: tuple[str, ...]


def late_list(reader: str, catalog: Catalog, *, now: datetime) -> tuple[Digest, tuple[str, ...]]:
    """What this person was to be told of and still is, the longest overdue first: one line for each follow-up; and the
    ids of the notices that are told by it."""
    business = catalog.business
    late = sorted(_late(reader, catalog, now), key=lambda it: (it.due, it.follow_up.id))
    lines = tuple(islice(_lines(reader, late, catalog), MOST_SHOWN))
    name = catalog.staff[reader].name if reader in catalog.staff else business.name
    told = tuple(id for it in late for id in it.told)[:MOST_REMEMBERED]
    return Digest(business.locale, business.name, name, lines, more=max(len(late) - MOST_SHOWN, 0)), told


def _late(reader: str, catalog: Catalog, now: datetime) -> Iterator[_Late]:
    board = _board(catalog.business.id)
    policies = follow_ups.policies(*board)
    told = _Told(reader, catalog, now)
    for follow_up in board:
        if found := _first_due(reader, follow_up, policies, catalog, told, now):
            yield found


class _Told:
    """What was told before: by itself, or in a list of this reader's or of whoever they stand in for."""

    def __init__(self, reader: str, catalog: Catalog, now: datetime) -> None:
        self._business = catalog.business.id
        self._lists: dict[str, set[str]] = {}
        everybody = (*catalog.staff, "")
        self._read_by = {one for one in everybody if one == reader or there(one, catalog, now=now) == reader}

    def among(self, follow_up: FollowUp, ids: Iterable[str]) -> set[str]:
        lines = {it.id: it for it in messages.about(self._business, follow_up.id)}
        return {id for id in ids if self._was_told(id, lines.get(id))}

    def _was_told(self, id: str, line: Message | None) -> bool:
        if line and line.reason not in LISTED:
            return True
        readers = self._read_by | ({line.recipient} if line else set())
        return any(id in self._in_lists_of(one) for one in readers)

    def _in_lists_of(self, reader: str) -> set[str]:
        if reader not in self._lists:
            lists = latest_lists(self._business, reader)
            self._lists[reader] = {id for one in lists if one.status is MessageStatus.SENT for id in one.detail}
        return self._lists[reader]


def latest_lists(business: str, reader: str) -> list[Message]:
    """Of this person's, the last first."""
    return messages.newest(business, f"{NOTICE_DIGEST}#{reader}", limit=LISTS)


def _board(business: str) -> list[FollowUp]:
    """Each once; what was closed since the index was written is not there."""
    found: dict[str, FollowUp] = {}
    after = None
    for _ in range(MOST_READ // PAGE):
        page = follow_ups.board(business, after=after, limit=PAGE)
        found |= {one.id: one for one in page.follow_ups if not one.is_over}
        if (after := page.more_after) is None:
            break
    return list(found.values())


def _first_due(
    reader: str, follow_up: FollowUp, policies: Policies, catalog: Catalog, told: _Told, now: datetime
) -> _Late | None:
    """By its deadline as it is shown. A clock in a pause without an end is due at no instant: then it is the one of its
    notice."""
    notices = standing_for(reader, follow_up, policies, catalog, now=now)
    ids = {line_of(notice, follow_up): notice for notice in notices}
    before = told.among(follow_up, ids) if ids else set()
    standing = {notice.clock: notice for id, notice in ids.items() if id not in before}
    if not standing:
        return None
    hours, new = StaffHours.of_business(catalog), tuple(sorted(ids.keys() - before))
    late = [clock for clock in clocks(follow_up.history, policies, now) if clock.run.name in standing]
    found = (_Late(follow_up, it, shown(it, hours) or standing[it.run.name].at, new) for it in late)
    return min(found, key=lambda it: it.due)


def _lines(reader: str, late: Iterable[_Late], catalog: Catalog) -> Iterator[Owed]:
    """An erased client's is left out."""
    for it in late:
        try:
            record = clients.load(it.follow_up.business, it.follow_up.client)
        except UnknownClient:
            continue
        holder = catalog.staff.get(it.follow_up.assignee)
        run, is_theirs = it.clock.run, it.follow_up.assignee == reader
        client = of_matter(record.business, it.follow_up.about, record)
        yield Owed(
            client=client.name,
            clock=run.kind,
            step=run.step.name if run.step else "",
            due=it.due.astimezone(catalog.business.zone),
            assignee=holder.name if holder and not is_theirs else "",
            words=their_words(it.follow_up),
            reach=client.reach,
            link=follow_up_page(setting("PUBLIC_URL"), it.follow_up.id),
        )
