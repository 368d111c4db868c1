"""Bringing visits back to their local time, after an update of the zones' rules or a correction of the business's zone.

After an update it happens by itself (`zone_updates.py`); whoever corrected a zone asks for it, and may see first what
it would do. Each visit is one write, so that what stops in the middle goes on when it is asked again, and what stands
right already is left alone.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from kept.actor import Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.day_page import FARTHEST_PAGE
from kept.booking.kept_time import Keep, kept, offset, shows_another_time
from kept.booking.refusals import SlotTaken
from kept.booking.staging import turns
from kept.business.catalog import FARTHEST, Catalog
from kept.due_work.queues import hand_over
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, follow_ups, messages
from kept.storage.transaction import Lost, together
from kept.use_cases.booking.allocation import find_again, given_up
from kept.use_cases.booking.open_times import AvailabilityQuery, staff_key
from kept.use_cases.optimistic_retry import retried

LOOKED_AT = 300
"""Visits in one request, the soonest first; what is left over is reached when it is asked again."""
DAY = timedelta(days=1)


class WhatBecame(StrEnum):
    """MOVED keeps its time, NOTED its instant with its local time written down; TAKEN could not be moved, for somebody
    else has the time, and a person is asked; PASSED is left as it is, for its local time is over already."""

    MOVED = "moved"
    NOTED = "noted"
    TAKEN = "taken"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a visit, or would; `told` whether its client hears of it."""

    id: str
    was: datetime
    starts: datetime
    done: WhatBecame
    told: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Not `complete` where there were more than are dealt with at once."""

    kept: tuple[Kept, ...]
    complete: bool


def keep_local_times(
    catalog: Catalog, keep: Keep | None, change: Change, *, at_most: int = LOOKED_AT, again: bool = True
) -> Report:
    """Of all that are still to come. Those that a person was asked about are tried `again`, or left to them."""
    wrong = (it for it in _wrong(catalog, keep, change.at) if again or not _is_left(it, catalog, keep, change.at))
    chosen = list(islice(wrong, at_most + 1))
    told = turns(chosen[:at_most], since=change.at)
    found = [_one(catalog, visit.id, keep, change, told[visit.id]) for visit in chosen[:at_most]]
    return Report(tuple(filter(None, found)), complete=len(chosen) <= at_most)


def would_keep(catalog: Catalog, keep: Keep, *, now: datetime) -> Report:
    """What it would do; nothing is written. Whether somebody else has the time is seen only when it is tried."""
    wrong = _wrong(catalog, keep, now)
    looked = tuple(_would(it, catalog, keep, now)[0] for it in wrong[:LOOKED_AT])
    return Report(looked, complete=len(wrong) <= LOOKED_AT)


def corrected(catalog: Catalog, *, now: datetime) -> Report:
    """What keeping their time would do to visits after the zone was corrected, for as long as that is news."""
    if len(catalog.business.book_zones(now)) == 1:
        return Report((), complete=True)
    return would_keep(catalog, Keep.TIME, now=now)


def _wrong(catalog: Catalog, keep: Keep | None, now: datetime) -> list[Appointment]:
    expected = [visit for visit in _expected(catalog, now) if visit.is_to_come and visit.starts > now]
    return _in_order([it for it in expected if _kept(it, catalog, keep) != _as_is(it)], catalog, keep)


def _is_left(visit: Appointment, catalog: Catalog, keep: Keep | None, now: datetime) -> bool:
    """To a person, or for good."""
    if follow_ups.find(visit.business, _matter(visit)):
        return True
    return _would(visit, catalog, keep, now)[0].done is WhatBecame.PASSED


def _expected(catalog: Catalog, now: datetime) -> list[Appointment]:
    business, today = catalog.business.id, now.date()
    refs = {
        entry.ref
        for id in (*catalog.staff, *catalog.gone.staff)
        for page in day_pages.between(business, staff_key(id), today - FARTHEST_PAGE, today + FARTHEST * DAY)
        for entry in page.entries
        if entry.is_booking and entry.end * 60 > now.timestamp()
    }
    return list(appointments.several(business, refs, consistently=True)) if refs else []


def _in_order(visits: list[Appointment], catalog: Catalog, keep: Keep | None) -> list[Appointment]:
    """Those that go earlier from the first on, those that go later from the last: none meets one still to be moved."""
    later = [visit for visit in visits if _kept(visit, catalog, keep)[0] > visit.starts]
    others = [visit for visit in visits if _kept(visit, catalog, keep)[0] <= visit.starts]
    return [
        *sorted(others, key=lambda visit: visit.starts),
        *sorted(later, key=lambda visit: visit.starts, reverse=True),
    ]


def _kept(visit: Appointment, catalog: Catalog, keep: Keep | None) -> tuple[datetime, str, int]:
    slot = kept(_written_in(visit, catalog), catalog.business.tz, keep)
    return slot.starts, slot.tz, slot.offset


def _written_in(visit: Appointment, catalog: Catalog) -> Slot:
    """With its local time: what was booked before that was kept has the one its instant has by the zone's present
    rules, in the zone that the business was in before it was last corrected."""
    if visit.slot.tz:
        return visit.slot
    tz = catalog.business.tz_before or catalog.business.tz
    return replace(visit.slot, tz=tz, offset=offset(visit.starts, ZoneInfo(tz)))


def _as_is(visit: Appointment) -> tuple[datetime, str, int]:
    return visit.starts, visit.slot.tz, visit.slot.offset


def _one(catalog: Catalog, id: str, keep: Keep | None, change: Change, tell_at: datetime) -> Kept | None:
    """Its client is told in their turn. None where somebody else has dealt with it meanwhile."""

    def attempt() -> Kept | None:
        visit = appointments.load(catalog.business.id, id)
        if not visit.is_to_come or _kept(visit, catalog, keep) == _as_is(visit):
            return None
        would, slot = _would(visit, catalog, keep, change.at)
        if would.done is WhatBecame.NOTED:
            _note(replace(visit, slot=slot), catalog)
        if would.done is not WhatBecame.MOVED:
            return would
        try:
            _move(visit, catalog, keep, change, tell_at=tell_at if would.told else None)
        except SlotTaken:
            _ask_a_person(visit, would, catalog, change)
            return replace(would, done=WhatBecame.TAKEN, told=False)
        return would

    return retried(attempt)


def _would(visit: Appointment, catalog: Catalog, keep: Keep | None, now: datetime) -> tuple[Kept, Slot]:
    was = replace(visit, slot=_written_in(visit, catalog))
    slot = kept(was.slot, catalog.business.tz, keep)
    if slot.starts == visit.starts:
        done = WhatBecame.NOTED
    else:
        done = WhatBecame.MOVED if slot.starts > now else WhatBecame.PASSED
    told = done is WhatBecame.MOVED and shows_another_time(was, slot)
    return Kept(visit.id, visit.starts, slot.starts, done, told), slot


def _ask_a_person(visit: Appointment, would: Kept, catalog: Catalog, change: Change) -> None:
    """Once for as long as the visit stands as it is, however often it is tried."""
    client = clients.load(visit.business, visit.client)
    due = would.starts.astimezone(catalog.business.zone)
    opened = open_for(
        client,
        _matter(visit),
        cause=OpenedBy.TIME_TAKEN,
        about=visit.id,
        assignee=whose(visit.slot.staff, catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=replace(change, why=str(because(Code.SHOULD_BEGIN, at=due))),
    )
    with suppress(Lost):
        follow_ups.put_alone(opened)


def _matter(visit: Appointment) -> str:
    return f"{visit.id}-v{visit.version}-{OpenedBy.TIME_TAKEN}-{visit.starts:%Y%m%dT%H%M}"


def _note(visit: Appointment, catalog: Catalog) -> None:
    with together() as transaction:
        appointments.put(visit, next_due(visit, catalog), transaction)


def _move(visit: Appointment, catalog: Catalog, keep: Keep | None, change: Change, *, tell_at: datetime | None) -> None:
    """Instant, pages, reminders and the message, if any, in one write, and a line that says why."""
    question = AvailabilityQuery(
        catalog, catalog.service_of(visit), (), zone=catalog.business.zone, now=change.at, own=visit.id
    )
    place = find_again(question, visit.id, kept(_written_in(visit, catalog), catalog.business.tz, keep))
    is_corrected = _written_in(visit, catalog).tz != catalog.business.tz
    why = change.why or str(because(Code.ZONE_CORRECTED if is_corrected else Code.ZONE_RULES_CHANGED))
    moved = visit.keep_local_time(place.slot, replace(change, why=why), told=tell_at is not None)
    left = given_up(catalog.business, visit.slot, visit.id, but=place.pages)
    said = []
    if tell_at:
        client = clients.load(visit.business, visit.client)
        told = to_client(moved, client, catalog.business, "rescheduled", now=change.at, useful_until=moved.starts)
        said = [replace(told, due_at=tell_at)]
    with together() as transaction:
        appointments.put(moved, next_due(moved, catalog), transaction)
        for page in (*place.pages, *left):
            day_pages.put(visit.business, page, transaction)
        keys = messages.put_all(said, transaction, now=change.at)
    hand_over(keys)
