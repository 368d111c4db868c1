"""Whether the client is asked how it went: once, when a matter of theirs was settled."""

from kept.follow_up.causes import Cause
from kept.follow_up.events import Event, History, Outcome, What, known, own
from kept.follow_up.phases import Phase, phases


def is_asked(history: History) -> bool:
    """By the close that it ends with: the first one that settled it, for a client is asked once.

    Never after a ghosting or a merge, nor about what staff opened by hand for themselves.
    """
    if phases(known(history))[-1].phase is not Phase.CLOSED or _is_their_own(history):
        return False
    settled = [line for line in own(history, What.RESOLVED) if line.to not in (Outcome.GHOSTED, Outcome.MERGED)]
    return settled[:1] == list(own(history, What.RESOLVED)[-1:])


def stars(history: History) -> int | None:
    """What the client gave, 1 to 5: the last word counts."""
    given: list[Event] = [*own(history, What.SURVEYED)]
    return int(given[-1].to) if given else None


def was_asked(history: History) -> bool:
    """At one of its closes."""
    return not _is_their_own(history) and any(
        line.to not in (Outcome.GHOSTED, Outcome.MERGED) for line in own(history, What.RESOLVED)
    )


def _is_their_own(history: History) -> bool:
    opening = own(history, What.OPENED)[0]
    return opening.to == Cause.MANUAL and opening.by.startswith("staff:")
