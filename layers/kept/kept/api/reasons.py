"""A reason as an answer tells it: in the asker's words, and as its code and facts for whoever has their own."""

from kept.actor import KEPT
from kept.messaging.reasons_in_words import in_words, is_known, line_in_words
from kept.reasons import Code, Reason

Facts = dict[str, str]
"""By name. `until` is an instant by the clock of whom it is about; what was written down before codes were has the time
of day alone."""


def code_of(reason: Reason | None) -> str:
    """ "" for none."""
    return str(reason.code) if reason else ""


def facts_of(reason: Reason | None) -> Facts:
    return dict(reason.facts) if reason else {}


BY_ONE_TAP = frozenset(
    {
        Code.CAME_LATE,
        Code.TAKEN_BACK_CAME_AFTER_ALL,
        Code.TAKEN_BACK_OUR_FAULT,
        Code.TAKEN_BACK_EMERGENCY,
        Code.TAKEN_BACK_GOODWILL,
        Code.TAKEN_BACK_MISTAKE,
        Code.TERMS_KEPT,
        Code.TERMS_CHANGED,
    }
)
"""What stands in a line of staff without their having typed it; all else of theirs is shown as they typed it."""


def told_line(why: str, by: str, language: str) -> dict[str, str | Facts]:
    """The same fields of a line of a history, which has what Kept wrote as a code, and people's words as they are."""
    reason = Reason.read(why) if why else None
    ours = by == KEPT.kind or (reason is not None and reason.code in BY_ONE_TAP)
    if reason and ours and is_known(reason):
        return told(reason, "why", language)
    return {"why": line_in_words(why, language) if by == KEPT.kind else why, "why_code": "", "facts": {}}


def told(reason: Reason | None, name: str, language: str) -> dict[str, str | Facts]:
    """The fields of an answer that has a reason under this name."""
    return {name: in_words(reason, language), f"{name}_code": code_of(reason), "facts": facts_of(reason)}
