"""A telephone number as people and machines write it, tidied until only what can belong to a number is left."""

import re
import unicodedata

APART = re.compile(r"[,;|&]")
"""Between two numbers in one field. A stroke may also stand inside one: 030/1234567."""

PARAMETERS = re.compile(r"(?:;[\w-]+=[^;]*)+$")
"""Of a tel: address (RFC 3966)."""

LABEL = re.compile(r"^[^\W\d_]+\.?:")
EXTENSION = re.compile(r"(?:ext(?:ension)?|x|#|durchwahl|dw|анекс|доб|转|轉|分机)\.?:?\s*\d{1,7}$", re.IGNORECASE)
ALLOWED = re.compile(r"\(?\+?[\d\s().\-/\[\]]+")
SEVERAL = re.compile(r"(?:\d\D?){7,}[/\n]\D*(?:\d\D?){7,}")
WRITTEN = re.compile(r"^[=\s]*[\"'`´‘’]?(.*?)[\"'`´‘’]?$", re.DOTALL)
"""Spreadsheets keep the zero in front by an apostrophe, or as ="0171…"."""

DECIMAL = re.compile(r"^(\+?\d{7,})\.0$")
"""What a spreadsheet makes of a number that it takes for a sum."""


def tidied(text: str) -> str | None:
    """Plain digits, one + in front at most, brackets and separators; None for what is no number, or more than one.

    An extension is left out: nothing that writes to a number has one. Letters are not read as keys (1-800-FLOWERS): an
    O for a nought would reach a stranger.
    """
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text))).strip()
    plain = LABEL.sub("", WRITTEN.sub(r"\1", plain).strip())
    home = _home(plain)
    plain = EXTENSION.sub("", home + PARAMETERS.sub("", plain).strip()).rstrip()
    plain = DECIMAL.sub(r"\1", re.sub(r"^\++\s*", "+", plain.rstrip(" .,;")))
    if APART.search(plain) or SEVERAL.search(plain) or not ALLOWED.fullmatch(plain):
        return None
    return plain


def _home(plain: str) -> str:
    """The country code that a local tel: address names beside its number: tel:555-0123;phone-context=+1."""
    found = re.search(r";phone-context=(\+[\d.-]+)", plain)
    return found[1] if found and not plain.startswith("+") else ""


def _plain(letter: str) -> str:
    """Nothing of what cannot be seen; any digit as 0 to 9, any dash as -, any white space as one."""
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind == "Pd" or letter in "−·•‧∙~〜":
        return "-"
    return "\n" if letter in "\r\n、،；\u2028\u2029" else " " if letter.isspace() else letter
