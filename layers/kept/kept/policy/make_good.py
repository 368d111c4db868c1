"""What a visit's waiting is made good by, read from when its client came and when it began."""

from datetime import datetime, timedelta
from itertools import pairwise

from kept.actor import KEPT, Change
from kept.attendance.record import ON_TIME
from kept.booking.appointment import Appointment
from kept.booking.history import DISPUTE_UPHELD, KEPT_WAITING, NO_SHOW_REVERSED, RESCHEDULED
from kept.booking.states import TENTATIVE, ReversalReason, Status
from kept.business.catalog import Business, Money
from kept.business.make_good_rules import MINUTE
from kept.clients.client import Client

BEGUN = frozenset({Status.IN_SERVICE, Status.COMPLETED})


def waited(visit: Appointment) -> timedelta | None:
    """From their arrival, or the agreed start where that is later, until service began; never less than nothing.

    None where one of the two was never said, or they came late: then the day had gone on without them.
    """
    came, began = _last(visit, Status.ARRIVED), _last(visit, Status.IN_SERVICE)
    if visit.status not in BEGUN or came is None or began is None or began < came:
        return None
    if came > visit.starts + ON_TIME:
        return None
    return max(began - max(came, visit.starts), timedelta(0))


def as_waited(visit: Appointment, before: Appointment, business: Business, change: Change) -> Appointment:
    """As begun after a wait beyond the standard, which is noted with it; and without that note where the beginning is
    taken back. What a person said of it stays."""
    is_begun, was_begun = visit.status in BEGUN, before.status in BEGUN
    ours = Change(KEPT, change.at)
    if is_begun and not was_begun and not visit.kept_waiting:
        long = waited(visit)
        beyond = long is not None and business.make_good.step(long) is not None
        return visit.keep_waiting(long // MINUTE, ours) if long and beyond else visit
    said = next((line for line in reversed(visit.history) if line.what == KEPT_WAITING), None)
    if was_begun and not is_begun and visit.has_come and said and said.by == str(KEPT):
        return visit.keep_waiting(0, ours)
    return visit


def percent_for(visit: Appointment, business: Business, *, now: datetime) -> int:
    """Of its price, by how long the wait was measured to be; 0 where nobody waited too long, as a person may have said,
    where it is nobody's fault, or where nothing is made good at all."""
    rules, long = business.make_good, waited(visit)
    if not rules.on or not visit.kept_waiting or long is None:
        return 0
    step = rules.step(long)
    excused = rules.is_nobodys_fault(now.astimezone(business.zone).date())
    return step.percent if step and not excused else 0


def share(price: Money | None, percent: int, business: Business) -> int:
    """In minor units, half of one rounded up; 0 of what has no price, or one in another currency."""
    if price is None or price.currency != business.currency:
        return 0
    return (price.minor * percent + 50) // 100


def is_our_fault(visit: Appointment, business: Business) -> bool:
    """We made them wait; or cancelled it, or moved it to another time, within the notice that we ask of them; or a
    person said that what was held against them was our fault."""
    taken_back = (line.why for line in visit.history if line.what in (NO_SHOW_REVERSED, DISPUTE_UPHELD))
    said_so = any(why.startswith(ReversalReason.OUR_FAULT) for why in taken_back)
    return bool(visit.kept_waiting) or said_so or _is_ours_at_short_notice(visit, business)


def _is_ours_at_short_notice(visit: Appointment, business: Business) -> bool:
    """Moved back to the time that they knew, nothing was done to them; on again, neither."""
    terms, known, moved = visit.terms(business.changes), visit.history[0].starts, False
    for before, line in pairwise(visit.history):
        is_late = terms.is_late(before.starts, visit.booked_at, now=line.at)
        is_ours = is_late and not line.is_asked_by_client and before.status not in TENTATIVE
        if line.what == RESCHEDULED and is_ours:
            moved = line.starts != known
        elif line.what == RESCHEDULED:
            known = line.starts
        elif line.what == Status.CANCELLED and visit.status is Status.CANCELLED and is_ours:
            return True
    return moved


def wronged_since(client: Client) -> datetime | None:
    """Since when they come first (on the waitlist, in the queue, on the list of calls); None once they were served
    well, or where nothing was done to them."""
    return min((wrong.at for wrong in client.wrongs if not wrong.made_up_by), default=None)


def _last(visit: Appointment, step: Status) -> datetime | None:
    return next((line.at for line in reversed(visit.history) if line.what == step), None)
