"""Reads a reply: phrase by phrase from the tables, clause by clause, every doubt taken from how sure it is.

It rather asks a person than guesses: a word it does not know beside an action, a condition, a question, a no, somebody
else, the past, two wishes at once, or a day that is not the appointment's, and the reading is not sure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from kept.messaging.replies import moments_en, moments_zh
from kept.messaging.replies.automatic import is_automatic, is_reaction
from kept.messaging.replies.carriers import is_carriers_word, is_opt_out
from kept.messaging.replies.clauses import ENDS, SPEAKERS, Clause, clauses
from kept.messaging.replies.doubts import ANOTHER_TIME, NO_NEW_TIME, doubt
from kept.messaging.replies.lone import ANSWERS, EDGES, words
from kept.messaging.replies.meaning import Meaning, is_bare_time, left_alone, meaning
from kept.messaging.replies.moments import Around, Moment, is_minutes, is_when, mark, number
from kept.messaging.replies.names import without_name
from kept.messaging.replies.own_words import own_words
from kept.messaging.replies.phrases import SAYS_NOTHING, PhraseFound, PhraseKind, tables, tokens
from kept.messaging.replies.reading import SURE, Asked, Intent, Reading, RequestedTime
from kept.messaging.replies.requested_time import given_up, is_its_time, named, wish
from kept.messaging.replies.spelling import plain
from kept.messaging.replies.whole_answers import whole_answer
from kept.messaging.replies.wrong_number import is_wrong_number

LONGEST = 500
"""Characters, ligatures counted as what they stand for. Whoever writes more has more to say; a person reads it."""

LOOKED_AT = 5_000
"""Characters of a mail with all that it quotes."""

SUREST = 0.98
"""Even a key can be a slip of the thumb."""

KEYS = {
    Asked.BOOKING: {"1": PhraseKind.CONFIRM, "2": PhraseKind.MOVE, "3": PhraseKind.CANCEL},
    Asked.ON_THE_DAY: {"1": PhraseKind.LATE, "2": PhraseKind.CANCEL},
    Asked.HOW_IT_WENT: {},
    Asked.BY_STAFF: {},
    Asked.OFFERED: {"1": PhraseKind.CONFIRM, "2": PhraseKind.DECLINED},
}
KEYS[Asked.DELAYED] = KEYS[Asked.BOOKING]
"""A delay is answered as any message about a booking is: they come and wait, move it, or cancel."""

NUMERALS = {"one": "1", "two": "2", "three": "3", "一": "1", "二": "2", "三": "3"}
GIVE_UP = frozenset({PhraseKind.CANCEL, PhraseKind.MOVE})
LATE = frozenset({"late", "behind"})
BEFORE_A_KEY = frozenset({"reply", "press", "option", "number", "hi", "please", "回复", "回", "复", "按", "选", "选择"})
OF_A_KEY = {"1": ANSWERS, "2": frozenset({PhraseKind.MOVE}), "3": frozenset({PhraseKind.CANCEL})}
"""What may be said straight after it; before a noun it is only a number."""


def read(text: str, *, asked: Asked, today: date, starts: datetime, name: str = "") -> Reading:
    """`today` is the client's and so is `name`; `starts` the local start of the appointment that was spoken of."""
    if len(text) > LOOKED_AT:
        return Reading(Intent.UNCLEAR, 0.0)
    written, text = own_words(text), plain(text)
    own = own_words(text)
    if is_reaction(text):
        return Reading(Intent.AUTOMATIC, SUREST)
    if is_opt_out(own):
        return Reading(Intent.STOP, SUREST, carriers_word=True)
    if len(own) > LONGEST:
        return Reading(Intent.UNCLEAR, 0.0)
    if is_automatic(own):
        return Reading(Intent.AUTOMATIC, SUREST)
    if answer := whole_answer(own, asked):
        return Reading(answer, SUREST)
    reading = _read(own, asked, Around(today, starts))
    if not (reading.intent is Intent.STOP and reading.is_sure) and is_wrong_number(written, name):
        return Reading(Intent.WRONG_NUMBER, SUREST)
    return replace(reading, carriers_word=True) if is_carriers_word(own) else reading


def _read(own: str, asked: Asked, around: Around) -> Reading:
    starts = around.starts
    marked, moments = mark(tables().spelt(own), (*moments_zh.RULES, *moments_en.RULES), around)
    found = tokens(marked)
    if len(found) == 1:
        found = [NUMERALS.get(found[0], found[0])]
    phrases = _on_the_road(list(_with_keys(list(without_name(list(tables().find(found)))), asked)), asked)
    said = clauses(_suited(words(list(phrases), tables().alone), moments, starts))
    if (stop := left_alone(said)) and (sure := SUREST - doubt(Intent.STOP, stop.acting, stop.rest)) >= SURE:
        return Reading(Intent.STOP, round(sure, 2), says_more=any(map(_says_something, stop.rest)))
    meant = meaning(said)
    sure = (
        SUREST
        - meant.doubt
        - doubt(meant.intent, meant.acting, meant.rest, said)
        - _of_its_time(meant, asked, moments, starts)
    )
    return Reading(
        _answer(meant.intent, asked),
        round(max(sure, 0.0), 2) if meant.acting else 0.0,
        wish(_wanted(meant, moments), starts) if meant.intent is Intent.MOVE else RequestedTime(),
        _minutes(found, moments) if _answer(meant.intent, asked) is Intent.LATE else None,
    )


def _says_something(clause: Clause) -> bool:
    return bool(clause.unknown or clause.kinds - SAYS_NOTHING - {PhraseKind.THANKS, PhraseKind.BREAK})


def _with_keys(phrases: Sequence[PhraseFound], asked: Asked) -> Iterator[PhraseFound]:
    """The key that begins a statement means what we offered; on the day, a number of minutes is an answer too."""
    head = True
    for at, phrase in enumerate(phrases):
        token, behind = phrase.tokens[0], phrases[at + 1] if at + 1 < len(phrases) else None
        if phrase.kind is None and head and token in KEYS[asked] and _may_follow(behind, token, KEYS[asked][token]):
            yield PhraseFound(KEYS[asked][token], phrase.tokens)
        elif head and behind and token in KEYS[Asked.BOOKING] and behind.kind is KEYS[Asked.BOOKING][token]:
            yield PhraseFound(PhraseKind.FILLER, phrase.tokens)
        else:
            yield phrase
            head = token in ENDS or token in BEFORE_A_KEY or phrase.kind is PhraseKind.BREAK


def _may_follow(behind: PhraseFound | None, key: str, kind: PhraseKind) -> bool:
    if behind is None or behind.kind in EDGES or behind.kind in OF_A_KEY[key] or behind.kind is kind:
        return True
    is_time = behind.kind in (PhraseKind.KNOWN, PhraseKind.SUITS, PhraseKind.MOVE, PhraseKind.GIVEN_UP) and is_when(
        behind.tokens[0]
    )
    return is_time or behind.tokens[0] in ENDS or behind.tokens[0] in SPEAKERS


def _on_the_road(phrases: Sequence[PhraseFound], asked: Asked) -> Iterator[PhraseFound]:
    """Asked whether they are on their way, where they are is an answer, and so is a number of minutes; the bus and the
    traffic are mere circumstances otherwise, and beside a wish to cancel or move: "stuck on the bridge, please cancel".
    But "be 10 minutes | late" is said at any time.
    """
    on_the_day = asked is Asked.ON_THE_DAY and not any(phrase.kind in GIVE_UP for phrase in phrases)
    for at, phrase in enumerate(phrases):
        if phrase.kind is PhraseKind.ON_THE_ROAD:
            says_late = is_minutes(phrase.tokens[-1]) and at + 1 < len(phrases) and phrases[at + 1].tokens[0] in LATE
            yield PhraseFound(PhraseKind.LATE if on_the_day or says_late else PhraseKind.REASON, phrase.tokens)
        elif on_the_day and phrase.kind is PhraseKind.KNOWN and is_minutes(phrase.tokens[0]):
            yield PhraseFound(PhraseKind.LATE, phrase.tokens)
        else:
            yield phrase


def _suited(phrases: Iterable[PhraseFound], moments: Sequence[Moment], starts: datetime) -> Iterator[PhraseFound]:
    """ "Friday works" confirms an appointment on a Friday, and would move any other."""
    for phrase in phrases:
        if phrase.kind is PhraseKind.SUITS:
            own = all(is_its_time(moments[number(token)], starts) for token in phrase.tokens if is_when(token))
            yield PhraseFound(PhraseKind.CONFIRM if own else PhraseKind.MOVE, phrase.tokens)
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
        return NO_NEW_TIME if times and asked_for != RequestedTime() and is_its_time(same, starts) else 0
    if _answer(meant.intent, asked) in (Intent.CONFIRM, Intent.CANCEL):
        if meant.intent is Intent.CONFIRM and Moment() in times:
            return ANOTHER_TIME
        times = [*times, *given_up(meant.acting, moments)]
        return 0 if all(is_its_time(moment, starts) for moment in times) else ANOTHER_TIME
    return 0


def _moves(meant: Meaning) -> bool:
    return any(PhraseKind.MOVE in clause.kinds for clause in meant.acting)


def _wanted(meant: Meaning, moments: Sequence[Moment]) -> list[Moment]:
    return named([*meant.acting, *filter(is_bare_time, meant.rest)], moments)


def _minutes(words: Sequence[str], moments: Sequence[Moment]) -> int | None:
    said = (moments[number(word)].minutes for word in words if is_minutes(word))
    return next(said, None)
