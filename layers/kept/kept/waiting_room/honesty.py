"""How honest what was told at the door turned out to be: how long they were told, and how long they waited."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from kept.waiting_room.ticket import MINUTE, Ticket, TicketState

MUCH_LONGER = 10
"""Minutes beyond the range."""


@dataclass(frozen=True, slots=True)
class Honesty:
    """Of the `told` who were told a range as they came and were begun from the queue: how many waited no shorter and no
    longer, and how many much longer; `error` and `waited` in minutes on average, None of nobody."""

    told: int = 0
    within: int = 0
    longer: int = 0
    error: float | None = None
    waited: float | None = None


def honesty(tickets: Iterable[Ticket]) -> Honesty:
    """Whoever left, waits still or could be promised nothing says nothing of it."""
    found = [
        (it.told, (it.ended_at - it.came_at) / MINUTE)
        for it in tickets
        if it.told and it.ended_at and it.state is TicketState.BEGUN
    ]
    if not found:
        return Honesty()
    return Honesty(
        len(found),
        sum(told.lower <= waited <= told.upper for told, waited in found),
        sum(waited > told.upper + MUCH_LONGER for told, waited in found),
        fmean(abs(told.likely - waited) for told, waited in found),
        fmean(waited for _, waited in found),
    )
