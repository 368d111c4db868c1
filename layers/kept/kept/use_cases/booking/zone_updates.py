"""After an update of the zones' rules every business's visits have their local times again, without anybody asking.

What is another matter, a zone that somebody corrected, waits for the owner's word: visits that were written down in
another zone than the business is in are left alone here.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from kept.actor import KEPT, Change
from kept.reasons import Code, because
from kept.storage import catalogs, zone_updates
from kept.storage.transaction import Lost, together
from kept.storage.zone_updates import KeptBy
from kept.timekeeping.zone_rules import rules_of
from kept.use_cases.booking.local_times import keep_local_times

DAY = timedelta(days=1)
OLD_RULES = timedelta(minutes=20)
"""For so long after new rules were seen, a function that was there before may book by the old ones."""

AT_A_TIME = 50
"""Visits in one run, of which a worker has several; the rest follows with the next sweep, in a minute."""

WHY = str(because(Code.ZONE_RULES_CHANGED))


def arrange(business: str, *, now: datetime) -> None:
    """From now on it is looked at, if it is not already."""
    if zone_updates.find(business) is None:
        with suppress(Lost), together() as transaction:
            zone_updates.put(KeptBy(business, now), of=None, transaction=transaction)


def keep_up(business: str, *, now: datetime) -> None:
    """Each visit is a write of its own, and the date of the next look the last: what stops in the middle stays due."""
    found = zone_updates.find(business)
    if found is None or found.at > now:
        return
    catalogs.forget()
    catalog = catalogs.load(business)
    rules = rules_of(catalog.business.tz)
    if rules != found.seen:
        _next(found, replace(found, seen=rules, at=now + OLD_RULES))
    elif rules == found.kept:
        _next(found, replace(found, at=now + DAY))
    elif keep_local_times(catalog, None, Change(KEPT, now, WHY), at_most=AT_A_TIME, again=False).complete:
        _next(found, replace(found, kept=rules, at=now + DAY))


def _next(found: KeptBy, following: KeptBy) -> None:
    with suppress(Lost), together() as transaction:
        zone_updates.put(following, of=found, transaction=transaction)
