"""Whole replies that mean something only as the answer to what was asked: "I'll take it" to a time that is held for
them, "I'll wait" to a delay. The table is whole_answers.toml; everything else is read as ever.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kept.messaging.replies.phrases import tables
from kept.messaging.replies.reading import Asked, Intent
from kept.messaging.replies.spelling import plain

FILE = Path(__file__).with_name("whole_answers.toml")

_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_SIGNS = re.compile(r"[^\w\s]|_")
_COURTESIES = re.compile(
    r"^(?:(?:hi|hello|hey|sorry|thanks|thank you)\s+)+|(?:\s+(?:please|pls|thanks|thank you|sorry))+$"
    r"|^(?:您好|你好|抱歉|请|谢谢您?)\s*|\s*(?:谢谢您?|谢谢你|多谢|吧|哦|啊)+$"
)


@cache
def _read() -> Mapping[Asked, Mapping[str, Intent]]:
    """By what was asked: what is meant by a reply."""
    return {
        Asked(asked): {
            _bare(line): Intent(intent) for intent, lines in said.items() for line in lines.split("\n") if line
        }
        for asked, said in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
    }


def whole_answer(own: str, asked: Asked) -> Intent | None:
    """Of the reply's own words in plain letters; courtesies around them do not matter."""
    if asked not in (Asked.OFFERED, Asked.DELAYED):
        return None
    known = _read()[asked]
    words = _bare(own)
    return known.get(words) or known.get(_COURTESIES.sub("", _COURTESIES.sub("", words)))


def _bare(text: str) -> str:
    return _BETWEEN.sub("", " ".join(_SIGNS.sub(" ", tables().spelt(plain(text))).split()))
