"""Which visits a change of settings breaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.booking.breaks import OpenCalendars, Why, broken
from kept.booking.day_page import FARTHEST_PAGE
from kept.business.catalog import FARTHEST, Catalog
from kept.storage import appointments, day_pages
from kept.use_cases.booking.open_times import room_key, staff_key
from kept.use_cases.messaging.addressees import all_as_shown

LOOKED_AT = 1000
"""Visits that one change looks at, the soonest first: ten requests."""
LISTED = 50
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Broken:
    """A visit, whose it is, and what stands in its way now."""

    visit: Appointment
    client_name: str
    why: Why


@dataclass(frozen=True, slots=True)
class Breaks:
    """The soonest LISTED of `total`; not `complete` where there were more visits than are looked at."""

    total: int = 0
    listed: tuple[Broken, ...] = ()
    complete: bool = True


def breaks(before: Catalog, after: Catalog, *, now: datetime) -> Breaks:
    """Reads the calendars that the change concerns, and nothing where it concerns none."""
    calendars = _concerned(before, after)
    if not calendars:
        return Breaks()
    refs = refs_to_come(before, calendars, now)
    found = appointments.several(before.business.id, refs[:LOOKED_AT]) if refs else ()
    held = [visit for visit in found if visit.is_to_come and visit.ends > now]
    if not held:
        return Breaks(complete=len(refs) <= LOOKED_AT)
    first = min(visit.starts for visit in held).date() - DAY
    last = max(visit.ends for visit in held).date() + DAY
    wrong = broken(held, OpenCalendars.of(before, first, last), OpenCalendars.of(after, first, last))
    shown = all_as_shown([visit for visit, _ in wrong[:LISTED]])
    listed = tuple(Broken(visit, client.name, why) for (visit, why), (client, _) in zip(wrong, shown, strict=False))
    return Breaks(len(wrong), listed, complete=len(refs) <= LOOKED_AT)


def _concerned(before: Catalog, after: Catalog) -> list[str]:
    """The keys of the calendars in which a visit may stand that the change breaks."""
    staff = {id for id, it in before.staff.items() if id not in after.staff or after.staff[id].hours != it.hours}
    rooms = {id for id, it in before.rooms.items() if id not in after.rooms or after.rooms[id].hours != it.hours}
    for id, service in before.services.items():
        now = after.services.get(id)
        if now is None or set(service.staff) - set(now.staff) or set(service.rooms) ^ set(now.rooms):
            staff |= set(service.staff)
        elif (service.duration, service.before, service.after) != (now.duration, now.before, now.after):
            staff, rooms = staff | set(service.staff), rooms | set(service.rooms)
    if _days(before) != _days(after):
        staff, rooms = staff | set(before.staff), rooms | set(before.rooms)
    return [*map(staff_key, sorted(staff)), *map(room_key, sorted(rooms))]


def _days(catalog: Catalog) -> tuple[str, str, bool]:
    """What of the business decides when anybody works."""
    business = catalog.business
    return business.tz, business.country, business.closes_on_holidays


def refs_to_come(catalog: Catalog, calendars: Iterable[str], now: datetime) -> list[str]:
    """Of all bookings from now on, as far ahead as anything may be booked, the soonest first."""
    business, minute = catalog.business, int(now.timestamp()) // 60
    today = now.astimezone(business.zone).date()
    starts: dict[str, int] = {}
    for key in calendars:
        for page in day_pages.between(business.id, key, today - FARTHEST_PAGE, today + FARTHEST * DAY):
            starts |= {it.ref: it.start for it in page.entries if it.is_booking and it.end > minute}
    return sorted(starts, key=starts.__getitem__)
