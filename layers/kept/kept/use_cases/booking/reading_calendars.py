"""Reading somebody's own calendar for when they are busy: what is found is known at once to all who ask for their time.

Whoever claims it reads it alone, and tells what they made of it only where nobody has said otherwise meanwhile. What is
booked stays booked: the book has its own version, which no calendar touches.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException
from urllib.parse import urljoin

from kept import clock
from kept.booking.busy_times import BusyTimes, BusyWindow, NoCalendar, TakesTooLong, busy_times, by_day
from kept.booking.own_calendar import LEAST_AHEAD, OwnCalendar, ServerMarks, Trouble
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownBusiness
from kept.errors import InvalidSetting
from kept.storage import busy_days, catalogs, own_calendars
from kept.storage.transaction import Lost
from kept.timekeeping.local_time import midnight
from kept.use_cases.booking.open_times import staff_key
from kept.use_cases.outside import https_call
from kept.use_cases.outside.https_call import Call, Said, Unreachable, told_to_wait

RUN = timedelta(minutes=2)
"""Longer than a run: a crash in it costs as long. What nobody wants any more is looked at once more after it."""
READS = 10_000_000
"""Bytes: a person's calendar of twenty years has five million."""
MOVES = 3
"""Redirects that are followed, each address looked at as the first."""
MOVED = frozenset({301, 302, 303, 307, 308})
DAY = timedelta(days=1)


class NotRead(Exception):
    """And why; `wait` is what its server asks for."""

    def __init__(self, trouble: Trouble, status: int = 0, wait: timedelta | None = None) -> None:
        super().__init__(trouble)
        self.trouble, self.status, self.wait = trouble, status, wait


def read(business: str, staff: str, *, has_time: Callable[[], bool]) -> OwnCalendar | None:
    """As it is now; None where there is none, where it is not due, and where it is given up."""
    it, now = own_calendars.find(business, staff), clock.now()
    if it is None or not own_calendars.claim(it, now=now, until=now + RUN):
        return None
    catalog = _catalog(business)
    if it.ended or catalog is None or staff not in catalog.staff:
        forget(it, now=now)
        own_calendars.drop(it)
        return None
    after, wait = _tried(it, catalog, now, has_time)
    try:
        own_calendars.put(after, over=it, due_at=after.next_at(now=clock.now(), wait=wait))
    except Lost:
        _said_otherwise(business, staff, now=now)
    return after


def forget(it: OwnCalendar, *, now: datetime) -> None:
    """What is known by it, of today and later."""
    busy_days.put(it.business, staff_key(it.staff), {}, first=_first(now))


def _said_otherwise(business: str, staff: str, *, now: datetime) -> None:
    """Another address, or none, while this one was read: what was written by it is put right."""
    it = own_calendars.find(business, staff)
    if it is None or it.ended:
        busy_days.put(business, staff_key(staff), {}, first=_first(now))
    else:
        own_calendars.put(replace(it, known=ServerMarks()), over=it, due_at=clock.now())


def _tried(
    it: OwnCalendar, catalog: Catalog, now: datetime, has_time: Callable[[], bool]
) -> tuple[OwnCalendar, timedelta | None]:
    window, days = _window(catalog, now)
    try:
        said = _asked(it.url, it.known if it.known.days == days else ServerMarks())
        if said is None:
            return it.unchanged(now=now), None
        found = _busy(said, window, has_time)
    except NotRead as why:
        return it.failed(why.trouble, now=now, status=why.status), why.wait
    busy_days.put(it.business, staff_key(it.staff), by_day(found.spans), first=_first(now))
    known = ServerMarks(said.headers.get("etag", "")[:500], said.headers.get("last-modified", "")[:100], days)
    return it.was_read(known, found.unread, now=now), None


def _asked(url: str, known: ServerMarks) -> Said | None:
    """None where it has not changed. Raises NotRead."""
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.changed}
    headers = {"Accept": "text/calendar", **{name: said for name, said in marks.items() if said}}
    for _ in range(MOVES + 1):
        said = _called(url, headers)
        if said.status not in MOVED:
            break
        url = urljoin(url, said.headers.get("location", ""))
    if said.status == 304 and (known.etag or known.changed):
        return None
    if said.status == 200:
        return said
    if said.status in MOVED:
        raise NotRead(Trouble.MOVED, said.status)
    trouble = Trouble.REFUSED if 400 <= said.status < 500 and said.status not in (408, 429) else Trouble.FAILED
    raise NotRead(trouble, said.status, told_to_wait(said.headers.get("retry-after"), clock.now()))


def _called(url: str, headers: dict[str, str]) -> Said:
    try:
        return https_call.call(url, Call("GET", headers, READS + 1))
    except (Unreachable, InvalidSetting, OSError, HTTPException, ValueError) as error:
        raise NotRead(Trouble.UNREACHABLE) from error


def _busy(said: Said, window: BusyWindow, has_time: Callable[[], bool]) -> BusyTimes:
    """Raises NotRead."""
    try:
        content = said.content
        if content[:2] == b"\x1f\x8b":  # packed, though nobody asked for that
            content = zlib.decompressobj(wbits=31).decompress(content, READS + 1)
        if len(content) > READS:
            raise NotRead(Trouble.TOO_LARGE)
        return busy_times(_text(content), window, has_time=has_time)
    except (NoCalendar, zlib.error) as error:
        raise NotRead(Trouble.NO_CALENDAR) from error
    except TakesTooLong as error:
        raise NotRead(Trouble.TAKES_TOO_LONG) from error


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _window(catalog: Catalog, now: datetime) -> tuple[BusyWindow, str]:
    """From yesterday on, as far as anybody can book; and its name, another one each day."""
    business = catalog.business
    ahead = max([LEAST_AHEAD, *(service.horizon for service in catalog.services.values())])
    today = now.astimezone(business.zone).date()
    since, until = today - DAY, today + (ahead + 2) * DAY
    window = BusyWindow(
        midnight(business.zone, since), midnight(business.zone, until), business.zone, f"@{business.id}.kept"
    )
    return window, f"{business.zone.key} {since} {until}"


def _first(now: datetime) -> date:
    """A day by UTC on which nothing is over yet by anybody's clock."""
    return (now.astimezone(UTC) - 2 * DAY).date()


def _catalog(business: str) -> Catalog | None:
    try:
        return catalogs.load(business)
    except UnknownBusiness:
        return None
