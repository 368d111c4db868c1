"""Why a visit that stands in the book could not be had by the catalog as it is: what a change of settings breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from kept.booking.appointment import Appointment, Slot
from kept.booking.day_page import Entry
from kept.business.catalog import Catalog, Service
from kept.timekeeping.holidays import holidays_of_years
from kept.timekeeping.weekly_hours import ALWAYS, Span, WorkingHours, away_minutes, merged, open_minutes

MINUTE = timedelta(minutes=1)
FAR = timedelta(days=3)
"""Nothing that begins so much later or earlier can meet a visit: both last a day at most, and so do buffers."""
ZERO = datetime.fromtimestamp(0, UTC)


class Why(StrEnum):
    """What stands in its way, the first that does."""

    SERVICE_GONE = "service_gone"
    STAFF_GONE = "staff_gone"
    NOT_BY_THEM = "not_by_them"
    ROOM_GONE = "room_gone"
    NOT_IN_THIS_ROOM = "not_in_this_room"
    NEEDS_A_ROOM = "needs_a_room"
    AWAY = "away"
    CLOSED = "closed"
    ROOM_CLOSED = "room_closed"
    TOO_CLOSE = "too_close"


@dataclass(frozen=True, slots=True)
class Open:
    """Hours as spans of epoch minutes over the days in question; `away` is what time off takes of them."""

    open: list[Span]
    away: list[Span]

    def has(self, slot: Slot) -> bool:
        return _within(self.open, slot)

    def would_have(self, slot: Slot) -> bool:
        """Were it not for the time off."""
        return _within(merged([*self.open, *self.away]), slot)


@dataclass(frozen=True)
class OpenCalendars:
    """A catalog with its hours worked out for some days."""

    catalog: Catalog
    staff: Mapping[str, Open]
    rooms: Mapping[str, Open]

    @classmethod
    def of(cls, catalog: Catalog, first: date, last: date) -> "OpenCalendars":
        business = catalog.business
        closed = holidays_of_years(business.country, first, last) if business.closes_on_holidays else frozenset()

        def worked(hours: WorkingHours) -> Open:
            return Open(
                open_minutes(hours, business.zone, first, last), away_minutes(hours, business.zone, first, last)
            )

        return cls(
            catalog,
            {id: worked(replace(it.hours, closed_days=closed)) for id, it in catalog.staff.items()},
            {id: worked(it.hours or ALWAYS) for id, it in catalog.rooms.items()},
        )


def broken(visits: Iterable[Appointment], before: OpenCalendars, after: OpenCalendars) -> list[tuple[Appointment, Why]]:
    """Those that could be had by what was set before and cannot now, soonest first.

    What staff once booked regardless of the rules is not broken by a rule it never kept.
    """
    held = sorted(visits, key=lambda visit: visit.starts)
    slots = {visit.id: _slot(visit, before.catalog, after.catalog) for visit in held}
    close = _too_close(held, slots)
    found = []
    for visit in held:
        why = _why(visit, slots[visit.id], after) or (Why.TOO_CLOSE if visit.id in close else None)
        if why and why is not _why(visit, visit.slot, before):
            found.append((visit, why))
    return found


def _slot(visit: Appointment, before: Catalog, after: Catalog) -> Slot:
    """As it would be booked now: with the new length and buffers, where these are what was changed."""
    was, now = before.services.get(visit.service), after.services.get(visit.service)
    if was is None or now is None or _spans(was) == _spans(now):
        return visit.slot
    ends = (
        visit.starts + now.duration * MINUTE if was.duration != now.duration and visit.minutes is None else visit.ends
    )
    return replace(visit.slot, ends=ends, before=now.before, after=now.after)


def _spans(service: Service) -> tuple[int, int, int]:
    return service.duration, service.before, service.after


def _why(visit: Appointment, slot: Slot, book: OpenCalendars) -> Why | None:
    service = book.catalog.services.get(visit.service)
    if service is None:
        return Why.SERVICE_GONE
    if slot.staff not in book.staff:
        return Why.STAFF_GONE
    if slot.staff not in service.staff:
        return Why.NOT_BY_THEM
    return _of_the_room(slot, service, book) or _of_the_hours(slot, book)


def _of_the_room(slot: Slot, service: Service, book: OpenCalendars) -> Why | None:
    if slot.room is None:
        return Why.NEEDS_A_ROOM if service.rooms else None
    if slot.room not in book.rooms:
        return Why.ROOM_GONE
    return Why.NOT_IN_THIS_ROOM if service.rooms and slot.room not in service.rooms else None


def _of_the_hours(slot: Slot, book: OpenCalendars) -> Why | None:
    theirs = book.staff[slot.staff]
    if not theirs.has(slot):
        return Why.AWAY if theirs.would_have(slot) else Why.CLOSED
    return Why.ROOM_CLOSED if slot.room and not book.rooms[slot.room].has(slot) else None


def _too_close(held: list[Appointment], now: Mapping[str, Slot]) -> set[str]:
    """Of those whose length or buffers are others now, which meet a neighbour that they did not meet before."""
    was_then, is_now = {it.id: _entry(it.slot) for it in held}, {it.id: _entry(now[it.id]) for it in held}
    return {
        visit.id
        for visit in held
        if is_now[visit.id] != was_then[visit.id]
        for other in held
        if other is not visit
        and abs(visit.starts - other.starts) < FAR
        and _share(visit.slot, other.slot)
        and is_now[visit.id].clashes_with(is_now[other.id])
        and not was_then[visit.id].clashes_with(was_then[other.id])
    }


def _share(one: Slot, other: Slot) -> bool:
    return one.staff == other.staff or (one.room is not None and one.room == other.room)


def _entry(slot: Slot) -> Entry:
    start, end = _minutes(slot)
    return Entry("", start, end, slot.before, slot.after)


def _within(spans: Iterable[Span], slot: Slot) -> bool:
    start, end = _minutes(slot)
    return any(opens <= start and end <= closes for opens, closes in spans)


def _minutes(slot: Slot) -> Span:
    return (slot.starts - ZERO) // MINUTE, (slot.ends - ZERO) // MINUTE
