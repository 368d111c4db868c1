"""When the law of the reader's country lets a message reach their number, and where the reader is taken to be.

The place is the client's own zone. Where that names no place (UTC, as some browsers say) it is the number's area; of an
area that spans several zones, all of them at once.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kept.business.contact_window import Hours, allowed_from, allowed_until
from kept.business.country_rules import CountryRules, country_of, rules_of
from kept.channels import NUMBERED, Channel, Purpose
from kept.timekeeping.holidays import public_holidays

DAY = timedelta(days=1)
AHEAD = 14
"""Days looked ahead: longer than any row of days on which nothing is allowed."""

NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


def next_lawful(address: str, tz: str, channel: Channel, purpose: Purpose, *, now: datetime) -> datetime | None:
    """The first instant from now on at which they may be written to, be it now; None where there is none soon.

    What goes to no telephone number may come at any time, as far as the law of numbers goes.
    """
    if channel not in NUMBERED or not address.startswith("+"):
        return now
    country = country_of(address)
    rules = rules_of(country)
    if rules.hours is None and (rules.promoted is None or purpose is not Purpose.PROMOTIONAL):
        return now
    places, at = places_of(address, tz), now
    for _ in range(AHEAD):
        found = [_first(at, place, rules, purpose, country) for place in places]
        allowed = [one for one in found if one is not None]
        if len(allowed) < len(places):
            return None
        if max(allowed) == at:
            return at
        at = max(allowed)
    return None


def places_of(number: str, tz: str) -> tuple[ZoneInfo, ...]:
    """Where the reader may be, by the zone they have with us or else by their number."""
    if place := _place(tz):
        return (place,)
    area = tuple(place for name in _zones_of(number) if (place := _place(name)))
    return area or (ZoneInfo("UTC"),)


def _place(tz: str) -> ZoneInfo | None:
    """None for a zone that is nowhere, and for one that nobody knows."""
    if "/" not in tz or tz.startswith(NO_PLACES):
        return None
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zones_of(number: str) -> tuple[str, ...]:
    from phonenumbers import NumberParseException, parse, timezone

    try:
        return tuple(timezone.time_zones_for_number(parse(number)))
    except NumberParseException:
        return ()


def _first(now: datetime, place: ZoneInfo, rules: CountryRules, purpose: Purpose, country: str) -> datetime | None:
    today = now.astimezone(place).date()
    for day in (today + n * DAY for n in range(AHEAD)):
        if (hours := _hours(day, rules, purpose, country)) is None:
            continue
        at = max(now, allowed_from(day, hours[0], place))
        if at < allowed_until(day, hours[1], place):
            return at
    return None


def _hours(day: date, rules: CountryRules, purpose: Purpose, country: str) -> Hours | None:
    """Those for everything, and for an advertisement its own as well."""
    if rules.promoted is None or purpose is not Purpose.PROMOTIONAL:
        return rules.hours
    promoted = rules.promoted.on(day.weekday(), is_holiday=day in public_holidays(country, day.year))
    if promoted is None or rules.hours is None:
        return promoted
    begins, ends = max(promoted[0], rules.hours[0]), min(promoted[1], rules.hours[1])
    return (begins, ends) if begins < ends else None
