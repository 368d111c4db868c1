"""Whose turn it is in the conversation, which is not the same as whether a clock runs."""

from enum import StrEnum

from kept.follow_up.events import History, What, known
from kept.follow_up.phases import Phase, phases


class Turn(StrEnum):
    """OURS until somebody answered; of a closed matter it is nobody's."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODYS = "nobodys"


PASSES = {
    What.OPENED: Turn.OURS,
    What.CLIENT_WROTE: Turn.OURS,
    What.REOPENED: Turn.OURS,
    What.ANSWERED: Turn.THEIRS,
    What.WAITING: Turn.THEIRS,
    What.DISMISSED: Turn.THEIRS,
    What.RESUMED: Turn.OURS,
}
"""A note, an attempt that reached nobody, and putting it off leave the turn where it is."""


def whose_turn(history: History) -> Turn:
    """By the last line that passes it on."""
    seen = known(history)
    if phases(seen)[-1].phase is Phase.CLOSED:
        return Turn.NOBODYS
    return next(PASSES[event.what] for event in reversed(seen) if event.what in PASSES)
