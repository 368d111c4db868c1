"""The clauses of a reply: what belongs to one statement, so that a doubt about one says nothing of another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kept.messaging.replies.moments import is_when
from kept.messaging.replies.phrases import GAP, PhraseFound, PhraseKind
from kept.messaging.replies.statements import is_statement, runs_on

ENDS = frozenset('.,!;:。、~()[]【】"「」“”…-–—>|/\n')
SPEAKERS = frozenset({"i", "we", "我"})
"""In a reply without commas a new statement begins where they speak of themselves again."""

INTENTS = frozenset(
    {
        PhraseKind.CONFIRM,
        PhraseKind.CANCEL,
        PhraseKind.MOVE,
        PhraseKind.LATE,
        PhraseKind.QUESTION,
        PhraseKind.STOP,
        PhraseKind.START,
        PhraseKind.COMPLAINT,
    }
)
ANSWERS = frozenset(
    {PhraseKind.YES, PhraseKind.AGREED, PhraseKind.ACKNOWLEDGED, PhraseKind.DECLINED, PhraseKind.UNCLEAR}
)
SAYS_SOMETHING = frozenset({PhraseKind.OTHER, PhraseKind.PAST, PhraseKind.REASON, None})
"""Two of these are a statement: "my son is sick | I need to cancel". One is only who or when: "my son I can come"."""
CARRIED = frozenset({PhraseKind.NOT, PhraseKind.MAYBE, PhraseKind.IF})
REPORTS = frozenset({"said", "says", "told", "asked", "thinks", "thought", "say", "说", "讲", "问", "觉得", "以为"})
"""At the end of a run-on clause these belong to the next: "don't | I'll be there", "she said | I can come"."""


SIGNS_OFF = frozenset({"regards", "sincerely", "cordially", "faithfully"})
"""With a thank-you or one of these a statement of its own begins, mostly with a name: "can't come thanks Bob"."""
OWNERS = frozenset({"my", "our", "the"})
"""In such a reply a reason begins with whose it is, if something is told of it: "can't come | my car broke down"."""


def is_chinese(token: str) -> bool:
    return "\u4e00" <= token[0] <= "\u9fff"


@dataclass(frozen=True, slots=True)
class Clause:
    """Its phrases in order; `asks` if it ended with a question mark, or with what is one in Chinese."""

    found: tuple[PhraseFound, ...]

    @property
    def kinds(self) -> frozenset[PhraseKind]:
        return frozenset(found.kind for found in self.found if found.kind)

    @property
    def asks(self) -> bool:
        return PhraseKind.ASKING in self.kinds

    @property
    def unknown(self) -> list[str]:
        """Words in no table; no emoji and no signs."""
        return [found.tokens[0] for found in self.found if found.kind is None and found.tokens[0].isalnum()]

    @property
    def whens(self) -> list[str]:
        return [token for found in self.found for token in found.tokens if is_when(token)]


def clauses(found: Iterable[PhraseFound]) -> list[Clause]:
    return [Clause(tuple(part)) for part in _parts(list(found)) if part]


def _parts(found: Sequence[PhraseFound]) -> Iterator[list[PhraseFound]]:
    part: list[PhraseFound] = []
    for at, phrase in enumerate(found):
        if phrase.tokens[0] in ENDS and phrase.kind is None:
            yield part
            part = _carried(part) if phrase.tokens[0] == "\n" else []
        elif phrase.tokens == ("?",):
            yield [*part, phrase]
            part = []
        elif _begins_anew(found[at:], part):
            yield part
            part = [*_carried(part), phrase]
        else:
            part.append(phrase)
    yield part


def _carried(part: list[PhraseFound]) -> list[PhraseFound]:
    if part and part[-1].tokens[-1] in REPORTS:
        return [PhraseFound(PhraseKind.PAST, part[-1].tokens)]
    return part[-1:] if part and part[-1].kind in CARRIED else []


def _begins_anew(found: Sequence[PhraseFound], part: list[PhraseFound]) -> bool:
    phrase = found[0]
    if phrase.kind in (PhraseKind.BREAK, PhraseKind.RESERVATION):
        return True
    says = any(found.kind in INTENTS or found.kind in ANSWERS for found in part)
    if phrase.kind is PhraseKind.THANKS or phrase.tokens[-1] in SIGNS_OFF:
        return says
    if phrase.tokens[0] in OWNERS or phrase.tokens == (GAP,):
        return says and is_statement(found) and not runs_on(part)
    if phrase.tokens[0] not in SPEAKERS:
        return False
    thanks = any(found.kind is PhraseKind.THANKS for found in part)
    return says or thanks or sum(found.kind in SAYS_SOMETHING for found in part) > 1
