"""Where in a reply without commas something is told of somebody or something: "can't come | my car broke down"."""

from collections.abc import Sequence
from itertools import takewhile

from kept.messaging.replies.phrases import GAP, PhraseFound, PhraseKind, tables

FAR = 6
"""Words in which it is told, from "my" on; the tables say which words tell."""

IS = frozenset({"is", "are"})
"""Followed by how somebody is: "my wife is ill". Before anything else it may have been "my wife's"."""

OURS = frozenset({"appointment", "appointments", "booking", "slot", "visit", "session", "time", "one"})
RUNS_ON = frozenset(
    {"to", "at", "for", "with", "of", "in", "on", "from", "about", "and", "or", "that", "one"}
    | {"confirm", "confirmed", "confirming", "认", "消", "改", "换", "退", "把", "将"}
)
"""After such a word what follows belongs to it: "confirm my wife is coming", 「取消 健身课」."""


def is_statement(found: Sequence[PhraseFound]) -> bool:
    """Of what begins here: with whose it is, or after a space between Chinese words."""
    told = list(takewhile(lambda phrase: phrase.kind is not None or phrase.tokens[0].isalnum(), found))
    if found[0].tokens == (GAP,):
        behind = takewhile(lambda phrase: phrase.tokens != (GAP,), told[1:])
        return any(phrase.kind is PhraseKind.REASON for phrase in behind)
    tokens = [token for phrase in told for token in phrase.tokens][1:FAR]
    if not tokens or tokens[0] in OURS:
        return False
    return any(
        token in tables().happens or (token in IS and behind in tables().how)
        for token, behind in zip(tokens[1:], [*tokens[2:], ""], strict=False)
    )


def runs_on(part: Sequence[PhraseFound]) -> bool:
    """Whether what was said so far wants more: it ends in a verb or a word that takes an object."""
    said = [phrase for phrase in part if phrase.kind is not PhraseKind.FILLER] or part
    return bool(said) and said[-1].tokens[-1] in RUNS_ON
