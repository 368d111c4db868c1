"""Figures as leaders see them: every share with its denominator, and whether it is of enough to be compared."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from kept.api.base import Answer
from kept.business.catalog import Catalog
from kept.follow_up.attainment import Share
from kept.insight.fact import MoneyKind
from kept.insight.figures import TOO_FEW, BusinessFigures, MoneyFigure, change
from kept.insight.sums import GroupBy, Sums
from kept.use_cases.insight.reading import FiguresOfDays, Period, PeriodSums
from kept.waiting_room.honesty import honesty
from kept.waiting_room.ticket import Ticket


class PartAnswer(Answer):
    """`part` of `whole`; the ratio is null of nothing. `enough`: of fewer than `too_few` no two are compared."""

    part: int
    whole: int
    ratio: float | None
    enough: bool


class RemindersAnswer(Answer):
    """How many came of those who were reminded and of the others; the difference of both shares is null where either
    are too few to say."""

    reminded: PartAnswer
    others: PartAnswer
    difference: float | None


class MessagesAnswer(Answer):
    """To clients, by the day they were sent; `parts` of text messages. What they cost no provider tells: null."""

    sent: int
    failed: int
    not_sent: int
    parts: int
    cost: int | None


class MoneyOfCauseAnswer(Answer):
    """`count` lines of the ledger that come to `minor`, less what of them was taken back."""

    count: int
    minor: int


class MoneyAnswer(MoneyOfCauseAnswer):
    """`causes`: of a fee, a waiver, a credit and what was forfeited why, of what was paid or given back by what."""

    causes: Mapping[str, MoneyOfCauseAnswer]


class NumbersAnswer(Answer):
    """Visits by the day on which they begin, follow-ups by that of their opening. Money in minor units, by the prices
    planned when it was booked: `revenue` of those who came, `expected` of those to come, `lost` of those who did not
    come or cancelled too late; `unpriced` visits are in none. `fill` in minutes: of the hours offered what was used.
    `lead`: the median in minutes, known to the hour below two days and to the day above.

    `rescued`: of those who were asked whether they come, or are on their way, who came. `reasons` why clients
    cancelled, each of all that their clients cancelled, `said_why` those who said; `won_back` of those who were offered
    something in answer who asked to be called or booked anew within 14 days. `money` is of the lines of the ledger by
    the day they were written, in the business's currency; `other_currencies` lines are in none of it. `fees_…` are of
    those charged on these days, `deposits_paid` of those asked, the others of those paid: by how many, so that what is
    paid for a fee of an earlier day may make more than all."""

    booked: int
    confirmed: PartAnswer
    came: PartAnswer
    no_show: PartAnswer
    late: PartAnswer
    cancelled: PartAnswer
    cancelled_late: PartAnswer
    fill: PartAnswer
    revenue: int
    expected: int
    lost: int
    unpriced: int
    lead: int | None
    reminders: RemindersAnswer
    messages: MessagesAnswer
    follow_ups: int
    attainment: PartAnswer
    rated: PartAnswer
    satisfaction: float | None
    moved_late: PartAnswer
    rescued: PartAnswer
    said_why: PartAnswer
    reasons: Mapping[str, PartAnswer]
    won_back: PartAnswer
    money: Mapping[MoneyKind, MoneyAnswer]
    fees_waived: PartAnswer
    fees_paid: PartAnswer
    deposits_paid: PartAnswer
    deposits_kept: PartAnswer
    deposits_forfeited: PartAnswer
    deposits_refunded: PartAnswer
    other_currencies: int


class PeriodAnswer(Answer):
    """Some days of those that were asked for."""

    first_day: date
    last_day: date
    numbers: NumbersAnswer


class MemberAnswer(Answer):
    """One of the group; the name of a service or a person, else null."""

    id: str
    name: str | None
    numbers: NumbersAnswer


class HeatAnswer(Answer):
    """One hour of one weekday (Monday is 0) in minutes, over all those days."""

    weekday: int
    hour: int
    offered: int
    filled: int


class TargetsAnswer(Answer):
    """In per cent; null for none."""

    came: int | None
    confirmed: int | None
    fill: int | None
    attainment: int | None


class WaitsAnswer(Answer):
    """Of who was told a range as they came, and was begun from the queue: how many waited within it, and how many more
    than ten minutes longer. In minutes on average, how far off the middle of it was, and how long they waited; null of
    nobody."""

    first_day: date
    last_day: date
    told: int
    within: PartAnswer
    longer: PartAnswer
    error: float | None
    waited: float | None


class BusinessFiguresAnswer(Answer):
    """Of these days of the business's calendar. `before` are as many days on the same weekdays, whole weeks before;
    `change` is how a share differs from then, null where either is of too few to say. `waits` are of each period of the
    last 60 days, the last of them of all together."""

    first_day: date
    last_day: date
    as_of: datetime
    currency: str
    too_few: int
    by: Period
    group: GroupBy
    total: NumbersAnswer
    before: PeriodAnswer
    change: dict[str, float | None]
    targets: TargetsAnswer
    periods: list[PeriodAnswer]
    members: list[MemberAnswer]
    heat: list[HeatAnswer]
    waits: list[WaitsAnswer]


def figures(
    catalog: Catalog, found: FiguresOfDays, earlier: PeriodSums, days: tuple[date, date], by: Period, group: GroupBy,
    waited: Iterable[Ticket], *, now: datetime,
) -> BusinessFiguresAnswer:  # fmt: skip
    rules, business = catalog.business.figures, catalog.business
    return BusinessFiguresAnswer(
        first_day=days[0],
        last_day=days[1],
        as_of=now,
        currency=business.currency,
        too_few=TOO_FEW,
        by=by,
        group=group,
        total=numbers(found.total, business.currency),
        before=_period(earlier, business.currency),
        change=changes(earlier.sums, found.total, business.currency),
        targets=TargetsAnswer(came=rules.came, confirmed=rules.confirmed, fill=rules.fill, attainment=rules.attainment),
        periods=[_period(it, business.currency) for it in found.spans],
        members=_members(catalog, group, found.members),
        heat=list(_heat(found)),
        waits=_waits(waited, [*((it.first, it.last) for it in found.spans), days]),
    )


def numbers(sums: Sums, currency: str) -> NumbersAnswer:
    found = BusinessFigures(sums, currency)
    effect = found.reminders
    return NumbersAnswer(
        **{name: _part(share) for name, share in found.shares.items()},
        **{name: getattr(sums, name) for name in ("booked", "revenue", "expected", "lost", "unpriced", "follow_ups")},
        lead=found.lead,
        reminders=RemindersAnswer(
            reminded=_part(effect.reminded), others=_part(effect.others), difference=effect.difference
        ),
        messages=MessagesAnswer(
            sent=sums.sent, failed=sums.failed, not_sent=sums.not_sent, parts=sums.parts, cost=None
        ),
        satisfaction=found.satisfaction,
        reasons={reason: _part(share) for reason, share in found.reasons.items()},
        money={what: _money(found, what) for what in MoneyKind},
        other_currencies=found.in_other_currencies,
    )


def changes(before: Sums, now: Sums, currency: str) -> dict[str, float | None]:
    earlier, later = BusinessFigures(before, currency).shares, BusinessFigures(now, currency).shares
    return {name: change(earlier[name], share) for name, share in later.items()}


def member_name(catalog: Catalog, group: GroupBy, id: str) -> str | None:
    """Of one who has left, and of what is offered no more, as well."""
    match group:
        case GroupBy.STAFF:
            return catalog.staff_name(id) or None
        case GroupBy.SERVICE:
            service = catalog.services.get(id) or catalog.gone.services.get(id)
            return service.name if service else None
    return None


def _members(catalog: Catalog, group: GroupBy, found: Mapping[str, Sums]) -> list[MemberAnswer]:
    """The largest first."""
    ordered = sorted(found.items(), key=lambda it: (-it[1].booked, it[0]))
    return [
        MemberAnswer(id=id, name=member_name(catalog, group, id), numbers=numbers(of, catalog.business.currency))
        for id, of in ordered
    ]


def _heat(found: FiguresOfDays) -> Iterable[HeatAnswer]:
    for weekday, (offered, filled) in found.heat.items():
        for hour in sorted(offered.keys() | filled.keys()):
            yield HeatAnswer(weekday=weekday, hour=hour, offered=offered.get(hour, 0), filled=filled.get(hour, 0))


def _waits(waited: Iterable[Ticket], spans: Iterable[tuple[date, date]]) -> list[WaitsAnswer]:
    known = list(waited)
    found = ((first, last, honesty(one for one in known if first <= one.day <= last)) for first, last in spans)
    return [
        WaitsAnswer(
            first_day=first,
            last_day=last,
            told=it.told,
            within=_part(Share(it.within, it.told)),
            longer=_part(Share(it.longer, it.told)),
            error=it.error,
            waited=it.waited,
        )
        for first, last, it in found
    ]


def _period(it: PeriodSums, currency: str) -> PeriodAnswer:
    return PeriodAnswer(first_day=it.first, last_day=it.last, numbers=numbers(it.sums, currency))


def _money(found: BusinessFigures, what: MoneyKind) -> MoneyAnswer:
    causes = {cause: _of_cause(it) for cause, it in found.causes(what).items()}
    whole = found.money(what)
    return MoneyAnswer(count=whole.count, minor=whole.minor, causes=causes)


def _of_cause(it: MoneyFigure) -> MoneyOfCauseAnswer:
    return MoneyOfCauseAnswer(count=it.count, minor=it.minor)


def _part(share: Share) -> PartAnswer:
    return PartAnswer(part=share.part, whole=share.whole, ratio=share.ratio, enough=share.whole >= TOO_FEW)
