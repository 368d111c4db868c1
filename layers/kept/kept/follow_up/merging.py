"""Two follow-ups about one thing made one: the earliest origin, the pauses of both, one set of reminders."""

from dataclasses import dataclass, replace

from kept.follow_up.events import FollowUpEvent, History, HowItEnded, What, known, own
from kept.follow_up.phases import Phase, phase_at
from kept.follow_up.refusals import CannotMerge, FollowUpClosed, FollowUpFull, OutOfOrder
from kept.follow_up.shortening import MOST, bytes_of_old, shortened


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two, with its client and its whole history, for in a new order other lines may move a clock."""

    id: str
    client: str
    history: History


def merged(kept: Party, taken: Party, change: FollowUpEvent) -> tuple[History, History]:
    """The history of the one that is kept, and that of the other, which is closed and stops all its clocks.

    Whatever was said on either is part of the one: its clocks begin with the first opening, a pause of either is cut
    out, an answer on either is an answer; tier, priority, cause, plan and assignee stay those of the kept one. Both are
    brought up to `change.at` before, so that no reminder is owed by either alone.
    Raises CannotMerge, FollowUpClosed, FollowUpFull, OutOfOrder.
    """
    if kept.id == taken.id or kept.client != taken.client:
        raise CannotMerge
    for party in (kept, taken):
        if change.at < party.history[-1].at:
            raise OutOfOrder(not_before=party.history[-1].at.isoformat())
        if phase_at(known(party.history), change.at) is Phase.CLOSED:
            raise FollowUpClosed(state=Phase.CLOSED, id=party.id)
    theirs = (event if event.thread else replace(event, thread=taken.id) for event in taken.history)
    both = sorted((*kept.history, *theirs), key=lambda event: event.at)
    whole = (*both, replace(change, what=What.MERGED, to=taken.id))
    if bytes_of_old(shortened(whole)[0]) > MOST:
        raise FollowUpFull(id=kept.id)
    return whole, (*taken.history, replace(change, what=What.RESOLVED, to=HowItEnded.MERGED, why=kept.id))


def merged_into(history: History) -> str | None:
    """The follow-up that took this one in, where one did; such a one is in no figures and asks the client nothing."""
    return next((event.why for event in own(history, What.RESOLVED) if event.to == HowItEnded.MERGED), None)
