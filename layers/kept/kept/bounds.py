"""How much of a history stands in the item it belongs to; older lines move to items of their own, and none is lost.

An item of DynamoDB holds 400 KB and every read of it costs by its size, so an item must not grow with what somebody
keeps saying. The sums: LINES or BYTES of whole lines, what is left of older ones (each aggregate says how much), and
one write's worth above it, stay below 200 KB.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

LINES = 40
"""Whole lines in the item: more than nearly any matter or visit ever has, so that an ordinary one is one item."""
BYTES = 32_000
"""And of what they say, for a line may hold two thousand characters."""
PART = 100
"""Old lines that are shown at once."""
AT_ONCE = 4
"""Lines that move with one write: more than one adds, and few beside the hundred items of a transaction."""
WORDS = 500
"""Characters of a reply in a line of a history; what was written stands whole in the conversation."""
REST = 200
"""Bytes of a line beside its words, about."""


class BoundedLine(Protocol):
    """A dataclass. `is_old`: it stands whole in an item of its own."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def is_old(self) -> bool: ...


T = TypeVar("T", bound=BoundedLine)


def moving(lines: tuple[T, ...], words: Callable[[T], str]) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """All of them with the oldest marked as moved, as far as there are too many, and those that move as they were."""
    whole = [n for n, line in enumerate(lines) if not line.is_old]
    chosen = whole[: _too_many([size(words(lines[n])) for n in whole])]
    marked = tuple(replace(line, is_old=True) if n in chosen else line for n, line in enumerate(lines))
    return marked, tuple(lines[n] for n in chosen)


def size(words: str) -> int:
    """As it is stored: a Chinese character takes three bytes, a control character six."""
    return REST + len(json.dumps(words, ensure_ascii=False).encode())


def _too_many(sizes: list[int]) -> int:
    """From the oldest on; the newest stays."""
    count, left = 0, sum(sizes)
    while count < min(AT_ONCE, len(sizes) - 1) and (len(sizes) - count > LINES or left > BYTES):
        left -= sizes[count]
        count += 1
    return count
