"""A deadline explained in sentences, in the languages of words/*.toml: a new one is a file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from kept.follow_up.clocks import Clock, State
from kept.follow_up.explanation import ExplanationLine, explained
from kept.messaging import reasons_in_words
from kept.messaging.words import Words, words_in
from kept.reasons import Code, because

FOLDER = Path(__file__).with_name("words")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a language's file holds, and how that language writes a moment."""

    told: Mapping[str, str]
    units: Mapping[str, str]
    words: Words


def in_words(
    clock: Clock, now: datetime, *, zone: ZoneInfo, locale: str, answer_by: datetime | None = None
) -> tuple[str, ...]:
    """How it stands, with by when to answer one that falls due while the business is closed; then a sentence for every
    span. By the wall clock of `zone`, the business's own."""
    sentences = _sentences(words_in(locale).language)
    lines = (_line(line, zone, sentences) for line in explained(clock, now))
    return (_standing(clock, zone, sentences) + _closed(clock, answer_by, zone, sentences), *lines)


def _closed(clock: Clock, answer_by: datetime | None, zone: ZoneInfo, say: Sentences) -> str:
    if answer_by in (None, clock.due) or clock.run.stopped is not None:
        return ""
    due, by = (_moment(at, zone, say) for at in (clock.due, answer_by))
    return say.told["closed_then"].format(due=due, answer_by=by)


def _standing(clock: Clock, zone: ZoneInfo, say: Sentences) -> str:
    what = say.told[clock.run.kind].format(step=clock.run.step.name if clock.run.step else "")
    is_done = clock.run.stopped is not None
    return say.told["missed_and_done" if is_done and clock.state is State.MISSED else clock.state].format(
        what=what,
        target=_length(clock.target, say),
        started=_moment(clock.run.started, zone, say),
        due=_moment(clock.due, zone, say),
        stopped=_moment(clock.run.stopped, zone, say),
        left=_length(clock.remaining, say),
        late=_length(clock.late, say),
    )


def _line(line: ExplanationLine, zone: ZoneInfo, say: Sentences) -> str:
    form = "line_counted" if line.reason in (Code.COUNTED, Code.LATE) else "line_noted" if line.note else "line"
    return say.told[form].format(
        begins=_moment(line.begins, zone, say),
        ends=_moment(line.ends, zone, say),
        reason=reasons_in_words.in_words(because(line.reason), say.words.language),
        length=_length(line.length, say),
        note=line.note,
    )


def _moment(at: datetime | None, zone: ZoneInfo, say: Sentences) -> str:
    return say.words.moment(at.astimezone(zone)) if at is not None else ""


def _length(length: timedelta, say: Sentences) -> str:
    """1 h 30 min; whole seconds, and those only where there are some; hours are not made days, for no two days are one
    length in business time."""
    minutes, seconds = divmod(max(length, timedelta(0)) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = {"hours": hours, "minutes": minutes, "seconds": seconds}
    told = [say.units[unit].format(n=n) for unit, n in parts.items() if n]
    return say.units["apart"].join(told) or say.units["minutes"].format(n=0)


@cache
def _sentences(language: str) -> Sentences:
    told = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    units = cast(Mapping[str, str], told.pop("units"))
    return Sentences(told, units, words_in(language))
