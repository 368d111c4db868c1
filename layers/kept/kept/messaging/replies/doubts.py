"""What makes a reading less than sure, and by how much; SURE says how much is too much."""

from collections.abc import Iterable

from kept.messaging.replies.clauses import Clause
from kept.messaging.replies.meaning import BARE
from kept.messaging.replies.objects import is_about_another
from kept.messaging.replies.phrases import SAYS_NOTHING, PhraseKind
from kept.messaging.replies.reading import Intent

BESIDE = dict.fromkeys((PhraseKind.NOT, PhraseKind.PAST, PhraseKind.OTHER, PhraseKind.ASK, PhraseKind.QUESTION), 0.4)
"""In the clause of the action: a no, the past, somebody or something else, a question word."""

A_DAY_REFUSED = 0.4
"""Not Friday: it goes with cancelling and moving, not with coming."""

A_CONDITION = 0.5
"""Meant for everything that is said, wherever it stands."""

A_PERHAPS = 0.3
"""In the clause of the action, or in one of its own."""

AN_UNKNOWN_WORD = 0.2
"""One beside an action is enough to ask a person."""

UNKNOWN_ELSEWHERE = 0.005
A_CIRCUMSTANCE = 0.2
"""The car, the fever, the office: they go with what is put off, not with a yes or with STOP, and no verb of ours is
about them: "cancel the car"."""

A_RESERVATION = 0.4
"""A but that comes after it takes back what was said."""

A_REQUEST = 0.4
"""Who says yes and asks for something has not said yes to what is booked."""

A_QUESTION = 0.4
ANOTHER_TIME = 0.4
NO_NEW_TIME = 0.3
A_YES_AND_A_WISH = 0.25
""" "OK, but can it be later" names no time: it may be another visit, or a delay."""

EARLIER_OR_LATER = frozenset({"earlier", "later", "sooner", "早", "晚"})
TO_MOVE = frozenset({"move", "moving", "change", "reschedule", "改", "换", "动"})
HELD_TO_A_YES = frozenset({Intent.CONFIRM, Intent.STOP, Intent.START})
NAMES_A_DAY = frozenset({"my", "the", "from", "appointment", "slot", "booking", "one", "on"}) | set(
    "从把的预约那个原来本定"
)


def doubt(intent: Intent, acting: Iterable[Clause], rest: Iterable[Clause], said: Iterable[Clause] = ()) -> float:
    """`acting` are the clauses that say what is wanted, `rest` the others; `said` all of them in their order."""
    acting, rest, said = list(acting), list(rest), list(said)
    condition = A_CONDITION if any(_is_condition(intent, clause) for clause in (*acting, *rest)) else 0
    perhaps = A_PERHAPS if not _is_open_to_maybe(intent, acting) and _is_perhaps(acting, rest) else 0
    vague = A_YES_AND_A_WISH if intent is Intent.MOVE and _is_vague(acting, said) else 0
    kept = A_DAY_REFUSED if intent is Intent.CANCEL and any(PhraseKind.KEEP in clause.kinds for clause in said) else 0
    taken_back = A_RESERVATION if _is_taken_back(intent, acting, said) else 0
    elsewhere = sum(_elsewhere(intent, clause) for clause in rest)
    return (
        condition + perhaps + vague + kept + taken_back + elsewhere + sum(_within(intent, clause) for clause in acting)
    )


def _is_condition(intent: Intent, clause: Clause) -> bool:
    """ "If possible" is polite beside a wish, and a condition beside a yes."""
    return PhraseKind.IF in clause.kinds or (intent in HELD_TO_A_YES and PhraseKind.COURTESY in clause.kinds)


def _is_open_to_maybe(intent: Intent, acting: Iterable[Clause]) -> bool:
    """Perhaps Saturday is still a wish for Saturday, and perhaps ten minutes late is still late."""
    return intent is Intent.LATE or (intent is Intent.MOVE and any(clause.whens for clause in acting))


def _is_perhaps(acting: Iterable[Clause], rest: Iterable[Clause]) -> bool:
    bare = {PhraseKind.MAYBE, PhraseKind.KNOWN, PhraseKind.FILLER, PhraseKind.ASKING}
    own = (clause for clause in rest if clause.kinds <= bare)
    return any(PhraseKind.MAYBE in clause.kinds for clause in (*acting, *own))


def _is_taken_back(intent: Intent, acting: list[Clause], said: list[Clause]) -> bool:
    """By what comes after; a wish to move or a delay may be qualified, and "but thanks" takes nothing back."""
    if intent in (Intent.MOVE, Intent.LATE):
        return False
    first = next((at for at, clause in enumerate(said) if clause in acting and clause.kinds - SAYS_NOTHING), 0)
    return any(_reserves(clause) for clause in said[first + 1 :])


def _is_vague(acting: list[Clause], said: list[Clause]) -> bool:
    kinds = frozenset(kind for clause in said for kind in clause.kinds)
    if any(clause.whens for clause in acting) or not kinds & {PhraseKind.YES, PhraseKind.AGREED, PhraseKind.CONFIRM}:
        return False
    words = {token for clause in acting for found in clause.found for token in found.tokens}
    return PhraseKind.RESERVATION in kinds or bool(words & EARLIER_OR_LATER)


def _reserves(clause: Clause) -> bool:
    says = clause.kinds - {PhraseKind.RESERVATION, PhraseKind.THANKS, PhraseKind.FILLER}
    return PhraseKind.RESERVATION in clause.kinds and bool(says or clause.unknown)


def _within(intent: Intent, clause: Clause) -> float:
    beside = sum(BESIDE.get(kind, 0) for kind in clause.kinds)
    kept = A_DAY_REFUSED if intent is Intent.MOVE and _keeps_the_time(clause) else 0
    refused = A_DAY_REFUSED if intent is Intent.CONFIRM and _refuses_a_day(clause) else 0
    polite = intent is Intent.MOVE or (PhraseKind.POLITE in clause.kinds and intent is not Intent.CONFIRM)
    asked = A_QUESTION if clause.asks and not polite else 0
    return beside + kept + refused + asked + _circumstances(intent, clause) + AN_UNKNOWN_WORD * len(clause.unknown)


def _keeps_the_time(clause: Clause) -> bool:
    return any(found.kind is PhraseKind.KEEP and TO_MOVE & set(found.tokens) for found in clause.found)


def _refuses_a_day(clause: Clause) -> bool:
    given_up = (found for found in clause.found if found.kind is PhraseKind.GIVEN_UP)
    return any(any(token not in NAMES_A_DAY and token.isalpha() for token in found.tokens) for found in given_up)


def _elsewhere(intent: Intent, clause: Clause) -> float:
    if intent is Intent.CONFIRM and clause.kinds & {PhraseKind.POLITE, PhraseKind.ASK, PhraseKind.DECLINED}:
        return A_REQUEST
    if intent is Intent.CANCEL and ((PhraseKind.POLITE in clause.kinds and clause.whens) or _goes_on(clause)):
        return A_REQUEST
    if intent is Intent.CONFIRM and (_refuses_a_day(clause) or _is_a_no(clause)):
        return A_DAY_REFUSED
    if clause.found[0].kind is PhraseKind.RESERVATION:
        return AN_UNKNOWN_WORD * len(clause.unknown)
    return UNKNOWN_ELSEWHERE * len(clause.unknown)


def _goes_on(clause: Clause) -> bool:
    """ "Cancel and Monday please", "cancel and another day": another time that they want, or another visit that they
    give up as well."""
    names_a_time = clause.whens or PhraseKind.SOME_DAY in clause.kinds
    is_bare = clause.kinds <= BARE | {PhraseKind.BREAK} and not clause.unknown
    return bool(names_a_time) and clause.found[0].kind is PhraseKind.BREAK and is_bare


def _is_a_no(clause: Clause) -> bool:
    """ "I'll be there or I won't", "wrong day, confirm": a no that is about nothing else."""
    return PhraseKind.NOT in clause.kinds and clause.kinds <= {
        PhraseKind.NOT,
        PhraseKind.KNOWN,
        PhraseKind.FILLER,
        PhraseKind.ASKING,
    }


def _circumstances(intent: Intent, clause: Clause) -> float:
    beside = intent in HELD_TO_A_YES and PhraseKind.REASON in clause.kinds
    asked = intent is Intent.CONFIRM and PhraseKind.POLITE in clause.kinds
    return (A_CIRCUMSTANCE if beside or is_about_another(clause.found) else 0) + (A_REQUEST if asked else 0)
