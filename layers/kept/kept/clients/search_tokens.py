"""By what a client is found as somebody types: words of the name, pinyin, initials, digits, an e-mail's two ends.

Every token is small letters and digits of one spelling, and what is typed is brought to the same: so that one search
is all tokens that begin with one text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, permutations

from kept.clients.client import Client
from kept.clients.held import ContactKind
from kept.clients.pinyin import initials, readings, usual

SHORTEST_NUMBER = 3
"""Digits; fewer are of every number."""
LONGEST = 64
"""Letters of a token, and of what is typed."""
MOST_WORDS, MOST_LETTERS = 6, 40
"""Of a name, and of a name without spaces; of a longer one the beginning finds it."""
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h"})
"""Letters whose stroke or other half is part of them, and that people type without."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
"""The other way to write them."""
TOGETHER = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
UNSPACED = re.compile(f"[{TOGETHER}]")
"""Letters whose words stand together: Chinese, Japanese, and Korean names."""
NUMBER = re.compile(r"[\d\s()+.,/-]*\d[\d\s()+.,/-]*")
ABROAD = re.compile(r"^(?:00|011)(?=[1-9]\d{4})")
"""Where more than the end of a number follows: 0058 is how one ends."""


class Matched(StrEnum):
    """What of the client is as it was typed."""

    NAME = "name"
    PINYIN = "pinyin"
    INITIALS = "initials"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Token:
    """One way to find them."""

    text: str
    of: Matched


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """What tokens have to begin with; `whole`: have to be, for it is too short to tell anything as a beginning.

    `only`: of what they have to be, where what was typed can be nothing else.
    """

    text: str
    whole: bool = False
    only: Matched | None = None

    def finds(self, token: Token) -> bool:
        begins = token.text == self.text if self.whole else token.text.startswith(self.text)
        return begins and self.only in (None, token.of)

    def narrows(self, token: Token) -> bool:
        """Beside other words that are of the same client, where one digit of their number tells something too."""
        in_number = token.of is Matched.PHONE and self.only is None and self.text.isdecimal()
        return self.finds(token) or (in_number and self.text in token.text)


def typed(text: str) -> SearchTerm | None:
    """None for what finds nobody: it has neither letters nor digits."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if NUMBER.fullmatch(plain):
        digits = ABROAD.sub("", _digits(plain.replace("(0)", "")))
        return SearchTerm(digits[:LONGEST], whole=len(digits) < SHORTEST_NUMBER)
    joined = "".join(_words(plain))[:LONGEST]
    return SearchTerm(joined, only=Matched.EMAIL if "@" in plain else None) if joined else None


def tokens(client: Client) -> frozenset[Token]:
    """All of them; none is empty, and none is longer than LONGEST."""
    names = _names(client)
    read = {Token(text[:LONGEST], Matched.PINYIN) for name in names for text in readings(name)}
    return plain_tokens(client) | read | {Token(text, Matched.INITIALS) for name in names for text in initials(name)}


def plain_tokens(client: Client) -> frozenset[Token]:
    """Those that need no look into a dictionary."""
    also = dict.fromkeys(one for other in client.merged for one in other.contacts if one.contact in client.also)
    phones = (client.phone or "", *(one.contact for one in also if one.held.kind is ContactKind.PHONE))
    emails = (client.email or "", *(one.contact for one in also if one.held.kind is ContactKind.EMAIL))
    found = [(text, Matched.NAME) for name in _names(client) for text in _of_name(name)]
    found += [(text, Matched.INITIALS) for name in _names(client) for text in _of_first_letters(name)]
    found += [(text, Matched.PHONE) for phone in phones for text in _of_number(phone)]
    found += [(text, Matched.EMAIL) for email in emails for text in _of_email(email)]
    return frozenset(Token(text[:LONGEST], of) for text, of in found if text)


def _names(client: Client) -> tuple[str, ...]:
    """Their own, and those of other records of the same person."""
    return tuple(dict.fromkeys((client.name, *(one.name for one in client.merged))))


def alphabetical(name: str) -> str:
    """Where it stands in a list of all: Chinese by its pinyin, beside whom it is written for in Latin letters."""
    return " ".join(_words(usual(name)))[:LONGEST]


def is_alike(name: str, joined: str) -> bool:
    """The words of the name, from whichever on and round, are these letters: all of them, and no more."""
    words = _words(name)
    return joined in ("".join((*words[n:], *words[:n])) for n in range(len(words)))


def fold(text: str) -> str:
    """Small letters without their accents, full-width ones plain."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFC", bare).translate(PLAIN)


def _words(text: str) -> list[str]:
    """Of letters, digits and pictures; what is written without spaces stands apart from what is not."""
    seen = "".join(letter if _is_searched(letter) else " " for letter in fold(text))
    runs = (groupby(word, key=lambda letter: bool(UNSPACED.match(letter))) for word in seen.split())
    return ["".join(letters) for word in runs for _, letters in word]


def _is_searched(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind[0] in "LN" or kind in ("So", "Mc")


def _of_name(name: str) -> Iterator[str]:
    """From each word on and round to the one before it, so that family name and first name stand in any order; of
    more than two any two of them; and from each character of what is written without spaces."""
    for spelt in {name, unicodedata.normalize("NFC", name.casefold()).translate(UMLAUTS)}:
        words = _words(spelt)
        first, others = words[:MOST_WORDS], words[MOST_WORDS:]
        yield from ("".join((*first[n:], *first[:n])) for n in range(len(first)))
        yield from ("".join(two) for two in permutations(first, 2) if len(first) > 2)
        yield from others
        unspaced = [word[:MOST_LETTERS] for word in words if UNSPACED.match(word)]
        yield from (word[n:] for word in unspaced for n in range(1, len(word)))


def _of_first_letters(name: str) -> Iterator[str]:
    letters = [word[0] for word in _words(name)[:MOST_WORDS]]
    if len(letters) > 1:
        yield "".join(letters)


def _of_number(number: str) -> Iterator[str]:
    """Each end of it, as it is written at home and abroad: so any part of it is the beginning of one."""
    if not number:
        return
    whole, home = _digits(number), _digits(_at_home(number))
    for digits in (whole, home):
        yield from (digits[n:] for n in range(len(digits) - SHORTEST_NUMBER + 1))


def _at_home(number: str) -> str:
    import phonenumbers

    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL))
    except phonenumbers.NumberParseException:
        return number


def _of_email(address: str) -> Iterator[str]:
    """From each word before the @ on, and the domain."""
    name, _, domain = address.rpartition("@")
    words, rest = _words(name), "".join(_words(domain))
    yield from ("".join(words[n:]) + rest for n in range(min(len(words), MOST_WORDS)))
    yield rest


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(letter)) for letter in text if unicodedata.category(letter) == "Nd")
