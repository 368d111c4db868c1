"""Availability as one would first write it, with datetimes throughout: the reference of tests and benchmark."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.booking.availability import Rules
from kept.booking.day_page import Entry
from kept.timekeeping.weekly_hours import WorkingHours

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


def naive_slots(
    rules: Rules, staff: Mapping[str, tuple[WorkingHours, Sequence[Entry]]], zone: ZoneInfo, first: date, last: date
) -> list[tuple[datetime, list[str]]]:
    """(start in UTC, who is free), in order."""
    free: dict[datetime, list[str]] = {}
    for name, (hours, entries) in staff.items():
        spans, busy = _open(hours, zone, first, last), _busy(entries, rules)
        for start in _starts(rules, zone, first, last):
            is_free = _fits(start, rules, spans) and _is_clear(start, rules, busy)
            if is_free and _under_limit(start, rules, entries, zone):
                free.setdefault(start, []).append(name)
    return sorted(free.items())


def naive_texts(slots: list[tuple[datetime, list[str]]], rules: Rules, zone: ZoneInfo) -> list[dict[str, object]]:
    length = timedelta(minutes=rules.duration)
    return [
        {"start": s.astimezone(zone).isoformat(), "end": (s + length).astimezone(zone).isoformat(), "staff": staff}
        for s, staff in slots
    ]


def _starts(rules: Rules, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    for wall in _walls(rules, first, last):
        for fold in (0, 1):
            local = wall.replace(tzinfo=zone, fold=fold)
            start = local.astimezone(UTC)
            exists = start.astimezone(zone).replace(tzinfo=None) == wall
            twice = local.utcoffset() != local.replace(fold=0).utcoffset()
            if exists and (fold == 0 or twice) and _at(rules.earliest) <= start < _at(rules.latest):
                yield start


def _walls(rules: Rules, first: date, last: date) -> Iterator[datetime]:
    day = first
    while day <= last:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        wall = midnight + timedelta(minutes=rules.offset % rules.step)
        while wall < midnight + ONE_DAY:
            yield wall
            wall += timedelta(minutes=rules.step)
        day += ONE_DAY


def _open(hours: WorkingHours, zone: ZoneInfo, first: date, last: date) -> list[tuple[datetime, datetime]]:
    """Sorted; those that touch made one; less time off."""
    spans = []
    day = first - ONE_DAY
    while day <= last + ONE_DAY:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        for window in hours.on(day):
            opens = _first_showing(midnight + timedelta(minutes=window.opens), zone)
            closes = _after_last_before(midnight + timedelta(minutes=window.closes), zone)
            spans.append((opens, closes))
        day += ONE_DAY
    for off in hours.time_off:
        spans = [piece for span in spans for piece in _cut(span, off.starts, off.ends)]
    joined: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(span for span in spans if span[0] < span[1]):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _cut(span: tuple[datetime, datetime], starts: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    return [(span[0], min(span[1], starts)), (max(span[0], ends), span[1])]


def _first_showing(wall: datetime, zone: ZoneInfo) -> datetime:
    while not _exists(wall, zone):
        wall += MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _after_last_before(wall: datetime, zone: ZoneInfo) -> datetime:
    wall -= MINUTE
    while not _exists(wall, zone):
        wall -= MINUTE
    return wall.replace(tzinfo=zone, fold=1).astimezone(UTC) + MINUTE


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def _fits(start: datetime, rules: Rules, spans: list[tuple[datetime, datetime]]) -> bool:
    end = start + timedelta(minutes=rules.duration)
    return any(opens <= start and end <= closes for opens, closes in spans)


def _busy(entries: Sequence[Entry], rules: Rules) -> list[tuple[datetime, datetime]]:
    """When the new service may not be, buffers on both sides included."""
    return [
        (
            _at(entry.start) - timedelta(minutes=max(rules.after, entry.before)),
            _at(entry.end) + timedelta(minutes=max(entry.after, rules.before)),
        )
        for entry in entries
    ]


def _is_clear(start: datetime, rules: Rules, busy: list[tuple[datetime, datetime]]) -> bool:
    end = start + timedelta(minutes=rules.duration)
    return not any(start < until and end > since for since, until in busy)


def _under_limit(start: datetime, rules: Rules, entries: Sequence[Entry], zone: ZoneInfo) -> bool:
    if rules.daily_limit is None:
        return True
    day = start.astimezone(zone).date()
    return sum(_at(entry.start).astimezone(zone).date() == day for entry in entries) < rules.daily_limit


def _at(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
