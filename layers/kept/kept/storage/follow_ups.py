"""Follow-ups, each with the instant of the next notice on its clock."""

from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.errors import UnknownFollowUp
from kept.follow_up.clock import next_due
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.lanes import Lane, lane_key
from kept.storage.codec import from_json, to_json
from kept.storage.tables import FollowUpItem
from kept.storage.transaction import alone


def load(business: str, id: str) -> FollowUp:
    """Raises UnknownFollowUp."""
    if (found := find(business, id)) is None:
        raise UnknownFollowUp
    return found


def find(business: str, id: str) -> FollowUp | None:
    try:
        return _follow_up(FollowUpItem.get(business, id, consistent_read=True))
    except FollowUpItem.DoesNotExist:
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """How far down a board somebody has read: the due instant (epoch seconds) and the id of the last one seen."""

    answer_by: int
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a board, and where the next part begins if there is one."""

    follow_ups: tuple[FollowUp, ...]
    more_after: Place | None


def board(business: str, status: FollowUpStatus, *, after: Place | None = None, limit: int = 50) -> Page:
    """The open or the answered ones of a business, soonest due first; eventually consistent."""
    key = f"{business}#{status}"
    begin = _seen(business, key, after) if after else None
    found = FollowUpItem.by_answer.query(key, limit=limit, last_evaluated_key=begin)
    follow_ups = tuple(_follow_up(item) for item in found)
    last = follow_ups[-1] if found.last_evaluated_key else None
    return Page(follow_ups, Place(ceil(last.due.timestamp()), last.id) if last else None)


def put(follow_up: FollowUp, transaction: TransactWrite) -> None:
    """On the condition that it is as it was read (or, new, that its id is free)."""
    transaction.save(_item(follow_up), condition=_unchanged(follow_up))


def put_alone(follow_up: FollowUp) -> FollowUp:
    """A change that causes no message. Raises Lost."""
    with alone():
        _item(follow_up).save(condition=_unchanged(follow_up))
    return replace(follow_up, revision=follow_up.revision + 1)


def _unchanged(follow_up: FollowUp) -> Condition:
    if follow_up.revision == 0:
        return FollowUpItem.id.does_not_exist()
    return FollowUpItem.revision == follow_up.revision


def _seen(business: str, key: str, place: Place) -> dict[str, Any]:
    """DynamoDB goes on after this key; the business is the asker's own, whatever the place says."""
    return {
        "board": {"S": key},
        "answer_by": {"N": str(place.answer_by)},
        "business": {"S": business},
        "id": {"S": place.id},
    }


def _item(follow_up: FollowUp) -> FollowUpItem:
    due, over = next_due(follow_up), follow_up.status is FollowUpStatus.RESOLVED
    return FollowUpItem(
        follow_up.business,
        follow_up.id,
        revision=follow_up.revision + 1,
        body=to_json(follow_up),
        due_lane=lane_key(Lane.FOLLOW_UP, follow_up.id) if due else None,
        due_at=ceil(due.timestamp()) if due else None,
        board=None if over else f"{follow_up.business}#{follow_up.status}",
        answer_by=None if over else ceil(follow_up.due.timestamp()),
    )


def _follow_up(item: FollowUpItem) -> FollowUp:
    return replace(from_json(FollowUp, item.body), revision=int(item.revision))
