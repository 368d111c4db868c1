"""Who is awaited in a conversation, the business or its client, which is not the same as whether a clock runs."""

from enum import StrEnum

from kept.follow_up.events import History, What, known
from kept.follow_up.phases import Phase, phases


class Awaiting(StrEnum):
    """OURS until somebody answered; of a closed matter it is nobody's."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODYS = "nobodys"


PASSES = {
    What.OPENED: Awaiting.OURS,
    What.CLIENT_WROTE: Awaiting.OURS,
    What.REOPENED: Awaiting.OURS,
    What.ANSWERED: Awaiting.THEIRS,
    What.WAITING: Awaiting.THEIRS,
    What.DISMISSED: Awaiting.THEIRS,
    What.RESUMED: Awaiting.OURS,
}
"""A note, an attempt that reached nobody, and putting it off leave the turn where it is."""


def awaiting_whom(history: History) -> Awaiting:
    """By the last line that passes it on."""
    seen = known(history)
    if phases(seen)[-1].phase is Phase.CLOSED:
        return Awaiting.NOBODYS
    return next(PASSES[event.what] for event in reversed(seen) if event.what in PASSES)
