"""What a change of one appointment costs its client at a moment, until when it is free, and why."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Business, Money
from kept.business.change_rules import Terms
from kept.policy.deposit import stands, was_moved_late


@dataclass(frozen=True, slots=True)
class Cost:
    """A change is free until `free_until`, and `late` afterwards; by the grace after booking alone where it is within
    the `notice` already. None costs nothing: what `cancelling` and `moving` cost is of a change now, `missing` of not
    coming, and `late_fee` and `move_fee` are what a change would cost once it is late, each beyond the `deposit` that
    is asked or held, and is then lost; by cancelling it is (`loses`) now. A move of up to so many days (`along`) takes
    it along."""

    free_until: datetime
    late: bool
    by_grace: bool
    notice: timedelta
    late_fee: Money | None
    move_fee: Money | None
    missing: Money | None
    deposit: Money | None = None
    loses: bool = False
    along: timedelta = timedelta(0)

    @property
    def cancelling(self) -> Money | None:
        return self.late_fee if self.late else None

    @property
    def moving(self) -> Money | None:
        return self.move_fee if self.late else None

    @property
    def has_fees(self) -> bool:
        return any((self.late_fee, self.move_fee, self.missing))


def explain(appointment: Appointment, business: Business, *, now: datetime) -> Cost:
    """By the terms that were accepted with it. Pure: the same moment gives the same answer. What is not answered for
    yet costs nothing until then, and what we said will begin late nothing until its start."""
    terms = appointment.terms(business.changes)
    cost = _cost(terms, appointment.starts, appointment.booked_at, now=now)
    if not appointment.is_tentative:
        is_held = cost.deposit is not None and stands(appointment) == "held"
        if appointment.is_held_up:
            cost = replace(cost, free_until=appointment.starts, late=False)
        return replace(cost, loses=is_held and (cost.late or was_moved_late(appointment)))
    return replace(cost, free_until=appointment.held_until or appointment.starts, late=False)


def of_booking_now(terms: Terms, starts: datetime, *, now: datetime) -> Cost:
    """Of what is about to be booked under these terms."""
    return _cost(terms, starts, now, now=now)


def incurred(appointment: Appointment, terms: Terms) -> Money | None:
    """What it costs as it stands: a late cancellation, a missed visit, else a late move, whether they came after it or
    are still to; None for nothing."""
    match appointment.status:
        case Status.CANCELLED if appointment.late:
            return fee(terms.late_fee, terms)
        case Status.NO_SHOW:
            return fee(terms.missed_fee, terms)
        case Status.CANCELLED:
            return None
    return fee(terms.move_fee, terms) if appointment.late else None


def beyond(cost: Money | None, paid: int) -> Money | None:
    """What is left of it where so much is paid already, by a deposit that is lost."""
    return Money(cost.minor - paid, cost.currency) if cost and cost.minor > paid else None


def fee(minor: int, terms: Terms) -> Money | None:
    """None where it is nothing."""
    return Money(minor, terms.currency) if minor else None


def _cost(terms: Terms, starts: datetime, booked_at: datetime, *, now: datetime) -> Cost:
    return Cost(
        free_until=terms.last_free(starts, booked_at),
        late=terms.is_late(starts, booked_at, now=now),
        by_grace=terms.is_within_notice(starts, now=now),
        notice=terms.free_until,
        late_fee=beyond(fee(terms.late_fee, terms), terms.deposit),
        move_fee=fee(terms.move_fee, terms),
        missing=beyond(fee(terms.missed_fee, terms), terms.deposit),
        deposit=fee(terms.deposit, terms),
        along=terms.deposit_moves,
    )
