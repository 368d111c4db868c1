"""The tables of phrases, and where in a reply they stand: always the longest phrase that begins at a word.

A table is a file per language in tables/, for a receptionist to read and add to. A word of English, a character of
Chinese and a moment are one token each, so that both languages are found in one reply, mixed as people mix them.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any

from kept.messaging.replies.moments import is_minutes, is_when
from kept.messaging.replies.spelling import plain, spelt

FOLDER = Path(__file__).with_name("tables")
WHEN, MINUTES = "{when}", "{minutes}"
GAP = " "
"""A space between two Chinese words is written where others set a comma; within a phrase it changes nothing."""
_TOKEN = re.compile(r"\{\w+\}|[a-z]+(?:[-'][a-z]+)*|\d+|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])|\n|[^\s]")
_LATIN = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
_BLANKS = re.compile(r"[^\S\n]+")
_PIECE = re.compile(r"\{[^}]+\}|[^\s{}]+")


class PhraseKind(StrEnum):
    """What a phrase says: an intent, by its name, or something that bears on one."""

    YES = "yes"
    AGREED = "agreed"
    ACKNOWLEDGED = "acknowledged"
    SOME_DAY = "some_day"
    SUITS = "suits"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    LATE = "late"
    ON_THE_ROAD = "on_the_road"
    QUESTION = "question"
    STOP = "stop"
    START = "start"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    UNCLEAR = "unclear"
    KEEP = "keep"
    DECLINED = "declined"
    ASK = "ask"
    ASKING = "asking"
    IF = "if"
    COURTESY = "courtesy"
    MAYBE = "maybe"
    NOT = "not"
    PAST = "past"
    OTHER = "other"
    POLITE = "polite"
    GIVEN_UP = "given_up"
    BREAK = "break"
    RESERVATION = "reservation"
    REASON = "reason"
    KNOWN = "known"
    FILLER = "filler"


NEVER_APART = frozenset({"not", "no", "never"})
""" "Not definitely coming" is not "not coming"."""
SAYS_NOTHING = frozenset({PhraseKind.KNOWN, PhraseKind.REASON, PhraseKind.FILLER})


@dataclass(frozen=True, slots=True)
class PhraseFound:
    """A phrase and its tokens in the reply; `kind` is None for a word in no table: of Chinese, all the characters
    together that stand in none.
    """

    kind: PhraseKind | None
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """All languages together: the tree of phrases by token, and how words are spelt.

    `words` are those that need no mending, `mended` those that a slip is mended into, `alone` the phrases that mean
    something only where nothing else is said; `opt_out` are the carriers' own words, of which those of `opt_out_whole`
    count only as the whole reply; `happens` and `how` tell of somebody or something what befell and how it is.
    """

    tree: Mapping[str, Any]
    spelling: Mapping[str, str]
    words: frozenset[str]
    mended: frozenset[str]
    skipped: frozenset[str]
    opt_out: frozenset[str]
    opt_out_whole: frozenset[str]
    alone: frozenset[tuple[str, ...]]
    happens: frozenset[str]
    how: frozenset[str]

    def spelt(self, text: str) -> str:
        return spelt(_BLANKS.sub(" ", plain(text)), self.spelling, self.words, self.mended)

    def find(self, tokens: list[str]) -> Iterator[PhraseFound]:
        """A phrase that says nothing gives way to one that begins within it: "I will | not be able to come"."""
        at = 0
        while at < len(tokens):
            kind, end = self._longest(tokens, at)
            if kind in (PhraseKind.KNOWN, PhraseKind.REASON):
                end = next((start for start in range(at + 1, end) if self._longest(tokens, start)[1] > end), end)
            yield PhraseFound(PhraseKind.FILLER if tokens[at] == GAP else kind, tuple(tokens[at:end]))
            at = end

    def _longest(self, tokens: list[str], at: int) -> tuple[PhraseKind | None, int]:
        best, node = (None, at + 1), self.tree
        for end in range(at, len(tokens)):
            below = node.get(_key(tokens[end]))
            if below is None and end > at and tokens[end] in self.skipped and tokens[end - 1] not in NEVER_APART:
                continue
            if below is None:
                break
            node = below
            if "" in node:
                best = node[""], end + 1
        return best


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _key(token: str) -> str:
    return WHEN if is_when(token) else MINUTES if is_minutes(token) else token


@cache
def tables() -> Tables:
    """Read once by a process."""
    read = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))]
    spelling = {form: full for table in read for form, full in table.get("spelling", {}).items()}
    tree: dict[str, Any] = {}
    words: set[str] = set()
    alone: set[tuple[str, ...]] = set()
    for table in read:
        groups = {name: spelt(plain("\n".join(of)), spelling).split("\n") for name, of in table["groups"].items()}
        words.update(chain.from_iterable(_LATIN.findall(" ".join(of)) for of in groups.values()))
        for kind, lines in table["phrases"].items():
            lines = spelt(plain(lines), spelling)
            words.update(_LATIN.findall(lines))
            for line in lines.split("\n"):
                if pieces := _pieces(line, groups):
                    _plant(tree, pieces, PhraseKind(kind))
        alone |= {tuple(tokens(line)) for line in spelt(plain(table["also"]["alone"]), spelling).split("\n")}
    return Tables(
        tree,
        spelling,
        words=frozenset(words) | _also(read, "ordinary") | _also(read, "mended"),
        mended=_also(read, "mended"),
        skipped=_also(read, "skipped") | {GAP},
        opt_out=_also(read, "opt_out"),
        opt_out_whole=_also(read, "opt_out_whole"),
        alone=frozenset(alone),
        happens=_also(read, "happens"),
        how=_also(read, "how"),
    )


def _also(read: Iterable[Mapping[str, Any]], name: str) -> frozenset[str]:
    return frozenset(word for table in read for word in table["also"].get(name, "").split())


def wordings(lines: str, groups: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Of each line every way to choose from its alternatives and groups."""
    for line in lines.split("\n"):
        if choices := _pieces(line, groups):
            yield from (" ".join(choice) for choice in product(*choices))


def _pieces(line: str, groups: Mapping[str, Iterable[str]]) -> list[Iterable[str]]:
    """Of each piece its choices; a line without any is one piece."""
    if "{" not in line and "/" not in line:
        return [(line,)] if line.strip() else []
    return [_choices(piece, groups) for piece in _PIECE.findall(line)]


def _choices(piece: str, groups: Mapping[str, Iterable[str]]) -> Iterable[str]:
    if piece in (WHEN, MINUTES):
        return (piece,)
    return groups[piece[1:-1]] if piece.startswith("{") else piece.split("/")


def _plant(tree: dict[str, Any], pieces: Sequence[Iterable[str]], kind: PhraseKind) -> None:
    """Every wording of a line, piece by piece: many share how they begin."""
    if not pieces:
        tree.setdefault("", kind)
        return
    for choice in pieces[0]:
        below = tree
        for token in _words_of(choice):
            below = below.setdefault(token, {})
        _plant(below, pieces[1:], kind)


@cache
def _words_of(choice: str) -> tuple[str, ...]:
    return tuple(filter(str.strip, tokens(choice)))
