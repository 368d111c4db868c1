"""Whose a follow-up was when, and so whose time a clock took and who missed it."""

from datetime import datetime, timedelta
from itertools import pairwise

from kept.follow_up.clocks import Clock, State
from kept.follow_up.events import History, What, in_force, own

NOBODY = ""


def owner_at(history: History, at: datetime) -> str:
    """From the instant of a reassignment on it is the new one's."""
    return in_force(own(history, What.ASSIGNED), at)


def time_by_owner(clock: Clock, history: History, now: datetime) -> dict[str, timedelta]:
    """What was counted until now, split at each reassignment; it adds up to what was spent."""
    until = clock.run.stopped or now
    handed_on = [line.at for line in own(history, What.ASSIGNED)]
    split: dict[str, timedelta] = {}
    for span in clock.counted:
        edges = [span.begins, *(at for at in handed_on if at > span.begins), until]
        for begins, ends in pairwise(edges):
            begins, ends = (min(at, span.ends or until, until) for at in (begins, ends))
            if took := clock.calendar.between(begins, ends):
                owner = owner_at(history, begins)
                split[owner] = split.get(owner, timedelta(0)) + took
    return split


def answerable(clock: Clock, history: History, now: datetime) -> str:
    """Whose hit or miss it is: of one that was missed, whoever had it until it was due, for a reassignment at the due
    instant gives its new owner nothing that could still be done; else whoever had it when it stopped, or has it now."""
    if clock.state is State.MISSED and clock.due is not None:
        before = [line for line in own(history, What.ASSIGNED) if line.at < clock.due]
        return before[-1].to if before else NOBODY
    return owner_at(history, clock.run.stopped or now)
