"""Somebody's visits as a calendar to subscribe to (RFC 5545, 7986): the same entries as in invitation mails."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from kept.booking.appointment import Appointment
from kept.booking.block import Block
from kept.booking.states import Status
from kept.business.catalog import Catalog, Mode
from kept.clients.client import Client
from kept.clients.names import TITLES
from kept.messaging.ical import PRODUCT, STATUS, Method, entry
from kept.messaging.letter import Links, letter
from kept.messaging.words import words_in
from kept.timekeeping.weekly_hours import TimeOff
from kept.visible import lines, one_line

if TYPE_CHECKING:
    from icalendar import Calendar, Timezone

CANCELLED_STAYS = timedelta(days=30)
"""After it was cancelled, so that a calendar which looks seldom takes it out; after that nobody waits for it."""

LOOK_AGAIN = timedelta(hours=1)
"""What we ask for; calendars look when they like."""

NO_LINKS = Links("", "", "")
"""Whoever can read a feed can change nothing by it."""


@dataclass(frozen=True, slots=True)
class GivenAway:
    """When a visit was theirs for the last time, and since when somebody else has it."""

    starts: datetime
    ends: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A visit as one reader's calendar tells it; `given` where it is another's by now: then it is off for them."""

    visit: Appointment
    summary: str
    location: str = ""
    description: str = ""
    given: GivenAway | None = None


@dataclass(frozen=True, slots=True)
class FeedAbsence:
    """A time in which they have no visits: a block, time off. `at` is when it was looked at, for nobody wrote down when
    it was made."""

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    at: datetime
    sequence: int = 0


def given_away(visit: Appointment, staff: str) -> GivenAway | None:
    """None where it is theirs, or never was."""
    theirs = [n for n, line in enumerate(visit.history) if line.staff == staff]
    if visit.slot.staff == staff or not theirs:
        return None
    last = visit.history[theirs[-1]]
    after = visit.history[min(theirs[-1] + 1, len(visit.history) - 1)]
    return GivenAway(last.starts, last.ends, after.at)


def cancelled_at(visit: Appointment) -> datetime | None:
    """Since when it has been cancelled; None where it is on."""
    if visit.status is not Status.CANCELLED:
        return None
    since = takewhile(lambda event: event.status is Status.CANCELLED, reversed(visit.history))
    return min((event.at for event in since), default=visit.booked_at)


def is_told(visit: Appointment, *, cancelled_since: datetime, staff: str | None = None) -> bool:
    """What was cancelled before that, or given to another by `staff`, is left out."""
    given = given_away(visit, staff) if staff else None
    at = given.at if given else cancelled_at(visit)
    return at is None or at >= cancelled_since


def for_staff(
    visit: Appointment, client_name: str, catalog: Catalog, *, names: bool, staff: str | None = None
) -> FeedEntry:
    """With the client's name and note only where whoever made the link asked for them (`names`). `catalog` is in the
    reader's language. `staff` is whose feed it is; None is whoever has the visit."""
    service = catalog.service_of(visit)
    room = catalog.rooms.get(visit.slot.room or "")
    place = room.name if room else "" if service.mode is Mode.IN_PERSON else catalog.business.place_of(service)
    who = one_line(client_name) if names else initial(client_name)
    summary = " – ".join(filter(None, (who, one_line(service.name))))
    given = given_away(visit, staff) if staff else None
    return FeedEntry(visit, summary, one_line(place), lines(visit.note) if names and not given else "", given)


def blocked(block: Block, catalog: Catalog, *, names: bool, at: datetime) -> FeedAbsence:
    """What for is told where names are: it may be about somebody."""
    said = names and one_line(block.why)
    summary = said or words_in(catalog.business.locale).absent["block"]
    uid = f"block-{block.id}@{block.business}.kept"
    return FeedAbsence(uid, block.slot.starts, block.slot.ends, summary, at, block.revision - 1)


def time_off(off: TimeOff, staff: str, catalog: Catalog, *, names: bool, at: datetime) -> FeedAbsence:
    said = names and one_line(off.reason)
    summary = said or words_in(catalog.business.locale).absent["off"]
    uid = f"off-{staff}-{int(off.starts.timestamp())}@{catalog.business.id}.kept"
    return FeedAbsence(uid, off.starts, off.ends, summary, at)


def for_client(visit: Appointment, client: Client, catalog: Catalog) -> FeedEntry:
    """As their messages tell it, without a link by which anything could be changed."""
    told = letter(visit, client, catalog, stage=None, links=NO_LINKS)
    place = words_in(told.locale).place(told)
    description = "\n".join(one_line(line) for line in (told.staff, told.prepare, told.phone) if line)
    return FeedEntry(visit, one_line(f"{told.service} – {told.business}"), one_line(place), description)


def initial(name: str) -> str:
    """Of the first name that is no title: "L." of Dr Li Na, 「王」 of 王芳; "" where a name has no letter."""
    words = [word for word in one_line(name).split() if word.rstrip(".").casefold() not in TITLES]
    first = next((letter for word in words for letter in word if letter.isalnum()), "")
    return f"{first.upper()}." if first.upper() != first.lower() else first


def rendered(name: str, entries: Iterable[FeedEntry], absences: Iterable[FeedAbsence] = ()) -> str:
    """The same entries are the same text, whenever it is asked for: of each the date is that of its last change, as
    it is to be where no METHOD is said."""
    from icalendar import Calendar, vDuration, vText

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for called in ("name", "x-wr-calname"):
        calendar.add(called, vText(one_line(name)))
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    for told in entries:
        _add(calendar, told)
    for absence in absences:
        _add_absence(calendar, absence)
    if not calendar.subcomponents:
        calendar.add_component(_utc())
    content: str = calendar.to_ical().decode()
    return content


def _add(calendar: "Calendar", told: FeedEntry) -> None:
    """Given away it is off for them, under the number of a version that is another's: it rises when that is moved, and
    again when it comes back."""
    visit, given = told.visit, told.given
    is_off = visit.status is Status.CANCELLED or given is not None
    changed = given.at if given else visit.history[-1].at if visit.history else visit.booked_at
    if given:
        visit = replace(visit, slot=replace(visit.slot, starts=given.starts, ends=given.ends))
    event = entry(visit, Method.CANCEL if is_off and not given else Method.REQUEST, at=changed)
    if given:
        event["status"] = STATUS[Method.CANCEL]
    event.add("last-modified", changed.astimezone(UTC))
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    for what in ("summary", "location", "description"):
        if text := getattr(told, what):
            event.add(what, text)
    calendar.add_component(event)


def _add_absence(calendar: "Calendar", told: FeedAbsence) -> None:
    from icalendar import Event

    event = Event()
    event.add("uid", told.uid)
    event.add("sequence", told.sequence)
    event.add("dtstamp", told.at.astimezone(UTC))
    event.add("dtstart", told.starts.astimezone(UTC))
    event.add("dtend", told.ends.astimezone(UTC))
    event.add("status", STATUS[Method.REQUEST])
    event.add("transp", "OPAQUE")
    event.add("summary", told.summary)
    calendar.add_component(event)


def _utc() -> "Timezone":
    """A calendar has at least one component (RFC 5545, 3.6): where nothing is booked, the zone of its instants."""
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # local time, as the standard asks for
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    zone.add_component(standard)
    return zone
