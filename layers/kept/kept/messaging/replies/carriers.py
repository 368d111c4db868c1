"""A carrier's own words for an opt-out: they count when they are the whole reply, whatever is said by other means.

AWS, the American carriers and the Chinese ones take these; END, QUIT, CANCEL, R and T mean it only there. CANCEL is not
in the list: here it cancels the visit, as our messages say, and `is_carriers_word` tells that it may have been meant.
"""

import re

from kept.messaging.replies.phrases import tables

OTHERWISE = frozenset({"cancel", "取消"})
COURTESIES = frozenset({"please", "pls", "plz", "now", "thanks", "thank", "you", "sorry", "hi", "hello", "ok"}) | {
    "请",
    "谢谢",
    "您好",
    "你好",
}

_PIECE = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")
_APART = re.compile(r"opt[\s\-_.]+out|stop[\s\-_.]+all|t[\s.]+d")


def is_opt_out(text: str) -> bool:
    """In plain letters: the whole of it, or its first line, above a name or an old message."""
    lines = [line for line in text.splitlines() if _pieces(line)]
    return bool(lines) and (_says(text, _whole()) or (len(lines) > 1 and _says(lines[0], tables().opt_out)))


def is_carriers_word(text: str) -> bool:
    return _says(text, _whole() | OTHERWISE)


def _whole() -> frozenset[str]:
    return tables().opt_out | tables().opt_out_whole


def _says(text: str, words: frozenset[str]) -> bool:
    """Said once or again and again, with courtesies; signs, spaces and letters set apart do not matter."""
    said = _pieces(text)
    together = "".join(said)
    if together in words or re.fullmatch(r"(?:stop){2,}|(?:退订){2,}", together):
        return True
    rest = [piece for piece in said if piece not in COURTESIES]
    return bool(rest) and all(piece in words for piece in rest)


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(_APART.sub(lambda match: re.sub(r"[^a-z]", "", match[0]), text))
