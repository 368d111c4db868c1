"""What can be seen of a text: the one way in which a name, a note or a line loses what no reader sees and no format
carries. Letters of every script, marks and pictures stay."""

import unicodedata

BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u034f\u200b\ufeff")
"""Letters and marks that show nothing: fillers of Hangul, Braille's empty cell, two vowels of Khmer, joiners."""

JOINERS = frozenset("\u200c\u200d")
SEEN_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
"""Signs of Arabic and Syriac that Unicode counts with the invisible, and that are written."""

PICTURE = ("\ufe0e", "\ufe0f")
MOST_MARKS = 6
"""On one letter; Tibetan stacks five."""


def one_line(text: str) -> str:
    """Every run of white space one plain space: nothing can add a header, turn what follows, or leave the SMS alphabet.

    Gone are control, direction, tag and variation characters, zero widths, joiners that join nothing, half pairs, and
    more marks than a letter can carry. What goes may leave a joiner with nothing to join, so it is looked at again
    until nothing goes any more.
    """
    if not (text.isascii() and text.isprintable()):
        while text and (seen := _once(text)) != text:
            text = seen
    return " ".join(text.split())


def lines(text: str) -> str:
    """The same for each line of a note."""
    return "\n".join(map(one_line, text.splitlines())).strip()


def shows(text: str) -> bool:
    """Whether anything of it is seen; a mark needs a letter to stand on."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in one_line(text))


def _once(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(_seen(unicodedata.normalize("NFC", text))))


def _seen(text: str) -> list[str]:
    seen: list[str] = []
    marks = 0
    for letter, after in zip(text, f"{text[1:]} ", strict=True):
        shown = _as_seen(letter, seen[-1] if seen else " ", after)
        marks = marks + 1 if shown and unicodedata.category(shown) in ("Mn", "Me") else 0 if shown else marks
        if shown and marks <= MOST_MARKS:
            seen.append(shown)
    return seen


def _as_seen(letter: str, before: str, after: str) -> str:
    """The letter, a space, or nothing."""
    kind = unicodedata.category(letter)
    if letter in JOINERS:
        return letter if _joins(letter, before, after) else ""
    if letter in PICTURE or "\U000e0100" <= letter <= "\U000e01ef":
        return letter if _varies(letter, before) else ""
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    hidden = letter in BLANK or (kind == "Cf" and letter not in SEEN_FORMATS) or kind in ("Cs", "Co")
    return "" if hidden or "\ufe00" <= letter <= "\ufe0f" or _is_no_character(letter) else letter


def _joins(joiner: str, before: str, after: str) -> bool:
    """Between letters of a script that joins; a wide one also between two pictures, as in a family."""
    if joiner == "\u200d" and (before in PICTURE or unicodedata.category(before) in ("So", "Sk")):
        return unicodedata.category(after) == "So" or after in "♀♂"
    return _is_joined(before) and _is_joined(after)


def _is_joined(letter: str) -> bool:
    """Of Arabic and its kin, of India and South-East Asia, or Mongolian."""
    point = ord(letter)
    blocks = (0x600, 0x109F), (0x1780, 0x18AF), (0x1A00, 0x1CFF), (0xA800, 0xABFF), (0x11000, 0x11FFF)
    return unicodedata.category(letter)[0] in "LM" and any(first <= point <= last for first, last in blocks)


def _varies(selector: str, before: str) -> bool:
    """Once, behind a picture or a key; of Chinese characters, as some Japanese names are written."""
    if selector in PICTURE:
        return unicodedata.category(before) in ("So", "Sm", "Po", "Nd")
    return unicodedata.name(before, "").startswith("CJK ")


def _is_no_character(letter: str) -> bool:
    return ord(letter) & 0xFFFE == 0xFFFE or "\ufdd0" <= letter <= "\ufdef"
