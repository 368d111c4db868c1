"""A word counts only where it is a word: what means something alone in its clause, and within other words is unknown.

行 is a yes, 银行 is a bank; STOP is a wish to be left alone, a bus stop is not. Such a word counts beside particles and
courtesies, at the edge of its clause, or beside another answer of more than one character.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from kept.messaging.replies.clauses import ENDS, SPEAKERS, is_chinese
from kept.messaging.replies.moments import is_minutes, is_when
from kept.messaging.replies.phrases import PhraseFound, PhraseKind

ANSWERS = frozenset({PhraseKind.YES, PhraseKind.AGREED, PhraseKind.ACKNOWLEDGED, PhraseKind.CONFIRM})
SENDING = frozenset({PhraseKind.STOP, PhraseKind.START})
ACTING = ANSWERS | SENDING | {PhraseKind.CANCEL, PhraseKind.MOVE, PhraseKind.LATE, PhraseKind.KEEP, PhraseKind.SOME_DAY}
PARTICLES = frozenset("的啦呢哈呀啊哦噢喔哟吧呗嘛哇咯喽嘞噻哒滴咧叻勒耶")
INTERJECTIONS = frozenset("嗯恩哦噢啊诶哎")
"""Single characters count before the ones and after the others: 好的, 嗯好; and 成就 is no yes."""
EDGES = frozenset(
    {
        PhraseKind.FILLER,
        PhraseKind.THANKS,
        PhraseKind.ASKING,
        PhraseKind.BREAK,
        PhraseKind.RESERVATION,
        PhraseKind.COURTESY,
    }
)
WISHING = frozenset({"to", "想", "要"})
""" "I need to | move" and "can we | postpone" ask for it, if nothing is said behind that would be moved."""
MAY = ("可", "以")
STATED = frozenset({PhraseKind.CONFIRM, PhraseKind.CANCEL, PhraseKind.MOVE, PhraseKind.LATE})
BESIDES_A_YES = SPEAKERS | {"我们", "那就"}
"""In a reply without commas a statement of theirs may follow a yes: 「好我会来」."""


def words(found: Sequence[PhraseFound], alone: Collection[tuple[str, ...]]) -> Iterator[PhraseFound]:
    """The phrases, of which those that do not stand where they would be words are unknown ones."""
    return _together(_unless_alone(found, alone))


def _unless_alone(found: Sequence[PhraseFound], alone: Collection[tuple[str, ...]]) -> Iterator[PhraseFound]:
    for at, phrase in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        if after is not None and _leads_to(phrase, after):
            yield PhraseFound(PhraseKind.KNOWN, phrase.tokens)
            continue
        runs_on = (_has_a_particle(phrase) and not _is_edge(before, phrase)) or (
            _ends_in_a_character(phrase) and not _ends(after, PhraseFound(phrase.kind, phrase.tokens[-1:]))
        )
        if runs_on or (_needs_room(phrase, alone) and not (_leaves_room(before, phrase) and _ends(after, phrase))):
            yield PhraseFound(None, phrase.tokens)
        else:
            yield phrase


def _leads_to(phrase: PhraseFound, after: PhraseFound) -> bool:
    """「可以改到周一」 asks whether that can be; 「嗯在路上」 says what it is that they nod to."""
    if phrase.tokens == MAY:
        return after.kind is PhraseKind.MOVE
    return _is_character(phrase) and phrase.tokens[0] in INTERJECTIONS and after.kind in STATED


def _together(found: Iterable[PhraseFound]) -> Iterator[PhraseFound]:
    """Unknown characters of Chinese that stand together are one unknown word."""
    for is_unknown, group in groupby(found, key=lambda it: it.kind is None and is_chinese(it.tokens[0])):
        if is_unknown:
            yield PhraseFound(None, tuple(token for phrase in group for token in phrase.tokens))
        else:
            yield from group


def _needs_room(phrase: PhraseFound, alone: Collection[tuple[str, ...]]) -> bool:
    if phrase.kind not in ACTING:
        return False
    if len(phrase.tokens) > 1:
        return phrase.tokens in alone
    return phrase.tokens in alone or is_minutes(phrase.tokens[0]) or _is_character(phrase) or phrase.kind in SENDING


def _is_character(phrase: PhraseFound) -> bool:
    return len(phrase.tokens) == 1 and is_chinese(phrase.tokens[0])


def _has_a_particle(phrase: PhraseFound) -> bool:
    """好吧, 行的: still one character that means something, which 偏好吧 has not."""
    of_one = len(phrase.tokens) == 2 and is_chinese(phrase.tokens[0]) and phrase.tokens[1] in PARTICLES
    return of_one and phrase.kind in (PhraseKind.YES, PhraseKind.AGREED)


def _ends_in_a_character(phrase: PhraseFound) -> bool:
    """Friday 行 is a yes, and 行车 on Friday is not."""
    return (
        phrase.kind in (PhraseKind.SUITS, PhraseKind.MOVE)
        and is_when(phrase.tokens[0])
        and phrase.tokens[-1] in ("行", "好")
    )


def _leaves_room(before: PhraseFound | None, phrase: PhraseFound) -> bool:
    if (
        before is not None
        and phrase.kind is PhraseKind.MOVE
        and (before.kind is PhraseKind.POLITE or before.tokens[-1] in WISHING)
    ):
        return True
    if before is not None and _is_character(phrase) and is_chinese(before.tokens[-1]):
        return before.tokens[0] in INTERJECTIONS or before.kind is PhraseKind.THANKS
    return _is_edge(before, phrase)


def _ends(after: PhraseFound | None, phrase: PhraseFound) -> bool:
    if after is not None and phrase.kind in ANSWERS and after.tokens[0] in BESIDES_A_YES:
        return True
    if after is not None and _is_character(phrase) and is_chinese(after.tokens[0]):
        return after.tokens[0] in PARTICLES or after.kind in (PhraseKind.THANKS, PhraseKind.RESERVATION)
    return _is_edge(after, phrase)


def _is_edge(other: PhraseFound | None, phrase: PhraseFound) -> bool:
    if other is None or other.kind in EDGES or (other.kind is None and other.tokens[0] in ENDS):
        return True
    if not other.tokens[0].isalnum() and not is_when(other.tokens[0]):
        return True
    return phrase.kind in ANSWERS and other.kind in ANSWERS and not _is_character(other)
