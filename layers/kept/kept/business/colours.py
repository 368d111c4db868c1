"""The colour that a business gives its booking page, and whether it can be read there (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Iterable

GROUND = "#f5f6f4"
"""The page's own, a little darker than white: what can be read there can be read on white, and white on it."""
LEAST = 4.5
DARK_GROUND = "#232b27"
"""The lightest that a dark page has: what can be read there can be read on all of it, and its dark words on that."""
DARKER, POINTED_AT, STEPS = 0.78, 0.3, 20
"""Of a button that is pointed at, by so much darker or whiter."""


def is_colour(text: str) -> bool:
    return re.fullmatch("#[0-9a-f]{6}", text) is not None


def can_be_read(colour: str) -> bool:
    """As a link on the page, and beneath white words."""
    return contrast(colour, GROUND) >= LEAST


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def shades(colour: str) -> dict[str, str]:
    """Of a colour that can be read: `strong` of a button that is pointed at; `lighter` and `light` are the two of a
    dark page, with no more white in them than lets them be read there."""
    lighter = next(it for it in (_with_white(colour, n / STEPS) for n in range(STEPS + 1)) if _is_light(it))
    return {"strong": _darker(colour), "lighter": lighter, "light": _with_white(lighter, POINTED_AT)}


def _is_light(colour: str) -> bool:
    return contrast(colour, DARK_GROUND) >= LEAST


def _darker(colour: str) -> str:
    return _colour(part * DARKER for part in _parts(colour))


def _with_white(colour: str, share: float) -> str:
    return _colour(part + (255 - part) * share for part in _parts(colour))


def _colour(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return red, green, blue
