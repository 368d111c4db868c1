"""Who of the staff is there, and who is told in the place of one who is not."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from kept.business.catalog import Catalog, StaffMember
from kept.timekeeping.weekly_hours import away_minutes, open_minutes

Away = Callable[[StaffMember, datetime, ZoneInfo], bool]


def is_away(member: StaffMember, at: datetime, zone: ZoneInfo) -> bool:
    """In their time off, or on a day that they have off as a whole. The end of the working day is no absence."""
    return any(off.starts <= at < off.ends for off in member.hours.time_off) or is_off(member, at, zone)


def is_off(member: StaffMember, at: datetime, zone: ZoneInfo) -> bool:
    """On that local day: it is closed for them by itself, or their time off takes all that they would have worked.

    A weekday on which they never work is none: whatever reaches them then waits for them.
    """
    day = at.astimezone(zone).date()
    if member.hours.overrides.get(day) == ():
        return True
    if not member.hours.time_off or not away_minutes(member.hours, zone, day, day):
        return False
    return not open_minutes(member.hours, zone, day, day)


def there(id: str, catalog: Catalog, *, now: datetime, away: Away = is_away) -> str:
    """The id of who is told: they themselves, or who stands in for them, or for that one in turn.

    "" is the business's own address: where nobody is left, all stand in for each other, or one of them has left.
    Whoever has no address to be told at passes it on as well.
    """
    asked: set[str] = set()
    while id in catalog.staff and id not in asked:
        one = catalog.staff[id]
        if one.email and not away(one, now, catalog.business.zone):
            return id
        asked.add(id)
        id = one.stand_in
    return ""
