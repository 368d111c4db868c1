"""A carrier's own words for an opt-out: they count when they are the whole reply, whatever is said by other means.

AWS, the American carriers and the Chinese ones take these; END, QUIT, CANCEL, R and T mean it only there. CANCEL is not
in the list: here it cancels the visit, as our messages say, and `is_carriers_word` tells that it may have been meant.
"""

import re

OPT_OUT = frozenset(
    "stop stopall stopp stpo sotp unsubscribe unsub optout end quit remove revoke arret desabonner "
    "td t r tdd 0000 00000 qx 退订 拒收 取消订阅 回t 回td 回r 回复t 回复td 回复r 回n退订 回t退订 回td退订 td退订 t退订 退订td "
    "退订t 退订回t 退订回td 拒收回r 取消短信 请退订 我要退订 停止发送 勿扰".split()
)
CLEAR = OPT_OUT - {"end", "quit", "remove", "revoke", "t", "r"}
"""Above a signature or whatever else stands below: what nobody begins a letter with."""
OTHERWISE = frozenset({"cancel", "取消"})
COURTESIES = frozenset("please now thanks thank you sorry hi hello pls plz ok 请 谢谢 您好 你好".split())

_PIECE = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")
_APART = re.compile(r"opt[\s\-_.]+out|stop[\s\-_.]+all|t[\s.]+d")


def is_opt_out(text: str) -> bool:
    """In plain letters: the whole of it, or its first line, above a name or an old message."""
    lines = [line for line in text.splitlines() if _pieces(line)]
    return bool(lines) and (_says(text, OPT_OUT) or (len(lines) > 1 and _says(lines[0], CLEAR)))


def is_carriers_word(text: str) -> bool:
    return _says(text, OPT_OUT | OTHERWISE)


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
