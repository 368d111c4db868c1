"""What is free: the hours from the catalog and the pages of the book, as the domain wants them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from kept.booking.appointment import Appointment, Slot
from kept.booking.availability import Calendar, FreeSlot, Rules, bounds, free_slots, live
from kept.booking.busy_hours import Busy, busy_hours
from kept.booking.day_page import FARTHEST_PAGE, DayPage, Entry, is_offered
from kept.business.catalog import FARTHEST, Business, Catalog, Resource, Service, StaffMember
from kept.storage import day_pages, usual_hours
from kept.timekeeping.holidays import holidays_of_years
from kept.timekeeping.local_time import minute_after, minute_before
from kept.timekeeping.weekly_hours import Span, Window, WorkingHours, away_minutes, merged, open_minutes, without

ALWAYS = WorkingHours({weekday: (Window(0, 1440),) for weekday in range(7)})
"""The hours of a room that has none of its own."""
MARGIN = FARTHEST_PAGE + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AvailabilityQuery:
    """Which service, by whom, asked when and from which zone; `own` is the hold or booking that is given up for it,
    `held` a hold that is beside that booking. `over_offers`: what is held for the waitlist is not in the way."""

    catalog: Catalog
    service: Service
    staff: tuple[StaffMember, ...]
    zone: ZoneInfo
    now: datetime
    own: str | None = None
    held: str | None = None
    over_offers: bool = False

    def gives_up(self, ref: str) -> bool:
        return ref in (self.own, self.held) or (self.over_offers and is_offered(ref))

    @property
    def business(self) -> Business:
        return self.catalog.business

    @property
    def rooms(self) -> tuple[Resource, ...]:
        return self.catalog.rooms_for(self.service)

    @property
    def rules(self) -> Rules:
        service = self.service
        earliest, latest = bounds(self.now, service.notice, service.horizon, self.zone)
        return Rules(
            duration=service.duration,
            earliest=earliest,
            latest=latest,
            step=service.step,
            offset=service.offset,
            before=service.before,
            after=service.after,
            daily_limit=service.daily_limit,
        )


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars a question is about, as they stand between two days; `pages` by the calendar's key in the book."""

    staff: tuple[Calendar, ...]
    rooms: tuple[Calendar, ...]
    pages: dict[str, list[DayPage]]


def ask(
    catalog: Catalog, service: str, staff: str | None, *, zone: ZoneInfo, now: datetime, own: str | None = None
) -> AvailabilityQuery:
    """Raises UnknownService, UnknownStaff."""
    wanted = catalog.service(service)
    return AvailabilityQuery(catalog, wanted, catalog.staff_for(wanted, staff), zone, now, own)


def ask_to_move(
    catalog: Catalog, visit: Appointment, staff: str | None, *, zone: ZoneInfo, now: datetime
) -> AvailabilityQuery:
    """Where a visit may go: with whoever it is with though they, or the service, are offered no more, or with somebody
    who is. Raises StaffLeft, UnknownStaff."""
    who = catalog.staff_to_move(visit, staff)
    return AvailabilityQuery(catalog, service_for(catalog, visit), who, zone, now, visit.id)


def ask_to_stay(catalog: Catalog, visit: Appointment, *, now: datetime) -> AvailabilityQuery:
    """The same of one that stays with whoever it is with, who may have left."""
    member = catalog.staff.get(visit.slot.staff)
    staff = (member,) if member else ()
    return AvailabilityQuery(catalog, service_for(catalog, visit), staff, ZoneInfo(visit.tz), now, visit.id)


def service_for(catalog: Catalog, visit: Appointment) -> Service:
    """What was booked, as long as staff have made it for this visit."""
    return lasting(catalog.service_of(visit), visit.minutes)


def lasting(service: Service, minutes: int | None) -> Service:
    """For so many minutes; None is as long as it takes."""
    return service if minutes is None else replace(service, duration=minutes)


def is_open(question: AvailabilityQuery, slot: Slot) -> bool:
    """Within the hours of the person and the room it is with, as far as they are here; without a look into the book."""
    business, day = question.business, slot.starts.astimezone(question.business.zone).date()
    member, room = question.catalog.staff.get(slot.staff), question.catalog.rooms.get(slot.room or "")
    hours = [hours_of(business, member, day, day)] if member else []
    hours += [room.hours] if room and room.hours else []
    start, end = minute_before(slot.starts), minute_after(slot.ends)
    return all(
        any(opens <= start and end <= closes for opens, closes in open_minutes(theirs, business.zone, day, day))
        for theirs in hours
    )


def for_staff(question: AvailabilityQuery) -> AvailabilityQuery:
    """Notice and horizon bind clients alone, and so does what is held for somebody who waits; hours, step and daily
    limit bind staff too, unless they say why not."""
    return replace(at_any_notice(question), over_offers=True)


def at_any_notice(question: AvailabilityQuery) -> AvailabilityQuery:
    return replace(question, service=replace(question.service, notice=0, horizon=FARTHEST))


def free(question: AvailabilityQuery, first: date, last: date) -> list[FreeSlot]:
    """Every free start on these local days of the business."""
    return _free(question, read(question, first, last), first, last)


def free_and_busy(question: AvailabilityQuery, first: date, last: date) -> tuple[list[FreeSlot], list[Busy]]:
    """The same, and of each of them how busy its hour is; one read more."""
    book, usual = read(question, first, last), usual_hours.load(question.business.id)
    slots = _free(question, book, first, last)
    starts, zone, now = [slot.start for slot in slots], question.business.zone, minute_before(question.now)
    return slots, busy_hours(starts, book.staff, book.rooms, usual, zone, now)


def _free(question: AvailabilityQuery, book: Calendars, first: date, last: date) -> list[FreeSlot]:
    return free_slots(question.rules, book.staff, book.rooms, question.business.zone, first, last)


def openings(question: AvailabilityQuery, since: datetime, before: datetime, *, at_most: int) -> Iterator[FreeSlot]:
    """Free starts in between, soonest first; the book is read a week at a time, no further than they are found."""
    zone, start, stop = question.business.zone, minute_after(since), minute_after(before)
    first, last = local_day(start, zone), local_day(max(start, stop - 1), zone)
    weeks = (first + timedelta(days=n) for n in range(0, (last - first).days + 1, 7))
    found = (slot for week in weeks for slot in free(question, week, min(week + timedelta(days=6), last)))
    return islice((slot for slot in found if start <= slot.start < stop), at_most)


def if_nothing_were_booked(
    question: AvailabilityQuery, first: date, last: date, *, ever: bool = False
) -> list[FreeSlot]:
    """By the hours alone, without a look into the book; `ever`: be it too late for it by now or not."""
    business, zone, rules = question.business, question.business.zone, question.rules
    staff = [
        Calendar(it.id, open_minutes(hours_of(business, it, first, last), zone, first, last)) for it in question.staff
    ]
    rooms = [Calendar(room.id, open_minutes(room.hours or ALWAYS, zone, first, last)) for room in question.rooms]
    return free_slots(replace(rules, earliest=0) if ever else rules, staff, rooms, zone, first, last)


def hours_of(business: Business, member: StaffMember, first: date, last: date) -> WorkingHours:
    """Theirs, closed on the holidays of those days where the business is."""
    closed = holidays_of_years(business.country, first, last) if business.closes_on_holidays else frozenset()
    return replace(member.hours, closed_days=closed)


def read(question: AvailabilityQuery, first: date, last: date) -> Calendars:
    """One query per calendar, with days more on either side for what runs over midnight, or was written on the pages
    of another zone's dates."""
    pages: dict[str, list[DayPage]] = {}

    def calendar(key: str, id: str, hours: WorkingHours) -> Calendar:
        pages[key] = day_pages.between(question.business.id, key, first - MARGIN, last + MARGIN)
        zone = question.business.zone
        open, away = open_minutes(hours, zone, first, last), away_minutes(hours, zone, first, last)
        if busy := busy_of(pages[key]):
            left = without(open, busy)
            open, away = left, merged([*away, *without(open, left)])
        return Calendar(id, open, live(_in_the_book(question, pages[key]), question.now, question.own), away)

    return Calendars(
        tuple(calendar(staff_key(s.id), s.id, hours_of(question.business, s, first, last)) for s in question.staff),
        tuple(calendar(room_key(r.id), r.id, r.hours or ALWAYS) for r in question.rooms),
        pages,
    )


def staff_key(staff: str) -> str:
    return f"staff:{staff}"


def room_key(room: str) -> str:
    return f"room:{room}"


def local_day(minute: int, zone: ZoneInfo) -> date:
    """The local day of a UTC epoch minute."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone).date()


def _in_the_book(question: AvailabilityQuery, pages: Iterable[DayPage]) -> list[Entry]:
    return [entry for entry in entries_of(pages) if not question.gives_up(entry.ref)]


def busy_of(pages: Iterable[DayPage]) -> list[Span]:
    """What the person's own calendar takes: as time off does, from hours and not from the book."""
    return merged(span for page in pages for span in page.busy)


def entries_of(pages: Iterable[DayPage]) -> list[Entry]:
    """Each once, though one that crosses midnight stands on two pages; somebody may have two holds."""
    return list({(entry.ref, entry.start): entry for page in pages for entry in page.entries}.values())
