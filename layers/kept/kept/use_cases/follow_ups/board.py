"""The board as somebody asks for it: read on until enough lines fit what they look for, each with how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kept.business.absence import there
from kept.business.catalog import Catalog
from kept.clients.client import Tier
from kept.follow_up import call_order, personal_queue
from kept.follow_up.events import Priority
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.staff_hours import StaffHours
from kept.follow_up.view import FollowUpView
from kept.storage import catalogs, follow_ups
from kept.storage.follow_ups import Page
from kept.storage.parts import Cursor
from kept.use_cases.follow_ups.people import Person

PAGE = 50
PAGES = 10
"""How many are read for one request at most, so that it ends in time where hardly anything fits."""
QUEUE = 100


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What is looked for; None is any. `assignee` "" is what nobody has yet."""

    assignee: str | None = None
    tier: Tier | None = None
    cause: OpenedBy | None = None
    priority: Priority | None = None
    status: FollowUpStatus | None = None
    missed: bool | None = None

    def fits(self, line: FollowUpView) -> bool:
        """Not what was closed since the index was written."""
        it = line.follow_up
        asked = (self.assignee, self.tier, self.cause, self.priority, self.status, self.missed)
        found = (it.assignee, it.tier, it.cause, it.priority, it.status, line.is_missed)
        return not it.is_over and all(a is None or a == b for a, b in zip(asked, found, strict=True))


@dataclass(frozen=True, slots=True)
class PartOfBoard:
    """Some lines of a list, and where to read on if there may be more."""

    lines: tuple[FollowUpView, ...]
    more_after: Cursor | None


@dataclass(frozen=True, slots=True)
class Queue:
    """What one person does next, and whose lists have more, each with where to read on."""

    person: str
    lines: tuple[FollowUpView, ...]
    more_after: Mapping[str, Cursor]


def board(business: str, wanted: BoardFilter, after: Cursor | None, *, now: datetime) -> PartOfBoard:
    """Soonest due first: PAGE lines that fit, or more where a page that was read held more, and fewer, even none, at
    the end or after PAGES pages. Whole pages alone are given, so that no line is lost between two parts or told twice.
    """
    found: dict[str, FollowUpView] = {}
    for _ in range(PAGES):
        page = _page(business, wanted, after)
        found |= {line.follow_up.id: line for line in standing(page.follow_ups, now=now) if wanted.fits(line)}
        after = page.more_after
        if after is None or len(found) >= PAGE:
            break
    return PartOfBoard(tuple(found.values()), after)


def whom_to_call_first(part: PartOfBoard, cause: OpenedBy | None, people: Mapping[str, Person]) -> PartOfBoard:
    """As it is, where nobody is to be called about it."""
    if cause not in call_order.TO_CALL:
        return part
    return replace(part, lines=call_order.in_order(part.lines, {id: it.owed_since for id, it in people.items()}))


def queue(business: str, person: str, after: Mapping[str, Cursor], *, now: datetime) -> Queue:
    """What they do next, theirs and of whomever they stand in for now: what is put off comes last, among the QUEUE of
    each that are soonest due. Who of them has more is read on `after` where they were read to, the others not again.
    """
    whose = (person, *_stood_in_for(person, catalogs.load(business), now))
    pages = {
        one: follow_ups.queue(business, one, after=after.get(one), limit=QUEUE)
        for one in whose
        if not after or one in after
    }
    found = {it.id: it for one, page in pages.items() for it in page.follow_ups if it.assignee == one}
    histories = {id: one.history for id, one in found.items()}
    places = personal_queue.queue(histories, follow_ups.policies(*found.values()), now=now)
    more = {one: page.more_after for one, page in pages.items() if page.more_after}
    return Queue(person, standing([found[place.id] for place in places], now=now), more)


def _stood_in_for(person: str, catalog: Catalog, now: datetime) -> tuple[str, ...]:
    """Whose notices they are told, in the catalog's order."""
    return tuple(one for one in catalog.staff if one != person and there(one, catalog, now=now) == person)


def standing(some: Sequence[FollowUp], *, now: datetime) -> tuple[FollowUpView, ...]:
    """Of follow-ups of one business."""
    if not some:
        return ()
    policies, hours = follow_ups.policies(*some), StaffHours.of_business(catalogs.load(some[0].business))
    return tuple(FollowUpView.of(one, policies, now=now, hours=hours) for one in some)


def _page(business: str, wanted: BoardFilter, after: Cursor | None) -> Page:
    if wanted.assignee is None:
        return follow_ups.board(business, after=after, limit=PAGE)
    return follow_ups.queue(business, wanted.assignee, after=after, limit=PAGE)
