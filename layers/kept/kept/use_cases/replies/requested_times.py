"""Times to offer to who would rather come another time: as they wish, or as near to it as there are."""

from datetime import UTC, date, datetime, time, timedelta

from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.booking.availability import FreeSlot
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.messaging.replies.reading import PartOfReply, RequestedTime
from kept.use_cases.booking.open_times import ask_to_move, free

OFFERED = 3
AHEAD = timedelta(days=14)
NEAR = timedelta(days=3)
PARTS = {
    PartOfReply.MORNING: (time(0), time(12)),
    PartOfReply.AFTERNOON: (time(12), time(18)),
    PartOfReply.EVENING: (time(17), time.max),
}
USUAL = {PartOfReply.MORNING: time(10), PartOfReply.AFTERNOON: time(15), PartOfReply.EVENING: time(18)}


def wished_times(
    visit: Appointment, client: Client, catalog: Catalog, wish: RequestedTime, *, now: datetime
) -> list[datetime]:
    """Up to three, with whoever it is booked with, in order of time; none where nothing is free for two weeks.

    What they wish is read by the clock of the booking. Raises StaffLeft: with whom instead, only they can say.
    """
    client = addressee(client, visit)
    question = ask_to_move(catalog, visit, None, zone=client.zone, now=now)
    first, last = _days(visit, client, wish, now)
    starts = [_instant(slot) for slot in free(question, first, last)]
    others = [at for at in starts if at != visit.starts]
    fitting = [at for at in others if _fits(at.astimezone(client.zone), wish)]
    target = _target(visit, client, wish, now)
    nearest = sorted(fitting or others, key=lambda at: abs(at - target))[:OFFERED]
    return sorted(nearest)


def _days(visit: Appointment, client: Client, wish: RequestedTime, now: datetime) -> tuple[date, date]:
    today = now.astimezone(client.zone).date()
    if wish.day is None:
        return today, max(today, visit.starts.astimezone(client.zone).date()) + AHEAD
    return max(today, wish.day - NEAR), max(today, wish.day) + NEAR


def _fits(local: datetime, wish: RequestedTime) -> bool:
    if wish.day and local.date() != wish.day:
        return False
    if wish.part is None:
        return True
    begins, ends = PARTS[wish.part]
    return begins <= local.time() < ends


def _target(visit: Appointment, client: Client, wish: RequestedTime, now: datetime) -> datetime:
    """The instant they have in mind: what they left open is as it was booked."""
    booked = visit.starts.astimezone(client.zone)
    day = wish.day or max(booked.date(), now.astimezone(client.zone).date())
    clock = wish.at or (USUAL[wish.part] if wish.part else booked.time())
    return datetime.combine(day, clock, client.zone).astimezone(UTC)


def _instant(slot: FreeSlot) -> datetime:
    return datetime.fromtimestamp(slot.start * 60, UTC)
