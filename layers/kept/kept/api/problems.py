"""What HTTP makes of a refusal: one shape of answer (RFC 9457), with the status of its family."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import kept
from kept.api.setting_reasons import in_language
from kept.errors import Refusal
from kept.language_tags import FALLBACK


def problem(refusal: Refusal, language: str = FALLBACK) -> dict[str, object]:
    """The problem document; the facts stand beside its standard members and never in their place.

    What is said of every one of its kind is said in Chinese as well; what is said of this very one may be English.
    """
    title = refusal.words_zh if language.startswith("zh") else refusal.words
    return {
        **_worded(refusal.facts, language),
        "type": f"urn:kept:problem:{refusal.code}",
        "title": title,
        "status": int(refusal.status),
        "detail": title if str(refusal) == refusal.words else str(refusal),
        "code": refusal.code,
    }


def _worded(facts: Mapping[str, object], language: str) -> dict[str, object]:
    """Why a field is refused, in words of whoever typed it."""
    if language == FALLBACK:
        return dict(facts)
    worded = dict(facts)
    if isinstance(reason := facts.get("reason"), str):
        worded["reason"] = in_language(reason, language)
    if isinstance(fields := facts.get("fields"), list):
        worded["fields"] = [{**it, "reason": in_language(str(it["reason"]), language)} for it in fields]
    return worded


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
