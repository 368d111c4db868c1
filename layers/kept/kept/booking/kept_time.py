"""A booking keeps the local time it was made with: what its slot has to become when the rules of its zone changed, or
the zone of the business was corrected.

Of a local time that occurs twice it is the one with the offset it had, else the first; of one that does not exist the
first minute after it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kept.booking.appointment import Appointment, Slot
from kept.timekeeping.local_time import DAY, day_number, local_time


class Keep(StrEnum):
    """What stays as it is where the business is in another zone now: the zone was wrong, or the business moved."""

    TIME = "time"
    INSTANT = "instant"


def kept(slot: Slot, tz: str, keep: Keep | None) -> Slot:
    """In the business's zone `tz`; the same slot where nothing is to be done, or its local time was never kept.

    Where nobody has said what to `keep`, only what was written down in that very zone is brought to its rules.
    """
    if not slot.tz or (tz != slot.tz and keep is None):
        return slot
    zone = ZoneInfo(tz)
    if tz != slot.tz and keep is Keep.INSTANT:
        return replace(slot, tz=tz, offset=offset(slot.starts, zone))
    starts = _instant(slot, zone)
    if (starts, tz) == (slot.starts, slot.tz):
        return slot
    return replace(slot, starts=starts, ends=starts + (slot.ends - slot.starts), tz=tz, offset=offset(starts, zone))


def shows_another_time(visit: Appointment, after: Slot) -> bool:
    """Whether its client, by their own clock, is to come at another time than they were told.

    Who lives by the place's clock was told its local time, and sees the same when only its offset changed.
    """
    zone = ZoneInfo(visit.tz)
    was = visit.slot.local if visit.tz == visit.slot.tz else visit.starts.astimezone(zone).replace(tzinfo=None)
    return after.starts.astimezone(zone).replace(tzinfo=None) != was


def offset(at: datetime, zone: ZoneInfo) -> int:
    """Minutes from UTC."""
    return (at.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)


def _instant(slot: Slot, zone: ZoneInfo) -> datetime:
    same = (slot.local - timedelta(minutes=slot.offset)).replace(tzinfo=UTC)
    if offset(same, zone) == slot.offset:
        return same
    local = slot.local
    minute = day_number(local.date()) * DAY + local.hour * 60 + local.minute
    clock = local_time(zone, local.date(), local.date())
    return datetime.fromtimestamp(clock.opening(minute) * 60, UTC)
