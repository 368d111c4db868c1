"""The clauses of a reply: what belongs to one statement, so that a doubt about one says nothing of another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kept.messaging.replies.moments import is_when
from kept.messaging.replies.phrases import Found, Kind

ENDS = frozenset('.,!;:。、~()[]【】"「」“”…-–—>|/\n')
SPEAKERS = frozenset({"i", "we", "我"})
"""In a reply without commas a new statement begins where they speak of themselves again."""

INTENTS = frozenset(
    {Kind.CONFIRM, Kind.CANCEL, Kind.MOVE, Kind.LATE, Kind.QUESTION, Kind.STOP, Kind.START, Kind.COMPLAINT}
)
ANSWERS = frozenset({Kind.YES, Kind.AGREED, Kind.ACKNOWLEDGED, Kind.DECLINED, Kind.UNCLEAR})
SAYS_SOMETHING = frozenset({Kind.OTHER, Kind.PAST, Kind.REASON, None})
"""Two of these are a statement: "my son is sick | I need to cancel". One is only who or when: "my son I can come"."""
CARRIED = frozenset({Kind.NOT, Kind.MAYBE, Kind.IF})
REPORTS = frozenset({"said", "says", "told", "asked", "thinks", "thought", "say", "说", "讲", "问", "觉得", "以为"})
"""At the end of a run-on clause these belong to the next: "don't | I'll be there", "she said | I can come"."""


def is_chinese(token: str) -> bool:
    return "\u4e00" <= token[0] <= "\u9fff"


@dataclass(frozen=True, slots=True)
class Clause:
    """Its phrases in order; `asks` if it ended with a question mark, or with what is one in Chinese."""

    found: tuple[Found, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(found.kind for found in self.found if found.kind)

    @property
    def asks(self) -> bool:
        return Kind.ASKING in self.kinds

    @property
    def unknown(self) -> list[str]:
        """Words in no table; no emoji and no signs."""
        return [found.tokens[0] for found in self.found if found.kind is None and found.tokens[0].isalnum()]

    @property
    def whens(self) -> list[str]:
        return [token for found in self.found for token in found.tokens if is_when(token)]


def clauses(found: Iterable[Found]) -> list[Clause]:
    return [Clause(tuple(part)) for part in _parts(found) if part]


def _parts(found: Iterable[Found]) -> Iterator[list[Found]]:
    part: list[Found] = []
    for phrase in found:
        if phrase.tokens[0] in ENDS and phrase.kind is None:
            yield part
            part = _carried(part) if phrase.tokens[0] == "\n" else []
        elif phrase.tokens == ("?",):
            yield [*part, phrase]
            part = []
        elif _begins_anew(phrase, part):
            yield part
            part = [*_carried(part), phrase]
        else:
            part.append(phrase)
    yield part


def _carried(part: list[Found]) -> list[Found]:
    if part and part[-1].tokens[-1] in REPORTS:
        return [Found(Kind.PAST, part[-1].tokens)]
    return part[-1:] if part and part[-1].kind in CARRIED else []


def _begins_anew(phrase: Found, part: list[Found]) -> bool:
    if phrase.kind in (Kind.BREAK, Kind.RESERVATION):
        return True
    if phrase.tokens[0] not in SPEAKERS:
        return False
    if any(found.kind in INTENTS or found.kind in ANSWERS for found in part):
        return True
    return sum(found.kind in SAYS_SOMETHING for found in part) > 1
