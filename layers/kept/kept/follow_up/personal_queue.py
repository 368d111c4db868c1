"""What a person does next: their follow-ups by what is due first, those that have to wait after those that have not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import clocks, next_deadline
from kept.follow_up.events import History, known_at
from kept.follow_up.phases import Phase, stretch_at


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """`due` is the next deadline, past where it is missed; `back` when its pause ends, where it has one."""

    id: str
    phase: Phase
    due: datetime | None
    back: datetime | None


def queue(items: Mapping[str, History], policies: Policies, *, now: datetime) -> tuple[QueuePlace, ...]:
    """Missed ones come first of themselves, what has no deadline after all that has one, and then what is paused,
    by when it comes back. Closed ones have no place."""
    places = (_place(id, history, policies, now) for id, history in items.items())
    return tuple(sorted((place for place in places if place.phase is not Phase.CLOSED), key=_turn))


def _place(id: str, history: History, policies: Policies, now: datetime) -> QueuePlace:
    now = max(now, history[-1].at)  # of two machines' clocks the later one
    stretch = stretch_at(known_at(history, now), now)
    return QueuePlace(id, stretch.phase, next_deadline(clocks(history, policies, now)), stretch.back)


def _turn(place: QueuePlace) -> tuple[bool, bool, float, str]:
    comes = place.due if place.phase is Phase.OPEN else place.back
    return place.phase is not Phase.OPEN, comes is None, comes.timestamp() if comes else 0.0, place.id
