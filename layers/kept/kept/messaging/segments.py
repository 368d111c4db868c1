"""How many parts a text message takes, which is what it costs (3GPP TS 23.038: the alphabet, 23.040: the parts)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each takes an escape and itself."""

GSM_7, UCS_2 = "GSM-7", "UCS-2"
ROOM = {GSM_7: (160, 153), UCS_2: (70, 67)}
"""Units of a message alone, and of each part where there are several: six bytes of each then say how they belong."""


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets in GSM-7, pairs of bytes in UCS-2; `count` is the number of parts, 1 for an empty text;
    `left` the units for which the last of them still has room."""

    encoding: str
    units: int
    count: int
    left: int = field(default=0, compare=False)


def segments(text: str) -> Segments:
    """One character outside GSM-7 makes the whole text UCS-2."""
    if set(text) <= BASIC | EXTENSION:
        return _cut(GSM_7, [1 + (letter in EXTENSION) for letter in text])
    return _cut(UCS_2, [1 + (letter > "\uffff") for letter in text])


def _cut(encoding: str, widths: list[int]) -> Segments:
    alone, joined = ROOM[encoding]
    units = sum(widths)
    parts, left = (1, alone - units) if units <= alone else _parts(widths, joined)
    return Segments(encoding, units, parts, left)


def _parts(widths: Iterable[int], room: int) -> tuple[int, int]:
    """Neither an escaped character nor a surrogate pair is cut in two: it goes to the next part as a whole."""
    parts, left = 1, room
    for width in widths:
        if width > left:
            parts, left = parts + 1, room
        left -= width
    return parts, left
