"""How a text message is cut into parts: GSM 03.38 where its characters allow it, UCS-2 otherwise."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each takes two places."""


def encoding(text: str) -> str:
    """As delivery events name it."""
    return "GSM" if set(text) <= _BASIC | _EXTENDED else "Unicode"


def parts(text: str) -> int:
    """A part of several loses room to its header: 153 of 160 places, 67 of 70."""
    if encoding(text) == "GSM":
        places, alone, joined = sum(2 if letter in _EXTENDED else 1 for letter in text), 160, 153
    else:
        places, alone, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)
