"""The twelve letters of a short link, and how they are read however somebody typed them.

They are 60 bits of a keyed digest of what the link stands for: the same link twice is the same letters, so that nothing
need be remembered to write it again, and nobody without the key can make one. What is stored is a digest of them under
the same key, by which whoever holds the table finds no link; a plain one could be searched through.
"""

import hmac
from hashlib import sha256
from unicodedata import normalize
from urllib.parse import unquote

from kept.client_links.links import LinkKeys
from kept.client_links.refusals import LinkInvalid

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Of one case, without i, l, o and u: nothing in it looks like anything else in it."""

LETTERS = 12
BITS = 5
"""Of a letter."""

MISREAD = str.maketrans({"i": "1", "l": "1", "\N{LATIN SMALL LETTER DOTLESS I}": "1", "o": "0", "u": "v"})
LONGEST_TYPED = 200
"""Percent signs and all; beyond it nobody typed a link."""


def made(keys: LinkKeys, what: str) -> str:
    """The letters for what is said so, by the current key; with another one current they are others."""
    drawn = int.from_bytes(_digest(keys.keys[keys.current], "short link", what)[:8]) >> (64 - LETTERS * BITS)
    return "".join(ALPHABET[drawn >> (BITS * place) & 31] for place in reversed(range(LETTERS)))


def typed(text: str) -> str:
    """The letters that were meant: in capitals, wide, quoted, with what stood around the link, or misread.

    Raises LinkInvalid where that is no short link at all.
    """
    plain = normalize("NFKC", unquote(text[:LONGEST_TYPED])).casefold().translate(MISREAD)
    letters = "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
    if len(letters) != LETTERS:
        raise LinkInvalid
    return letters


def stored_names(keys: LinkKeys, letters: str) -> list[str]:
    """Under which it may be stored: by the current key first, and by every other that is still valid."""
    newest_first = sorted(keys.keys, key=lambda name: name != keys.current)
    return [_digest(keys.keys[name], "short name", letters)[:16].hex() for name in newest_first]


def _digest(key: bytes, kind: str, text: str) -> bytes:
    return hmac.digest(key, f"{kind}\n{text}".encode(), sha256)
