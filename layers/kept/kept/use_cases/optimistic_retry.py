"""Optimistic locking: decide on what was read, write only if it is still so, else read and decide again."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.history import Event
from kept.booking.refusals import BookBusy
from kept.errors import KeyReused, Refusal
from kept.storage import appointments
from kept.storage.transaction import Lost

TRIES = 10
PAUSE = 0.02
"""Seconds; the n-th wait is anything up to n times as long, so that callers who met once do not meet again."""

T = TypeVar("T")


def retried(attempt: Callable[[], T], *, done: Callable[[], T | None] = lambda: None) -> T:
    """What the first attempt that nobody came before made of it. Raises BookBusy after TRIES.

    An attempt begins by looking for what this very request did if it came before; `done` looks for the same.
    """
    return unless_done(lambda: _tried(attempt), done)


def done_once(
    business: str, id: str, act: Callable[[Appointment], Appointment], change: Change, *, version: int | None = None
) -> Appointment:
    """The appointment as `act` leaves it, which decides on it as it stands and writes; a repeat of the request is
    answered as it was the first time.

    Raises what `act` refuses, UnknownAppointment, KeyReused, Outdated when it has moved on from `version`, BookBusy.
    """

    def attempt() -> Appointment:
        before = appointments.load(business, id)
        if event := _answered_before(before, change):
            return before.as_of(event)
        before.must_be_at(version)
        return act(before)

    return retried(attempt, done=lambda: first_answer(business, id, change))


def unless_done(act: Callable[[], T], done: Callable[[], T | None]) -> T:
    """Whoever is refused looks again under their own key before they are told so: it may be themselves that they lost
    to, and what was in order the first time (a hold, a service) may be over by now."""
    try:
        return act()
    except Refusal:
        if (first := done()) is None:
            raise
        return first


def first_answer(business: str, id: str, change: Change) -> Appointment | None:
    """How the appointment stood after this very request, if it came before. Raises KeyReused."""
    found = appointments.find(business, id)
    event = _answered_before(found, change) if found else None
    return found.as_of(event) if found and event else None


def _answered_before(appointment: Appointment, change: Change) -> Event | None:
    """What a request with this idempotency key did the first time. Raises KeyReused if it asked for another thing."""
    if (event := appointments.answer_to(appointment, change.key)) is None:
        return None
    if event.body != change.body:
        raise KeyReused
    return event


def _tried(attempt: Callable[[], T]) -> T:
    for tried in range(1, TRIES + 1):
        try:
            return attempt()
        except Lost:
            time.sleep(random.uniform(0, PAUSE * tried))  # noqa: S311  # jitter is no secret
    raise BookBusy
