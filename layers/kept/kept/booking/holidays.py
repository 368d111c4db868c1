"""Public holidays by country, from the `holidays` library."""

from datetime import date, timedelta
from functools import cache


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Empty for a country the library does not know. `country` is ISO 3166, a subdivision after a dash."""
    import holidays

    code, _, subdivision = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()


def is_near_holiday(day: date, days: int, country: str) -> bool:
    """On a public holiday, or at most so many days before or after one."""
    around = (day + timedelta(days=n) for n in range(-days, days + 1))
    return any(near in public_holidays(country, near.year) for near in around)


def holidays_of_years(country: str, first: date, last: date) -> frozenset[date]:
    """All of the years in which these two days lie, and of those between."""
    return frozenset().union(*(public_holidays(country, year) for year in range(first.year, last.year + 1)))
