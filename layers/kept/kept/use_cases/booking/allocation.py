"""Finding the place for a booking: who and where of those that are free, and the pages as they will read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.booking.appointment import Slot
from kept.booking.availability import Calendar, Unavailable, encode, free_slots, nearest, refuse_start
from kept.booking.day_page import FARTHEST_PAGE, DayPage, Entry, days_touched, is_block
from kept.booking.kept_time import offset
from kept.booking.refusals import HoldMismatch, HoldMissing, InThePast, NotOffered, SlotTaken, TooFar, TooSoon
from kept.business.catalog import Business, StaffMember
from kept.errors import Refusal
from kept.storage import day_pages
from kept.timekeeping.local_time import minute_before
from kept.use_cases.booking.open_times import (
    MARGIN,
    AvailabilityQuery,
    Calendars,
    busy_of,
    free,
    is_open,
    local_day,
    read,
    room_key,
    staff_key,
)

ALTERNATIVES_WITHIN = timedelta(days=7)
REFUSALS: dict[Unavailable, type[Refusal]] = {
    Unavailable.IN_THE_PAST: InThePast,
    Unavailable.TOO_SOON: TooSoon,
    Unavailable.TOO_FAR: TooFar,
    Unavailable.CLOSED: NotOffered,
    Unavailable.AWAY: NotOffered,
    Unavailable.OFF_GRID: NotOffered,
    Unavailable.TAKEN: SlotTaken,
}


@dataclass(frozen=True, slots=True)
class Allocation:
    """A slot that was found, and the pages of the book with it written in; whether one's own live hold or booking on
    them was given up for it, and whether the person is busy then by a calendar of their own."""

    slot: Slot
    pages: tuple[DayPage, ...]
    gave_up: bool = False
    is_busy: bool = False


def find(question: AvailabilityQuery, ref: str, starts: datetime, *, hold_until: datetime | None = None) -> Allocation:
    """By the rules for clients; of several who are free the least booked that day. Raises why it cannot be had."""
    start, zone = _minute(starts), question.business.zone
    day = local_day(start, zone)
    catalog = read(question, day, day)
    if reason := refuse_start(start, question.rules, catalog.staff, catalog.rooms, zone, question.now):
        raise _refusal(reason, question, start)
    slot = next(s for s in free_slots(question.rules, catalog.staff, catalog.rooms, zone, day, day) if s.start == start)
    booked = {
        calendar.id: sum(
            local_day(entry.start, zone) <= day <= local_day(entry.end - 1, zone)
            for entry in calendar.entries
            if not is_block(entry.ref)
        )
        for calendar in (*catalog.staff, *catalog.rooms)
    }
    staff = min(slot.staff, key=booked.__getitem__)
    room = min(slot.rooms, key=booked.__getitem__) if slot.rooms else None
    return _written(question, catalog, _slot(question, start, staff, room), ref, hold_until)


def find_by_hand(question: AvailabilityQuery, ref: str, starts: datetime, *, though_busy: bool = True) -> Allocation:
    """By staff, who are bound by what is in the book alone, not by hours, notice, horizon or step, nor (`though_busy`)
    by somebody's own calendar. Raises SlotTaken, NotOffered."""
    start = _minute(starts)
    day = local_day(start, question.business.zone)
    catalog = read(question, day, day)
    rooms: Sequence[str | None] = [room.id for room in catalog.rooms] or [None]
    reason = Unavailable.TAKEN
    for slot in (_slot(question, start, staff.id, room) for staff in catalog.staff for room in rooms):
        try:
            place = _written(question, catalog, slot, ref, None)
        except SlotTaken:
            continue
        if though_busy or not place.is_busy:
            return place
        reason = Unavailable.AWAY
    raise _refusal(reason, question, start)


def find_now(question: AvailabilityQuery, ref: str, *, by_hand: bool = False) -> Allocation:
    """For who stands at the desk: this very minute, on no step, with the first who is at work (`by_hand`: or not) and
    free. Raises NotOffered where nobody is at work, or whoever is free is busy elsewhere; SlotTaken where nobody is
    free."""
    start = minute_before(question.now)
    rooms: Sequence[str | None] = [room.id for room in question.rooms] or [None]

    def is_there(member: StaffMember) -> bool:
        return by_hand or any(is_open(question, _slot(question, start, member.id, room)) for room in rooms)

    here = tuple(member for member in question.staff if is_there(member))
    if not here:
        raise NotOffered(reason=Unavailable.CLOSED)
    starts = datetime.fromtimestamp(start * 60, UTC)
    return find_by_hand(replace(question, staff=here), ref, starts, though_busy=by_hand)


def find_held(question: AvailabilityQuery, ref: str, hold: str, held_from: datetime, starts: datetime) -> Allocation:
    """The slot of one's own hold, which is given up for it. Raises HoldMissing, HoldExpired, HoldMismatch."""
    day = local_day(_minute(held_from), question.business.zone)
    catalog = read(question, day, day)
    staff, room = _holder(catalog.staff, hold, catalog, staff_key), _holder(catalog.rooms, hold, catalog, room_key)
    if staff is None:
        raise HoldMissing
    if catalog.rooms and room is None:  # held for a service that needs none
        raise HoldMismatch
    slot = _slot(question, _minute(starts), staff, room)
    for page in (page for key in _calendars(slot) for page in catalog.pages[key] if page.has(hold)):
        page.hold(hold, start=_minute(slot.starts), end=_minute(slot.ends), now=question.now)
    return _written(question, catalog, slot, ref, None)


def _holder(calendars: Iterable[Calendar], hold: str, book: Calendars, key: Callable[[str], str]) -> str | None:
    return next((c.id for c in calendars if any(page.has(hold) for page in book.pages[key(c.id)])), None)


def given_up(business: Business, slot: Slot, ref: str, *, but: Iterable[DayPage] = ()) -> list[DayPage]:
    """The pages on which a booking stands and is to stand no more, `but` for those it is written on anew."""
    still = {(page.calendar, page.day) for page in but}
    stood = [page for key in _calendars(slot) for page in _standing(business, slot, ref, key)]
    return [page.without(ref) for page in stood if (page.calendar, page.day) not in still]


def _standing(business: Business, slot: Slot, ref: str, key: str) -> list[DayPage]:
    """The pages it was put on; where they are not known, or it is not there, every page near by that has it."""
    if slot.days:
        written = [page for page in day_pages.load(business.id, key, slot.days) if page.has(ref)]
        if len(written) == len(slot.days):
            return written
    days = days_touched(_entry(slot, ref, None), business.zone)
    near = day_pages.between(business.id, key, days[0] - FARTHEST_PAGE, days[-1] + FARTHEST_PAGE)
    return [page for page in near if page.has(ref)]


def find_again(question: AvailabilityQuery, ref: str, slot: Slot) -> Allocation:
    """The same person and room at another instant, whatever the hours are. Raises SlotTaken."""
    return _written(question, _around(question, slot), slot, ref, None)


def in_the_way(question: AvailabilityQuery, ref: str, slot: Slot) -> list[Entry]:
    """Who has that person or room then, soonest first: bookings, and holds that are live."""
    return _clashing(_entry(slot, ref, None), slot, _around(question, slot), question)


def nearest_to(question: AvailabilityQuery, starts: datetime) -> list[dict[str, object]]:
    """The three nearest free times, as a refusal tells them."""
    start, zone = _minute(starts), question.business.zone
    day = local_day(max(start, _minute(question.now.replace(second=0, microsecond=0))), zone)
    slots = free(question, day - ALTERNATIVES_WITHIN, day + ALTERNATIVES_WITHIN)
    return encode(sorted(nearest(slots, start)), question.zone)


def _around(question: AvailabilityQuery, slot: Slot) -> Calendars:
    """Whoever it is with, and wherever, though they be offered no more."""
    first = local_day(_minute(slot.starts), question.business.zone)
    catalog = read(question, first, first)
    missing = [key for key in _calendars(slot) if key not in catalog.pages]
    days = (first - MARGIN, first + MARGIN)
    pages = catalog.pages | {key: day_pages.between(question.business.id, key, *days) for key in missing}
    return replace(catalog, pages=pages)


def _written(
    question: AvailabilityQuery, book: Calendars, slot: Slot, ref: str, hold_until: datetime | None
) -> Allocation:
    """On its pages, and off all others near by on which that stands which is given up for it. Raises SlotTaken."""
    entry = _entry(slot, ref, hold_until)
    _must_not_clash(entry, slot, book, question)
    days = _days(question, entry)
    freed = (_freed(page, entry, question) for page in _pages(book, slot, days))
    pages = [page.with_entry(entry, now=question.now, instead_of=question.own) for page in freed]
    anew = {(page.calendar, page.day) for page in pages}
    left = (page for near in book.pages.values() for page in near if _has(page, question))
    off = [_freed(page, entry, question) for page in left if (page.calendar, page.day) not in anew]
    place = question.business.tz
    slot = replace(slot, days=days, tz=place, offset=offset(slot.starts, ZoneInfo(place)))
    stood = (entry for near in book.pages.values() for page in near for entry in page.entries)
    gave_up = any(it.ref in (question.own, question.held) and it.is_live(now=question.now) for it in stood)
    return Allocation(slot, (*pages, *off), gave_up, _is_busy(entry, book.pages[staff_key(slot.staff)]))


def _has(page: DayPage, question: AvailabilityQuery) -> bool:
    return any(it.ref in (question.own, question.held) for it in page.entries)


def _freed(page: DayPage, entry: Entry, question: AvailabilityQuery) -> DayPage:
    """Without what is given up for it; of what is offered to others only that which is in its way."""
    for it in page.entries:
        if question.gives_up(it.ref) and (it.ref in (question.own, question.held) or it.clashes_with(entry)):
            page = page.without(it.ref)
    return page


def _is_busy(entry: Entry, pages: Iterable[DayPage]) -> bool:
    return any(start < entry.end and entry.start < end for start, end in busy_of(pages))


def _must_not_clash(entry: Entry, slot: Slot, book: Calendars, question: AvailabilityQuery) -> None:
    """Raises SlotTaken."""
    if _clashing(entry, slot, book, question):
        raise SlotTaken


def _clashing(entry: Entry, slot: Slot, book: Calendars, question: AvailabilityQuery) -> list[Entry]:
    """What stands on pages that were chosen by another zone's dates is in the way as well."""
    others = {it.ref: it for key in _calendars(slot) for page in book.pages[key] for it in page.entries}
    theirs = (it for ref, it in others.items() if ref != entry.ref and not question.gives_up(ref))
    live = (it for it in theirs if it.is_live(now=question.now))
    return sorted((it for it in live if it.clashes_with(entry)), key=lambda it: it.start)


def _pages(book: Calendars, slot: Slot, days: Iterable[date]) -> list[DayPage]:
    """As read, an empty one where nobody has written yet."""
    written = {(page.calendar, page.day): page for key in _calendars(slot) for page in book.pages[key]}
    return [written.get((key, day), DayPage(key, day)) for key in _calendars(slot) for day in days]


def _days(question: AvailabilityQuery, entry: Entry) -> tuple[date, ...]:
    zones = question.business.book_zones(question.now)
    return tuple(sorted({day for zone in zones for day in days_touched(entry, zone)}))


def _calendars(slot: Slot) -> list[str]:
    return [staff_key(slot.staff), *([room_key(slot.room)] if slot.room else [])]


def _entry(slot: Slot, ref: str, hold_until: datetime | None) -> Entry:
    until = int(hold_until.timestamp()) if hold_until else None
    return Entry(ref, _minute(slot.starts), _minute(slot.ends), slot.before, slot.after, until)


def _slot(question: AvailabilityQuery, start: int, staff: str, room: str | None) -> Slot:
    service = question.service
    starts = datetime.fromtimestamp(start * 60, UTC)
    ends = starts + timedelta(minutes=service.duration)
    return Slot(starts, ends, staff, room, service.before, service.after)


def _minute(moment: datetime) -> int:
    """Epoch minutes. Raises NotOffered for a time with seconds: it is never on the step."""
    minutes, seconds = divmod(moment.timestamp(), 60)
    if seconds:
        raise NotOffered(reason=Unavailable.OFF_GRID)
    return int(minutes)


def _refusal(reason: Unavailable, question: AvailabilityQuery, start: int) -> Refusal:
    """With the three nearest free slots where somebody else was first."""
    kind = REFUSALS[reason]
    if kind is SlotTaken:
        day = local_day(start, question.business.zone)
        slots = free(question, day - ALTERNATIVES_WITHIN, day + ALTERNATIVES_WITHIN)
        return SlotTaken(alternatives=encode(sorted(nearest(slots, start)), question.zone))
    return kind(reason=reason) if kind is NotOffered else kind()
