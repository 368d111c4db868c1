"""What happens to a follow-up: the lines of its history, from which every clock is worked out again at each look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """The value is what is stored. Some lines name something in `to`, said beside them."""

    OPENED = "opened"  # the cause
    CLIENT_WROTE = "client_wrote"
    ANSWERED = "answered"
    NOTED = "noted"
    TRIED = "tried"  # the channel: they were called or written to, and nobody was reached
    DISMISSED = "dismissed"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESUMED = "resumed"
    TIER = "tier"  # the tier
    PRIORITY = "priority"  # the priority
    POLICY = "policy"  # the number of the policy
    ASSIGNED = "assigned"  # the staff id, "" for nobody
    STEP_DONE = "step_done"  # the step of the plan; `why` is its outcome
    MERGED = "merged"  # the follow-up that was taken in
    RESOLVED = "resolved"  # an Outcome
    REOPENED = "reopened"  # how: a Reopening
    SURVEYED = "surveyed"  # the stars given, 1 to 5


class Priority(StrEnum):
    """What staff make of it, whoever the client is."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


class Reopening(StrEnum):
    """What becomes of the clocks: they go on without the closed time, or all begin again."""

    CONTINUES = "continues"
    NEW_CYCLE = "new_cycle"


class HowItEnded(StrEnum):
    """How a matter ended. LAPSED: something else took away what it was about, as when a no-show is taken back.

    Of one that was merged, `why` is the follow-up that it now belongs to.
    """

    SETTLED = "settled"
    GHOSTED = "ghosted"
    LAPSED = "lapsed"
    MERGED = "merged"


RETARGETING = frozenset({What.TIER, What.PRIORITY, What.POLICY, What.MERGED})
"""The only lines that move the targets of clocks already running."""


@dataclass(frozen=True, slots=True)
class FollowUpEvent:
    """Its instants are in UTC; `until` is when a pause ends by itself.

    `thread` is the follow-up it was written on before a merge, "" this one; `key` and `body` are digests of the
    Idempotency-Key and the request it came with. `is_old`: it stands whole in an item of its own (or of the follow-up
    that was taken in), and here as far as clocks need it.
    """

    what: What
    at: datetime
    by: str = ""
    to: str = ""
    why: str = ""
    until: datetime | None = None
    thread: str = ""
    key: str = ""
    body: str = ""
    is_old: bool = False


History = tuple[FollowUpEvent, ...]
"""In order of time; of what happens at one instant, in the order in which it was written."""


def known_at(history: Iterable[FollowUpEvent], now: datetime) -> History:
    """What can be known then: nothing later, and of a follow-up taken in nothing before it was."""
    return known(tuple(event for event in history if event.at <= now))


def known(history: History) -> History:
    """Without the threads whose merge is not part of it."""
    threads = {""}
    for event in reversed(history):  # whatever was taken into a thread was so before that thread was
        if event.what is What.MERGED and event.thread in threads:
            threads.add(event.to)
    return history if all(e.thread in threads for e in history) else tuple(e for e in history if e.thread in threads)


def own(history: Iterable[FollowUpEvent], what: What) -> tuple[FollowUpEvent, ...]:
    """Those of one kind that were written on this follow-up itself."""
    return tuple(event for event in history if event.what is what and not event.thread)


def in_force(lines: Sequence[FollowUpEvent], at: datetime) -> str:
    """What the last of these lines names at an instant; before the first, what that one names; "" without any."""
    return next((event.to for event in reversed(lines) if event.at <= at), lines[0].to if lines else "")
