"""Choosing a day and a time: two weeks of days, those without free times among them, and the times of one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from kept.booking.availability import FreeSlot, nearest
from kept.booking.busy_hours import Busy
from kept.use_cases.booking.open_times import AvailabilityQuery, free, free_and_busy, if_nothing_were_booked

STRIP = 14
"""Days on one page."""
DAY = timedelta(days=1)
NEARBY = timedelta(days=7)
AT_ONCE = timedelta(days=56)
"""Days whose free times are worked out together."""
FARTHEST = timedelta(days=365)
"""The horizon of a service may be two years: beyond the first a reader is led by *later* alone."""


class PartOfDay(StrEnum):
    """Parts of the day, each until the hour it is told apart by."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Full(StrEnum):
    """Why a day has no free time: nobody works, the person chosen does not, it is too late for it, or all is taken."""

    CLOSED = "closed"
    AWAY = "away"
    OVER = "over"
    BOOKED = "full"


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start in the reader's zone; `twice` where their clock shows it twice that day; how busy its hour is."""

    at: datetime
    twice: bool
    busy: Busy

    @property
    def part(self) -> PartOfDay:
        return (
            PartOfDay.MORNING if self.at.hour < 12 else PartOfDay.AFTERNOON if self.at.hour < 18 else PartOfDay.EVENING
        )


@dataclass(frozen=True, slots=True)
class DayOfTimes:
    """A day in the reader's zone and its free times; `none` is why it has none."""

    date: date
    times: tuple[FreeTime, ...]
    none: Full | None = None

    def parts(self, *, but_quiet: bool = False) -> list[tuple[PartOfDay, list[FreeTime]]]:
        """Those that have any; `but_quiet`: without what is quiet."""
        times = [time for time in self.times if not (but_quiet and time.busy is Busy.QUIET)]
        parts = [(part, [time for time in times if time.part is part]) for part in PartOfDay]
        return [(part, its) for part, its in parts if its]

    @property
    def quiet(self) -> tuple[FreeTime, ...]:
        return tuple(time for time in self.times if time.busy is Busy.QUIET)

    @property
    def differs(self) -> bool:
        """Some of it is quieter than the rest: where all is alike there is nothing to choose."""
        return len({time.busy for time in self.times}) > 1


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` is the day asked for, or the first free one on the page; `earlier` and `later` are days of other pages.

    `next_free` is the first day with a free time after a page without any.
    """

    days: tuple[DayOfTimes, ...]
    chosen: DayOfTimes | None
    earlier: date | None
    later: date | None
    next_free: date | None


def choice(
    question: AvailabilityQuery, asked: date | None, page: date | None, *, but: datetime | None = None
) -> Choice:
    """The days around `asked` or `page`, from the reader's today to the horizon; all free times `but` one."""
    today = question.now.astimezone(question.zone).date()
    last = today + question.service.horizon * DAY
    wanted = min(max(asked or page or today, today), last)
    first = today + (wanted - today).days // STRIP * STRIP * DAY
    days = _days(question, first, min(first + (STRIP - 1) * DAY, last), but)
    follows = days[-1].date + DAY
    return Choice(
        days=days,
        chosen=_chosen(days, asked, page or first),
        earlier=first - STRIP * DAY if first > today else None,
        later=follows if follows <= last else None,
        next_free=_next_free(question, follows, last) if follows <= last and not any(d.times for d in days) else None,
    )


def alternatives(question: AvailabilityQuery, wanted: datetime) -> list[datetime]:
    """The three nearest free starts, in order of time."""
    day = wanted.astimezone(question.business.zone).date()
    slots = free(question, day - NEARBY, day + NEARBY)
    return [_local(question, slot) for slot in sorted(nearest(slots, int(wanted.timestamp()) // 60))]


def _chosen(days: Sequence[DayOfTimes], asked: date | None, since: date) -> DayOfTimes | None:
    if asked:
        return next((day for day in days if day.date == asked), None)
    free_days = [day for day in days if day.times]
    return next((day for day in free_days if day.date >= since), next(iter(free_days), None))


def _days(question: AvailabilityQuery, first: date, last: date, but: datetime | None) -> tuple[DayOfTimes, ...]:
    """The business's day may begin on the reader's day before or after."""
    starts: dict[date, list[tuple[datetime, Busy]]] = {}
    for slot, busy in zip(*free_and_busy(question, first - DAY, last + DAY), strict=True):
        if (at := _local(question, slot)) != but:
            starts.setdefault(at.date(), []).append((at, busy))
    dates = [first + n * DAY for n in range((last - first).days + 1)]
    why = _why_none(question, first, last) if len(starts.keys() & set(dates)) < len(dates) else {}
    return tuple(
        DayOfTimes(day, _times(starts[day])) if day in starts else DayOfTimes(day, (), why[day]) for day in dates
    )


def _why_none(question: AvailabilityQuery, first: date, last: date) -> dict[date, Full]:
    """Of each day, were it without a free time."""

    def days(asked: AvailabilityQuery, *, ever: bool = False) -> set[date]:
        slots = if_nothing_were_booked(asked, first - DAY, last + DAY, ever=ever)
        return {_local(question, slot).date() for slot in slots}

    open_yet, ever, everybody = days(question), days(question, ever=True), days(_with_everybody(question), ever=True)
    kinds = ((Full.BOOKED, open_yet), (Full.OVER, ever), (Full.AWAY, everybody))
    dates = (first + n * DAY for n in range((last - first).days + 1))
    return {day: next((why for why, its in kinds if day in its), Full.CLOSED) for day in dates}


def _with_everybody(question: AvailabilityQuery) -> AvailabilityQuery:
    return replace(question, staff=question.catalog.staff_for(question.service) or question.staff)


def _times(starts: Sequence[tuple[datetime, Busy]]) -> tuple[FreeTime, ...]:
    """In order; two instants that look the same are compared by their offset alone."""
    shown = Counter(at.replace(fold=0, tzinfo=None) for at, _ in starts)
    return tuple(FreeTime(at, shown[at.replace(fold=0, tzinfo=None)] > 1, busy) for at, busy in starts)


def _next_free(question: AvailabilityQuery, first: date, last: date) -> date | None:
    """Looked for page by page, for the pages of the book near by tell it nearly always; no further than FARTHEST."""
    last = min(last, first + FARTHEST)
    while first <= last:
        until = min(first + AT_ONCE - DAY, last)
        if slot := next(iter(free(question, first, until)), None):
            return _local(question, slot).date()
        first = until + DAY
    return None


def _local(question: AvailabilityQuery, slot: FreeSlot) -> datetime:
    return datetime.fromtimestamp(slot.start * 60, UTC).astimezone(question.zone)
