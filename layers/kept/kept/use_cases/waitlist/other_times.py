"""Other times for whoever came too late for one: what they wish for and anybody can book in this moment."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from kept.business.catalog import Catalog
from kept.business.contact_window import allowed_from
from kept.errors import Refusal
from kept.use_cases.booking.open_times import ask, lasting, openings
from kept.waitlist.entry import Offer, WaitlistEntry

OFFERED = 3
AHEAD = timedelta(days=28)
"""So far the book is read, from now or the first day of their wish, whichever is later."""
LOOKED_AT = 2_000


def other_times(catalog: Catalog, entry: WaitlistEntry, gone: Offer, *, now: datetime) -> list[datetime]:
    """The first three within the wish, for the service that was offered, by the rules for clients; none where it is
    offered no more. Each is as long after the one before as a visit takes: a quarter of an hour later is no choice.
    The time that is `gone` is among them only where it is free again with the very same person.
    """
    return list(islice(_apart(_free(catalog, entry, gone, now), gone.ends - gone.starts), OFFERED))


def _apart(starts: Iterable[datetime], least: timedelta) -> Iterator[datetime]:
    last: datetime | None = None
    for at in starts:
        if last is None or at - last >= least:
            last = at
            yield at


def _free(catalog: Catalog, entry: WaitlistEntry, gone: Offer, now: datetime) -> Iterator[datetime]:
    zone, wish = catalog.business.zone, entry.wish
    try:
        question = ask(catalog, gone.service, None, zone=zone, now=now)
    except Refusal:
        return
    question = replace(question, service=lasting(question.service, wish.minutes))
    named = tuple(member for member in question.staff if not wish.staff or member.id in wish.staff)
    since = max(now, allowed_from(wish.first, time.min, zone))
    before = min(wish.ends(zone), since + AHEAD)
    if not named or since >= before:
        return
    for start, _, staff, _ in openings(replace(question, staff=named), since, before, at_most=LOOKED_AT):
        starts = datetime.fromtimestamp(start * 60, UTC)
        ends = starts + timedelta(minutes=question.service.duration)
        is_other = starts != gone.starts or gone.staff in staff
        if is_other and any(wish.fits(gone.service, starts, ends, id, zone=zone) for id in staff):
            yield starts
