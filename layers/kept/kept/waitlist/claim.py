"""What a client's place in the waitlist is made of, from their record."""

from collections.abc import Iterable
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.history import KEPT_WAITING
from kept.booking.states import Status
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.policy.early_cancelling import early_cancelling
from kept.waitlist.entry import Claim


def claim(client: Client, visits: Iterable[Appointment], business: Business, *, now: datetime) -> Claim:
    known = list(visits)
    early = early_cancelling(known, business, now=now)
    return Claim(client.tier, wronged_at(known), early.until)


def wronged_at(visits: Iterable[Appointment]) -> datetime | None:
    """When we last made them wait, or called off a visit of theirs; None once they were served well since."""
    known = list(visits)
    wrongs = [at for visit in known if (at := _wrong(visit)) is not None]
    if not wrongs:
        return None
    last = max(wrongs)
    served = (it.starts for it in known if it.status is Status.COMPLETED and not it.kept_waiting)
    return None if any(at > last for at in served) else last


def _wrong(visit: Appointment) -> datetime | None:
    if visit.kept_waiting:
        return next((it.at for it in reversed(visit.history) if it.what == KEPT_WAITING), visit.starts)
    if visit.status is not Status.CANCELLED:
        return None
    line = next((it for it in reversed(visit.history) if it.what == "cancelled"), None)
    return line.at if line and line.by.startswith("staff") and not line.is_asked_by_client else None
