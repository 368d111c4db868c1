"""Whom to telephone first: whoever we wronged, the longest ago first, until they were served well once; then by when it
is due, and what is due at no time last."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.view import FollowUpView

TO_CALL = frozenset({OpenedBy.CALL, OpenedBy.CALL_LATER, OpenedBy.NOT_TOLD, OpenedBy.MISSED_CALL, OpenedBy.DAY_CLOSED})
"""What somebody has to telephone about."""
LAST = datetime.max.replace(tzinfo=UTC)


def in_order(lines: Iterable[FollowUpView], owed_since: Mapping[str, datetime | None]) -> tuple[FollowUpView, ...]:
    """`owed_since`: by the follow-up's id, since when we owe its client, None where nothing is owed."""
    return tuple(sorted(lines, key=lambda it: (owed_since[it.follow_up.id] or LAST, it.answer_by or LAST)))
