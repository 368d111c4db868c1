"""What a time zone is called in a language: by its city, or by its distance from UTC where it has none."""

from datetime import tzinfo
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location


@cache
def city(zone: tzinfo | None, locale: Locale) -> str:
    """CLDR knows many a city by the zone's older name alone: Asia/Calcutta is 加尔各答, Asia/Kolkata nothing."""
    key, known = str(zone), locale.time_zones
    names = [name for name in (key, *_older(key)) if "city" in known.get(name, {})]
    if names:
        return str(known[names[0]]["city"])
    _, slash, last = key.rpartition("/")
    if slash and not key.startswith("Etc/") and key not in get_global("zone_aliases"):
        return last.replace("_", " ")
    return get_timezone_location(zone, locale=locale, return_city=True)


def _older(key: str) -> list[str]:
    return [old for old, new in get_global("zone_aliases").items() if new == key]
