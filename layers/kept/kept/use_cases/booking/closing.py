"""A day that cannot be: closing its hours, moving whom it reaches to another time that is theirs from then on, telling
each in their turn, and taking back what nobody was told of.

Each visit is one write. What stops in the middle goes on when it is asked again: hours that are closed stay so, and
what was moved is known by its version.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept import ids
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.closure import (
    WITHIN,
    ClosedTime,
    Closure,
    ReachedState,
    ReachedVisit,
    Scope,
    became,
    in_order,
    proposal,
)
from kept.booking.refusals import ClosureUndone, UnknownClosure
from kept.booking.staging import turn
from kept.business.catalog import Business, Catalog, Resource, StaffMember
from kept.business.refusals import UnknownRoom, UnknownStaff
from kept.clients.client import Client
from kept.errors import Refusal
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import open_for
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.untold import id_of
from kept.language_tags import spoken
from kept.messaging.message import Message, MessageStatus
from kept.storage import appointments, catalogs, clients, closures, follow_ups, messages
from kept.storage.transaction import Lost, together
from kept.timekeeping.weekly_hours import ALWAYS, TimeOff, WorkingHours
from kept.use_cases.booking.allocation import find_again, given_up
from kept.use_cases.booking.book import put_with_pages
from kept.use_cases.booking.closure_calls import call_id, needless
from kept.use_cases.booking.day import on_day
from kept.use_cases.booking.move_preview import ClientTold, telling
from kept.use_cases.booking.moves import Move, reschedule
from kept.use_cases.booking.open_times import AvailabilityQuery, for_staff, free, service_for
from kept.use_cases.booking.unheard import TELL_OF_IT, UNSENT, withdrawn
from kept.use_cases.business import settings
from kept.use_cases.optimistic_retry import done_once, retried

AT_ONCE = 40
"""Visits in one request; what is left over is moved when it is asked again."""
DAY = timedelta(days=1)
MOVED = "rescheduled"
KNOWN = 1_000
"""Decisions that are looked through."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, why, and what the business says of it, by language."""

    time: ClosedTime
    why: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A visit that would be reached, when and with whom it would be instead, None where nothing is free, and how its
    client would hear of it, None where somebody has to call."""

    visit: Appointment
    instead: tuple[datetime, str] | None
    told: ClientTold | None


@dataclass(frozen=True, slots=True)
class Followed:
    """One that was reached, as it is by now (None where it is forgotten), what became of it, the `message` of its new
    time, and the follow-up by which somebody calls where one is open."""

    reached: ReachedVisit
    visit: Appointment | None
    became: ReachedState
    message: Message | None = None
    follow_up: str | None = None

    @property
    def tell_at(self) -> datetime:
        """By the message, which may have to wait for longer than its turn."""
        return (self.message.due_at if self.message else None) or self.reached.tell_at


@dataclass(frozen=True, slots=True)
class ClosureNow:
    """Not `complete` where visits are left that nobody has tried to move yet."""

    closure: Closure
    followed: tuple[Followed, ...]
    complete: bool


def preview(catalog: Catalog, time: ClosedTime, change: Change) -> list[Proposed]:
    """Whom it would reach; nothing is written. Raises UnknownStaff, UnknownRoom."""
    without, taken = _closed(catalog, time), list[Slot]()
    visits = in_order(time, _visits(catalog, time), now=change.at)
    known = clients.several(catalog.business.id, {it.client for it in visits})
    found = []
    for n, visit in enumerate(visits):
        instead, told = _instead(without, visit, change.at, taken), None
        if instead:
            at, staff = instead
            slot = replace(visit.slot, starts=at, ends=at + (visit.ends - visit.starts), staff=staff)
            taken.append(slot)
            since = turn(n, visit.starts, since=change.at)
            told = _would_hear(catalog, replace(visit, slot=slot), known, change, since)
        found.append(Proposed(visit, instead, told))
    return found


def prepared(business: Business) -> dict[str, str]:
    """What it says of a day that cannot be, by language; its own is always among them."""
    return {business.locale: business.closing_text, **business.closing_texts}


def _would_hear(
    catalog: Catalog, moved: Appointment, known: Mapping[str, Client], change: Change, since: datetime
) -> ClientTold | None:
    client = known.get(moved.client)
    return telling(catalog, moved, client, change, since=since) if client else None


def decide(catalog: Catalog, wanted: Decision, change: Change) -> ClosureNow:
    """Once for each request, however often it comes. Raises UnknownStaff, UnknownRoom."""
    business, id = catalog.business.id, ids.from_key("cl", catalog.business.id, change.key)

    def attempt() -> Closure:
        if first := closures.find(business, id):
            return first
        _closed(catalog, wanted.time)
        made = Closure(business, id, wanted.time, wanted.why, change.by.id, change.at, wanted.words)
        closures.save(made, over=None)
        return made

    return go_on(catalog, retried(attempt).id, change)


def go_on(catalog: Catalog, id: str, change: Change) -> ClosureNow:
    """What is still to be done of it: some visits at a time. Raises UnknownClosure, ClosureUndone."""
    decided = load(catalog, id)
    if decided.undone_at:
        raise ClosureUndone
    _close_hours(catalog, decided.time, decided.why, change)
    catalog = settings.read(catalog.business.id)

    def attempt() -> Closure:
        before = load(catalog, id)
        after = before.reaching(_visits(catalog, before.time), now=change.at)
        if after != before:
            closures.save(after, over=before)
        return after

    closure = retried(attempt)
    left = [it for it in _followed(closure) if _is_left(it, now=change.at)]
    untried = [it for it in left if it.follow_up is None]
    for it in (untried or left)[:AT_ONCE]:
        _move(catalog, closure, it.reached, change)
    return _now(closure, now=change.at)


def follow(catalog: Catalog, id: str, *, now: datetime) -> ClosureNow:
    """How it stands. Raises UnknownClosure."""
    return _now(load(catalog, id), now=now)


def undo(catalog: Catalog, id: str, change: Change) -> ClosureNow:
    """The hours are as before, and so is every visit of which nobody was told yet, as far as no other decision stands
    there. Raises UnknownClosure."""

    def attempt() -> Closure:
        before = load(catalog, id)
        if before.undone_at:
            return before
        after = replace(before, undone_at=change.at)
        closures.save(after, over=before)
        return after

    closure = retried(attempt)
    others = _others_standing(closure)
    _open_hours(catalog, closure, others, change)
    catalog = settings.read(catalog.business.id)
    for it in _followed(closure):
        cannot_be = any(other.time.covers(it.reached.slot) for other in others)
        if it.became is ReachedState.WAITS and not cannot_be:
            _back(catalog, closure, it.reached, change)
        elif it.became is ReachedState.BACK:
            needless(closure, it.reached, change.by, at=change.at)
    return _now(closure, now=change.at)


def load(catalog: Catalog, id: str) -> Closure:
    """Raises UnknownClosure."""
    if (found := closures.find(catalog.business.id, id)) is None:
        raise UnknownClosure
    return found


def _visits(catalog: Catalog, time: ClosedTime) -> list[Appointment]:
    zone = catalog.business.zone
    first, last = time.starts.astimezone(zone).date(), time.ends.astimezone(zone).date()
    return [it for n in range((last - first).days + 1) for it in on_day(catalog, first + DAY * n)]


def _now(closure: Closure, *, now: datetime) -> ClosureNow:
    followed = tuple(_followed(closure))
    is_to_do = any(_is_left(it, now=now) and it.follow_up is None for it in followed)
    return ClosureNow(closure, followed, complete=closure.undone_at is not None or not is_to_do)


def _is_left(it: Followed, *, now: datetime) -> bool:
    """It stands where it cannot be."""
    stands = it.visit is not None and it.visit.version == it.reached.version
    return stands and it.became is ReachedState.CALL and it.reached.slot.starts > now


def _followed(closure: Closure) -> Iterator[Followed]:
    known = {it.id: it for it in appointments.several(closure.business, {it.visit for it in closure.reached})}
    found = [_as_it_is(closure, it, known.get(it.visit)) for it in closure.reached]
    there = follow_ups.several(closure.business, {it.follow_up for it in found if it.follow_up})
    for it in found:
        yield it if _is_to_call(it.message) or it.follow_up in there else replace(it, follow_up=None)


def _as_it_is(closure: Closure, it: ReachedVisit, visit: Appointment | None) -> Followed:
    """With the follow-up that there would be."""
    is_moved = visit is not None and visit.version == it.version + 1
    told = _told(visit) if visit and is_moved else []
    is_now = became(it, visit, telling=_telling(told), undone=closure.undone_at is not None)
    last = max(told, key=lambda message: message.created_at, default=None)
    calls = _call_about(closure, it, visit, last) if visit and is_now is ReachedState.CALL else None
    return Followed(it, visit, is_now, last, calls)


def _call_about(closure: Closure, it: ReachedVisit, visit: Appointment, told: Message | None) -> str | None:
    """The follow-up by which its client is called: about what could not be, from the call list, or about what no
    message told."""
    if told and _is_to_call(told):
        return told.provider_id
    if visit.version == it.version:
        return call_id(closure, it)
    return next((id_of(visit, act) for act in reversed(visit.history) if act.version == visit.version), None)


def _is_to_call(told: Message | None) -> bool:
    return told is not None and told.status is MessageStatus.TO_CALL


def _told(visit: Appointment) -> list[Message]:
    """Its client, of where it stands; what staff hear of it does not count."""
    return [it for it in _said(visit) if it.stage == MOVED]


def _telling(told: list[Message]) -> ReachedState:
    if any(it.sent_at or it.status is MessageStatus.SENDING for it in told):
        return ReachedState.TOLD
    return ReachedState.WAITS if any(it.status in UNSENT for it in told) else ReachedState.CALL


def _said(visit: Appointment) -> list[Message]:
    """What tells of the visit as it stands."""
    about = messages.about(visit.business, visit.id)
    return [it for it in about if it.version == visit.version and it.stage in TELL_OF_IT]


def _instead(
    catalog: Catalog, visit: Appointment, now: datetime, taken: Iterable[Slot] = ()
) -> tuple[datetime, str] | None:
    """By the hours without what is closed, and by the rules for clients, who are to have time to answer."""
    zone = catalog.business.zone
    people = catalog.people_to_move(visit)
    question = AvailabilityQuery(catalog, service_for(catalog, visit), people, zone, now, visit.id)
    day = visit.starts.astimezone(zone).date()
    return proposal(free(question, day, day + WITHIN), visit.slot, zone, taken)


def _move(catalog: Catalog, closure: Closure, it: ReachedVisit, change: Change) -> None:
    """Where nothing is free, or it was lost to somebody else meanwhile, it stays, and a person is asked to call."""
    visit = appointments.load(closure.business, it.visit)
    if visit.version != it.version:
        return
    if _is_moved(catalog, closure, it, visit, change):
        needless(closure, it, change.by, at=change.at)
    else:
        _ask_a_person(catalog, closure, it, visit, change)


def _is_moved(catalog: Catalog, closure: Closure, it: ReachedVisit, visit: Appointment, change: Change) -> bool:
    if (instead := _instead(catalog, visit, change.at)) is None:
        return False
    at, staff = instead

    def in_turn(message: Message, client: Client) -> Message:
        if message.recipient != client.id:
            return message
        due = max(message.due_at or change.at, it.tell_at)
        said = {**prepared(catalog.business), **closure.words}
        words = said.get(spoken(client.locale) or "") or said[catalog.business.locale]
        return replace(message, due_at=due, useful_until=min(it.slot.starts, at), occasion=closure.id, text=words)

    try:
        reschedule(catalog, visit.id, Move(at, staff, it.version), _for(change, closure, it), told_as=in_turn)
    except Refusal:
        return False
    return True


def _ask_a_person(catalog: Catalog, closure: Closure, it: ReachedVisit, visit: Appointment, change: Change) -> None:
    """Once for this decision and as long as the visit stands as it is, however often it is tried."""
    client = clients.find(visit.business, visit.client)
    if client is None:
        return
    opened = open_for(
        client,
        call_id(closure, it),
        cause=OpenedBy.DAY_CLOSED,
        about=visit.id,
        assignee=_whose(closure, visit, catalog, change),
        policy=catalog.follow_up_policy,
        change=Change(KEPT, change.at, why=closure.why),
    )
    with suppress(Lost):
        follow_ups.put_alone(opened)


def _whose(closure: Closure, visit: Appointment, catalog: Catalog, change: Change) -> str:
    """Not of who cannot be: then it is for whoever decided it."""
    if closure.time.scope is not Scope.STAFF:
        return whose(visit.slot.staff, catalog, now=change.at)
    return whose(closure.by, catalog, now=change.at) if closure.by in catalog.staff else ""


def _back(catalog: Catalog, closure: Closure, it: ReachedVisit, change: Change) -> None:
    """To its own time, in the write that withdraws what would have told of another; unless it has just left, or its
    time is somebody else's by now. What is only on offer to somebody who waits is theirs still."""

    def act(visit: Appointment) -> Appointment:
        if visit.version != it.version + 1 or _telling(_told(visit)) is not ReachedState.WAITS:
            return visit
        waiting = [message for message in _said(visit) if message.status in UNSENT]
        zone = catalog.business.zone
        question = for_staff(AvailabilityQuery(catalog, catalog.service_of(visit), (), zone, change.at, visit.id))
        place = find_again(question, visit.id, it.slot)
        after = visit.reschedule(place.slot, _for(change, closure, it), rules=catalog.business.changes)
        left = given_up(catalog.business, visit.slot, visit.id, but=place.pages)
        with together() as transaction:
            put_with_pages(question, after, (*place.pages, *left), map(withdrawn, waiting), transaction)
        return after

    try:
        done_once(closure.business, it.visit, act, _for(change, closure, it))
    except Refusal:
        return


def _for(change: Change, closure: Closure, it: ReachedVisit) -> Change:
    """The same for one visit, known again when it is repeated."""
    key = ids.digest(f"{change.key} {closure.id} {it.visit} {it.version}")
    return replace(change, why=closure.why, key=key, body=key)


def _closed(catalog: Catalog, time: ClosedTime) -> Catalog:
    """As it will be. Raises UnknownStaff, UnknownRoom."""
    off = TimeOff(time.starts, time.ends)
    staff = {it.id: replace(it, hours=_off(it.hours, off)) for it in _people(catalog, time)}
    rooms = {it.id: replace(it, hours=_off(it.hours, off)) for it in _rooms(catalog, time)}
    return replace(catalog, staff={**catalog.staff, **staff}, rooms={**catalog.rooms, **rooms})


def _off(hours: WorkingHours | None, off: TimeOff) -> WorkingHours:
    its = hours or ALWAYS
    return replace(its, time_off=(*its.time_off, off))


def _people(catalog: Catalog, time: ClosedTime) -> list[StaffMember]:
    if time.scope is Scope.STAFF and time.of not in catalog.staff:
        raise UnknownStaff
    is_one = time.scope is Scope.STAFF
    return [it for it in catalog.staff.values() if time.scope is Scope.HOUSE or (is_one and it.id == time.of)]


def _rooms(catalog: Catalog, time: ClosedTime) -> list[Resource]:
    """Of a house that is closed nobody is there to be in a room."""
    if time.scope is Scope.ROOM and time.of not in catalog.rooms:
        raise UnknownRoom
    return [catalog.rooms[time.of]] if time.scope is Scope.ROOM else []


def _close_hours(catalog: Catalog, time: ClosedTime, why: str, change: Change) -> None:
    """Raises Outdated where somebody saves the same hours just then: it is asked again."""
    off = TimeOff(time.starts, time.ends, why)
    known = settings.read(catalog.business.id)
    both: list[StaffMember | Resource] = [*_people(known, time), *_rooms(known, time)]
    for it in both:
        if off not in (it.hours or ALWAYS).time_off:
            _save(known, replace(it, hours=_off(it.hours, off)), change)


def _others_standing(closure: Closure) -> list[Closure]:
    known = closures.some(closure.business, limit=KNOWN)
    return [it for it in known if it.undone_at is None and it.id != closure.id]


def _open_hours(catalog: Catalog, closure: Closure, others: Iterable[Closure], change: Change) -> None:
    """But for those whom another decision closes just so. Raises Outdated, as above."""
    off = TimeOff(closure.time.starts, closure.time.ends, closure.why)
    known = settings.read(catalog.business.id)
    stays = {it.time for it in others if TimeOff(it.time.starts, it.time.ends, it.why) == off}
    both: list[StaffMember | Resource] = [*known.staff.values(), *known.rooms.values()]
    for it in both:
        if it.hours and off in it.hours.time_off and not any(_closes(time, it) for time in stays):
            left = tuple(one for one in it.hours.time_off if one != off)
            _save(known, replace(it, hours=replace(it.hours, time_off=left)), change)


def _closes(time: ClosedTime, it: StaffMember | Resource) -> bool:
    if time.scope is Scope.HOUSE:
        return isinstance(it, StaffMember)
    return it.id == time.of and isinstance(it, StaffMember) is (time.scope is Scope.STAFF)


def _save(known: Catalog, it: StaffMember | Resource, change: Change) -> None:
    business, seen = known.business.id, known.revision(catalogs.name(type(it), it.id))
    if isinstance(it, StaffMember):
        settings.save_staff(business, it, now=change.at, seen=seen, change=change)
    else:
        settings.save_room(business, it, seen=seen, change=change)
