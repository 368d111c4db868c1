"""The one address of each public page: what people type, paste and add to it leads there."""

import unicodedata
from urllib.parse import quote, unquote

BEHIND = " .,;:!?)]}>\"'»”’。，；：！？、）】》」』…"
"""What stands behind an address in a sentence and is copied along; no token and no name of ours ends with it."""

TOKENS = frozenset({"a", "c", "p", "u", "s", "f", "q"})
"""A token is read letter by letter: only what stands round it can be put right."""


def canonical(path: str) -> str:
    """The same page by its own address; `path` itself where it is that, or none that could be told.

    What would have to be quoted is in no address of ours, and a gateway that unquotes it would be led in a circle.
    """
    own = _own(path)
    return path if "%" in own else own


def _own(path: str) -> str:
    plain = unicodedata.normalize("NFKC", unquote(path)).rstrip(BEHIND + "/")
    place, *rest = [part.strip() for part in plain.split("/") if part.strip()] or [""]
    place = place.lower()
    if place == "desk":
        return _joined(place, *rest)
    if not rest or not (place == "b" or place in TOKENS):
        return path
    name, *steps = rest
    return _joined(place, name.lower() if place == "b" else name, *(step.lower() for step in steps))


def _joined(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe="-._~") for part in parts)
