"""How a setting that makes no sense is refused: with its field, as it is sent, and the reason."""

from collections import Counter
from collections.abc import Iterable

from kept.errors import InvalidSetting


def must(ok: object, field: str, reason: str) -> None:
    """Reads as a sentence: must(this, in that field, else for this reason). Raises InvalidSetting."""
    if not ok:
        raise InvalidSetting(field=field, reason=reason)


def once(things: Iterable[object]) -> bool:
    """None of them comes twice."""
    return max(Counter(things).values(), default=1) == 1
