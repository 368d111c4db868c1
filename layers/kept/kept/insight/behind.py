"""What stands behind a number: which facts it counts, so that the list has as many lines as the number says."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from kept.insight.fact import Fact, FollowUpFact, MessageFact, Outcome, Sent, VisitFact


class Behind(StrEnum):
    """The figures that have a list."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CAME = "came"
    NO_SHOW = "no_show"
    LATE = "late"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    REMINDED = "reminded"
    OTHERS = "others"
    SENT = "sent"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    FOLLOW_UPS = "follow_ups"
    MISSED = "missed"
    RATED = "rated"


def _visit(counts: Callable[[VisitFact], bool]) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, VisitFact) and counts(fact)


def _message(sent: Sent) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, MessageFact) and fact.sent is sent


def _follow_up(counts: Callable[[FollowUpFact], bool]) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, FollowUpFact) and counts(fact)


def _closed(fact: VisitFact) -> bool:
    return fact.outcome in (Outcome.CAME, Outcome.NO_SHOW)


BEHIND: Mapping[Behind, Callable[[Fact], bool]] = {
    Behind.BOOKED: _visit(lambda _: True),
    Behind.CONFIRMED: _visit(lambda it: it.confirmed),
    Behind.CAME: _visit(lambda it: it.outcome is Outcome.CAME),
    Behind.NO_SHOW: _visit(lambda it: it.outcome is Outcome.NO_SHOW),
    Behind.LATE: _visit(lambda it: it.late),
    Behind.CANCELLED: _visit(lambda it: it.outcome is Outcome.CANCELLED),
    Behind.CANCELLED_LATE: _visit(lambda it: it.cancelled_late),
    Behind.REMINDED: _visit(lambda it: _closed(it) and it.was_reminded),
    Behind.OTHERS: _visit(lambda it: _closed(it) and not it.was_reminded),
    Behind.SENT: _message(Sent.SENT),
    Behind.FAILED: _message(Sent.FAILED),
    Behind.NOT_SENT: _message(Sent.NOT_SENT),
    Behind.FOLLOW_UPS: _follow_up(lambda _: True),
    Behind.MISSED: _follow_up(lambda it: it.missed > 0),
    Behind.RATED: _follow_up(lambda it: it.stars > 0),
}
"""`missed` counts clocks; its list has the follow-ups in which any was missed."""
