"""Sums of facts: whole numbers, so that those of days can be added up to those of any weeks and months."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import reduce
from typing import Any

from kept.insight.fact import Fact, FollowUpFact, MessageFact, MoneyFact, MoneyKind, Outcome, Sent, VisitFact

HOUR, DAY = 60, 24 * 60
FINE = 2 * DAY
"""Minutes: leads are known to the hour up to there, and to the day above."""
STARS = 5


class GroupBy(StrEnum):
    """What figures are split by; `ALL` is not at all."""

    ALL = "all"
    STAFF = "staff"
    SERVICE = "service"
    CHANNEL = "channel"
    SOURCE = "source"
    TIER = "tier"


Hours = Mapping[int, int]
"""Minutes by the hour of the day, 0 to 23, by the business's clock."""


@dataclass(frozen=True, slots=True)
class Sums:
    """`booked` is every visit of those days whatever became of it; `closed` of the reminded and the others are those
    that came or did not. Money in minor units: `revenue` of those who came, `expected` of those still to come, `lost`
    of those who did not come or cancelled too late. `leads` counts visits by the minutes between booking and start,
    rounded down as `lead_of` says. `offered` and `filled` are minutes by hour of the day; no-shows fill none.

    `rescued` are those of the `nudged` who came, of the nudged those that are closed; `won_back` those of the cancelled
    that were `offered_back` something. `reasons` counts why clients cancelled. `money` and `lines` are sums in minor
    units and counts of lines of the ledger, each by currency, kind and cause: of two currencies nothing is added.
    """

    booked: int = 0
    confirmed: int = 0
    came: int = 0
    no_show: int = 0
    late: int = 0
    cancelled: int = 0
    cancelled_late: int = 0
    revenue: int = 0
    expected: int = 0
    lost: int = 0
    unpriced: int = 0
    reminded: int = 0
    reminded_came: int = 0
    others: int = 0
    others_came: int = 0
    sent: int = 0
    failed: int = 0
    not_sent: int = 0
    parts: int = 0
    follow_ups: int = 0
    met: int = 0
    missed: int = 0
    asked: int = 0
    rated: int = 0
    stars: int = 0
    moved_late: int = 0
    nudged: int = 0
    rescued: int = 0
    offered_back: int = 0
    won_back: int = 0
    leads: Mapping[int, int] = field(default_factory=dict, hash=False)
    offered: Hours = field(default_factory=dict, hash=False)
    filled: Hours = field(default_factory=dict, hash=False)
    reasons: Mapping[str, int] = field(default_factory=dict, hash=False)
    money: Mapping[str, int] = field(default_factory=dict, hash=False)
    lines: Mapping[str, int] = field(default_factory=dict, hash=False)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(**{it.name: _added(getattr(self, it.name), getattr(other, it.name)) for it in fields(Sums)})


NOTHING = Sums()
OfGroup = Mapping[str, Sums]
"""Of each member of a group by its id; of ALL the one under ""."""


def total(some: Iterable[Sums]) -> Sums:
    return reduce(Sums.__add__, some, NOTHING)


def sums(facts: Iterable[Fact], offered: Mapping[str, Hours]) -> dict[GroupBy, OfGroup]:
    """Of one day, in every group. `offered` are the hours of each of the staff."""
    found: dict[GroupBy, dict[str, Sums]] = {group: defaultdict(Sums) for group in GroupBy}
    for fact in facts:
        one = of_fact(fact)
        for group, member in members(fact).items():
            found[group][member] += one
    for staff, hours in offered.items():
        found[GroupBy.ALL][""] += Sums(offered=hours)
        found[GroupBy.STAFF][staff] += Sums(offered=hours)
    return {group: dict(of) for group, of in found.items()}


def members(fact: Fact) -> Mapping[GroupBy, str]:
    """To whom of each group it belongs; a message and money are nobody's, and a follow-up is about no service."""
    match fact:
        case VisitFact():
            return {
                GroupBy.ALL: "",
                GroupBy.STAFF: fact.staff,
                GroupBy.SERVICE: fact.service,
                GroupBy.CHANNEL: fact.channel,
                GroupBy.SOURCE: fact.source,
                GroupBy.TIER: fact.tier,
            }
        case MessageFact():
            return {GroupBy.ALL: "", GroupBy.CHANNEL: fact.channel}
        case MoneyFact():
            return {GroupBy.ALL: ""}
        case FollowUpFact():
            return {GroupBy.ALL: "", GroupBy.STAFF: fact.staff, GroupBy.TIER: fact.tier}


def of_fact(fact: Fact) -> Sums:
    match fact:
        case VisitFact():
            return _of_visit(fact)
        case MessageFact():
            sent = fact.sent
            return Sums(
                sent=sent is Sent.SENT, failed=sent is Sent.FAILED, not_sent=sent is Sent.NOT_SENT, parts=fact.parts
            )
        case FollowUpFact():
            return Sums(
                follow_ups=1,
                met=fact.met,
                missed=fact.missed,
                asked=fact.asked,
                rated=bool(fact.stars),
                stars=fact.stars,
            )
        case MoneyFact():
            of = money_key(fact.currency, fact.what, fact.cause)
            return Sums(money={of: fact.minor}, lines={of: 1})


def money_key(currency: str, what: MoneyKind, cause: str) -> str:
    """What is added up together."""
    return f"{currency} {what} {cause}"


def lead_of(minutes: int) -> int:
    """Rounded down to the hour below two days, and to the day above: a median of these is as exact as that."""
    return minutes - minutes % (HOUR if minutes < FINE else DAY)


def filled(fact: VisitFact) -> Hours:
    """A visit over midnight counts whole on the day on which it begins, at the hours at which it is."""
    hours: dict[int, int] = defaultdict(int)
    minute, end = fact.minute, fact.minute + fact.minutes
    while minute < end:
        until = min(end, minute - minute % HOUR + HOUR)
        hours[minute // HOUR % 24] += until - minute
        minute = until
    return dict(hours)


def _of_visit(fact: VisitFact) -> Sums:
    came, missed = fact.outcome is Outcome.CAME, fact.outcome is Outcome.NO_SHOW
    stands = fact.outcome in (Outcome.CAME, Outcome.EXPECTED)
    closed, price = came or missed, fact.price or 0
    return Sums(
        booked=1,
        confirmed=fact.confirmed,
        came=came,
        no_show=missed,
        late=fact.late,
        cancelled=fact.outcome is Outcome.CANCELLED,
        cancelled_late=fact.cancelled_late,
        revenue=price if came else 0,
        expected=price if fact.outcome is Outcome.EXPECTED else 0,
        lost=price if missed or fact.cancelled_late else 0,
        unpriced=fact.price is None,
        reminded=closed and fact.was_reminded,
        reminded_came=came and fact.was_reminded,
        others=closed and not fact.was_reminded,
        others_came=came and not fact.was_reminded,
        moved_late=fact.moved_late,
        nudged=closed and fact.was_nudged,
        rescued=came and fact.was_nudged,
        offered_back=fact.offered_back,
        won_back=fact.was_won_back,
        leads={lead_of(fact.lead): 1},
        filled=filled(fact) if stands else {},
        reasons={fact.reason: 1} if fact.reason else {},
    )


def _added(one: Any, other: Any) -> Any:
    if isinstance(one, Mapping):
        return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
    return one + other
