"""What a follow-up keeps of a long history: every line that moves a clock, and of the others only the newest.

Whatever is worked out from what is kept is what the whole would give: clocks, notices, turn, figures, and what is
refused. So nothing has to read the old lines again, but two that are merged, whose lines then stand in a new order.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kept.bounds import moving, size
from kept.follow_up.events import FollowUpEvent, History, HowItEnded, What

MOST = 96_000
"""Bytes of old lines that move clocks: some four hundred. A matter with more is not one any more, and takes little
more than its answer and its end (`recording.py`); what its client then writes opens another."""

SPEAKING = frozenset({What.OPENED, What.WAITING, What.SNOOZED, What.STEP_DONE, What.RESOLVED, What.SURVEYED})
"""Their words are read by a rule or told as a reason."""

SAID_AGAIN = frozenset({What.CLIENT_WROTE, What.ANSWERED})
"""Another of the same right after it moves nothing: the oldest unanswered message has the clock, and an answer that
nothing was asked since ends nothing."""


NONE: History = ()


def shortened(history: History) -> tuple[History, History]:
    """What it keeps, and the lines of its own that move out now, if it has too many.

    Those of one that was taken in stand in that one, in full, and move nowhere.
    """
    marked, moved = history, NONE
    if _has_too_many(history):
        marked, moved = moving(tuple(replace(e, is_old=True) if e.thread else e for e in history), _words)
    return (tuple(_kept(marked)), moved) if any(line.is_old for line in marked) else (history, ())


def bytes_of_old(history: History) -> int:
    return sum(size(line.why) for line in history if line.is_old)


def joined(own: History, taken_in: Callable[[str], History]) -> History:
    """The whole history again: its own lines, and of each follow-up that was taken in what it was until then."""
    lines: History = ()
    for line in own:
        if line.what is What.MERGED:
            theirs = (e if e.thread else replace(e, thread=line.to) for e in _until_merged(taken_in(line.to)))
            lines = tuple(sorted((*lines, *theirs), key=lambda event: event.at))
        lines = (*lines, line)
    return lines


def _has_too_many(history: History) -> bool:
    return bool(moving(history, _words)[1])


def _words(line: FollowUpEvent) -> str:
    return line.why


def _kept(marked: History) -> Iterator[FollowUpEvent]:
    before: FollowUpEvent | None = None
    for line in marked:
        if line.is_old and _moves_nothing(line, before):
            continue
        yield _bare(line) if line.is_old else line
        before = line


def _moves_nothing(line: FollowUpEvent, before: FollowUpEvent | None) -> bool:
    if line.what is What.NOTED:
        return True
    return line.what in SAID_AGAIN and before is not None and (line.what, line.thread) == (before.what, before.thread)


def _bare(line: FollowUpEvent) -> FollowUpEvent:
    return replace(line, why=line.why if line.what in SPEAKING else "", key="", body="")


def _until_merged(history: History) -> Iterator[FollowUpEvent]:
    for line in history:
        if line.what is What.RESOLVED and line.to == HowItEnded.MERGED and not line.thread:
            return
        yield line
