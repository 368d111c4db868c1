"""When somebody who waits elsewhere is told that their turn is near, as they asked for."""

from datetime import datetime, timedelta

from kept.waiting_room.estimate import Told

AHEAD = 10
"""Minutes before the soonest that they may be begun."""
OFTENEST, SELDOMEST = timedelta(minutes=1), timedelta(minutes=5)
"""Between two looks: whoever is before them may leave at any moment."""


def is_near(told: Told | None, *, called: bool) -> bool:
    """By the early end of what is told them; whoever is called need not be told first that it is soon."""
    return called or (told is not None and told.lower <= AHEAD)


def looks_again(told: Told | None, *, now: datetime) -> datetime:
    """Half way to where it would be near by what is known now; later where their turn hardly comes today."""
    half_way = timedelta(minutes=(told.lower - AHEAD) / 2) if told else SELDOMEST
    return now + min(max(half_way, OFTENEST), SELDOMEST)
