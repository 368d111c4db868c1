"""When a reply would rather have the appointment, and whether a time it names is the appointment's own."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar

from kept.messaging.replies.clauses import Clause
from kept.messaging.replies.moments import Moment, is_when, number
from kept.messaging.replies.phrases import PhraseKind
from kept.messaging.replies.reading import PartOfReply, RequestedTime

GIVES_UP = frozenset({PhraseKind.CANCEL, PhraseKind.GIVEN_UP})
"""The day in such a phrase is the one they do not want."""

NOON, EVENING = time(12), time(17)
T = TypeVar("T", bound=Hashable)


def named(clauses: Iterable[Clause], moments: Sequence[Moment]) -> list[Moment]:
    """The moments these clauses speak of, without those that they give up."""
    phrases = (found for clause in clauses for found in clause.found if found.kind not in GIVES_UP)
    return [moments[number(token)] for found in phrases for token in found.tokens if is_when(token)]


def given_up(clauses: Iterable[Clause], moments: Sequence[Moment]) -> list[Moment]:
    phrases = (found for clause in clauses for found in clause.found if found.kind in GIVES_UP)
    return [moments[number(token)] for found in phrases for token in found.tokens if is_when(token)]


def wish(wanted: Sequence[Moment], starts: datetime) -> RequestedTime:
    """Of two days, parts or times neither; the day of the appointment is not a second one."""
    days = {moment.day for moment in wanted if moment.day}
    day = _only(days - {starts.date()} or days)
    part, at = _only({m.part for m in wanted if m.part}), _only({m.at for m in wanted if m.at})
    if day == starts.date() and not at and not part and any(m.by_name for m in wanted):
        day += timedelta(weeks=1)
    return RequestedTime(day, part, at)


def _only(values: set[T]) -> T | None:
    return next(iter(values)) if len(values) == 1 else None


def is_its_time(moment: Moment, starts: datetime) -> bool:
    """Friday is the appointment's day in any week, if it is on a Friday; what is not said agrees."""
    day = moment.day is None or moment.day == starts.date() or _is_named(moment, starts)
    return day and moment.at in (None, starts.time()) and moment.part in (None, part_of(starts))


def _is_named(moment: Moment, starts: datetime) -> bool:
    return moment.by_name and moment.day is not None and moment.day.weekday() == starts.weekday()


def part_of(starts: datetime) -> PartOfReply:
    if starts.time() < NOON:
        return PartOfReply.MORNING
    return PartOfReply.AFTERNOON if starts.time() < EVENING else PartOfReply.EVENING
