"""A client's name as it was typed, and as it is said back to whoever the message reaches."""

import re
import unicodedata

from kept.visible import one_line, shows

TITLES = frozenset(
    ("dr", "mr", "mrs", "ms", "mx", "st", "prof", "sr", "jr", "sra", "dra", "ing", "rev", "hon", "capt", "col", "gen")
)
ENDS = frozenset(
    (
        "com",
        "net",
        "org",
        "info",
        "biz",
        "co",
        "io",
        "ru",
        "cn",
        "top",
        "xyz",
        "shop",
        "site",
        "app",
        "link",
        "ly",
        "me",
        "рф",
        "бел",
        "укр",
        "中国",
        "中國",
        "公司",
        "网址",
        "在线",
    )
)
"""Of domains, however they are written; another has to be in small Latin letters, which no surname is."""
OF_ONE_LETTER = frozenset(("com", "net", "org"))
"""Of domains like x.com, in capitals too; of others, t.co but not K.Co, only in small letters."""

HOST = re.compile(r"([^\W_][\w-]*)\.([^\W\d_]{2,24})(?!\w|\.\w)")
PLAINLY = re.compile(
    r"://|\bwww\.|\bhttps?\b|\S@\S|(?:^|\s)@\w{3}|(?:\d[\s().+-]*){7}|\d+\.\d+\.\d+\.\d+|\.[a-z]{2,}/", re.IGNORECASE
)
"""A link, an e-mail address, a handle, a telephone number."""


def as_named(typed: str) -> str:
    """What is stored of it: what can be seen, on one line; "" where nothing can."""
    return one_line(typed) if shows(typed) else ""


def said_to_them(name: str) -> str:
    """In a message to a client: nothing of a name that holds an address.

    Anybody can book in the name "Win at http://evil.example" with somebody else's number, and have us send it there.
    """
    seen = one_line(name)
    return "" if _holds_an_address(seen) else seen


def _holds_an_address(name: str) -> bool:
    plain = unicodedata.normalize("NFKC", name).replace("。", ".")
    return PLAINLY.search(plain) is not None or any(map(_is_host, HOST.finditer(plain)))


def _is_host(found: re.Match[str]) -> bool:
    """Not Dr.Li, J.Lo, Univ.prof. or John.Smith."""
    label, end = found[1].casefold(), found[2]
    if len(label) == 1:
        return end in ENDS or end.casefold() in OF_ONE_LETTER
    if label in TITLES or end.casefold() in TITLES:
        return False
    return end.casefold() in ENDS or (end.isascii() and end.islower())
