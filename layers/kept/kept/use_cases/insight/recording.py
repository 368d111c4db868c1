"""Each change of a visit, a message or a follow-up, written down as the fact that it is now.

Repeats, reorderings and whole batches again end the same: a fact is written over by a newer one alone. A crash between
two writes is made good by the same change, which comes again. Of a day that is over each change costs two units of
writing and a read more.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kept import clock
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownBusiness
from kept.events.change import AggregateChange
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp
from kept.insight.fact import Fact, FactKind, same
from kept.insight.fact_of import fact_of_follow_up, fact_of_message, fact_of_visit, local_day, reminds
from kept.messaging.message import Message
from kept.storage import appointments, catalogs, facts, figure_days, follow_ups
from kept.storage.figure_days import Night
from kept.storage.transaction import Lost
from kept.timekeeping.local_time import midnight

NIGHT = time(3)
"""By the business's clock, when the day before is added up: a day end's list is answered by then, or counts later."""
DAY = timedelta(days=1)
LATE = timedelta(minutes=10)
"""After so long a day that was changed is added up again, once for all that changed meanwhile."""

Known = Appointment | Message | FollowUp

_arranged: set[str] = set()
"""Businesses whose nights this process knows to be arranged."""


def record(change: AggregateChange) -> None:
    """What is deleted leaves its fact: a message whose retention is over was sent all the same."""
    after, before = change.after, change.before
    if not isinstance(after, Appointment | Message | FollowUp):
        return
    now = max(clock.now(), change.at)
    with suppress(UnknownBusiness):
        catalog = catalogs.load(change.business)
        arrange(catalog, now=now)
        old = fact(before, catalog) if isinstance(before, Appointment | Message | FollowUp) else None
        write(catalog, after, old, now=now)
        if isinstance(after, Message) and not (isinstance(before, Message) and before.sent_at):
            reminded(catalog, after, now=now)


def write(catalog: Catalog, it: Known, before: Fact | None, *, now: datetime) -> None:
    """As it is now, and away from where it was `before`; where that is not known, from wherever it can have been.

    That a day which is over has changed is said before it does, for a crash, and after it has, for whoever was adding
    it up meanwhile.
    """
    new = fact(it, catalog)
    if new and before and same(new, before):
        return
    business, stays = catalog.business.id, {new.day} if new else set()
    moved = {before.day} if before else set()
    if before is None or moved != stays:
        moved |= places(it, catalog.business.zone)
    for day in over(catalog, moved | stays, now=now):
        if not facts.knows(business, day, kind(it), it.id, version=it.revision):
            again(catalog, [day], now=now)
    touched = {
        day for day in moved - stays if facts.leave(business, day, kind(it), it.id, version=it.revision, now=now)
    }
    if new and facts.put(business, new):
        touched |= stays
    again(catalog, touched, now=now)


def reminded(catalog: Catalog, message: Message, *, now: datetime) -> None:
    """One read more for each reminder that was sent."""
    if not reminds(message):
        return
    if visit := appointments.find(message.business, message.about):
        day = fact_of_visit(visit, catalog).day
        for late in over(catalog, [day], now=now):
            if not facts.knows_reminder(message.business, late, visit.id, slot=message.version):
                again(catalog, [late], now=now)
        if facts.remind(message.business, day, visit.id, slot=message.version):
            again(catalog, [day], now=now)


def fact(it: Known, catalog: Catalog) -> Fact | None:
    """None of what is not counted: a visit is so once it is booked."""
    match it:
        case Appointment():
            return fact_of_visit(it, catalog) if it.was_booked else None
        case Message():
            return fact_of_message(it, catalog.business.zone)
        case FollowUp():
            return fact_of_follow_up(it, follow_ups.policies(it), catalog.business.zone)


def kind(it: Known) -> FactKind:
    match it:
        case Appointment():
            return FactKind.VISIT
        case Message():
            return FactKind.MESSAGE
        case FollowUp():
            return FactKind.FOLLOW_UP


def places(it: Known, zone: ZoneInfo) -> set[date]:
    """The days on which it can have stood by its own history. A message stays where it is."""
    match it:
        case Appointment():
            return {local_day(line.starts, zone) for line in it.history}
        case FollowUp():
            return {local_day(line.at, zone) for line in it.history if line.what is What.OPENED}
        case _:
            return set()


def again(catalog: Catalog, days: Iterable[date], *, now: datetime) -> None:
    """Those of them that are over are added up again; whether they were already does not matter."""
    for day in over(catalog, days, now=now):
        figure_days.changed(catalog.business.id, day, at=now + LATE)


def over(catalog: Catalog, days: Iterable[date], *, now: datetime) -> list[date]:
    today = local_day(now, catalog.business.zone)
    return [day for day in days if day < today]


def arrange(catalog: Catalog, *, now: datetime) -> None:
    """From now on its nights are added up, if they are not already."""
    business = catalog.business.id
    if business in _arranged:
        return
    if figure_days.night(business) is None:
        with suppress(Lost):
            figure_days.put_night(Night(business, None, next_night(catalog, now)), of=None)
    _arranged.add(business)


def next_night(catalog: Catalog, now: datetime) -> datetime:
    zone = catalog.business.zone
    today = now.astimezone(zone).date()
    nights = (at_night(day, zone) for day in (today, today + DAY))
    return next(at for at in nights if at > now)


def at_night(day: date, zone: ZoneInfo) -> datetime:
    """Three real hours after that local day began."""
    return midnight(zone, day) + timedelta(hours=NIGHT.hour)


def forget() -> None:
    """Look again on the next use."""
    _arranged.clear()
