"""Decide on what was read, write if it is still so, and else read again."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from kept.booking.appointment import Appointment
from kept.booking.history import Cause, Event
from kept.errors import BookBusy, KeyReused
from kept.storage import appointments
from kept.storage.transaction import Lost

TRIES = 10
PAUSE = 0.02
"""Seconds; the n-th wait is anything up to n times as long, so that callers who met once do not meet again."""

T = TypeVar("T")


def settled(attempt: Callable[[], T]) -> T:
    """What the first attempt that nobody came before made of it. Raises BookBusy after TRIES."""
    for tried in range(1, TRIES + 1):
        try:
            return attempt()
        except Lost:
            time.sleep(random.uniform(0, PAUSE * tried))  # noqa: S311  # jitter is no secret
    raise BookBusy


def answered_before(appointment: Appointment, cause: Cause) -> Event | None:
    """What a request with this idempotency key did the first time. Raises KeyReused if it asked for another thing."""
    if (event := appointments.answer_to(appointment, cause.key)) is None:
        return None
    if event.body != cause.body:
        raise KeyReused
    return event
