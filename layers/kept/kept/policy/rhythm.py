"""When somebody is due again by their own rhythm: as long after their last visit as there usually is between two."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import median

from kept.booking.appointment import Appointment
from kept.policy.outcomes import outcomes

VISITS = 3
"""That were kept, on days of their own, are a rhythm; fewer are none."""
LATEST = 7
"""So many are looked at: a rhythm changes."""


def due_from(visits: Iterable[Appointment], zone: tzinfo) -> datetime | None:
    """By the clock of `zone`, be it past or to come; None without a rhythm. Two visits on one local day count once."""
    kept = {it.at.date(): it.at for it in outcomes(visits, zone) if it.kept}
    latest = list(kept.values())[-LATEST:]
    if len(latest) < VISITS:
        return None
    between = median((after - before).total_seconds() for before, after in pairwise(latest))
    return latest[-1] + timedelta(seconds=between)
