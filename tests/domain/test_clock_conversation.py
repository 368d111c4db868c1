"""Whose turn it is, how often one who does not answer is tried, and how little is told after a sleep."""

from typing import Any

import pytest

from kept.errors import InvalidSetting
from kept.follow_up.awaiting import Awaiting, awaiting_whom
from kept.follow_up.events import History, What
from kept.follow_up.ladder import Climb, Ladder, climbed
from tests.histories import DAY, at, did, opened

TRIED = What.TRIED


@pytest.mark.parametrize(
    ("lines", "turn"),
    [
        pytest.param((), Awaiting.OURS, id="opened"),
        pytest.param((did(What.ANSWERED, 1),), Awaiting.THEIRS, id="answered"),
        pytest.param((did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2)), Awaiting.OURS, id="they wrote"),
        pytest.param((did(What.ANSWERED, 1), did(What.NOTED, 2)), Awaiting.THEIRS, id="a note"),
        pytest.param((did(TRIED, 1, "call"),), Awaiting.OURS, id="a call that reached nobody"),
        pytest.param((did(What.WAITING, 1),), Awaiting.THEIRS, id="waiting for them"),
        pytest.param((did(What.WAITING, 1), did(What.RESUMED, 2)), Awaiting.OURS, id="waiting no more"),
        pytest.param((did(What.SNOOZED, 1, until=2),), Awaiting.OURS, id="put off it is ours still"),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.DISMISSED, 3)),
            Awaiting.THEIRS,
            id="a thanks, dismissed",
        ),
        pytest.param((did(What.RESOLVED, 1),), Awaiting.NOBODYS, id="closed"),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.RESOLVED, 2), did(What.REOPENED, 3)), Awaiting.OURS, id="reopened"
        ),
    ],
)
def test_whose_turn_it_is(lines: History, turn: Awaiting) -> None:
    """A note or a call that reached nobody leaves it where it was, and putting it off keeps it ours."""
    assert awaiting_whom((*opened(), *lines)) is turn


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param((), Climb(0, at(0), None), id="the same day"),
        pytest.param((did(TRIED, 2),), Climb(1, at(48), None), id="two days later"),
        pytest.param(
            (did(TRIED, 2), did(TRIED, 70)), Climb(2, at(7 * 24), None), id="a week later, though one was late"
        ),
        pytest.param(
            (did(TRIED, 2), did(TRIED, 48), did(TRIED, 170)), Climb(3, None, at(194)), id="then it is given up"
        ),
        pytest.param((did(TRIED, 2), did(What.CLIENT_WROTE, 3)), Climb(1, None, None), id="they answered"),
        pytest.param((did(TRIED, 2), did(What.RESOLVED, 3)), Climb(1, None, None), id="closed"),
    ],
)
def test_one_who_does_not_answer_is_tried_three_times(lines: History, expected: Climb) -> None:
    """At once, after two days and after a week; given up a day after the last, ended by an answer."""
    assert climbed((*opened(), *lines), Ladder()) == expected


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        pytest.param({"rungs": ()}, "ladder.rungs", id="no attempt"),
        pytest.param({"rungs": (DAY, DAY)}, "ladder.rungs", id="two at once"),
        pytest.param({"rungs": (-DAY,)}, "ladder.rungs", id="before it was opened"),
        pytest.param({"patience": 0 * DAY}, "ladder.patience", id="no time to answer"),
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(settings: dict[str, Any], field: str) -> None:
    """Whoever sets it is told the field: no attempt, two at once, or no time to answer."""
    with pytest.raises(InvalidSetting) as refused:
        Ladder(**settings)
    assert refused.value.facts["field"] == field
