"""What no person wrote: reactions sent as text, ready answers of a telephone, away messages, notices, codes, robots.

The patterns stand in tables/automatic.toml. Some of them are how people write too ("out of the office"): those count
only where nothing is asked of us.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kept.messaging.replies.spelling import plain

FILE = Path(__file__).with_name("automatic.toml")


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """Read once by a process: a section's lines, each an alternative."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: re.compile("|".join(f"(?:{line})" for line in _lines(read[name])), re.DOTALL) for name in read}


def _lines(section: str) -> list[str]:
    return [line for line in section.split("\n") if line and not line.startswith("#")]


def is_reaction(text: str) -> bool:
    """Of the whole text, for what was reacted to is quoted in it."""
    return bool(patterns()["reaction"].fullmatch(_one_line(text)))


def is_automatic(own: str) -> bool:
    """Of what is not quoted."""
    line = _one_line(own)
    if patterns()["whole"].fullmatch(line.strip("()[]. !。！【】")) or patterns()["anywhere"].search(line):
        return True
    return bool(patterns()["unless_asked"].search(line)) and not patterns()["asks"].search(line)


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())
