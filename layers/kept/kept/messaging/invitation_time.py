"""When an invitation may reach somebody: never at meals or late, best when it suits them, and never too often."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.booking.holidays import is_near_holiday
from kept.clients.client import Client
from kept.messaging.contact_rules import WHOLE_DAY, ContactRules, hours_for
from kept.messaging.contact_window import Hours, QuietHours, allowed_from, allowed_until

DAY = timedelta(days=1)
AHEAD = 366
"""Days looked ahead, so that every holiday comes round. Where nothing suits by then, it is asked again then."""

HoursOfDay = Callable[[date], tuple[Hours, ...]]


def next_invitation(
    client: Client, rules: ContactRules, country: str, *, quiet: QuietHours, now: datetime
) -> tuple[datetime, str]:
    """The first instant, from now on, at which they may be invited, with the reason of the wait ("" for now).

    The reason is the rule that stands in the way longest, whatever the others say. Holidays are those of the
    business's country, on the client's local date.
    """
    suits, zone = hours_for(client, rules, quiet), client.zone

    def is_the_day(day: date) -> bool:
        return is_near_holiday(day, rules.holiday_days, country) is rules.on_holidays

    capped = _capped(client, rules)
    until = _first(max([now, *capped.values()]), zone, lambda day: suits.on(day) if is_the_day(day) else ())
    if until == now:
        return now, ""
    alone = capped | {
        f"outside {suits.whose}": _first(now, zone, suits.on),
        _holiday(rules): _first(now, zone, lambda day: (WHOLE_DAY,) if is_the_day(day) else ()),
    }
    return until, f"{max(alone, key=alone.__getitem__)}, until {_when(until, zone, now)}"


def _capped(client: Client, rules: ContactRules) -> dict[str, datetime]:
    """When the oldest of those that fill a cap leaves it: to the second so many days after it was sent."""
    invited = sorted(client.invited_at)
    return {
        f"{cap} invitations within {days} days": invited[-cap] + days * DAY
        for cap, days in rules.caps
        if len(invited) >= cap
    }


def _first(now: datetime, zone: ZoneInfo, hours_of: HoursOfDay) -> datetime:
    today = now.astimezone(zone).date()
    for day in (today + n * DAY for n in range(AHEAD)):
        for begins, ends in hours_of(day):
            at = max(now, allowed_from(day, begins, zone))
            if at < allowed_until(day, ends, zone):
                return at
    return now + AHEAD * DAY


def _holiday(rules: ContactRules) -> str:
    return "no public holiday is near" if rules.on_holidays else "near a public holiday"


def _when(until: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The client's local time, with the day unless it is today."""
    local = until.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %H:%M}"
