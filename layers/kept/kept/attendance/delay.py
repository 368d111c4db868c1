"""How late the rest of the day begins: what is in service, or waits for its beginning, holds up what comes after it
with the same person or in the same room, less what lies free in between.

So d of the next is max(0, d + over - slack), where `over` is what this one lasts longer than planned. Of who has not
come yet nothing is known, so they are taken to come on time; a break is slack like any other.

Only what the desk says is evidence, and not what it leaves unsaid: that somebody still waits is known of those alone
whose beginnings are said (many desks check in and say no more), and of two in service with one person the earlier is
over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.booking.states import GONE, Status
from kept.business.attendance_rules import AttendanceRules

MINUTE = timedelta(minutes=1)
LEAST = timedelta(minutes=10)
"""From so much on a client is told, and told again when it has changed by as much."""
AHEAD = timedelta(hours=3)
"""No further ahead is anybody told: until then the day may catch up."""
EVERY = timedelta(minutes=5)
FORGOTTEN = timedelta(hours=4)
"""So long after its planned end nobody is in the chair any more who was not ticked as done."""


@dataclass(frozen=True, slots=True)
class Announced:
    """Somebody said at the desk that a person (or, of a house, all of them) runs so many minutes late."""

    staff: str
    minutes: int
    at: datetime
    by: str


def delays(
    visits: Iterable[Appointment],
    *,
    now: datetime,
    announced: Mapping[str, Announced] | None = None,
    begun: Mapping[str, datetime] | None = None,
) -> dict[str, timedelta]:
    """Of each visit that has not begun, by its id, how much after its start it will. What is over holds up nobody; what
    was said at the desk is so of the next that begins. `begun` is whose_beginnings_are_said, where it is known.
    """
    free: dict[str, datetime] = {}
    found: dict[str, timedelta] = {}
    visits = tuple(visits)
    begun = whose_beginnings_are_said(visits) if begun is None else begun
    line = sorted((it for it in visits if _holds(it, begun, now)), key=lambda it: (it.starts, it.id))
    standing = {it.staff: it for it in (announced or {}).values() if _stands(it, line, now)}
    for visit in line:
        said = standing.pop(visit.slot.staff, None) if visit.status is not Status.IN_SERVICE else None
        begins = _begins(visit, free, now if visit.slot.staff in begun else None, said)
        lasts = visit.ends - visit.starts
        ends = max(begins + lasts, now) if visit.status is Status.IN_SERVICE else begins + lasts
        for one in _needs(visit):
            free[one] = max(free.get(one, ends), ends + visit.slot.after * MINUTE)
        if visit.status is not Status.IN_SERVICE:
            found[visit.id] = begins - visit.starts
    return found


def whose_beginnings_are_said(visits: Iterable[Appointment]) -> dict[str, datetime]:
    """Of each person, by their id, the start of the last of these visits that was said to have begun."""
    found: dict[str, datetime] = {}
    for visit in visits:
        if _at(visit, Status.IN_SERVICE):
            found[visit.slot.staff] = max(found.get(visit.slot.staff, visit.starts), visit.starts)
    return found


def to_tell(visits: Iterable[Appointment], late: Mapping[str, timedelta], *, now: datetime) -> dict[str, int]:
    """Whom to tell, by the visit, and of how many minutes: 0 is back on time. Who is here, or should be, sees it."""
    told: dict[str, int] = {}
    for visit in visits:
        if not (visit.is_expected and now < visit.starts <= now + AHEAD):
            continue
        minutes = late.get(visit.id, timedelta(0)) // MINUTE
        minutes = minutes if minutes >= LEAST // MINUTE else 0
        known = visit.told_delay.minutes if visit.told_delay else 0
        if abs(minutes - known) >= LEAST // MINUTE:
            told[visit.id] = minutes
    return told


def look_at(visit: Appointment, rules: AttendanceRules) -> datetime | None:
    """When to look next whom it holds up: from the first moment at which it ends, or begins, LEAST too late, and once
    more when it is over; None where it holds up nobody, or nobody is told."""
    if not (rules.checks_in and rules.tells_delay):
        return None
    first = _first_look(visit)
    if first is None:
        return None
    if visit.status is Status.COMPLETED:
        over = _at(visit, Status.COMPLETED)
        was_late = over is not None and first <= visit.processed_until < over
        return over if was_late else None
    looked = visit.processed_until >= first
    following = visit.processed_until + EVERY if looked else first
    return following if following < visit.ends + FORGOTTEN else None


def _first_look(visit: Appointment) -> datetime | None:
    if visit.status is Status.ARRIVED:
        return visit.starts + LEAST
    began = _at(visit, Status.IN_SERVICE)
    if visit.status not in (Status.IN_SERVICE, Status.COMPLETED) or began is None:
        return None
    return began if began >= visit.starts + LEAST else visit.ends + LEAST


def _begins(visit: Appointment, free: Mapping[str, datetime], now: datetime | None, said: Announced | None) -> datetime:
    """Without `now`, whoever is here is taken to have begun as they came."""
    if visit.status is Status.IN_SERVICE:
        return _at(visit, Status.IN_SERVICE) or visit.starts
    ready = [free[one] + visit.slot.before * MINUTE for one in _needs(visit) if one in free]
    came = _at(visit, Status.ARRIVED) if visit.status is Status.ARRIVED else None
    here = [now or came] if came else []
    late = [visit.starts + said.minutes * MINUTE] if said else []
    return max([visit.starts, *ready, *here, *late])


def _stands(said: Announced, line: Iterable[Appointment], now: datetime) -> bool:
    """Until the next of theirs has begun: from then on it is seen."""
    begun = (_at(it, Status.IN_SERVICE) for it in line if it.slot.staff == said.staff)
    return now < said.at + FORGOTTEN and not any(at and at > said.at for at in begun)


def _holds(visit: Appointment, begun: Mapping[str, datetime], now: datetime) -> bool:
    if visit.status in GONE or visit.status is Status.COMPLETED:
        return False
    if visit.is_to_come:
        return now < visit.ends
    is_followed = begun.get(visit.slot.staff, visit.starts) > visit.starts
    is_left_unsaid = is_followed and (visit.status is Status.IN_SERVICE or now >= visit.ends)
    return now < visit.ends + FORGOTTEN and not is_left_unsaid


def _needs(visit: Appointment) -> tuple[str, ...]:
    return (f"staff:{visit.slot.staff}", *((f"room:{visit.slot.room}",) if visit.slot.room else ()))


def _at(visit: Appointment, step: Status) -> datetime | None:
    return next((line.at for line in reversed(visit.history) if line.what == step), None)
