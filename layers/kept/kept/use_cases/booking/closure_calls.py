"""Whoever has to be called about a day that cannot be: the follow-up for it, and its end once there is nothing left to
say, whoever saw to that."""

from contextlib import suppress
from datetime import datetime

from kept.actor import KEPT, Actor
from kept.booking.appointment import Appointment
from kept.booking.closure import Closure, ReachedVisit
from kept.events.change import Change
from kept.storage import closures, follow_ups
from kept.storage.transaction import Lost

MOST = 1_000


def call_id(closure: Closure, it: ReachedVisit) -> str:
    """Of the follow-up, for this decision and as long as the visit stands as it is."""
    return f"{it.visit}-v{it.version}-{closure.id}"


def needless(closure: Closure, it: ReachedVisit, by: Actor, *, at: datetime) -> None:
    """Nobody has to call any more; somebody who is at work on it ends it themselves."""
    if opened := follow_ups.find_open(closure.business, call_id(closure, it)):
        with suppress(Lost):
            follow_ups.put_alone(opened.ended(by, at, closure.why))


def watch(change: Change) -> None:
    """A visit that was moved, cancelled or came all the same, by anybody: nobody is called about where it stood. One
    query, and only then; a repeat finds it ended."""
    visit, before = change.after, change.before
    known = before if isinstance(before, Appointment) else None
    if not isinstance(visit, Appointment) or not _is_over(visit, known):
        return
    for closure in closures.some(change.business, limit=MOST):
        for it in closure.reached:
            if it.visit == visit.id and (it.version < visit.version or not visit.is_to_come):
                needless(closure, it, KEPT, at=change.at)


def _is_over(visit: Appointment, before: Appointment | None) -> bool:
    """Of what was put back after it had been set aside nobody knows what was before."""
    was = (before.version, before.is_to_come) if before else (1, True)
    return visit.version > was[0] or (was[1] and not visit.is_to_come)
