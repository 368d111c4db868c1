"""What is typed to find a client, word by word: "wang 5678", 王芳138, a name and the beginning of an address.

Every word has to be of the client. One of them is looked up in the index, the most telling; the others are held against
what stands beside it there, so that any number of words costs what one does.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from kept.clients.search_tokens import TOGETHER, UNSPACED, Matched, SearchTerm, Token, typed

APART = re.compile(r"[\s,;、，；]+")
FROM_ABROAD = re.compile(r"(?<!\S)((?:\+|00)\d[\d().-]*)\s+(?=\d)")
"""The country code of a number, and what it goes on with."""
RUNS = re.compile(rf"[{TOGETHER}]+|[+(]?\d[\d().+/-]*|[^\d{TOGETHER}]+")
"""Of a word without spaces: Chinese, a number, and other letters."""
NAMED = (Matched.NAME, Matched.PINYIN)
"""Of which there may be many."""
MOST_BESIDE = 700
"""Characters of tokens that stand beside each in the index; of a name with very many words the shortest."""


@dataclass(frozen=True, slots=True)
class SearchWords:
    """`lead` is looked up, and all `others` have to be of the client too."""

    lead: SearchTerm
    others: tuple[SearchTerm, ...] = ()

    def narrow(self, tokens: Collection[Token]) -> bool:
        """Whether the others are all found in these."""
        return all(any(word.narrows(token) for token in tokens) for word in self.others)

    def are_of(self, tokens: Collection[Token]) -> bool:
        return any(self.lead.finds(token) for token in tokens) and self.narrow(tokens)


def ways(text: str) -> tuple[SearchWords, ...]:
    """What may be meant, the likeliest first: all as one name, number or address; each word something else; and what
    is written without a space in between as well. Empty for what finds nobody."""
    words = [word for word in APART.split(FROM_ABROAD.sub(r"\1", text)) if word]
    each = [*words], [run for word in words for run in _runs(word)]
    meant = [_together([text]), *(_together(some) for some in each)]
    return tuple(dict.fromkeys(one for one in meant if one))


def beside(tokens: Collection[Token]) -> tuple[Token, ...]:
    """What other words are held against: of a number the whole, which holds its ends, and of all else what finds room.
    In one order, so that the same client is written the same way."""
    phones = {token for token in tokens if token.of is Matched.PHONE}
    ends = {token for token in phones if any(_ends(one, token) for one in phones)}
    others = set(tokens) - ends
    return _with_room(sorted(others, key=lambda it: (it.of in NAMED, len(it.text), it.of, it.text)))


def _ends(whole: Token, token: Token) -> bool:
    return whole.text != token.text and whole.text.endswith(token.text)


def _with_room(tokens: list[Token]) -> tuple[Token, ...]:
    kept, room = list[Token](), MOST_BESIDE
    for token in tokens:
        room -= len(token.text) + 2
        if room >= 0:
            kept.append(token)
    return tuple(kept)


def _runs(word: str) -> list[str]:
    return [word] if "@" in word else RUNS.findall(word)


def _together(words: list[str]) -> SearchWords | None:
    terms = list(dict.fromkeys(term for word in words if (term := typed(word))))
    if not terms:
        return None
    lead = max(terms, key=_tells)
    return SearchWords(lead, tuple(term for term in terms if term != lead))


def _tells(term: SearchTerm) -> float:
    """About how much it narrows: a third digit tells more than a family name, and a family name more than a letter."""
    if term.text.isdecimal():
        return 3 * len(term.text) - 3
    return sum(4 if UNSPACED.match(letter) else 1.5 for letter in term.text)
