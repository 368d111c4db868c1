"""Reasons in the languages of reasons/*.toml, for who reads them: the one place where a code becomes a sentence."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kept.language_tags import meant
from kept.reasons import Code, Reason

if TYPE_CHECKING:
    from kept.messaging.words import Words

FOLDER = Path(__file__).with_name("reasons")
UNKNOWN = "–"
"""Stands for a fact that an old record does not have."""


def in_words(reason: Reason | None, locale: str) -> str:
    """ "" for none. One that a later version wrote is shown by its code; somebody else's words as they are."""
    if reason is None:
        return ""
    said = _table(meant(locale)).get(reason.code)
    if said is None:
        return reason.code.replace("_", " ")
    told = _told(reason, locale) if reason.facts else {}
    return said.format_map(dict.fromkeys(_needed(reason.code), UNKNOWN) | told)


def line_in_words(line: str, locale: str) -> str:
    """A line of our own that ends in a reason, as the opening of a follow-up or evidence does: `reminder over sms
    failed: opted_out`. Any other as it is."""
    head, colon, stored = line.partition(": ")
    reason = Reason.read(stored)
    return f"{head}: {in_words(reason, locale)}" if colon and is_known(reason) else line


def is_known(reason: Reason) -> bool:
    """Neither a later version's nor somebody's words."""
    return reason.code in tuple(Code) and reason.code != Code.IN_THEIR_WORDS


def _told(reason: Reason, locale: str) -> dict[str, str]:
    from kept.messaging.words import words_in  # at first use: most reasons have no facts

    words = words_in(locale)
    return {name: _said(name, fact, words) for name, fact in reason.facts}


def _said(name: str, fact: str, words: "Words") -> str:
    """An instant by the clock that it was written with; of an old one only the time of day is known."""
    match name:
        case "channel":
            return words.channels.get(fact, fact)
        case "until" | "at":
            at = _instant(fact)
            return words.moment(at) if at else fact
        case "since":
            at = _instant(fact)
            return words.day(at) if at else fact
    return fact


def _instant(fact: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(fact)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _needed(code: str) -> tuple[str, ...]:
    return Code(code).facts


@cache
def _table(language: str) -> Mapping[str, str]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
