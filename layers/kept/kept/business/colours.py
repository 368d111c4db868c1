"""The colour that a business gives its booking page, and whether it can be read there (WCAG 2.2, 1.4.3)."""

import re

GROUND = "#f5f6f4"
"""The page's own, a little darker than white: what can be read there can be read on white, and white on it."""
LEAST = 4.5
WHITE = "#ffffff"
DARKER = 0.78
"""Of a button that is pointed at."""


def is_colour(text: str) -> bool:
    return re.fullmatch("#[0-9a-f]{6}", text) is not None


def can_be_read(colour: str) -> bool:
    """As a link on the page, and beneath white words."""
    return contrast(colour, GROUND) >= LEAST


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def darker(colour: str) -> str:
    return "#" + "".join(f"{int(part * DARKER):02x}" for part in _parts(colour))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return red, green, blue
