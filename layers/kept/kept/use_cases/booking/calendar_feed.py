"""What a calendar gets that asks for somebody's feed: nothing where nothing of it has changed since it asked last.

Of staff that costs one query of the index of starts, and their visits are read only where its faces are others. The
window and what has been cancelled too long ago are counted in whole days of the business, so a mark is good for a day.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from kept import ids
from kept.booking.appointment import Appointment
from kept.booking.day_page import is_block
from kept.booking.face import face
from kept.business.catalog import Catalog
from kept.business.names import in_language
from kept.business.refusals import UnknownBusiness
from kept.client_links.calendar_links import AHEAD, BACK, CalendarLink, Whose, digest, typed
from kept.client_links.refusals import LinkExpired, LinkInvalid
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.holding import forgotten_at, remembered
from kept.messaging.calendar_feed import (
    CANCELLED_STAYS,
    FeedAbsence,
    blocked,
    for_client,
    for_staff,
    is_told,
    rendered,
    time_off,
)
from kept.storage import appointments, blocks, calendar_links, catalogs, clients
from kept.storage.appointments import Face
from kept.storage.calendar_links import StoredLink
from kept.storage.transaction import Lost
from kept.use_cases.booking.day import bounds, in_order
from kept.use_cases.limits import guessing


@dataclass(frozen=True, slots=True)
class Feed:
    """`content` is None where the reader has it already, by its `mark`."""

    mark: str
    content: str | None


@dataclass(frozen=True, slots=True)
class FeedWindow:
    """Starts in between are told, and what was cancelled since then."""

    since: datetime
    before: datetime
    cancelled_since: datetime


def look(name: str, network: str, known: Collection[str], *, now: datetime) -> Feed:
    """`known` are the marks that the reader has. Raises LinkInvalid, LinkExpired, TooManyLinks."""
    token = typed(name)
    guessing.must_not_guess(network, now=now)
    if (link := calendar_links.find(digest(token))) is None:
        guessing.guessed(network, now=now)
        raise LinkInvalid
    if not link.is_good(now=now):
        raise LinkExpired(business=link.of.business)
    feed = _of_staff(link, known, now) if link.of.whose is Whose.STAFF else _of_client(link, known, now)
    _note_asked(StoredLink(digest(token), link), now)
    return feed


def _of_staff(link: CalendarLink, known: Collection[str], now: datetime) -> Feed:
    catalog = _catalog(link)
    if link.of.id not in catalog.staff:
        raise LinkExpired(business=link.of.business)
    window = _window(catalog, now)
    faces = appointments.faces(link.of.business, since=window.since, before=window.before)
    staff = link.of.id
    theirs = [it for it in faces if staff == it.staff or staff in it.had]
    mark = _mark(link, catalog, window, theirs)
    if mark in known:
        return Feed(mark, None)
    catalog = in_language(catalog, catalog.business.locale)
    refs = [it.id for it in theirs if not is_block(it.id)]
    found = appointments.several(link.of.business, refs, consistently=True) if refs else ()
    visits = [visit for visit in _told(found, window, staff) if staff in (visit.slot.staff, *visit.had_by)]
    named = _names(visits)
    entries = [for_staff(visit, named[visit.id], catalog, names=link.names, staff=staff) for visit in visits]
    absences = _absences(link, catalog, window, [it.id for it in theirs if is_block(it.id)])
    return Feed(mark, rendered(f"{catalog.staff_name(staff)} – {catalog.business.name}", entries, absences))


def _absences(link: CalendarLink, catalog: Catalog, window: FeedWindow, refs: list[str]) -> list[FeedAbsence]:
    """Their blocks, and the time off that reaches into the window."""
    at = window.since + BACK
    found = blocks.several(link.of.business, refs) if refs else []
    offs = catalog.staff[link.of.id].hours.time_off
    return [
        *(blocked(it, catalog, names=link.names, at=at) for it in found if it.slot.staff == link.of.id),
        *(
            time_off(it, link.of.id, catalog, names=link.names, at=at)
            for it in sorted(offs, key=lambda it: it.starts)
            if it.starts < window.before and it.ends > window.since
        ),
    ]


def _of_client(link: CalendarLink, known: Collection[str], now: datetime) -> Feed:
    """They are few: their visits are read, and the mark is made of them."""
    catalog, client = _catalog(link), _client(link, now)
    window = _window(catalog, now)
    theirs = appointments.of_client(client.business, client.ids, since=window.since, until=window.before)
    ids_of_visits = list(theirs)
    found = appointments.several(client.business, ids_of_visits, consistently=True) if ids_of_visits else ()
    visits = _told(found, window)
    shown = [Face(int(visit.starts.timestamp()), visit.id, visit.slot.staff, face(visit)) for visit in visits]
    mark = _mark(link, catalog, window, shown, client.locale, client.tz)
    if mark in known:
        return Feed(mark, None)
    entries = [for_client(visit, client, catalog) for visit in visits]
    return Feed(mark, rendered(in_language(catalog, client.locale).business.name, entries))


def _catalog(link: CalendarLink) -> Catalog:
    try:
        return catalogs.load(link.of.business)
    except UnknownBusiness as error:
        raise LinkExpired from error


def _client(link: CalendarLink, now: datetime) -> Client:
    """Raises LinkExpired for who was forgotten, and where they have no more the contact by which they asked for it."""
    found = clients.find(link.of.business, link.of.id)
    client = remembered(found, now=now) if found else None
    over = forgotten_at(found) if found else None
    if client is None or (over and over <= now) or (link.mark and not _has(client, link.mark)):
        raise LinkExpired(business=link.of.business)
    return client


def _has(client: Client, mark: str) -> bool:
    return mark in map(ids.digest, (*contacts(client).values(), *client.also))


def _window(catalog: Catalog, now: datetime) -> FeedWindow:
    today = now.astimezone(catalog.business.zone).date()
    since, before = bounds(catalog, today - BACK, today + AHEAD)
    return FeedWindow(since, before, bounds(catalog, today - CANCELLED_STAYS)[0])


def _told(found: Iterable[Appointment], window: FeedWindow, staff: str | None = None) -> list[Appointment]:
    within = (visit for visit in found if window.since <= visit.starts < window.before)
    since = window.cancelled_since
    return in_order(visit for visit in within if is_told(visit, cancelled_since=since, staff=staff))


def _mark(link: CalendarLink, catalog: Catalog, window: FeedWindow, theirs: list[Face], *more: str) -> str:
    settings = sorted(catalog.revisions.items())
    return ids.digest(repr((link.of, link.names, window.since, settings, sorted(theirs), more)))


def _names(visits: list[Appointment]) -> dict[str, str]:
    """As each was booked; only of those that kept no name the client is read."""
    nameless = [visit for visit in visits if visit.booked_as is None]
    known = clients.several(visits[0].business, (it.client for it in nameless)) if nameless else {}
    return {
        it.id: it.booked_as.name if it.booked_as else known[it.client].name if it.client in known else ""
        for it in visits
    }


def _note_asked(found: StoredLink, now: datetime) -> None:
    """Whoever takes it back at this moment comes first."""
    asked = found.link.asked(now=now)
    if asked != found.link:
        with suppress(Lost):
            calendar_links.put(found, asked)
