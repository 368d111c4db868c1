"""A reliable client who begins to miss or cancel, found before they are lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.business.catalog import Business
from kept.policy.outcomes import YEAR, months_later, outcomes
from kept.reasons import Code, Reason, because


@dataclass(frozen=True, slots=True)
class Fading:
    """The visit that showed it, known `at` then; and in what words."""

    visit: Appointment
    at: datetime
    why: Reason


def fading(visits: Iterable[Appointment], business: Business, *, raised: datetime | None) -> Fading | None:
    """So many kept within the twelve months before the first of so many lapses among the last visits.

    What was known by when it was last `raised` counts no more: it is raised again only of who was reliable anew. A
    visit exactly twelve months before counts no more either.
    """
    rules = business.fading
    known = [it for it in outcomes(visits, business.zone) if raised is None or it.at > raised]
    latest = known[-rules.last :]
    lapses = [it for it in latest if not it.kept]
    if not rules.watched or len(latest) < rules.last or len(lapses) < rules.lapses or latest[-1].kept:
        return None
    begins = lapses[0].at
    kept = sum(it.kept and it.at < begins < months_later(it.at, YEAR) for it in known)
    if kept < rules.kept:
        return None
    why = because(Code.BEGINS_TO_FADE, kept=kept, lapses=len(lapses), last=rules.last)
    return Fading(lapses[-1].visit, lapses[-1].at, why)
