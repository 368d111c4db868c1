"""Figures of some days: those added up read month by month, the others fact by fact, and the list behind each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kept.business.catalog import Business, Catalog
from kept.insight.behind import BEHIND, Behind
from kept.insight.fact import Fact, MoneyFact
from kept.insight.sums import NOTHING, GroupBy, Hours, OfGroup, Sums, members, sums, total
from kept.storage import facts, figure_days, figure_sums
from kept.storage.facts import DayFacts
from kept.storage.figure_days import AddedUp
from kept.use_cases.insight.offering import offered_on

DAY = timedelta(days=1)
WEEK = 7


class Period(StrEnum):
    """How days are put together; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class PeriodSums:
    """A day, week or month, as far as it lies within the days that were asked for."""

    first: date
    last: date
    sums: Sums


@dataclass(frozen=True, slots=True)
class FiguresOfDays:
    """Of some days: the whole, its spans, and each member of the group; `heat` by weekday (Monday is 0) and hour
    has minutes offered and filled."""

    total: Sums
    spans: tuple[PeriodSums, ...]
    members: Mapping[str, Sums]
    heat: Mapping[int, tuple[Hours, Hours]]


def read(catalog: Catalog, first: date, last: date, by: Period, group: GroupBy) -> FiguresOfDays:
    """A year of one group is read in two queries and a few units more for what is not added up."""
    state = figure_days.added_up(catalog.business.id)
    days = dict(_of_days(catalog, GroupBy.ALL, first, last, state))
    whole = {day: of.get("", NOTHING) for day, of in days.items()}
    split = _of_days(catalog, group, first, last, state) if group is not GroupBy.ALL else iter(())
    return FiguresOfDays(
        total(whole.values()),
        tuple(_span(whole, since, until) for since, until in spans(first, last, by)),
        _by_member(split),
        _heat(whole),
    )


def whole(catalog: Catalog, first: date, last: date) -> Sums:
    """Of all these days together."""
    state = figure_days.added_up(catalog.business.id)
    return total(of.get("", NOTHING) for _, of in _of_days(catalog, GroupBy.ALL, first, last, state))


def _of_days(
    catalog: Catalog, group: GroupBy, first: date, last: date, state: AddedUp
) -> Iterator[tuple[date, OfGroup]]:
    """Each day once: as it was added up, or, where that has not been done since it changed, from its facts. Before the
    first day of which there are any nothing was offered either."""
    business = catalog.business.id
    yield from ((day, of) for day, of in figure_sums.days(business, group, first, last) if state.has(day))
    begins = first if state.until else facts.first_day(business) or date.max
    for since, until in _stretches(max(first, begins), last, state):
        known = {it.day: it for it in facts.days(business, since, until)}
        offered = _offered(catalog, known, since, until)
        for day in _each(since, until):
            yield day, sums(known[day].facts if day in known else (), offered[day])[group]


def _offered(
    catalog: Catalog, known: Mapping[date, DayFacts], first: date, last: date
) -> dict[date, Mapping[str, Hours]]:
    """As it was written down when the day was over; else by what the settings and the calendars of staff now say."""
    found = {day: it.offered for day, it in known.items() if it.offered is not None}
    unknown = [day for day in _each(first, last) if day not in found]
    if not unknown:
        return found
    now = zip(_each(unknown[0], unknown[-1]), offered_on(catalog, unknown[0], unknown[-1]), strict=True)
    return dict(now) | found


def behind(business: Business, first: date, last: date, what: Behind, group: GroupBy, member: str | None) -> list[Fact]:
    """The facts that a number counts, by day; of one member of a group, or of all. Money in the business's currency."""
    found = (fact for it in facts.days(business.id, first, last) for fact in it.facts if BEHIND[what](fact))
    found = (it for it in found if not isinstance(it, MoneyFact) or it.currency == business.currency)
    return [fact for fact in found if member is None or members(fact).get(group) == member]


def spans(first: date, last: date, by: Period) -> Iterator[tuple[date, date]]:
    while first <= last:
        until = min(last, _end(first, by))
        yield first, until
        first = until + DAY


def before(first: date, last: date) -> tuple[date, date]:
    """As many days on the same weekdays, whole weeks before; what a trend compares with."""
    back = timedelta(weeks=-(-((last - first).days + 1) // WEEK))
    return first - back, last - back


def _end(day: date, by: Period) -> date:
    match by:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day + DAY * (WEEK - 1 - day.weekday())
        case Period.MONTH:
            return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def _span(days: Mapping[date, Sums], first: date, last: date) -> PeriodSums:
    return PeriodSums(first, last, total(days[day] for day in _each(first, last) if day in days))


def _by_member(days: Iterator[tuple[date, OfGroup]]) -> Mapping[str, Sums]:
    found: dict[str, list[Sums]] = defaultdict(list)
    for _, of in days:
        for member, some in of.items():
            found[member].append(some)
    return {member: total(some) for member, some in sorted(found.items())}


def _heat(days: Mapping[date, Sums]) -> Mapping[int, tuple[Hours, Hours]]:
    of_weekday = {n: total(it for day, it in days.items() if day.weekday() == n) for n in range(WEEK)}
    return {n: (it.offered, it.filled) for n, it in of_weekday.items()}


def _stretches(first: date, last: date, state: AddedUp) -> Iterator[tuple[date, date]]:
    """The days that are not added up, those side by side together: one query each."""
    begins: date | None = None
    for day in _each(first, last):
        if state.has(day):
            if begins:
                yield begins, day - DAY
            begins = None
        elif begins is None:
            begins = day
    if begins:
        yield begins, last


def _each(first: date, last: date) -> Iterator[date]:
    return (first + DAY * n for n in range((last - first).days + 1))
