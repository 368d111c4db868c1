"""When somebody is busy by a calendar that is not ours (RFC 5545): spans of time, and nothing else of what is in it.

A calendar is a stranger's text: what of it cannot be read is counted and left out, rules without end stop where we do,
and what takes too long is given up.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kept.timekeeping.local_time import DAY, date_of, minute_after, minute_before
from kept.timekeeping.weekly_hours import Span, merged

if TYPE_CHECKING:
    from icalendar import Component

REPEATS = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
"""What repeats each hour, minute or second is no appointment of anybody's."""
TURNS = 50_000
"""Of one event that are looked at: a day's event for 130 years."""
BESIDE = timedelta(days=2)
"""More than the distance between the dates of one instant in two zones."""
LONGEST_LINE = 10_000
BREAK = re.compile(r"\r\n|\n|\r")
DAY_IN_IT = r"^{}[^:\n]*:(\d{{8}})"
STARTS, ENDS, REPLACES = (
    re.compile(DAY_IN_IT.format(name), re.MULTILINE | re.IGNORECASE) for name in ("DTSTART", "DTEND", "RECURRENCE-ID")
)
COMES_AGAIN = re.compile(r"^(?:RRULE|RDATE|DURATION)[;:]", re.MULTILINE | re.IGNORECASE)
OFFSET = re.compile(r"(?:UTC|GMT)\s?([+-])(\d{1,2}):?(\d{2})?")

Moment = date | datetime


class NoCalendar(Exception):
    """The text is none, or ends before it is over."""


class TakesTooLong(Exception):
    """There is no time for more of it."""


@dataclass(frozen=True, slots=True)
class BusyTimes:
    """Sorted and disjoint; of how many events nothing could be made."""

    spans: tuple[Span, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class BusyWindow:
    """What is looked at: instants, the zone in which a day without a zone lies, and how what is ours is told (the end
    of its UID): an appointment that came back by somebody's own calendar takes no time from itself."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    ours: str


def busy_times(text: str, window: BusyWindow, *, has_time: Callable[[], bool] = lambda: True) -> BusyTimes:
    """Raises NoCalendar, TakesTooLong."""
    parts = _parts(text)
    reading = _Reading(window, _zones(parts["VTIMEZONE"]))
    for block in parts["VEVENT"]:
        if _may_meet(block, window):
            reading.take(block, has_time)
    for block in parts["VFREEBUSY"]:
        reading.take_free_busy(block)
    return reading.done(has_time)


def by_day(spans: Iterable[Span]) -> dict[date, list[Span]]:
    """Cut at the midnights of UTC: each part under the date on which it lies."""
    found: dict[date, list[Span]] = defaultdict(list)
    for start, end in spans:
        while start < end:
            number = start // DAY
            found[date_of(number)].append((start, min(end, (number + 1) * DAY)))
            start = (number + 1) * DAY
    return found


def _parts(text: str) -> dict[str, list[str]]:
    """The components that lie directly in a calendar, each as its own lines without what lies in it. Raises
    NoCalendar."""
    found: dict[str, list[str]] = defaultdict(list)
    within: list[str] = []
    lines: list[str] = []
    closed = False
    for line in BREAK.split(re.sub(r"(?:\r\n|\n|\r)[ \t]", "", text.lstrip("\ufeff \t\r\n"))):
        word, _, name = line.rstrip().upper().partition(":")
        if not within and not closed and line.strip() and (word, name) != ("BEGIN", "VCALENDAR"):
            raise NoCalendar
        if word == "BEGIN":
            within.append(name)
        is_zone = within[1:2] == ["VTIMEZONE"]
        is_end = word == "END" and name in within
        if (len(within) == 2 and not is_end) or (is_zone and len(within) > 2):
            lines.append(line[:LONGEST_LINE])
        if is_end:
            del within[len(within) - 1 - within[::-1].index(name) :]
            if len(within) == 1:
                found[name].append("\r\n".join([*lines, f"END:{name}", ""]))
                lines = []
            closed = closed or not within
    if within or not closed:
        raise NoCalendar
    return found


def _may_meet(block: str, window: BusyWindow) -> bool:
    """Seen by its dates alone, for most of what a calendar holds is over long ago."""
    if COMES_AGAIN.search(block):
        return True
    first, last = _day_number(window.since - BESIDE), _day_number(window.until + BESIDE)
    starts, ends, replaces = (_in(pattern, block) for pattern in (STARTS, ENDS, REPLACES))
    if not starts:
        return True
    days = [day for day in (starts, ends, replaces) if day]
    return max(days) >= first and min(days) <= last


def _in(pattern: re.Pattern[str], block: str) -> str:
    found = pattern.search(block)
    return found[1] if found else ""


def _day_number(at: datetime) -> str:
    return f"{at:%Y%m%d}"


def _zones(blocks: Iterable[str]) -> dict[str, tzinfo]:
    """Those that the calendar brings itself, by its own names. The library remembers each for everybody's calendar, and
    is made to forget it: two people's "Work" may be two zones."""
    from icalendar import Timezone
    from icalendar.timezone import tzp

    found: dict[str, tzinfo] = {}
    for block in blocks:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                zone: Any = Timezone.from_ical(block)
                found[str(zone["TZID"])] = zone.to_tz()
            except Exception:  # noqa: S110  # whatever is wrong with it, the name may be one that is known
                pass
            finally:
                tzp.use_default()
    return found


@dataclass
class _Turns:
    """One event, be it once or again and again."""

    event: "Component"
    starts: Moment
    lasts: timedelta
    zone: tzinfo
    uid: str | None
    """None of what takes the place of one turn of another."""


@dataclass
class _Reading:
    """What is known of the calendar so far."""

    window: BusyWindow
    zones: dict[str, tzinfo]
    unread: int = 0
    turns: list[_Turns] = field(default_factory=list)
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    replaced: dict[str, set[Moment]] = field(default_factory=lambda: defaultdict(set))

    def take(self, block: str, has_time: Callable[[], bool]) -> None:
        from icalendar import Event

        if not has_time():
            raise TakesTooLong
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self._take(Event.from_ical(block))
            except Exception:  # whatever a stranger wrote, the other events are not to suffer for it
                self.unread += 1

    def _take(self, event: "Component") -> None:
        uid = str(event.get("UID") or "")
        if uid.endswith(self.window.ours):
            return
        if replaces := event.get("RECURRENCE-ID"):
            self.replaced[uid].add(_known(self._moment(replaces)))
        if _is_free(event):
            return
        starts, zone = self._moment(event["DTSTART"]), self._zone(event["DTSTART"])
        lasts = self._length(event, starts)
        if lasts > timedelta(0):
            self.turns.append(_Turns(event, starts, lasts, zone, None if replaces else uid))

    def take_free_busy(self, block: str) -> None:
        from icalendar import FreeBusy

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for period in _several(FreeBusy.from_ical(block).get("FREEBUSY")):
                    if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                        self._add(period.start, period.end)
            except Exception:  # as of events
                self.unread += 1

    def done(self, has_time: Callable[[], bool]) -> BusyTimes:
        for one in self.turns:
            try:
                for begins in self._begins(one, has_time):
                    self._add(_instant(begins, one.zone), _after(begins, one.lasts, one.zone))
            except TakesTooLong:
                raise
            except Exception:  # a rule that makes no sense, or leads out of all calendars
                self.unread += 1
        return BusyTimes(tuple(merged(self._minutes())), self.unread)

    def _begins(self, one: _Turns, has_time: Callable[[], bool]) -> Iterator[Moment]:
        """As its own clock shows them, less what was called off, or is another event by now."""
        called_off = (self.replaced[one.uid] if one.uid is not None else set()) | {
            _known(self._moment_of(at, dates)) for dates in _several(one.event.get("EXDATE")) for at in _dates(dates)
        }
        moments = [one.starts, *self._ruled(one, has_time)]
        moments += [self._moment_of(at, dates) for dates in _several(one.event.get("RDATE")) for at in _dates(dates)]
        for begins in dict.fromkeys(moments):
            if _known(begins) not in called_off and _local_day(begins, one.zone) not in called_off:
                yield begins

    def _ruled(self, one: _Turns, has_time: Callable[[], bool]) -> Iterator[Moment]:
        """Counted on the wall's clock, so that nine o'clock stays nine o'clock. Raises ValueError, TakesTooLong."""
        from dateutil.rrule import rrulestr

        wall = _wall(one.starts, one.zone)
        last = self.window.until.astimezone(one.zone).replace(tzinfo=None)
        for rule in _several(one.event.get("RRULE")):
            if not has_time():
                raise TakesTooLong
            if str(rule.get("FREQ", [""])[0]).upper() not in REPEATS or int(rule.get("INTERVAL", [1])[0]) < 1:
                raise ValueError("no rule that anybody lives by")
            ends = rule.pop("UNTIL", None)
            stop = min(last, _until(ends[0], one.zone)) if ends else last
            if "COUNT" in rule:
                found = rrulestr(rule.to_ical().decode(), dtstart=wall)
            else:
                found = rrulestr(rule.to_ical().decode(), dtstart=self._nearer(wall, rule, one)).replace(until=stop)
            for number, at in enumerate(found):
                if at > stop:
                    break
                if number >= TURNS:
                    raise ValueError("more turns than anybody has")
                if number % 1000 == 999 and not has_time():
                    raise TakesTooLong
                yield at.date() if not isinstance(one.starts, datetime) else at.replace(tzinfo=one.zone)

    def _nearer(self, wall: datetime, rule: Any, one: _Turns) -> datetime:
        """A start of the same rule that is not long before the window: as many whole turns later."""
        turn = timedelta(days={"DAILY": 1, "WEEKLY": 7}.get(str(rule["FREQ"][0]).upper(), 0))
        turn *= int(rule.get("INTERVAL", [1])[0])
        before = self.window.since.astimezone(one.zone).replace(tzinfo=None) - one.lasts - BESIDE - wall
        return wall + before // turn * turn if turn and before > turn else wall

    def _add(self, starts: datetime, ends: datetime) -> None:
        if ends > starts and starts < self.window.until and ends > self.window.since:
            self.spans.append((max(starts, self.window.since), min(ends, self.window.until)))

    def _minutes(self) -> Iterator[Span]:
        return ((minute_before(starts), minute_after(ends)) for starts, ends in self.spans)

    def _length(self, event: "Component", starts: Moment) -> timedelta:
        """Of a day without an end a day, of a moment nothing (RFC 5545, 3.6.1)."""
        is_day = not isinstance(starts, datetime)
        if ends := event.get("DTEND"):
            end = self._moment(ends)
            if is_day or not isinstance(end, datetime):
                return max(_day(end) - _day(starts), timedelta(days=1))
            zone, until = self._zone(event["DTSTART"]), self._zone(ends)
            return _instant(end, until) - _instant(starts, zone)
        if lasts := event.get("DURATION"):
            found: timedelta = lasts.dt
            return found
        return timedelta(days=1) if is_day else timedelta(0)

    def _moment(self, said: Any) -> Moment:
        return self._moment_of(_one(said).dt, _one(said))

    def _moment_of(self, at: Any, said: Any) -> Moment:
        """A day, or an instant in the zone that is named beside it; of a span its beginning."""
        at = at[0] if isinstance(at, tuple) else at
        if not isinstance(at, datetime):
            if not isinstance(at, date):
                raise TypeError("no moment")
            return at
        return at if at.tzinfo else at.replace(tzinfo=self._zone(said))

    def _zone(self, said: Any) -> tzinfo:
        """By the names of IANA and of Windows, the calendar's own, an offset; else that of the business."""
        one = _one(said)
        at, name = getattr(one, "dt", None), str(one.params.get("TZID", "")).strip()
        if isinstance(at, datetime) and at.tzinfo:
            return at.tzinfo
        if name in self.zones:
            return self.zones[name]
        return _by_offset(name) or self.window.zone


def _is_free(event: "Component") -> bool:
    says = {name: str(_one(event.get(name)) or "").strip().upper() for name in ("TRANSP", "STATUS")}
    shown = str(_one(event.get("X-MICROSOFT-CDO-BUSYSTATUS")) or "").strip().upper()
    return says["TRANSP"] == "TRANSPARENT" or says["STATUS"] == "CANCELLED" or shown == "FREE"


def _by_offset(name: str) -> tzinfo | None:
    from datetime import timezone

    if not (found := OFFSET.search(name)) or int(found[2]) > 14:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _several(said: Any) -> list[Any]:
    return [] if said is None else said if isinstance(said, list) else [said]


def _one(said: Any) -> Any:
    return said[0] if isinstance(said, list) else said


def _dates(said: Any) -> list[Any]:
    return [one.dt for one in said.dts]


def _day(at: Moment) -> date:
    return at.date() if isinstance(at, datetime) else at


def _known(at: Moment) -> Moment:
    """One instant is one, whatever zone it is told in."""
    return at.astimezone(UTC) if isinstance(at, datetime) else at


def _local_day(at: Moment, zone: tzinfo) -> date:
    return at.astimezone(zone).date() if isinstance(at, datetime) else at


def _wall(at: Moment, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())


def _until(at: Any, zone: tzinfo) -> datetime:
    """A day counts whole."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time.max)
    return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def _instant(at: Moment, zone: tzinfo) -> datetime:
    """Of a day its midnight there."""
    return _in_zone(at if isinstance(at, datetime) else datetime.combine(at, time()), zone).astimezone(UTC)


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _after(at: Moment, lasts: timedelta, zone: tzinfo) -> datetime:
    """Days by the calendar, hours by the clock that never changes."""
    return _instant(at, zone) + lasts if isinstance(at, datetime) else _instant(at + lasts, zone)
