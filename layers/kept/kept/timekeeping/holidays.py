"""Working days by country, from the `holidays` library: the one answer that booking, clocks and invitations go by.

A country's own calendar says which days are its weekend that year, which are public holidays, and at which weekends
people work instead. Nothing of it is written down here or in anything that is stored, so what a government announces
later needs a newer library and nothing else. Until it has announced a year, that year has what the law says: China's
festivals on their days, no weekend worked. Countries are ISO 3166, a subdivision after a dash.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)
SATURDAY = 5
WHOLE_BREAKS = frozenset({"CN"})
"""Where the government announces days off from one date to another, the weekends at either end among them."""


@dataclass(frozen=True, slots=True)
class Year:
    """One country's calendar for a year; a little of the years around it as well."""

    public: frozenset[date]
    """What the country calls a public holiday."""
    breaks: frozenset[date]
    """These, and the weekend days inside them: what is closed by whoever closes on holidays."""
    weekend: frozenset[date]
    """The weekend days on which nobody has to work; 366 at most."""
    worked: frozenset[date]
    """The weekend days that are worked for a day off elsewhere."""

    def is_working(self, day: date) -> bool:
        return day not in self.weekend and (day in self.worked or day not in self.public)


def is_working_day(day: date, country: str) -> bool:
    """As the country has it: no weekend and no public holiday, or a weekend day that is worked for another.

    Where nothing is known of a country it is Monday to Friday.
    """
    return _calendar(country, day.year).is_working(day)


def closes(day: date, country: str) -> bool:
    """Whether who closes on public holidays is closed: on one, and on a weekend day inside one.

    Inside is what lies between two days of holiday, with nothing but days off between them. Where working days were
    moved to make one break of them, and in WHOLE_BREAKS always, the weekend days at its ends are inside as well.
    """
    return day in _calendar(country, day.year).breaks


def stands_in_for(day: date, country: str) -> int | None:
    """The weekday whose hours a worked weekend day has: of the nearest that is none of the weekend, the earlier of
    two as near. None for any other day. Monday is 0."""
    calendar = _calendar(country, day.year)
    if day not in calendar.worked:
        return None
    around = (day + n * DAY for distance in range(1, 7) for n in (-distance, distance))
    return next(near.weekday() for near in around if near not in calendar.weekend | calendar.worked)


def public_holidays(country: str, year: int) -> frozenset[date]:
    """The country's list; empty for a country the library does not know, and for years that it does not reach."""
    return frozenset(day for day in _calendar(country, year).public if day.year == year)


def is_near_holiday(day: date, days: int, country: str) -> bool:
    """On a public holiday or a weekend day inside one, or at most so many days before or after the holiday itself."""
    around = (day + n * DAY for n in range(-days, days + 1))
    return closes(day, country) or any(near in _calendar(country, near.year).public for near in around)


def holidays_of_years(country: str, first: date, last: date) -> frozenset[date]:
    """All that holidays close in the years in which these two days lie, and in those between."""
    return frozenset[date]().union(*(_calendar(country, year).breaks for year in range(first.year, last.year + 1)))


def worked_of_years(country: str, first: date, last: date) -> frozenset[date]:
    """The weekend days of the same years that are worked."""
    return frozenset[date]().union(*(_calendar(country, year).worked for year in range(first.year, last.year + 1)))


def is_known(country: str) -> bool:
    """Whether the library has this country, and this subdivision of it."""
    try:
        _library(country, ())
    except NotImplementedError:
        return False
    return True


@cache
def _calendar(country: str, year: int) -> Year:
    """The years around it are asked too: what is worked, or off, at its edges may be told by them."""
    near = tuple(range(max(year - 1, MINYEAR), min(year + 1, MAXYEAR) + 1))
    days = list(_days(date(near[0], 1, 1) if near[0] == year else date(near[0], 12, 1), year))
    try:
        library = _library(country, near)
    except NotImplementedError:
        return Year(frozenset(), frozenset(), frozenset(day for day in days if day.weekday() >= SATURDAY), frozenset())
    public = frozenset(library)
    worked = frozenset(day for day in days if library.is_weekend(day) and library.is_working_day(day))
    weekend = frozenset(day for day in days if library.is_weekend(day) and day not in worked)
    breaks = public | frozenset(_inside(country, library, weekend))
    return Year(public - worked, breaks - worked, weekend, worked)


def _days(first: date, year: int) -> Iterator[date]:
    """From there to the January after the year."""
    last = date(year, 12, 31) if year == MAXYEAR else date(year + 1, 1, 31)
    return (first + n * DAY for n in range((last - first).days + 1))


def _inside(country: str, library: "HolidayBase", weekend: frozenset[date]) -> Iterator[date]:
    """The weekend days that belong to a holiday."""
    whole = country.partition("-")[0] in WHOLE_BREAKS
    for run in _runs(weekend | {day for day in library if library.is_working_day(day) is False}):
        off = [day for day in run if day in library]
        if off and (whole or any(_is_moved(library[day], library) for day in off)):
            yield from run
        elif off:
            yield from (day for day in run if off[0] < day < off[-1])


def _runs(days: frozenset[date]) -> Iterator[list[date]]:
    """Days that follow one another."""
    run: list[date] = []
    for day in sorted(days):
        if run and day != run[-1] + DAY:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _is_moved(name: str, library: "HolidayBase") -> bool:
    """Off for a weekend day that is worked."""
    label: str | None = getattr(library, "substituted_label", None)
    return label is not None and library.tr(label).partition("%s")[0] in name


def _library(country: str, years: tuple[int, ...]) -> "HolidayBase":
    """Raises NotImplementedError where it does not know the country."""
    import holidays

    code, _, subdivision = country.partition("-")
    return holidays.country_holidays(code, subdiv=subdivision or None, years=years, expand=False)
