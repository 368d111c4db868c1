"""Setting somebody's own calendar, having it read again, giving it up, and what it has against visits in the book."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.day_page import FARTHEST_PAGE
from kept.booking.own_calendar import OwnCalendar, as_asked
from kept.business.catalog import FARTHEST, Catalog
from kept.due_work.queues import hand_over
from kept.storage import appointments, day_pages, own_calendars
from kept.use_cases.booking.open_times import busy_of, entries_of, staff_key
from kept.use_cases.booking.reading_calendars import RUN, forget
from kept.use_cases.messaging.addressees import all_as_shown
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.outside.https_call import must_be_callable

LISTED = 50
NOT_SO_SOON = timedelta(minutes=1)
"""After it was read, somebody asks for it again in vain."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A visit in the book at a time at which its person is busy."""

    visit: Appointment
    client_name: str


@dataclass(frozen=True, slots=True)
class Collisions:
    """The soonest LISTED of `total`."""

    total: int = 0
    listed: tuple[Collision, ...] = ()


def find(business: str, staff: str) -> OwnCalendar | None:
    it = own_calendars.find(business, staff)
    return None if it is None or it.ended else it


def use(business: str, staff: str, url: str, change: Change) -> OwnCalendar:
    """From now on, in the place of the one before; the same again is read again. Raises InvalidSetting."""
    url = as_asked(url)
    must_be_callable(url)
    new = OwnCalendar(business, staff, url, change.at, change.by.id)

    def attempt() -> OwnCalendar:
        before = own_calendars.find(business, staff)
        own_calendars.put(new, over=before, due_at=change.at)
        if before and before.url != url:
            forget(before, now=change.at)
        return new

    used = retried(attempt)
    hand_over([own_calendars.key(business, staff)])
    return used


def read_again(business: str, staff: str, *, now: datetime) -> OwnCalendar | None:
    """Now, whenever it was due."""
    it = find(business, staff)
    if it and (it.tried_at is None or now - it.tried_at > NOT_SO_SOON):
        own_calendars.wake(business, staff, at=now)
        hand_over([own_calendars.key(business, staff)])
    return it


def give_up(business: str, staff: str, *, now: datetime) -> None:
    """What it took is free at once; whoever is reading it at this moment puts that right again. Given up again nothing
    changes."""

    def attempt() -> None:
        it = own_calendars.find(business, staff)
        if it and not it.ended:
            own_calendars.put(replace(it, ended=True, url=""), over=it, due_at=now + RUN)
            forget(it, now=now)

    retried(attempt)


def collisions(catalog: Catalog, staff: str, *, now: datetime) -> Collisions:
    """Of visits from now on: one query, and one read for those that are listed."""
    business, minute = catalog.business, int(now.timestamp()) // 60
    today = now.astimezone(business.zone).date()
    reach = (today - FARTHEST_PAGE, today + timedelta(days=FARTHEST))
    pages = day_pages.between(business.id, staff_key(staff), *reach)
    taken = busy_of(pages)
    if not taken:
        return Collisions()
    met = [
        entry
        for entry in sorted(entries_of(pages), key=lambda it: it.start)
        if entry.is_booking
        and entry.end > minute
        and any(start < entry.end and entry.start < end for start, end in taken)
    ]
    if not met:
        return Collisions()
    found = appointments.several(business.id, [entry.ref for entry in met[:LISTED]])
    visits = sorted((visit for visit in found if visit.is_to_come), key=lambda visit: visit.starts)
    shown = zip(visits, all_as_shown(visits), strict=True)
    return Collisions(
        len(met) - len(met[:LISTED]) + len(visits),
        tuple(Collision(visit, client.name) for visit, (client, _) in shown),
    )
