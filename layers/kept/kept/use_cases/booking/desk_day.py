"""All that the desk shows of one day, and the mark by which it learns that nothing of it has changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kept import ids
from kept.booking.appointment import Appointment, Slot
from kept.booking.availability import Calendar, live
from kept.booking.block import LONGEST, Block
from kept.booking.day_page import FARTHEST_PAGE, DayPage, Entry, is_block
from kept.booking.gaps import FillingService, Gap, gaps
from kept.business.catalog import Business, Catalog, StaffMember
from kept.business.refusals import UnknownStaff
from kept.clients.client import Client
from kept.storage import appointments, blocks, day_pages
from kept.timekeeping.local_time import first_minute, minute_after, minute_before
from kept.timekeeping.weekly_hours import Span, open_minutes, without
from kept.use_cases.booking.day import bounds, in_order, pages_around, starting, touching
from kept.use_cases.booking.open_times import (
    ALWAYS,
    AvailabilityQuery,
    busy_of,
    entries_of,
    for_staff,
    hours_of,
    room_key,
    staff_key,
)
from kept.use_cases.messaging.addressees import all_as_shown

DAY = timedelta(days=1)
TOLD_ANEW = timedelta(minutes=5)
"""After so long the whole day is told again at the latest: holds stand in no index, nor do the names of clients, what
somebody's own calendar takes, nor who waits."""


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A visit, its client as it was booked, and as they stand (None for one who was forgotten)."""

    visit: Appointment
    client: Client
    record: Client | None


@dataclass(frozen=True, slots=True)
class ShownHold:
    """Somebody keeps this time while they fill in the form."""

    staff: str
    room: str | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class OfMember:
    """One person's day: hours without their time off and what their own calendar takes, what of the day is off and what
    is taken, and what is free still; epoch minutes."""

    member: StaffMember
    hours: tuple[Span, ...]
    off: tuple[tuple[Span, str], ...]
    busy: tuple[Span, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class DeskDay:
    """One day of the business."""

    on: date
    members: tuple[OfMember, ...]
    visits: tuple[ShownVisit, ...]
    blocks: tuple[Block, ...]
    holds: tuple[ShownHold, ...]


def mark(catalog: Catalog, day: date, *, now: datetime) -> str:
    """Another one once anything of the day may be shown otherwise: one query of the index, of the days that can reach
    into it. What may be done with a visit changes when it begins, so the mark does too."""
    begins, ends = bounds(catalog, day)
    found = appointments.faces(catalog.business.id, since=begins - LONGEST, before=ends)
    told = [f"{it.id} {it.starts} {it.staff} {it.face} {it.starts <= now.timestamp()}" for it in sorted(found)]
    settings = sorted(catalog.revisions.items())
    return ids.digest(repr((day, int(now.timestamp() // TOLD_ANEW.total_seconds()), settings, told)))


def desk_day(catalog: Catalog, day: date, *, now: datetime) -> DeskDay:
    """Read together: the pages of each person, then all visits, their clients and the blocks at once."""
    zone = catalog.business.zone
    pages = pages_around(catalog, day)
    entries = {id: entries_of(theirs) for id, theirs in pages.items()}
    of_day = [(id, it) for id, theirs in entries.items() for it in touching(theirs, zone, day)]
    ids_of_visits = {it.ref for _, it in of_day if it.is_booking}.union(starting(catalog, day))
    found = in_order(appointments.several(catalog.business.id, ids_of_visits, consistently=True))
    shown = zip(found, all_as_shown(found), strict=True)
    held = [(id, it) for id, it in of_day if it.hold_until is not None and it.is_live(now=now)]
    busy = {visit.slot.staff for visit in found} | {id for id, _ in of_day}
    holds = tuple(_held(catalog, held, day))
    rooms = _rooms(catalog, day, {entry.ref: entry for _, entry in of_day}, found, holds)
    return DeskDay(
        day,
        tuple(_of_member(catalog, it, pages.get(it.id, []), rooms, day, now) for it in _members(catalog, busy)),
        tuple(ShownVisit(visit, *who) for visit, who in shown),
        tuple(blocks.several(catalog.business.id, {it.ref for _, it in of_day if is_block(it.ref)})),
        holds,
    )


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of one person."""

    on: date
    hours: tuple[Span, ...]
    off: tuple[tuple[Span, str], ...]
    busy: tuple[Span, ...]
    visits: tuple[ShownVisit, ...]
    blocks: tuple[Block, ...]


def desk_week(catalog: Catalog, staff: str, first: date) -> list[WeekDay]:
    """Theirs from that day on, gone and cancelled ones too. Raises UnknownStaff for one nobody remembers."""
    business = catalog.business
    if (member := catalog.staff.get(staff) or catalog.gone.staff.get(staff)) is None:
        raise UnknownStaff
    days = [first + DAY * n for n in range(7)]
    reach = (first - FARTHEST_PAGE, days[-1] + FARTHEST_PAGE)
    pages = day_pages.between(business.id, staff_key(staff), *reach)
    entries = entries_of(pages)
    begins, ends = bounds(catalog, first, days[-1])
    found = appointments.faces(business.id, since=begins - LONGEST, before=ends)
    theirs = {it.id for it in found if it.staff == staff and not is_block(it.id)}
    theirs |= {entry.ref for entry in entries if entry.is_booking}
    visits = in_order(appointments.several(business.id, theirs, consistently=True)) if theirs else []
    visits = [visit for visit in visits if visit.slot.staff == staff]
    shown = [ShownVisit(visit, *who) for visit, who in zip(visits, all_as_shown(visits), strict=True)]
    blocked = blocks.several(business.id, {entry.ref for entry in entries if is_block(entry.ref)})
    taken = busy_of(pages)
    return [_of_week(catalog, member, day, shown, blocked, taken) for day in days]


def _of_week(
    catalog: Catalog,
    member: StaffMember,
    day: date,
    visits: list[ShownVisit],
    blocked: list[Block],
    taken: list[Span],
) -> WeekDay:
    open, off = hours_of_day(catalog.business, member, day) if member.id in catalog.staff else ((), ())
    busy = _within_day(taken, catalog.business, day)
    begins, ends = bounds(catalog, day)

    def is_on(slot: Slot) -> bool:
        return slot.starts < ends and begins < slot.ends

    todays = tuple(it for it in visits if is_on(it.visit.slot))
    return WeekDay(day, tuple(without(open, busy)), off, busy, todays, tuple(it for it in blocked if is_on(it.slot)))


def _members(catalog: Catalog, busy: Iterable[str]) -> list[StaffMember]:
    """All who are here, and of those who have left whoever has something on that day."""
    gone = [catalog.gone.staff[id] for id in sorted(busy) if id in catalog.gone.staff and id not in catalog.staff]
    return [*catalog.staff.values(), *gone]


def _of_member(
    catalog: Catalog, member: StaffMember, pages: list[DayPage], rooms: Mapping[str, Calendar], day: date, now: datetime
) -> OfMember:
    hours, off = hours_of_day(catalog.business, member, day) if member.id in catalog.staff else ((), ())
    busy = _within_day(busy_of(pages), catalog.business, day)
    open = without(hours, busy)
    theirs = Calendar(member.id, open, live(entries_of(pages), now))
    found = gaps(theirs, _filling(catalog, member, now), rooms, catalog.business.zone, day, since=minute_after(now))
    return OfMember(member, tuple(open), off, busy, tuple(found))


def _filling(catalog: Catalog, member: StaffMember, now: datetime) -> list[FillingService]:
    zone, theirs = catalog.business.zone, [it for it in catalog.services.values() if member.id in it.staff]
    asked = [(it, for_staff(AvailabilityQuery(catalog, it, (member,), zone, now))) for it in theirs]
    return [
        FillingService(it.id, question.rules, it.least_useful, tuple(room.id for room in question.rooms))
        for it, question in asked
    ]


def _rooms(
    catalog: Catalog, day: date, entries: Mapping[str, Entry], visits: Iterable[Appointment], holds: Iterable[ShownHold]
) -> dict[str, Calendar]:
    """As they are taken by what is with people on that day, so that no page of theirs is read."""
    taken: dict[str, list[Entry]] = {room: [] for room in catalog.rooms}
    both = [(visit.slot.room, entries.get(visit.id)) for visit in visits] + [(it.room, it.entry) for it in holds]
    for room, entry in both:
        if room in taken and entry:
            taken[room].append(entry)
    zone = catalog.business.zone
    return {
        id: Calendar(id, open_minutes(it.hours or ALWAYS, zone, day, day), taken[id])
        for id, it in catalog.rooms.items()
    }


def _within_day(spans: Iterable[Span], business: Business, day: date) -> tuple[Span, ...]:
    begins, ends = (first_minute(business.zone, it) for it in (day, day + DAY))
    cut = ((max(start, begins), min(end, ends)) for start, end in spans)
    return tuple((start, end) for start, end in cut if start < end)


def hours_of_day(
    business: Business, member: StaffMember, day: date
) -> tuple[tuple[Span, ...], tuple[tuple[Span, str], ...]]:
    """When they work on that local day, and what of the day they have off, with its reason."""
    begins, ends = (first_minute(business.zone, it) for it in (day, day + DAY))
    open = open_minutes(hours_of(business, member, day, day), business.zone, day, day)
    away = ((minute_before(it.starts), minute_after(it.ends), it.reason) for it in member.hours.time_off)
    within = (((max(start, begins), min(end, ends)), why) for start, end, why in away)
    return tuple(open), tuple(sorted((span, why) for span, why in within if span[0] < span[1]))


def _held(catalog: Catalog, held: list[tuple[str, Entry]], day: date) -> Iterable[ShownHold]:
    """Where, is asked of the rooms only when anything is held at all."""
    if not held:
        return ()
    reach = (day - FARTHEST_PAGE, day + FARTHEST_PAGE)
    rooms = {
        entry.ref: id
        for id in catalog.rooms
        for entry in entries_of(day_pages.between(catalog.business.id, room_key(id), *reach))
    }
    return (ShownHold(staff, rooms.get(entry.ref), entry) for staff, entry in held)
