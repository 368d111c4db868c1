"""What no person wrote: reactions sent as text, ready answers of a telephone, away messages, notices, codes, robots.

The patterns stand in tables/automatic.toml. Some of them are how people write too ("out of the office"): those count
only where nothing is asked of us.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("automatic.toml")


@cache
def _read() -> Mapping[str, list[str]]:
    """Read once by a process: of every section its lines."""
    sections = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: [line for line in said.split("\n") if line] for name, said in sections.items()}


@cache
def _pattern(section: str) -> re.Pattern[str]:
    """Built when it is needed first: most replies have no word that one of them could begin with."""
    return re.compile("|".join(f"(?:{line})" for line in _read()[section]), re.DOTALL)


def is_reaction(text: str) -> bool:
    """Of the whole text, in plain letters, for what was reacted to is quoted in it."""
    return _may("signs_of_a_reaction", text) and bool(_pattern("reaction").fullmatch(_one_line(text)))


def is_automatic(own: str) -> bool:
    """Of what is not quoted, in plain letters."""
    if not _may("signs", own):
        return False
    line = _one_line(own)
    if _pattern("whole").fullmatch(line.strip("()[]. !。【】")) or _pattern("anywhere").search(line):
        return True
    return bool(_pattern("unless_asked").search(line)) and not _pattern("asks").search(line)


def _may(signs: str, text: str) -> bool:
    return any(sign in text for sign in _read()[signs])


def _one_line(text: str) -> str:
    return " ".join(text.split())
