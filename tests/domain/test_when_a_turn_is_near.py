"""When who waits elsewhere is told that their turn is near, as a table of instants."""

from datetime import UTC, datetime, timedelta

import pytest

from kept.waiting_room.estimate import Told
from kept.waiting_room.turn_near import is_near, looks_again

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def range_from(lower: int) -> Told:
    return Told(0, 2, lower, lower + 10, lower + 5, lower, lower + 10)


LOOKS: dict[str, tuple[Told | None, bool, bool, float]] = {
    "in two hours": (range_from(120), False, False, 5),
    "in twenty-five minutes": (range_from(25), False, False, 5),
    "in twenty": (range_from(20), False, False, 5),
    "in fifteen": (range_from(15), False, False, 2.5),
    "in eleven": (range_from(11), False, False, 1),
    "in ten": (range_from(10), False, True, 1),
    "in five": (range_from(5), False, True, 1),
    "at once": (range_from(0), False, True, 1),
    "called, in an hour": (range_from(60), True, True, 5),
    "hardly today": (None, False, False, 5),
    "hardly today, and called": (None, True, True, 5),
}


@pytest.mark.parametrize(("told", "called", "near", "minutes"), LOOKS.values(), ids=LOOKS)
def test_when_it_is_near_and_when_it_is_looked_at_again(
    told: Told | None, called: bool, near: bool, minutes: float
) -> None:
    """By the early end of what they read; else half way to it, no sooner than in a minute and no later than in five."""
    assert is_near(told, called=called) is near
    assert looks_again(told, now=NOON) == NOON + timedelta(minutes=minutes)
