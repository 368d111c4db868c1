"""What HTTP makes of a refusal: one shape of answer (RFC 9457), with the status of its family."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import kept
from kept.errors import Refusal


def problem(refusal: Refusal) -> dict[str, object]:
    """The problem document; the facts stand beside its standard members and never in their place."""
    return {
        **refusal.facts,
        "type": f"urn:kept:problem:{refusal.code}",
        "title": refusal.words,
        "status": int(refusal.status),
        "detail": str(refusal),
        "code": refusal.code,
    }


def catalogue() -> dict[str, type[Refusal]]:
    """Every refusal of every area, by its code: for the API's document and for tests, since it imports them all."""
    for area in iter_modules(kept.__path__, "kept."):
        if area.ispkg and find_spec(f"{area.name}.refusals"):
            import_module(f"{area.name}.refusals")
    return {kind.code: kind for kind in sorted(_kinds(Refusal), key=lambda kind: kind.code)}


def _kinds(family: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in family.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from _kinds(kind)
