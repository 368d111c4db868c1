"""What makes a reading less than sure, and by how much; SURE says how much is too much."""

from collections.abc import Iterable
from itertools import pairwise

from kept.messaging.replies.clauses import Clause
from kept.messaging.replies.phrases import Found, Kind
from kept.messaging.replies.reading import Intent

BESIDE = dict.fromkeys((Kind.NOT, Kind.PAST, Kind.OTHER, Kind.ASK, Kind.QUESTION), 0.4)
"""In the clause of the action: a no, the past, somebody or something else, a question word."""

A_DAY_REFUSED = 0.4
"""Not Friday: it goes with cancelling and moving, not with coming."""

A_CONDITION = 0.5
"""Meant for everything that is said, wherever it stands."""

A_PERHAPS = 0.3
"""In the clause of the action, or in one of its own."""

UNKNOWN_WORD, UNKNOWN_CHARACTER = 0.05, 0.025
UNKNOWN_OBJECT = 0.2
"""Besides, for what the verb may be about: "cancel the pizza", the first word of "Jenny can't come"."""
VERBS = frozenset(
    {"cancel", "cancelling", "confirm", "confirmed", "confirming", "move", "change", "reschedule", "switch", "swap"}
    | {"stop", "start", "push", "1", "2", "3", "消", "认", "改", "换", "订"}
)
"""The last word or character of what takes an object; a key before a noun is only a number."""
UNKNOWN_ELSEWHERE = 0.005
RESERVATIONS = frozenset({"but", "however", "though", "但", "不", "可", "只"})
"""How a clause begins that may take back what was said before it; its unknown words count in full."""
A_QUESTION = 0.4
ANOTHER_TIME = 0.4
NO_NEW_TIME = 0.3
WORD_AMONG_OTHERS = 0.4
"""STOP and START are words of every day when they do not stand alone."""


def doubt(intent: Intent, acting: Iterable[Clause], rest: Iterable[Clause]) -> float:
    """`acting` are the clauses that say what is wanted, `rest` the others."""
    acting, rest = list(acting), list(rest)
    condition = A_CONDITION if any(Kind.IF in clause.kinds for clause in (*acting, *rest)) else 0
    perhaps = A_PERHAPS if not _is_open_to_maybe(intent, acting) and _is_perhaps(acting, rest) else 0
    elsewhere = sum(_elsewhere(clause) for clause in rest)
    return condition + perhaps + elsewhere + sum(_within(intent, clause) for clause in acting)


def _is_open_to_maybe(intent: Intent, acting: Iterable[Clause]) -> bool:
    """Perhaps Saturday is still a wish for Saturday, and perhaps ten minutes late is still late."""
    return intent is Intent.LATE or (intent is Intent.MOVE and any(clause.whens for clause in acting))


def _is_perhaps(acting: Iterable[Clause], rest: Iterable[Clause]) -> bool:
    own = (clause for clause in rest if clause.kinds <= {Kind.MAYBE, Kind.KNOWN, Kind.ASKING})
    return any(Kind.MAYBE in clause.kinds for clause in (*acting, *own))


def _within(intent: Intent, clause: Clause) -> float:
    beside = sum(BESIDE.get(kind, 0) for kind in clause.kinds)
    refused = A_DAY_REFUSED if intent is Intent.CONFIRM and _refuses_a_day(clause) else 0
    polite = intent is Intent.MOVE or (Kind.POLITE in clause.kinds and intent is not Intent.CONFIRM)
    asked = A_QUESTION if clause.asks and not polite else 0
    return beside + refused + asked + _unknown(clause.found) + _alone(clause)


def _refuses_a_day(clause: Clause) -> bool:
    return any(found.kind is Kind.GIVEN_UP and found.tokens[0] in ("not", "不") for found in clause.found)


def _elsewhere(clause: Clause) -> float:
    first = clause.found[0]
    if first.kind is Kind.BREAK and first.tokens[0] in RESERVATIONS:
        return _unknown(clause.found)
    return UNKNOWN_ELSEWHERE * len(clause.unknown)


def _unknown(found: tuple[Found, ...]) -> float:
    words = [phrase.tokens[0] for phrase in found if phrase.kind is None]
    total = sum(UNKNOWN_WORD if word.isascii() else UNKNOWN_CHARACTER for word in words)
    return total + (UNKNOWN_OBJECT if _has_unknown_object(found) or _has_unknown_subject(found) else 0)


def _has_unknown_object(found: tuple[Found, ...]) -> bool:
    """Behind the verb, after an article or whatever else is known."""
    for at, phrase in enumerate(found):
        if phrase.tokens[-1] in VERBS:
            behind = next((other for other in found[at + 1 :] if other.kind is not Kind.KNOWN), None)
            if behind and behind.kind is None:
                return True
    return False


def _has_unknown_subject(found: tuple[Found, ...]) -> bool:
    """Jenny can't come; 「把瑜伽取消」 has the object there."""
    for before, phrase in pairwise(found):
        if before.kind is None and phrase.kind in (Kind.CANCEL, Kind.CONFIRM):
            return phrase.tokens[-1] not in VERBS or any(other.tokens[0] in ("把", "将") for other in found)
    return False


def _alone(clause: Clause) -> float:
    single = any(f.kind in (Kind.STOP, Kind.START) and len(f.tokens) == 1 for f in clause.found)
    return WORD_AMONG_OTHERS if single and len(clause.found) > 2 else 0
