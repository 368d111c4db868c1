"""Who cancels in good time has the first choice of new slots: how often they did so lately, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.business.catalog import Business
from kept.policy.outcomes import cancelled_by_client
from kept.reasons import Code, Reason, because

AT_LEAST = timedelta(days=1)
"""Before the start, however short the notice for a free change is: by then somebody else can have it."""


@dataclass(frozen=True, slots=True)
class EarlyCancelling:
    """How often (`count`), `since` when and at the `last` when; what is remembered of it is gone `until` then."""

    count: int = 0
    since: datetime | None = None
    last: datetime | None = None
    until: datetime | None = None
    why: Reason | None = None

    @property
    def chooses_first(self) -> bool:
        return self.count > 0


def early_cancelling(visits: Iterable[Appointment], business: Business, *, now: datetime) -> EarlyCancelling:
    """Of all visits that are known; instants by the business's clock. At exactly so long after it was said, as a lapse
    decays, it counts no more."""
    decay, zone = business.standing.decay, business.zone
    steps = (cancelled_by_client(visit) for visit in visits if _was_early(visit, business))
    found = sorted(step.at.astimezone(zone) for step in steps if step)
    counted = [at for at in found if at <= now < at + decay]
    if not counted:
        return EarlyCancelling()
    why = because(Code.CANCELLED_EARLY_LATELY, early=len(counted), since=counted[0])
    return EarlyCancelling(len(counted), counted[0], counted[-1], counted[-1] + decay, why)


def _was_early(visit: Appointment, business: Business) -> bool:
    """By the notice that was accepted with it. Whoever thinks better of it within the grace has kept nobody out."""
    if (step := cancelled_by_client(visit)) is None:
        return False
    terms = visit.terms(business.changes)
    is_grace = step.at <= visit.chosen_at + terms.grace
    return not is_grace and step.at <= visit.starts - max(terms.free_until, AT_LEAST)
