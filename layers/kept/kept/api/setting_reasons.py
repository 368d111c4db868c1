"""Why a setting is refused in the reader's language, by the English sentence that the rule itself says.

A rule stays one line with its reason beside it; a test holds the table to every reason that any of them gives.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")
FACT = re.compile(r"(?<!\{)\{\}(?!\})")


def in_language(reason: str, language: str) -> str:
    """As it was said where the language has no words for it."""
    for pattern, words in _table().get(language, ()):
        if found := pattern.fullmatch(reason):
            return _filled(words, found.groups())
    return reason


def _filled(words: str, facts: tuple[str, ...]) -> str:
    left = iter(facts)
    return FACT.sub(lambda _: next(left), words)


@cache
def _table() -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """By language; those with the fewest facts first, so that a sentence is taken for itself."""
    said: dict[str, dict[str, str]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        language: tuple(
            (re.compile("(.+?)".join(map(re.escape, FACT.split(reason))), re.DOTALL), words)
            for reason, words in sorted(known.items(), key=lambda it: len(FACT.findall(it[0])))
        )
        for language, known in said.items()
    }
