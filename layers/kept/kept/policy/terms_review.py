"""Whose terms are to be looked at again: of who comes often, every so many months."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Business
from kept.policy.outcomes import YEAR, months_later, outcomes
from kept.reasons import Code, Reason, because


@dataclass(frozen=True, slots=True)
class TermsReview:
    """What stands about the client, in words; `with_whom` they have been most in these twelve months."""

    with_whom: str
    why: Reason


def review(
    visits: Iterable[Appointment], business: Business, *, reviewed: datetime | None, now: datetime
) -> TermsReview | None:
    """Due from the local day on that is so many months after it was last `reviewed`, or else after their first visit;
    None before it, and for who has not kept enough visits within the twelve months before now."""
    rules, zone = business.review, business.zone
    known = [it for it in outcomes(visits, zone) if it.at <= now]
    first = next((it.at for it in known if it.kept), None)
    since = reviewed.astimezone(zone) if reviewed else first
    if rules.months is None or since is None or now.astimezone(zone).date() < months_later(since, rules.months).date():
        return None
    lately = [it for it in known if now < months_later(it.at, YEAR)]
    kept = [it.visit for it in lately if it.kept]
    if len(kept) < rules.often:
        return None
    missed = sum(it.visit.status is Status.NO_SHOW for it in lately)
    late = sum(it.visit.status is Status.CANCELLED and it.visit.late for it in lately)
    why = because(Code.COMES_OFTEN, kept=len(kept), missed=missed, late=late)
    return TermsReview(_most(reversed(kept)), why)


def _most(visits: Iterable[Appointment]) -> str:
    """With whom; of several as often, the latest."""
    return Counter(visit.slot.staff for visit in visits).most_common(1)[0][0]
