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
CARRIED = frozenset({Kind.NOT, Kind.MAYBE, Kind.IF})
"""At the end of a run-on clause these belong to the next: "don't | I'll be there"."""


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
        return [token for found in self.found if found.kind is None for token in found.tokens]

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
            part = []
        elif phrase.tokens == ("?",):
            yield [*part, phrase]
            part = []
        elif _begins_anew(phrase, part):
            carried = part[-1:] if part and part[-1].kind in CARRIED else []
            yield part
            part = [*carried, phrase]
        else:
            part.append(phrase)
    yield part


def _begins_anew(phrase: Found, part: list[Found]) -> bool:
    if phrase.kind is Kind.BREAK:
        return True
    said = {found.kind for found in part}
    return phrase.tokens[0] in SPEAKERS and bool(said & (INTENTS | {Kind.OTHER, Kind.PAST, None}))
