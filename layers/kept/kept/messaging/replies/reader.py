"""Reads a reply: phrase by phrase from the tables, clause by clause, every doubt taken from how sure it is.

It rather asks a person than guesses: a word it does not know beside an action, a condition, a question, a no, somebody
else, the past, two wishes at once, or a day that is not the appointment's, and the reading is not sure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from kept.messaging.replies import moments_en, moments_zh
from kept.messaging.replies.clauses import ENDS, clauses
from kept.messaging.replies.doubts import ANOTHER_TIME, NO_NEW_TIME, doubt
from kept.messaging.replies.meaning import Meaning, is_bare_time, meaning
from kept.messaging.replies.moments import Around, Moment, is_minutes, is_when, mark, number
from kept.messaging.replies.phrases import Found, Kind, tables, tokens
from kept.messaging.replies.reading import Asked, Intent, Reading, Wish
from kept.messaging.replies.spelling import plain
from kept.messaging.replies.wishes import given_up, is_its_time, named, wish

LONGEST = 500
"""Characters, ligatures counted as what they stand for. Whoever writes more has more to say; a person reads it."""

SUREST = 0.98
"""Even a key can be a slip of the thumb."""

KEYS = {
    Asked.BOOKING: {"1": Kind.CONFIRM, "2": Kind.MOVE, "3": Kind.CANCEL},
    Asked.ON_THE_DAY: {"1": Kind.LATE, "2": Kind.CANCEL},
    Asked.HOW_IT_WENT: {},
}
NUMERALS = {"one": "1", "two": "2", "three": "3", "一": "1", "二": "2", "三": "3"}
BEFORE_A_KEY = frozenset({"reply", "press", "option", "number", "hi", "please", "回复", "回", "复", "按", "选", "选择"})
_QUOTED = re.compile(r"""["“「『][^"”」』]{20,}["”」』]|^>.*$""", re.MULTILINE)


def read(text: str, *, asked: Asked, today: date, starts: datetime) -> Reading:
    """`today` is the client's, `starts` the local start of the appointment that was spoken of."""
    if len(text) > LONGEST or len(plain(text)) > LONGEST:
        return Reading(Intent.UNCLEAR, 0.0)
    rules = (*moments_zh.RULES, *moments_en.RULES)
    marked, moments = mark(tables().spelt(_own_words(text)), rules, Around(today, starts))
    words = tokens(marked)
    if len(words) == 1:
        words = [NUMERALS.get(words[0], words[0])]
    meant = meaning(clauses(_suited(_with_keys(tables().find(words), asked), moments, starts)))
    sure = (
        SUREST
        - meant.doubt
        - doubt(meant.intent, meant.acting, meant.rest)
        - _of_its_time(meant, asked, moments, starts)
    )
    return Reading(
        _answer(meant.intent, asked),
        round(max(sure, 0.0), 2) if meant.acting else 0.0,
        wish(_wanted(meant, moments), starts) if meant.intent is Intent.MOVE else Wish(),
        _minutes(words, moments) if _answer(meant.intent, asked) is Intent.LATE else None,
    )


def _own_words(text: str) -> str:
    """Without our message, quoted above or before their answer; a reply that is all quotation is their own."""
    own = _QUOTED.sub(" ", text)
    return own if own.strip() else text


def _with_keys(phrases: Iterable[Found], asked: Asked) -> Iterator[Found]:
    """The key that begins a statement means what we offered; on the day, a number of minutes is an answer too."""
    head = True
    for phrase in phrases:
        token = phrase.tokens[0]
        if phrase.kind is None and head and token in KEYS[asked]:
            yield Found(KEYS[asked][token], phrase.tokens)
        elif asked is Asked.ON_THE_DAY and phrase.kind is Kind.KNOWN and is_minutes(token):
            yield Found(Kind.LATE, phrase.tokens)
        else:
            yield phrase
            head = token in ENDS or token in BEFORE_A_KEY or phrase.kind is Kind.BREAK


def _suited(phrases: Iterable[Found], moments: Sequence[Moment], starts: datetime) -> Iterator[Found]:
    """ "Friday works" confirms an appointment on a Friday, and would move any other."""
    for phrase in phrases:
        if phrase.kind is Kind.SUITS:
            own = all(is_its_time(moments[number(token)], starts) for token in phrase.tokens if is_when(token))
            yield Found(Kind.CONFIRM if own else Kind.MOVE, phrase.tokens)
        else:
            yield phrase


def _answer(intent: Intent, asked: Asked) -> Intent:
    """Whoever says yes, or that they will be there, on the day, is on their way."""
    return Intent.LATE if intent is Intent.CONFIRM and asked is Asked.ON_THE_DAY else intent


def _of_its_time(meant: Meaning, asked: Asked, moments: Sequence[Moment], starts: datetime) -> float:
    """The doubt of a yes or a no to another time than the appointment's, and of a move to that very time."""
    times = _wanted(meant, moments)
    if meant.intent is Intent.MOVE:
        if times and all(is_its_time(moment, starts) for moment in times) and not _moves(meant):
            return NO_NEW_TIME
        asked_for = wish(times, starts)
        same = Moment(asked_for.day or starts.date(), asked_for.part, asked_for.at)
        return NO_NEW_TIME if times and asked_for != Wish() and is_its_time(same, starts) else 0
    if _answer(meant.intent, asked) in (Intent.CONFIRM, Intent.CANCEL):
        times = [*times, *given_up(meant.acting, moments)]
        return 0 if all(is_its_time(moment, starts) for moment in times) else ANOTHER_TIME
    return 0


def _moves(meant: Meaning) -> bool:
    return any(Kind.MOVE in clause.kinds for clause in meant.acting)


def _wanted(meant: Meaning, moments: Sequence[Moment]) -> list[Moment]:
    return named([*meant.acting, *filter(is_bare_time, meant.rest)], moments)


def _minutes(words: Sequence[str], moments: Sequence[Moment]) -> int | None:
    said = (moments[number(word)].minutes for word in words if is_minutes(word))
    return next(said, None)
