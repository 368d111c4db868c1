"""Closed days added up: each night those that are over, and again whichever a late fact has changed."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import groupby

from kept.business.catalog import Catalog
from kept.insight.fact_of import local_day
from kept.insight.sums import GroupBy, OfGroup, sums
from kept.insight.usual import usual_hours
from kept.storage import catalogs, facts, figure_days, figure_sums
from kept.storage import usual_hours as usual
from kept.storage.facts import DayFacts
from kept.storage.figure_days import Night
from kept.storage.figure_sums import MonthSums
from kept.storage.transaction import Lost
from kept.use_cases.insight import comparing, weekly_letter
from kept.use_cases.insight.offering import hours_offered
from kept.use_cases.insight.recording import at_night, next_night

DAY = timedelta(days=1)
AT_ONCE = 31
"""Days in one run, all of one month; the rest follows with the next sweep, in a minute."""
USUAL = timedelta(weeks=8)
"""By so many weeks it is told how full an hour usually is; a whole number of them, so that weekdays are alike."""


def add_up(business: str, id: str, *, now: datetime) -> None:
    """What is due under this key: the night's days, or one day that was changed. Once more does nothing.

    Raises Lost where somebody else adds up a day of the same month: it stays due.
    """
    catalog = catalogs.load(business)
    if id == figure_days.NIGHT:
        _night(catalog, now=now)
    elif id.endswith(figure_days.DIFFERS):
        _write_anew(catalog, id, now=now)
    else:
        _changed_day(catalog, figure_days.day_of(id), now=now)


def add_days(catalog: Catalog, days: Iterable[date], *, now: datetime) -> None:
    """Each as its facts are now; a month is written once for each group. Raises Lost."""
    for month, some in groupby(sorted(days), key=lambda day: day.replace(day=1)):
        wanted = list(some)
        found = {it.day: it for it in facts.days(catalog.business.id, wanted[0], wanted[-1])}
        of_days = {day: of_day(catalog, found.get(day, DayFacts(day, (), None)), now=now) for day in wanted}
        for group in GroupBy:
            _put(catalog.business.id, group, month, {day.day: of[group] for day, of in of_days.items()})


def of_day(catalog: Catalog, found: DayFacts, *, now: datetime) -> Mapping[GroupBy, OfGroup]:
    """What was offered on a day that is over stays what it was; before, it is what stands in the settings."""
    offered = found.offered
    if offered is None:
        offered = hours_offered(catalog, found.day)
        if found.day < local_day(now, catalog.business.zone):
            facts.put_hours(catalog.business.id, found.day, offered)
    return sums(found.facts, offered)


def _put(business: str, group: GroupBy, month: date, days: Mapping[int, OfGroup]) -> None:
    stands = figure_sums.load(business, group, month)
    known = {**stands.days, **days}
    if known != stands.days:
        figure_sums.put(business, group, month, MonthSums(known, stands.revision))


def tell_usual(business: str, last: date) -> None:
    """How full the hours of a week are, by the weeks up to that day: a query of three items at most, and one write. A
    day that changes afterwards counts as it is the next night."""
    days = figure_sums.days(business, GroupBy.STAFF, last - USUAL + DAY, last)
    usual.put(business, usual_hours(days))


def _changed_day(catalog: Catalog, day: date, *, now: datetime) -> None:
    """One that no night has reached yet is left to it."""
    business = catalog.business.id
    if (mark := figure_days.mark(business, day)) is None:
        return
    night = figure_days.night(business)
    if night and night.until and day <= night.until:
        add_days(catalog, [day], now=now)
    figure_days.done(business, day, mark)


def _write_anew(catalog: Catalog, id: str, *, now: datetime) -> None:
    """Somebody put back what differed."""
    day = figure_days.day_of(id)
    comparing.mend(catalog, comparing.differences(catalog, day))
    add_days(catalog, [day], now=now)
    figure_days.agrees(catalog.business.id, id)


def _night(catalog: Catalog, *, now: datetime) -> None:
    """The days are added up first and the date is moved on last: what stops in the middle is done again."""
    business = catalog.business.id
    night = figure_days.night(business)
    if night is None or night.at > now:
        return
    yesterday = _last_over(catalog, now)
    first = night.until + DAY if night.until else facts.first_day(business) or yesterday
    days = [first + DAY * n for n in range(min((yesterday - first).days + 1, AT_ONCE))]
    days = [day for day in days if (day.year, day.month) == (first.year, first.month)]
    add_days(catalog, days, now=now)
    until = days[-1] if days else night.until
    is_done = until is None or until >= yesterday
    if is_done and days:
        tell_usual(business, yesterday)
        comparing.compare(catalog, yesterday, now=now)
        weekly_letter.owe(catalog, _last_sunday(yesterday), now=now)
    with suppress(Lost):
        figure_days.put_night(Night(business, until, next_night(catalog, now) if is_done else now), of=night)


def _last_sunday(day: date) -> date:
    return day - DAY * ((day.weekday() + 1) % 7)


def _last_over(catalog: Catalog, now: datetime) -> date:
    """The last day whose night has come."""
    zone = catalog.business.zone
    today = local_day(now, zone)
    return today - DAY if at_night(today, zone) <= now else today - DAY * 2
