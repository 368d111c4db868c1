"""Headers of an e-mail from text that somebody typed: shown as it was typed, and never code.

Written by ourselves: Python's header classes decode encoded words in what they are given, and with them a line break.
"""

import re
from base64 import b64encode
from collections.abc import Iterator

from kept.visible import one_line

PLAIN = re.compile(r"[ -~]{0,200}")
BYTES_A_WORD = 45
"""Of UTF-8; in base64 with what encloses it 72 of the 75 characters that RFC 2047 allows."""


def unstructured(text: str) -> str:
    """A subject."""
    said = one_line(text)
    return said if _is_plain(said) else encoded(said)


def phrase(text: str) -> str:
    """The name before an address: quoted, or encoded as a whole."""
    said = one_line(text)
    return '"{}"'.format(re.sub(r'(["\\])', r"\\\1", said)) if _is_plain(said) else encoded(said)


def encoded(text: str) -> str:
    """As words of RFC 2047, each on a line of its own; none cuts a character in two."""
    words = (b64encode(word.encode()).decode() for word in _cut(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _is_plain(text: str) -> bool:
    """What reads like an encoded word is encoded, so that it is read as what it is."""
    return PLAIN.fullmatch(text) is not None and "=?" not in text


def _cut(text: str) -> Iterator[str]:
    word, size = "", 0
    for letter in text:
        width = len(letter.encode())
        if size + width > BYTES_A_WORD:
            yield word
            word, size = "", 0
        word, size = word + letter, size + width
    yield word
