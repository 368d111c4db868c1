"""What the estimate goes by: how long the visits of the last weeks took, and how far off it was itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.business.catalog import Business
from kept.insight.fact import VisitFact
from kept.storage import facts, tickets
from kept.waiting_room.durations import Durations, Took, learnt
from kept.waiting_room.estimate import KNOWN_MISSES

WEEKS = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """Of the business's last weeks, as of an hour; `misses` are shares of the range."""

    business: str
    hour: int
    durations: Durations
    misses: tuple[float, ...]


_known: dict[str, WaitingRecord] = {}


def record(business: Business, *, now: datetime) -> WaitingRecord:
    """Read once an hour by each warm Lambda: a unit of reading for some thirty visits, and for some ten numbers."""
    hour = int(now.timestamp() // 3600)
    known = _known.get(business.id)
    if known is None or known.hour != hour:
        known = _known[business.id] = _read(business, hour, now)
    return known


def forget() -> None:
    """What was read is read again."""
    _known.clear()


def _read(business: Business, hour: int, now: datetime) -> WaitingRecord:
    today = now.astimezone(business.zone).date()
    days = facts.days(business.id, today - WEEKS, today)
    visits = (fact for day in days for fact in day.facts if isinstance(fact, VisitFact) and fact.took)
    took = [Took(it.service, it.staff, it.minutes, it.took) for it in visits]
    found = tickets.latest(business.id, since=today - WEEKS, limit=KNOWN_MISSES)
    return WaitingRecord(business.id, hour, learnt(took), tuple(it.missed for it in found if it.missed is not None))
