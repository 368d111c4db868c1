"""Whom they greet and who they say they are are no unknown words: "Hi Jenny this is Tom I can't come"."""

from collections.abc import Iterator, Sequence

from kept.messaging.replies.clauses import ENDS, is_chinese
from kept.messaging.replies.phrases import PhraseFound, PhraseKind

GREETS = frozenset({"hi", "hello", "hey", "hiya", "dear", "morning", "afternoon", "evening"})
INTRODUCES = ("this is", "it is", "name is", "我 是", "我 叫", "这 里 是", "我 名 字 是")
SAYS_NOTHING = frozenset({PhraseKind.FILLER, PhraseKind.KNOWN})
LONGEST = 3
"""Characters of a Chinese name; an English one is one word, or two after one another."""


def without_name(found: Sequence[PhraseFound]) -> Iterator[PhraseFound]:
    """Only at the beginning, before anything was said."""
    head, named = "", 0
    for at, phrase in enumerate(found):
        is_name = phrase.kind is None and phrase.tokens[0].isalpha() and named < _longest(phrase)
        if is_name and (named or _introduces(head, at)):
            named += 1
            yield PhraseFound(PhraseKind.FILLER, phrase.tokens)
            continue
        if phrase.kind not in SAYS_NOTHING and phrase.tokens[0] not in ENDS:
            yield from found[at:]
            return
        head, named = f"{head} {' '.join(phrase.tokens)}", 0
        yield phrase


def _introduces(head: str, at: int) -> bool:
    return head.endswith(INTRODUCES) or (at == 1 and head.split()[-1] in GREETS)


def _longest(phrase: PhraseFound) -> int:
    return LONGEST if is_chinese(phrase.tokens[0]) else 2
