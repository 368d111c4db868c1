"""Why every deadline is when it is: the spans that counted, those that did not and why, and all of it in words."""

from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from kept.api.base import Answer
from kept.api.follow_ups.answers import ClockAnswer, clock, seconds
from kept.business.catalog import Business
from kept.follow_up.clocks import Clock
from kept.follow_up.explanation import ExplanationLine, explained
from kept.follow_up.in_words import in_words
from kept.follow_up.shown import shown
from kept.follow_up.view import FollowUpView

SpanReason = Literal[
    "counted", "late", "night", "break", "closed_weekday", "holiday", "special_day", "waiting", "snoozed", "closed"
]
"""Of the codes of reasons those that a span of time can have."""


class SpanAnswer(Answer):
    """Half-open, in the business's zone; `note` is what staff gave as the reason of a pause, `seconds` its length."""

    begins: datetime
    ends: datetime
    reason: SpanReason
    note: str
    seconds: int


class ExplainedAnswer(ClockAnswer):
    """How it stands and each span as a sentence, and the spans themselves, one for each sentence but the first."""

    sentences: list[str]
    spans: list[SpanAnswer]


class ExplanationAnswer(Answer):
    """Every clock there was, in the order in which they began to be kept."""

    id: str
    zone: str
    locale: str
    clocks: list[ExplainedAnswer]


def explanation(standing: FollowUpView, business: Business, locale: str | None) -> ExplanationAnswer:
    language = locale or business.locale
    return ExplanationAnswer(
        id=standing.follow_up.id,
        zone=business.tz,
        locale=language,
        clocks=[_explained(one, standing, business.zone, language) for one in standing.clocks],
    )


def _explained(one: Clock, standing: FollowUpView, zone: ZoneInfo, locale: str) -> ExplainedAnswer:
    answer_by = shown(one, standing.hours)
    return ExplainedAnswer(
        **dict(clock(one, standing.hours)),
        sentences=list(in_words(one, standing.now, zone=zone, locale=locale, answer_by=answer_by)),
        spans=[_span(line, zone) for line in explained(one, standing.now)],
    )


def _span(line: ExplanationLine, zone: ZoneInfo) -> SpanAnswer:
    return SpanAnswer(
        begins=line.begins.astimezone(zone),
        ends=line.ends.astimezone(zone),
        reason=cast(SpanReason, line.reason.value),
        note=line.note,
        seconds=seconds(line.length),
    )
