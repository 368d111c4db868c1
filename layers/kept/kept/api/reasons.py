"""A reason as an answer tells it: in the asker's words, and as its code and facts for whoever has their own."""

from kept.messaging.reasons_in_words import in_words
from kept.reasons import Reason

Facts = dict[str, str]
"""By name. `until` is an instant by the clock of whom it is about; what was written down before codes were has the time
of day alone."""


def code_of(reason: Reason | None) -> str:
    """ "" for none."""
    return str(reason.code) if reason else ""


def facts_of(reason: Reason | None) -> Facts:
    return dict(reason.facts) if reason else {}


def told(reason: Reason | None, name: str, language: str) -> dict[str, str | Facts]:
    """The fields of an answer that has a reason under this name."""
    return {name: in_words(reason, language), f"{name}_code": code_of(reason), "facts": facts_of(reason)}
