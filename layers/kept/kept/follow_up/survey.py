"""Whether the client is asked how it went: once, when a matter of theirs was settled."""

from collections.abc import Iterable

from kept.follow_up.events import FollowUpEvent, History, HowItEnded, What, known, own
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase, phases

FOR_STAFF = frozenset(
    {
        OpenedBy.ATTENDANCE_QUESTION,
        OpenedBy.FAILED_MESSAGE,
        OpenedBy.CALL,
        OpenedBy.NOT_TOLD,
        OpenedBy.DAY_CLOSED,
        OpenedBy.FADING,
        OpenedBy.TERMS_REVIEW,
        OpenedBy.DEPOSIT_BACK,
    }
)
"""What Kept asks staff to see to; the client may know of nothing."""
OF_ITSELF = frozenset({HowItEnded.GHOSTED, HowItEnded.MERGED, HowItEnded.LAPSED})
"""Ends that nobody brought about for the client."""


def is_asked(history: History) -> bool:
    """By the close that it ends with: the first one that settled it, for a client is asked once.

    Never after an end of itself, nor about what was opened for staff, by Kept or by themselves.
    """
    if phases(known(history))[-1].phase is not Phase.CLOSED or _is_their_own(history):
        return False
    closes = own(history, What.RESOLVED)
    return bool(closes) and _settled(closes) == [closes[-1]]


def stars(history: History) -> int | None:
    """What the client gave, 1 to 5: the last word counts."""
    given: list[FollowUpEvent] = [*own(history, What.SURVEYED)]
    return int(given[-1].to) if given else None


def was_asked(history: History) -> bool:
    """At one of its closes."""
    return not _is_their_own(history) and bool(_settled(own(history, What.RESOLVED)))


def _settled(closes: Iterable[FollowUpEvent]) -> list[FollowUpEvent]:
    return [line for line in closes if line.to not in OF_ITSELF]


def _is_their_own(history: History) -> bool:
    opening = own(history, What.OPENED)[0]
    return opening.to in FOR_STAFF or (opening.to == OpenedBy.MANUAL and opening.by.startswith("staff:"))
