"""Follow-ups, each with the instant of the next notice on its clock."""

from dataclasses import replace
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.lanes import Lane, lane_key
from kept.errors import UnknownFollowUp
from kept.follow_up.clock import next_due
from kept.follow_up.follow_up import FollowUp
from kept.storage.codec import from_json, to_json
from kept.storage.tables import FollowUpItem
from kept.storage.transaction import alone


def load(business: str, id: str) -> FollowUp:
    """Raises UnknownFollowUp."""
    try:
        return _follow_up(FollowUpItem.get(business, id, consistent_read=True))
    except FollowUpItem.DoesNotExist:
        raise UnknownFollowUp from None


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


def _item(follow_up: FollowUp) -> FollowUpItem:
    due = next_due(follow_up)
    return FollowUpItem(
        follow_up.business,
        follow_up.id,
        revision=follow_up.revision + 1,
        body=to_json(follow_up),
        due_lane=lane_key(Lane.FOLLOW_UP, follow_up.id) if due else None,
        due_at=ceil(due.timestamp()) if due else None,
    )


def _follow_up(item: FollowUpItem) -> FollowUp:
    return replace(from_json(FollowUp, item.body), revision=int(item.revision))
