"""What stands behind a number: which facts it counts, so that the list has as many lines as the number says."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from kept.booking.states import CancelReason
from kept.insight.fact import (
    NOT_SAID,
    Fact,
    FollowUpFact,
    MessageFact,
    MoneyFact,
    MoneyKind,
    Outcome,
    Sent,
    VisitFact,
)


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
    MOVED_LATE = "moved_late"
    NUDGED = "nudged"
    RESCUED = "rescued"
    OFFERED_BACK = "offered_back"
    WON_BACK = "won_back"
    SAID_WHY = "said_why"
    NOT_SAID = "reason_not_said"
    CONVENIENCE = "reason_convenience"
    TIME = "reason_time"
    EXPECTATION = "reason_expectation"
    COST = "reason_cost"
    NEED = "reason_need"
    ILLNESS = "reason_illness"
    OTHER = "reason_other"
    FEE = "fee"
    WAIVED = "waived"
    PAID = "paid"
    REFUNDED = "refunded"
    CREDITED = "credited"
    DEPOSIT_ASKED = "deposit_asked"
    DEPOSIT_PAID = "deposit_paid"
    DEPOSIT_KEPT = "deposit_kept"
    DEPOSIT_FORFEITED = "deposit_forfeited"
    DEPOSIT_REFUNDED = "deposit_refunded"


def _visit(counts: Callable[[VisitFact], bool]) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, VisitFact) and counts(fact)


def _message(sent: Sent) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, MessageFact) and fact.sent is sent


def _follow_up(counts: Callable[[FollowUpFact], bool]) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, FollowUpFact) and counts(fact)


def _because(reason: str) -> Callable[[Fact], bool]:
    return _visit(lambda it: it.reason == reason)


def _money(what: MoneyKind) -> Callable[[Fact], bool]:
    return lambda fact: isinstance(fact, MoneyFact) and fact.what is what


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
    Behind.MOVED_LATE: _visit(lambda it: it.moved_late),
    Behind.NUDGED: _visit(lambda it: _closed(it) and it.was_nudged),
    Behind.RESCUED: _visit(lambda it: it.outcome is Outcome.CAME and it.was_nudged),
    Behind.OFFERED_BACK: _visit(lambda it: it.offered_back),
    Behind.WON_BACK: _visit(lambda it: it.was_won_back),
    Behind.SAID_WHY: _visit(lambda it: it.reason not in ("", NOT_SAID)),
    **{Behind(f"reason_{it}"): _because(it) for it in (*CancelReason, NOT_SAID)},
    **{Behind(it): _money(it) for it in MoneyKind},
}
"""`missed` counts clocks; its list has the follow-ups in which any was missed."""
