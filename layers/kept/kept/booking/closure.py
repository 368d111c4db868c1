"""A day that cannot be: whom it reaches, which other time is proposed to each, and when each is told in their turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kept.booking.appointment import Appointment, Slot
from kept.booking.availability import FreeSlot
from kept.booking.staging import turn
from kept.booking.states import Status
from kept.errors import InvalidRequest

LONGEST = timedelta(days=14)
"""Whoever is away for longer has time off; a house that is closed for longer has its hours changed."""
WITHIN = timedelta(days=14)
"""After its own time another one is looked for within so long."""
A_DAY_LATER, SOMEBODY_ELSE = 6 * 60, 12 * 60
"""How many minutes of another time of day they weigh as much as."""


class Scope(StrEnum):
    """Who or what cannot be."""

    STAFF = "staff"
    ROOM = "room"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class ClosedTime:
    """The decision: a person or a room (`of`), or the house, from then until then. Raises InvalidRequest."""

    scope: Scope
    of: str
    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.starts.timestamp() % 60 or self.ends.timestamp() % 60:
            raise _wrong("start", "it has to be a whole minute, and so has the end")
        if self.ends <= self.starts:
            raise _wrong("end", "it has to be after its beginning")
        if self.ends - self.starts > LONGEST:
            raise _wrong("end", f"{LONGEST.days} days at most; longer absences are time off")
        if (self.scope is Scope.HOUSE) == bool(self.of):
            raise _wrong("of", "a person or a room is named, and the house is not")

    def covers(self, slot: Slot) -> bool:
        """Buffers aside: what only touches it can be."""
        its = {Scope.STAFF: slot.staff == self.of, Scope.ROOM: slot.room == self.of, Scope.HOUSE: True}
        return its[self.scope] and slot.starts < self.ends and self.starts < slot.ends


@dataclass(frozen=True, slots=True)
class ReachedVisit:
    """A visit as it stood when it was reached, and from when on its client may be told."""

    visit: str
    version: int
    slot: Slot
    tell_at: datetime


@dataclass(frozen=True, slots=True)
class Closure:
    """One decision of one person, with all that it reached in the order of their start; `words` are the business's own
    by language. What became of each is known by the visits and their messages."""

    business: str
    id: str
    time: ClosedTime
    why: str
    by: str
    at: datetime
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    reached: tuple[ReachedVisit, ...] = ()
    undone_at: datetime | None = None

    def reaching(self, visits: Iterable[Appointment], *, now: datetime) -> "Closure":
        """With those of them that it did not know of yet, and that can still be moved."""
        known = {(it.visit, it.version) for it in self.reached}
        new = [it for it in in_order(self.time, visits, now=now) if (it.id, it.version) not in known]
        first = len(self.reached)
        told = [
            ReachedVisit(it.id, it.version, it.slot, turn(first + n, it.starts, since=now)) for n, it in enumerate(new)
        ]
        return replace(self, reached=(*self.reached, *told))


class ReachedState(StrEnum):
    """Of one that was reached. WAITS: moved, and its client not told yet; TOLD, and not answered; ANSWERED: confirmed,
    moved on or cancelled since; CALL: no other time was found, or its client could not be told; BACK where it was;
    OVER: it was dealt with otherwise."""

    WAITS = "waits"
    TOLD = "told"
    ANSWERED = "answered"
    CALL = "call"
    BACK = "back"
    OVER = "over"


def became(it: ReachedVisit, visit: Appointment | None, *, telling: ReachedState, undone: bool) -> ReachedState:
    """`telling`: what became of the message of its new time; it waits, has been told, or could not go and a person has
    to call."""
    if visit is None or (visit.version == it.version and not visit.is_to_come):
        return ReachedState.OVER
    if visit.version == it.version:
        return ReachedState.BACK if undone else ReachedState.CALL
    if visit.stands_at(it.slot.starts, it.slot.staff):
        return ReachedState.BACK
    if visit.version > it.version + 1 or not (visit.status is Status.BOOKED or visit.is_tentative):
        return ReachedState.ANSWERED
    return telling


def in_order(time: ClosedTime, visits: Iterable[Appointment], *, now: datetime) -> list[Appointment]:
    """Those that it reaches and nobody has come to yet, each once, by start."""
    reached = {it.id: it for it in visits if it.is_to_come and it.starts > now and time.covers(it.slot)}
    return sorted(reached.values(), key=lambda it: (it.starts, it.id))


def proposal(
    free: Sequence[FreeSlot], slot: Slot, zone: ZoneInfo, taken: Iterable[Slot] = ()
) -> tuple[datetime, str] | None:
    """When, and with whom: not before their own time, and as like it as can be had; None where nothing is free.

    Another time of day weighs by its minutes, a day later and another person as much as some of them. `taken` is what
    others have been proposed.
    """
    held = list(taken)
    wanted = slot.starts.astimezone(zone)
    length = slot.ends - slot.starts
    found: list[tuple[int, datetime, str]] = []
    for start, _, staff, _ in free:
        at = datetime.fromtimestamp(start * 60, UTC)
        who = [id for id in staff if not any(_meets(at, at + length, id, other) for other in held)]
        if at < slot.starts or not who:
            continue
        local = at.astimezone(zone)
        apart = abs((local.hour - wanted.hour) * 60 + local.minute - wanted.minute)
        is_theirs = slot.staff in who
        weight = apart + (local.date() - wanted.date()).days * A_DAY_LATER + (0 if is_theirs else SOMEBODY_ELSE)
        found.append((weight, at, slot.staff if is_theirs else who[0]))
    if not found:
        return None
    _, at, person = min(found)
    return at, person


def _meets(starts: datetime, ends: datetime, staff: str, other: Slot) -> bool:
    gap = timedelta(minutes=max(other.before, other.after))
    return other.staff == staff and starts < other.ends + gap and other.starts - gap < ends


def _wrong(field: str, reason: str) -> InvalidRequest:
    return InvalidRequest(fields=[{"field": field, "reason": reason}])
