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
    )
)
"""Of domains, however they are written; another has to be in small letters, which no surname is."""

HOST = re.compile(r"([^\W_][\w-]*)\.([A-Za-z]{2,24})(?![\w.])")
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
    """Not Dr.Li, J.Lo or John.Smith."""
    label, end = found[1].casefold(), found[2]
    return len(label) > 1 and label not in TITLES and (end.casefold() in ENDS or end.islower())
