"""When an invitation may reach somebody: never at meals or late, best when it suits them, and never too often."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.business.contact_rules import ContactRules
from kept.business.contact_window import Hours, QuietHours, allowed_from, allowed_until
from kept.clients.client import Client
from kept.messaging.contact_hours import hours_for
from kept.reasons import Code, Reason, because
from kept.timekeeping.holidays import is_near_holiday

DAY = timedelta(days=1)
AHEAD = 366
"""Days looked ahead, so that every holiday comes round. Where nothing suits by then, it is asked again then."""

HoursOfDay = Callable[[date], tuple[Hours, ...]]


def next_invitation(
    client: Client, rules: ContactRules, country: str, *, quiet: QuietHours, now: datetime
) -> tuple[datetime, Reason | None]:
    """The first instant, from now on, at which they may be invited, with the reason of the wait (None for now).

    The reason is the hours where they alone would take as long, else the rule without which it could be soonest.
    Holidays and days off are those of the business's country, on the client's local date.
    """
    suits, zone, capped = hours_for(client, rules, quiet), client.zone, _capped(client, rules)
    free = max([now, *capped.values()])

    def on_any_day(day: date) -> tuple[Hours, ...]:
        return suits.on(day, country)

    def on_the_right_days(day: date) -> tuple[Hours, ...]:
        near = is_near_holiday(day, rules.holiday_days, country)
        return on_any_day(day) if near is rules.on_holidays else ()

    until = _first(free, zone, on_the_right_days)
    if until == now:
        return now, None
    theirs = until.astimezone(zone)
    if until == _first(now, zone, on_any_day):
        why = because(suits.outside, until=theirs)
    elif _first(now, zone, on_the_right_days) < _first(free, zone, on_any_day):
        most, days = max(capped, key=capped.__getitem__)
        why = because(Code.INVITED_ENOUGH, most=most, days=days, until=theirs)
    else:
        why = because(Code.NO_HOLIDAY_NEAR if rules.on_holidays else Code.HOLIDAY_NEAR, until=theirs)
    return until, why


def _capped(client: Client, rules: ContactRules) -> dict[tuple[int, int], datetime]:
    """When the oldest of those that fill a cap leaves it: to the second so many days after it was sent."""
    invited = sorted(client.invited_at)
    return {(cap, days): invited[-cap] + days * DAY for cap, days in rules.caps if len(invited) >= cap}


def _first(now: datetime, zone: ZoneInfo, hours_of: HoursOfDay) -> datetime:
    today = now.astimezone(zone).date()
    for day in (today + n * DAY for n in range(AHEAD)):
        for begins, ends in hours_of(day):
            at = max(now, allowed_from(day, begins, zone))
            if at < allowed_until(day, ends, zone):
                return at
    return now + AHEAD * DAY
