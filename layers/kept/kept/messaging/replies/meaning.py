"""What the clauses of a reply mean together: one intent, or none that a careful receptionist would act on."""

from collections.abc import Sequence
from dataclasses import dataclass

from kept.messaging.replies.clauses import INTENTS, SIGNS_OFF, Clause
from kept.messaging.replies.phrases import SAYS_NOTHING, PhraseKind
from kept.messaging.replies.reading import Intent

TOGETHER = {
    frozenset({PhraseKind.CANCEL, PhraseKind.MOVE}): Intent.MOVE,  # "can't make Friday, can we do Monday"
    frozenset({PhraseKind.CONFIRM, PhraseKind.LATE}): Intent.LATE,  # "I'm coming, ten minutes late"
}
"""Two wishes that are one; any other two are for a person."""

FIRST_OF_ALL = (PhraseKind.UNCLEAR, PhraseKind.COMPLAINT, PhraseKind.QUESTION)
"""Whatever else is said, these want a person."""

IN_PASSING = {
    PhraseKind.DECLINED: (Intent.CANCEL, 0.25),
    PhraseKind.YES: (Intent.CONFIRM, 0.0),
    PhraseKind.AGREED: (Intent.CONFIRM, 0.0),
    PhraseKind.KEEP: (Intent.CONFIRM, 0.25),
    PhraseKind.ACKNOWLEDGED: (Intent.CONFIRM, 0.25),
    PhraseKind.THANKS: (Intent.THANKS, 0.0),
}
"""What counts only where nothing weightier is said: "yes, cancel it" cancels. "Got it" may be a yes, or no answer;
"never mind" may give up the visit, or a question."""

ASKED_ONLY = 0.15
"""For "Saturday?" or "are you free on Saturday": no word says that they would come then."""

ASIDE = SAYS_NOTHING | {PhraseKind.THANKS, PhraseKind.BREAK}
EXCUSES = SIGNS_OFF | {"sorry", "apologies", "歉"}
BARE = frozenset(
    {
        PhraseKind.KNOWN,
        PhraseKind.FILLER,
        PhraseKind.ASKING,
        PhraseKind.MAYBE,
        PhraseKind.YES,
        PhraseKind.AGREED,
        PhraseKind.POLITE,
        PhraseKind.SOME_DAY,
    }
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The clauses that say it, the others, and how much it is in doubt beforehand."""

    intent: Intent
    acting: Sequence[Clause] = ()
    rest: Sequence[Clause] = ()
    doubt: float = 0.0


def is_bare_time(clause: Clause) -> bool:
    """Nothing but a day or a time: "Saturday?"."""
    return bool(clause.whens) and clause.kinds <= BARE and not clause.unknown


def left_alone(clauses: Sequence[Clause]) -> Meaning | None:
    """The wish for no more messages, whatever else is said: it comes before everything."""
    acting = [clause for clause in clauses if PhraseKind.STOP in clause.kinds]
    return Meaning(Intent.STOP, acting, [clause for clause in clauses if clause not in acting]) if acting else None


def meaning(clauses: Sequence[Clause]) -> Meaning:
    said = frozenset(kind for clause in clauses for kind in _weighty(clause))
    for kind in FIRST_OF_ALL:
        if kind in said:
            return Meaning(Intent(kind), clauses)
    if another := _another_time(clauses, said):
        return another
    if len(said) > 1 and said not in TOGETHER:
        return Meaning(Intent.UNCLEAR)
    if said:
        (kind, *_) = said
        return _of(clauses, TOGETHER.get(said) or Intent(kind))
    return _in_passing(clauses)


def _weighty(clause: Clause) -> frozenset[PhraseKind]:
    kinds = clause.kinds & (INTENTS | {PhraseKind.UNCLEAR})
    if PhraseKind.QUESTION in kinds:
        return frozenset({PhraseKind.QUESTION})
    asks = clause.asks or PhraseKind.ASK in clause.kinds
    names_a_time = clause.whens or PhraseKind.SOME_DAY in clause.kinds
    is_polite = (
        clause.kinds <= {PhraseKind.COURTESY, PhraseKind.ASKING, PhraseKind.KNOWN, PhraseKind.FILLER}
        and PhraseKind.COURTESY in clause.kinds
    )
    return frozenset({PhraseKind.QUESTION}) if asks and not kinds and not names_a_time and not is_polite else kinds


def _another_time(clauses: Sequence[Clause], said: frozenset[PhraseKind]) -> Meaning | None:
    """They give up the time they have and name another: "Friday's no good. Monday 10am?"."""
    gives_up = any(clause.kinds & {PhraseKind.CANCEL, PhraseKind.GIVEN_UP} for clause in clauses)
    times = [clause for clause in clauses if is_bare_time(clause)]
    if said <= {PhraseKind.CANCEL} and gives_up and times:
        return Meaning(Intent.MOVE, times, [clause for clause in clauses if clause not in times])
    if not said and any(clause.asks for clause in times):
        return Meaning(Intent.MOVE, times, [clause for clause in clauses if clause not in times], ASKED_ONLY)
    return None


def _of(clauses: Sequence[Clause], intent: Intent) -> Meaning:
    acting = [clause for clause in clauses if PhraseKind(intent) in clause.kinds]
    return Meaning(intent, acting, [clause for clause in clauses if clause not in acting])


def _in_passing(clauses: Sequence[Clause]) -> Meaning:
    said = frozenset(kind for clause in clauses for kind in clause.kinds)
    if PhraseKind.SOME_DAY in said:
        return Meaning(Intent.MOVE, clauses)
    if PhraseKind.THANKS in said and PhraseKind.AGREED in said and PhraseKind.YES not in said:
        return Meaning(Intent.THANKS, clauses)
    for kind, (intent, doubt) in IN_PASSING.items():
        if kind in said:
            acting = [clause for clause in clauses if not _is_aside(clause)] or clauses
            return Meaning(intent, acting, [clause for clause in clauses if clause not in acting], doubt)
    return Meaning(Intent.UNCLEAR)


def _is_aside(clause: Clause) -> bool:
    """What they thank for, excuse or give as their reason, in a clause of its own: whatever words it holds."""
    opens = next((found for found in clause.found if found.kind not in (PhraseKind.KNOWN, None)), None)
    is_one = opens is not None and (opens.kind in (PhraseKind.THANKS, PhraseKind.BREAK) or opens.tokens[-1] in EXCUSES)
    return is_one and clause.kinds <= ASIDE
