"""Why a deadline is when it is: every span since its clock began, those that counted and why the others did not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kept.follow_up.clock_inputs import Span
from kept.follow_up.clocks import Clock
from kept.follow_up.phases import Phase
from kept.reasons import Code
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.timekeeping.local_time import midnight
from kept.timekeeping.weekly_hours import Window

DAY = timedelta(days=1)


OUT_OF_TURN = {Phase.WAITING: Code.WAITING, Phase.SNOOZED: Code.SNOOZED, Phase.CLOSED: Code.CLOSED}


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """Half-open; COUNTED is on the way to the target, LATE beyond it, nothing else counts. `note` is what staff gave as
    their reason for a pause."""

    begins: datetime
    ends: datetime
    reason: Code
    note: str = ""

    @property
    def length(self) -> timedelta:
        return self.ends - self.begins


def explained(clock: Clock, now: datetime) -> tuple[ExplanationLine, ...]:
    """From the start to the end of the clock, or while it runs to what is later of now and its due instant.

    What is counted adds up to what was spent, and of a miss to the target.
    """
    until = clock.run.stopped or max(now, clock.due or now)
    lines = (line for span in clock.spans if span.begins < until for line in _of(span, clock, until))
    return tuple(_joined(lines))


def _of(span: Span, clock: Clock, until: datetime) -> Iterator[ExplanationLine]:
    ends = min(span.ends or until, until)
    if not span.counts:
        yield ExplanationLine(span.begins, ends, OUT_OF_TURN[span.phase], span.why)
        return
    since = span.begins
    for opens, closes in (*clock.calendar.openings(span.begins, ends), (ends, ends)):
        yield from _closed(clock.calendar, since, opens)
        yield from _open(opens, closes, clock.due)
        since = closes


def _open(opens: datetime, closes: datetime, due: datetime | None) -> Iterator[ExplanationLine]:
    turn = closes if due is None else min(max(due, opens), closes)
    yield ExplanationLine(opens, turn, Code.COUNTED)
    yield ExplanationLine(turn, closes, Code.LATE)


def _closed(calendar: BusinessCalendar, begins: datetime, ends: datetime) -> Iterator[ExplanationLine]:
    """Day by day, for each has its own reason."""
    zone = ZoneInfo(calendar.tz)
    while begins < ends:
        day = begins.astimezone(zone).date()
        until = min(ends, _midnight_after(begins, zone))
        yield ExplanationLine(
            begins, until, _why_closed(calendar, day, _wall(begins, day, zone), _wall(until, day, zone))
        )
        begins = until


def _midnight_after(at: datetime, zone: ZoneInfo) -> datetime:
    """With which the next day begins; the second, where the clock is put back over it: St. John's did so at 00:01."""
    next_day = at.astimezone(zone).date() + DAY
    first = midnight(zone, next_day)
    return first if first > at else datetime.combine(next_day, time(fold=1), zone).astimezone(UTC)


def _why_closed(calendar: BusinessCalendar, day: date, since: int, until: int) -> Code:
    """By the wall clock's minutes of that day. A special day is the reason only where its weekday would be open."""
    if calendar.is_holiday(day):
        return Code.HOLIDAY
    weekly = calendar.usual(day)
    windows = calendar.special_days.get(day, weekly)
    if any(window.opens < until and since < window.closes for window in weekly):
        return Code.SPECIAL_DAY
    if not windows:
        return Code.CLOSED_WEEKDAY
    return Code.BREAK if _within(windows, since, until) else Code.NIGHT


def _within(windows: Iterable[Window], since: int, until: int) -> bool:
    return any(window.closes <= since for window in windows) and any(window.opens >= until for window in windows)


def _wall(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return (local.date() - day).days * 24 * 60 + local.hour * 60 + local.minute


def _joined(lines: Iterable[ExplanationLine]) -> Iterator[ExplanationLine]:
    """Without those of no length; neighbours of one reason are one, so that a weekend is a line and so is a night."""
    last: ExplanationLine | None = None
    for line in lines:
        if line.begins >= line.ends:
            continue
        if last and (last.reason, last.note, last.ends) == (line.reason, line.note, line.begins):
            last = replace(last, ends=line.ends)
            continue
        if last:
            yield last
        last = line
    if last:
        yield last
