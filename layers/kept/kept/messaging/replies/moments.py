"""Days, parts of the day, times and minutes found in a reply, each taken out and replaced by a mark.

A mark is one private character, so that a phrase can say "how about {when}" whatever the words were. A rule is a
pattern and what it stands for; of two that cover the same words the earlier one has them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kept.messaging.replies.reading import PartOfReply

FIRST_WHEN, FIRST_MINUTES = 0xE000, 0xE100
MOST = 100
"""Of a reply that speaks of more moments the rest stays words."""

AFTERNOON_FROM = 8
"""An hour said without a half of the day, from this one on, is in the morning; 1 to 7 are in the afternoon."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One of day, part, at and minutes, or several that stood together; none of them is a vague "next week".

    `by_name` is a day that was only called Friday: the nearest one to come, unless something speaks against it.
    """

    day: date | None = None
    part: PartOfReply | None = None
    at: time | None = None
    minutes: int | None = None
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What days and times are counted from: the client's today, and the local start of the appointment."""

    today: date
    starts: datetime

    def after(self, days: int) -> Moment:
        return Moment(day=self.today + timedelta(days))

    def moved(self, days: int) -> Moment:
        """So many days after the appointment, before it if negative."""
        return Moment(day=self.starts.date() + timedelta(days))

    def shifted(self, hours: int) -> Moment:
        return Moment(at=(self.starts + timedelta(hours=hours)).time())


Means = Callable[[re.Match[str], Around], Moment | None]
Rule = tuple[re.Pattern[str], Means]


def rule(pattern: str, means: Means | Moment) -> Rule:
    """`means` answers None where the words only look like a moment: 25:00, the 31st of June."""
    return re.compile(pattern), (lambda *_: means) if isinstance(means, Moment) else means


def mark(text: str, rules: Iterable[Rule], around: Around) -> tuple[str, list[Moment]]:
    """The text with each moment as one character, and the moments in the order of those characters' numbers."""
    found: list[Moment] = []
    for pattern, means in rules:
        text = pattern.sub(lambda match, means=means: _marked(match, means(match, around), found), text)  # type: ignore[misc]
    return _together(text, found)


def is_when(token: str) -> bool:
    return FIRST_WHEN <= ord(token[0]) < FIRST_WHEN + MOST


def is_minutes(token: str) -> bool:
    return FIRST_MINUTES <= ord(token[0]) < FIRST_MINUTES + MOST


def number(token: str) -> int:
    return ord(token) & 0xFF


def _marked(match: re.Match[str], moment: Moment | None, found: list[Moment]) -> str:
    if moment is None or len(found) == MOST:
        return match[0]
    found.append(moment)
    return chr((FIRST_WHEN if moment.minutes is None else FIRST_MINUTES) + len(found) - 1)


_MARK = f"[{chr(FIRST_WHEN)}-{chr(FIRST_WHEN + MOST - 1)}]"
_BETWEEN = r"[\s,]{0,2}(?:at|on|in|the|around|about|of|for|after|before|like|say|maybe|的|那天)?(?: the)?\s?"
_PAIR = re.compile(f"({_MARK}){_BETWEEN}({_MARK})")


def _together(text: str, found: list[Moment]) -> tuple[str, list[Moment]]:
    """Tomorrow + afternoon + at 3 becomes one moment; two days, or two times, stay two."""
    at = 0
    while pair := _PAIR.search(text, at):
        one = _merged(found[number(pair[1])], found[number(pair[2])])
        if one is None:
            at = pair.start(2)
            continue
        found[number(pair[1])] = one
        text = text[: pair.end(1)] + text[pair.end(2) :]
        at = pair.start(1)
    return text, found


def _merged(one: Moment, other: Moment) -> Moment | None:
    if (one.part and other.part) or (one.at and other.at) or not _agree(one, other):
        return None
    part, at = one.part or other.part, one.at or other.at
    by_name = one.by_name and other.by_name if one.day and other.day else one.by_name or other.by_name
    days = [moment.day for moment in (other, one) if moment.day and moment.by_name is by_name]
    return Moment(days[0] if days else None, part, _in(part, at), by_name=by_name)


def _agree(one: Moment, other: Moment) -> bool:
    """Thursday and the 26th can be the same day; whichever is not only a name counts."""
    if not (one.day and other.day):
        return True
    return one.by_name is not other.by_name and one.day.weekday() == other.day.weekday()


def _in(part: PartOfReply | None, at: time | None) -> time | None:
    """7 in the evening is 19:00, and 6 in the morning is not 18:00."""
    if at is None or part is None:
        return at
    if part is PartOfReply.MORNING:
        return at.replace(hour=at.hour - 12) if at.hour > 12 else at
    return at.replace(hour=at.hour + 12) if at.hour < 12 else at


def clock(hour: int, minute: int = 0, half: str = "") -> Moment | None:
    """`half` is a or p; without it the hour is taken as people mean it who keep office hours."""
    if (half and not 1 <= hour <= 12) or hour > 23 or minute > 59:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour < AFTERNOON_FROM:
        hour += 12
    return Moment(at=time(hour, minute))


def on_weekday(weekday: int, today: date, *, weeks: int | None = None) -> Moment:
    """Monday is 0. Without `weeks` the next one to come, never today; else that of so many calendar weeks ahead."""
    ahead = weekday - today.weekday()
    days = (ahead - 1) % 7 + 1 if weeks is None else ahead + 7 * weeks
    return Moment(day=date.fromordinal(today.toordinal() + days), by_name=weeks is None)


def on_date(month: int | None, day: int, today: date) -> Moment | None:
    """The next day of that number, in that month if one was said; None where no month has it soon."""
    months = [(today.year * 12 + today.month - 1 + ahead) for ahead in range(13)]
    for year, index in (divmod(m, 12) for m in months):
        if month in (None, index + 1):
            try:
                found = date(year, index + 1, day)
            except ValueError:
                continue
            if found >= today:
                return Moment(day=found)
    return None
