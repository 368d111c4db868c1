"""Follow-ups, each with the instant at which it is to be looked at next and its place on the board."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from math import ceil
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from kept.follow_up.agenda import Agenda, agenda
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import clocks
from kept.follow_up.events import FollowUpEvent, History
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.notices import tells_at
from kept.follow_up.refusals import UnknownFollowUp
from kept.follow_up.shortening import joined
from kept.follow_up.staff_hours import Rota
from kept.follow_up.timeline import ClockNotice
from kept.lanes import Lane, lane_key
from kept.storage import catalogs, follow_up_policies
from kept.storage.codec import from_json, packed, to_json
from kept.storage.old_lines import OfFollowUp, Shelf
from kept.storage.parts import Cursor, begin_after, by_id
from kept.storage.tables import FollowUpItem
from kept.storage.transaction import alone, together

LAST = 99_999_999_999
"""Epoch seconds: the place on the board of what has no deadline."""


def load(business: str, id: str) -> FollowUp:
    """Raises UnknownFollowUp."""
    if (found := find(business, id)) is None:
        raise UnknownFollowUp
    return found


def find(business: str, id: str) -> FollowUp | None:
    try:
        return as_follow_up(FollowUpItem.get(business, id, consistent_read=True))
    except FollowUpItem.DoesNotExist:
        return None


def find_open(business: str, id: str) -> FollowUp | None:
    """None as well where it is over."""
    found = find(business, id)
    return None if found is None or found.is_over else found


def several(business: str, ids: Iterable[str]) -> dict[str, FollowUp]:
    """Those of them that exist, by their id."""
    return {one.id: one for one in _afresh(business, ids)}


def some(business: str, *, after: str, limit: int) -> tuple[list[FollowUp], str | None]:
    """Among so many items of the business behind that id; and the id behind which there may be more."""
    items, more = by_id(FollowUpItem, business, after=after, limit=limit)
    return [as_follow_up(item) for item in items if "#" not in item.id], more


def policies(*some: FollowUp) -> Policies:
    """Those that these follow-ups of one business have gone by."""
    numbers = frozenset[int]().union(*(one.policies for one in some))
    return follow_up_policies.load(some[0].business, numbers) if some else {}


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list, and where the next part begins if there is one."""

    follow_ups: tuple[FollowUp, ...]
    more_after: Cursor | None


def board(business: str, *, after: Cursor | None = None, limit: int = 50) -> Page:
    """What is not over yet, soonest due first; eventually consistent in its order, and read afresh."""
    return _page(FollowUpItem.by_answer, FollowUpItem.board, business, business, after, limit)


def queue(business: str, assignee: str, *, after: Cursor | None = None, limit: int = 50) -> Page:
    """The same of one person, or ("") of nobody yet."""
    return _page(FollowUpItem.by_assignee, FollowUpItem.mine, business, f"{business}#{assignee}", after, limit)


def opened(business: str, since: datetime, until: datetime, *, after: Cursor | None = None, limit: int = 200) -> Page:
    """All that were opened in [since, until), over or not, the earliest first."""
    span = FollowUpItem.opened_at.between(_seconds(since), _seconds(until) - 1)
    return _page(FollowUpItem.by_opening, FollowUpItem.opened_in, business, business, after, limit, span)


def of_client(business: str, ids: Iterable[str]) -> list[FollowUp]:
    """All of the client of these ids, the earliest first; eventually consistent."""
    found = (FollowUpItem.by_client.query(f"{business}#{id}") for id in ids)
    return _afresh(business, [item.id for item in merge(*found, key=lambda item: item.opened_at)])


def load_of(business: str, assignee: str) -> int:
    """How many are theirs and open."""
    return FollowUpItem.by_assignee.count(f"{business}#{assignee}")


def newest(business: str) -> FollowUp | None:
    """The one opened last."""
    found = [item.id for item in FollowUpItem.by_opening.query(business, scan_index_forward=False, limit=1)]
    return next(iter(_afresh(business, found)), None)


def is_due(follow_up: FollowUp, *, now: datetime) -> bool:
    """Whoever comes second finds that it is not, for the first has looked."""
    at = _agenda(follow_up).look_at
    return at is not None and at <= now


def put(follow_up: FollowUp, transaction: TransactWrite, *, now: datetime | None = None) -> None:
    """On the condition that it is as it was read (or, new, that its id is free).

    Lines that it has no room for move out in the same transaction: two items for each, four lines at once.
    `now` is when its clocks were looked at.
    """
    kept, moved = follow_up.shortened
    _put(kept, moved, transaction, now)


def put_alone(follow_up: FollowUp) -> FollowUp:
    """A change that causes no message. Raises Lost."""
    kept, moved = follow_up.shortened
    if moved:
        with together() as transaction:
            _put(kept, moved, transaction)
    else:
        with alone():
            as_item(kept).save(condition=_unchanged(kept))
    return replace(kept, revision=kept.revision + 1)


def event_under(follow_up: FollowUp, key: str) -> FollowUpEvent | None:
    """What was done under this idempotency key, however long ago."""
    found = follow_up.event_under(key)
    return found or (_shelf(follow_up).under(FollowUpEvent, key) if key and follow_up.archived else None)


def whole(follow_up: FollowUp) -> History:
    """Its history with every line, those of its own that are archived marked as old."""
    if follow_up.is_whole:
        return follow_up.history
    old = islice(_shelf(follow_up).all(FollowUpEvent), follow_up.archived)
    new = (line for line in follow_up.history if not line.is_old and not line.thread)
    own = (*(replace(line, is_old=True) for line in old), *new)
    return joined(own, lambda taken: whole(load(follow_up.business, taken)))


def earlier(follow_up: FollowUp, *, before: int, limit: int) -> list[FollowUpEvent]:
    """Its own lines by their number, from 0; those from `archived` on stand in the follow-up."""
    return _shelf(follow_up).before(FollowUpEvent, min(before, follow_up.archived), limit=limit)


def _put(kept: FollowUp, moved: History, transaction: TransactWrite, now: datetime | None = None) -> None:
    first = kept.archived - len(moved)
    _shelf(kept).put(((line, line.key) for line in moved), first=first, transaction=transaction)
    transaction.save(as_item(kept, now), condition=_unchanged(kept))


def _shelf(follow_up: FollowUp) -> Shelf:
    return Shelf(OfFollowUp, follow_up.business, follow_up.id)


def _unchanged(follow_up: FollowUp) -> Condition:
    if follow_up.revision == 0:
        return FollowUpItem.id.does_not_exist()
    return FollowUpItem.revision == follow_up.revision


def _page(
    index: GlobalSecondaryIndex[Any],
    hash_key: UnicodeAttribute,
    business: str,
    key: str,
    after: Cursor | None,
    limit: int,
    span: Condition | None = None,
) -> Page:
    """DynamoDB goes on after the place; the business is the asker's own, whatever the place says."""
    ordered_by = "answer_by" if span is None else "opened_at"
    begin = begin_after(after, ordered_by, **{hash_key.attr_name: key, "business": business})
    found = index.query(key, span, limit=limit, last_evaluated_key=begin)
    lines = list(found)
    last = lines[-1] if lines and found.last_evaluated_key else None
    follow_ups = tuple(_afresh(business, [line.id for line in lines]))
    return Page(follow_ups, Cursor(int(getattr(last, ordered_by)), last.id) if last else None)


def _afresh(business: str, ids: Iterable[str]) -> list[FollowUp]:
    """Each once, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    keys = [(business, id) for id in wanted]
    found = {item.id: as_follow_up(item) for item in FollowUpItem.batch_get(keys, consistent_read=True)} if keys else {}
    return [found[id] for id in wanted if id in found]


def _agenda(follow_up: FollowUp, now: datetime | None = None) -> Agenda:
    """By the hours that staff have today: when those change, the next look finds out."""
    known, rota = policies(follow_up), Rota(catalogs.load(follow_up.business))

    def told_at(notice: ClockNotice, now: datetime) -> datetime:
        return tells_at(notice, follow_up, known, rota, clocks(follow_up.history, known, now), now=now)

    return agenda(
        follow_up.history,
        known,
        processed_until=follow_up.processed_until,
        ahead=follow_up.told_ahead,
        now=now,
        tells_at=told_at,
    )


def as_item(follow_up: FollowUp, now: datetime | None = None) -> FollowUpItem:
    """Once it is over it stands on no board; what clocks told until then is still looked at, to be recorded."""
    comes = _agenda(follow_up, now)
    business, over = follow_up.business, follow_up.is_over
    place = _seconds(comes.answer_by) if comes.answer_by else LAST
    return FollowUpItem(
        business,
        follow_up.id,
        revision=follow_up.revision + 1,
        body=packed(to_json(follow_up)),
        due_lane=lane_key(Lane.FOLLOW_UP, follow_up.id) if comes.look_at else None,
        due_at=_seconds(comes.look_at) if comes.look_at else None,
        board=None if over else business,
        mine=None if over else f"{business}#{follow_up.assignee}",
        answer_by=None if over else place,
        client_key=f"{business}#{follow_up.client}",
        opened_in=business,
        opened_at=_seconds(follow_up.opened_at),
    )


def _seconds(at: datetime) -> int:
    return ceil(at.timestamp())


def as_follow_up(item: FollowUpItem) -> FollowUp:
    return replace(from_json(FollowUp, item.body), revision=int(item.revision))
