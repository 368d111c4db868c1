"""The list of what became late while nobody looked, as it stands when it is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from kept.booking.catalog import Catalog
from kept.desk.addressees import of_matter
from kept.errors import UnknownClient
from kept.follow_up.clocks import Clock, clocks
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.matter import Policies
from kept.follow_up.notices import standing_for
from kept.messaging.digest import Digest, Owed
from kept.storage import clients, follow_ups

MOST_READ = 500
"""Of the board, soonest due first: what is late stands at its top."""
MOST_SHOWN = 20
PAGE = 100


@dataclass(frozen=True, slots=True)
class _Late:
    """Of several clocks of one follow-up, the one that was due first."""

    follow_up: FollowUp
    clock: Clock
    due: datetime


def late_list(reader: str, catalog: Catalog, *, now: datetime) -> Digest:
    """What this person was to be told of and still is, the longest overdue first: one line for each follow-up."""
    business = catalog.business
    late = sorted(_late(reader, catalog, now), key=lambda it: (it.due, it.follow_up.id))
    lines = tuple(islice(_lines(reader, late, catalog), MOST_SHOWN))
    name = catalog.staff[reader].name if reader in catalog.staff else business.name
    return Digest(business.locale, business.name, name, lines, more=max(len(late) - MOST_SHOWN, 0))


def _late(reader: str, catalog: Catalog, now: datetime) -> Iterator[_Late]:
    board = _board(catalog.business.id)
    policies = follow_ups.policies(*board)
    for follow_up in board:
        if found := _first_due(reader, follow_up, policies, catalog, now):
            yield found


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


def _first_due(reader: str, follow_up: FollowUp, policies: Policies, catalog: Catalog, now: datetime) -> _Late | None:
    """A clock in a pause without an end is due at no instant: then it is the one of its notice."""
    standing = {n.clock: n for n in standing_for(reader, follow_up, policies, catalog, now=now)}
    if not standing:
        return None
    told = [clock for clock in clocks(follow_up.history, policies, now) if clock.run.name in standing]
    return min(
        (_Late(follow_up, clock, clock.due or standing[clock.run.name].at) for clock in told), key=lambda it: it.due
    )


def _lines(reader: str, late: Iterable[_Late], catalog: Catalog) -> Iterator[Owed]:
    """An erased client's is left out."""
    for it in late:
        try:
            record = clients.load(it.follow_up.business, it.follow_up.client)
        except UnknownClient:
            continue
        holder = catalog.staff.get(it.follow_up.assignee)
        run, is_theirs = it.clock.run, it.follow_up.assignee == reader
        yield Owed(
            client=of_matter(record.business, it.follow_up.about, record).name,
            clock=run.kind,
            step=run.step.name if run.step else "",
            due=it.due.astimezone(catalog.business.zone),
            assignee=holder.name if holder and not is_theirs else "",
        )
