"""What of a reply they wrote themselves: without our message, quoted anywhere, and without a signature."""

import re

_WRAPPED = re.compile(r"(?<=[^\n]{60})\n(?=[a-z])")
"""A mail's lines are broken at some seventy characters; only a short line ends because something was said."""
_QUOTED = re.compile(r"""["“「『«][^"”」』»]{20,400}["”」』»]|^[ \t]*>.*$""", re.MULTILINE)
_BELOW = re.compile(
    r"^(?:--\s?|_{5,}|-{3,} ?(?:original message|forwarded message|原始邮件|原邮件|转发的?邮件).*"
    r"|(?:from|发件人|寄件者|寄件人) ?:.*|on .{5,150}wrote:|[在于].{3,80}写道:?|.{3,80}于.{3,60}写道:?"
    r"|sent from my .{2,30}|get outlook for .{2,20}|(?:发自|来自|从)我的.{2,20})\s*$",
    re.MULTILINE | re.IGNORECASE,
)


def own_words(text: str) -> str:
    """In plain letters. A reply that is all quotation is their own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    above = _BELOW.split(text, maxsplit=1)[0]
    own = _QUOTED.sub(" ", above if above.strip() else text)
    return _WRAPPED.sub(" ", own).strip() if own.strip() else text
