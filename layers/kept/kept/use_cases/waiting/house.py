"""The house as the estimate sees it, from the day as the desk sees it."""

from collections.abc import Iterable
from datetime import datetime

from kept.attendance.lasting import began_at
from kept.booking.appointment import Appointment
from kept.booking.block import Block
from kept.booking.states import EXPECTED, Status
from kept.business.catalog import Catalog
from kept.timekeeping.weekly_hours import Span
from kept.use_cases.booking.desk_day import DeskDay, OfMember
from kept.waiting_room.playing import Ahead, Chair, House, Serving, Waiting
from kept.waiting_room.ticket import Ticket

NOT_YET_BEGUN = EXPECTED | {Status.ARRIVED}


def house(catalog: Catalog, day: DeskDay, tickets: Iterable[Ticket], *, now: datetime) -> House:
    """Epoch minutes. Whoever is missed, or asked for what nobody has approved, stands in nobody's way."""
    visits = [it.visit for it in day.visits]
    chairs = tuple(_chair(it, visits, day.blocks, now) for it in day.members if it.hours or it.member.id in _in(visits))
    waiting = tuple(_waiting(it, catalog) for it in tickets if it.is_waiting and it.appointment is None)
    grace = catalog.business.attendance.grace.total_seconds() / 60
    return House(chairs, waiting, grace)


def minute(at: datetime) -> float:
    return at.timestamp() / 60


def _in(visits: Iterable[Appointment]) -> set[str]:
    return {visit.slot.staff for visit in visits if visit.status is Status.IN_SERVICE}


def _chair(of: OfMember, visits: list[Appointment], blocks: Iterable[Block], now: datetime) -> Chair:
    staff = of.member.id
    mine = [visit for visit in visits if visit.slot.staff == staff]
    begun = [visit for visit in mine if visit.status is Status.IN_SERVICE]
    ahead = [_ahead(visit) for visit in mine if visit.status in NOT_YET_BEGUN]
    theirs = [it for it in blocks if it.slot.staff == staff]
    blocked = [_rest(it.ref, minute(it.slot.starts), minute(it.slot.ends), now) for it in theirs]
    pauses = [_pause(*between, now) for between in zip(of.hours, of.hours[1:], strict=False)]
    booked = sorted((it for it in (*ahead, *blocked, *pauses) if it), key=lambda it: it.starts)
    since, until = (of.hours[0][0], of.hours[-1][1]) if of.hours else (minute(now), minute(now))
    serving = max(begun, key=began_at, default=None)
    return Chair(staff, _serving(serving) if serving else None, tuple(booked), until, since)


def _serving(visit: Appointment) -> Serving:
    return Serving(visit.id, visit.service, _planned(visit), minute(began_at(visit)))


def _ahead(visit: Appointment) -> Ahead:
    is_here = visit.status is Status.ARRIVED
    return Ahead(visit.id, visit.service, _planned(visit), minute(visit.starts), is_here)


def _planned(visit: Appointment) -> float:
    return minute(visit.ends) - minute(visit.starts)


def _rest(ref: str, starts: float, last: float, now: datetime) -> Ahead | None:
    """What is left of a break."""
    first = max(starts, minute(now))
    return Ahead(ref, "", last - first, first, is_here=True, is_fixed=True) if last > first else None


def _pause(before: Span, after: Span, now: datetime) -> Ahead | None:
    """Between two windows of their hours."""
    return _rest(f"pause-{before[1]}", before[1], after[0], now)


def _waiting(ticket: Ticket, catalog: Catalog) -> Waiting:
    service = catalog.services.get(ticket.service) or catalog.gone.services.get(ticket.service)
    staff = frozenset({ticket.staff}) if ticket.staff else frozenset(service.staff if service else ())
    return Waiting(ticket.id, ticket.service, service.duration if service else 30, staff)
