"""Figures with their denominators: what is counted once, what not at all, and when a miss happened."""

from zoneinfo import ZoneInfo

import pytest

from kept.clients.client import Tier
from kept.follow_up.attainment import By, Share, Times, figures, misses, outcomes, split
from kept.follow_up.clock_metrics import COLUMNS, Measured, csv_rows, measured
from kept.follow_up.clocks import State
from kept.follow_up.events import History, HowItEnded, What
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import ClockKind
from tests.histories import HOUR, MINUTE, a_policy, at, did, opened

POLICY = a_policy(4 * HOUR, 2 * HOUR, 24 * HOUR, plans={})
ASKED, ANSWERED, CLOSED = What.CLIENT_WROTE, What.ANSWERED, What.RESOLVED


def rows(*histories: History, now: float = 400, zone: str = "UTC") -> tuple[Measured, ...]:
    found = (
        measured(f"f{n}", history, {1: POLICY}, now=at(now), zone=ZoneInfo(zone))
        for n, history in enumerate(histories, start=1)
    )
    return tuple(row for each in found for row in each)


@pytest.mark.parametrize(
    ("lines", "first", "following", "resolution"),
    [
        pytest.param((), (0, 1), (0, 0), (0, 1), id="never answered: missed, whoever looked"),
        pytest.param((did(ANSWERED, 4),), (1, 1), (0, 0), (0, 1), id="answered at the due instant"),
        pytest.param((did(ANSWERED, 5),), (0, 1), (0, 0), (0, 1), id="answered late: one miss"),
        pytest.param((did(ANSWERED, 1), did(CLOSED, 3)), (1, 1), (0, 0), (1, 1), id="closed in time"),
        pytest.param((did(CLOSED, 3),), (0, 0), (0, 0), (1, 1), id="closed without an answer: no response to count"),
        pytest.param((did(CLOSED, 5),), (0, 1), (0, 0), (1, 1), id="but one that was missed before is"),
        pytest.param(
            (did(ANSWERED, 1), did(ASKED, 2), did(ANSWERED, 3), did(ASKED, 5), did(ANSWERED, 9), did(CLOSED, 10)),
            (1, 1),
            (1, 2),
            (1, 1),
            id="each exchange for itself",
        ),
        pytest.param(
            (did(ANSWERED, 1), did(ASKED, 2), did(What.DISMISSED, 3), did(CLOSED, 10)),
            (1, 1),
            (0, 0),
            (1, 1),
            id="a thanks is neither hit nor miss",
        ),
        pytest.param(
            (did(ANSWERED, 1), did(ASKED, 2), did(What.DISMISSED, 5), did(CLOSED, 10)),
            (1, 1),
            (0, 1),
            (1, 1),
            id="dismissed after it was due it stays a miss",
        ),
        pytest.param(
            (did(ANSWERED, 1), did(CLOSED, 3), did(What.REOPENED, 9), did(CLOSED, 10)),
            (1, 1),
            (0, 0),
            (1, 1),
            id="reopened and closed: one resolution",
        ),
    ],
)
def test_attainment_has_its_denominator(
    lines: History, first: tuple[int, int], following: tuple[int, int], resolution: tuple[int, int]
) -> None:
    """What was dismissed in time counts neither way; a miss stays one, however the matter ended."""
    found = figures(rows((*opened(), *lines))).attainment
    assert [found[kind] for kind in (ClockKind.FIRST, ClockKind.NEXT, ClockKind.RESOLUTION)] == [
        Share(*first),
        Share(*following),
        Share(*resolution),
    ]


def test_what_still_runs_is_not_decided() -> None:
    """It is neither hit nor miss, and a share of nothing is no number."""
    found = figures(rows(opened(), now=3))
    assert (found.attainment[ClockKind.FIRST], found.running) == (Share(0, 0), 2)
    assert found.attainment[ClockKind.FIRST].ratio is None


def test_times_are_those_of_what_was_done_in_its_own_time_and_by_the_wall_clock() -> None:
    """What was never done has none; only the wall clock counts pauses."""
    waited = (did(ANSWERED, 1), did(What.WAITING, 2, until=12), did(CLOSED, 14))
    found = figures(rows((*opened(), *waited), (*opened(), did(ANSWERED, 3), did(CLOSED, 6)), opened()))
    assert found.business[ClockKind.FIRST] == Times(2, 2 * HOUR, 3 * HOUR)
    assert found.business[ClockKind.RESOLUTION] == Times(2, 5 * HOUR, 6 * HOUR)
    assert found.wall[ClockKind.RESOLUTION] == Times(2, 10 * HOUR, 14 * HOUR)


@pytest.mark.parametrize(
    ("minutes", "median", "p90"),
    [
        pytest.param([], None, None, id="nothing"),
        pytest.param([7], 7, 7, id="one"),
        pytest.param([1, 9, 4], 4, 9, id="the middle of three"),
        pytest.param([1, 2, 3, 10], 2.5, 10, id="between the two in the middle"),
        pytest.param(range(1, 11), 5.5, 9, id="nine of ten"),
        pytest.param(range(1, 102), 51, 91, id="by nearest rank"),
    ],
)
def test_the_median_and_the_slow_tenth(minutes: list[int], median: float | None, p90: float | None) -> None:
    """Of nothing there is neither; the slow tenth is a time that really was taken."""
    found = Times.of(n * MINUTE for n in minutes)
    expected = [None if n is None else n * MINUTE for n in (median, p90)]
    assert [found.median, found.p90] == expected


def test_figures_are_split_by_whose_they_are() -> None:
    """By tier, cause, person and week, each with its own denominator."""
    vip = (*opened(tier=Tier.VIP, cause=OpenedBy.COMPLAINT, to="lou"), did(ANSWERED, 1), did(CLOSED, 2))
    late = (*opened(), did(ANSWERED, 6), did(CLOSED, 7))
    found = rows(vip, late)
    assert {by: {name: each.attainment[ClockKind.FIRST] for name, each in split(found, by).items()} for by in By} == {
        By.TIER: {"regular": Share(0, 1), "vip": Share(1, 1)},
        By.CAUSE: {"complaint": Share(1, 1), "manual": Share(0, 1)},
        By.PERSON: {"lou": Share(1, 1), "mei": Share(0, 1)},
        By.WEEK: {"2026-W10": Share(1, 2)},
    }


@pytest.mark.parametrize(
    ("lines", "zone", "week"),
    [
        pytest.param((), "UTC", "2026-W10", id="a miss in the week it was due in, however late it was answered"),
        pytest.param((did(ANSWERED, 2),), "UTC", "2026-W09", id="a hit in the week of the answer"),
        pytest.param((), "America/New_York", "2026-W09", id="by the business's own calendar"),
    ],
)
def test_the_week_is_the_one_in_which_it_was_decided(lines: History, zone: str, week: str) -> None:
    """Opened on Sunday at 21:00 UTC, due on Monday at 01:00."""
    first, *_ = rows((*opened(at(-12)), *(did(line.what, -10) for line in lines)), zone=zone)
    assert first.week == week


def test_misses_are_told_by_how_late_they_were_with_whose_time_it_was() -> None:
    """The worst first; the hours before it was handed on stay the first one's."""
    handed_on = (*opened(), did(What.ASSIGNED, 3, "lou"), did(ANSWERED, 9), did(CLOSED, 10))
    found = misses(rows((*opened(), did(ANSWERED, 5), did(CLOSED, 6)), handed_on))
    assert [(row.follow_up, row.clock.late, row.person) for row in found] == [
        ("f2", 5 * HOUR, "lou"),
        ("f1", HOUR, "mei"),
    ]
    assert found[0].by_owner == (("mei", 3 * HOUR), ("lou", 6 * HOUR))


def test_one_that_was_taken_in_is_in_no_figures() -> None:
    """Two that became one are not counted twice."""
    merged = (*opened(), did(CLOSED, 9, HowItEnded.MERGED, why="f2"))
    assert rows(merged) == ()
    assert outcomes([merged], now=at(99)).reopened == Share(0, 0)


def test_how_it_ended_has_its_denominators_too() -> None:
    """Reopened of what was closed, rated of who was asked; of two answers the later one counts."""
    settled = (*opened(cause=OpenedBy.FORM), did(CLOSED, 5, HowItEnded.SETTLED))
    again = (did(What.REOPENED, 6), did(CLOSED, 8))
    found = outcomes(
        [
            (*settled, did(What.SURVEYED, 6, "5")),
            (*settled, *again, did(What.SURVEYED, 9, "2"), did(What.SURVEYED, 10, "4")),
            settled,
            (*opened(cause=OpenedBy.NO_SHOW), did(CLOSED, 5, HowItEnded.GHOSTED)),
            opened(),
        ],
        now=at(99),
    )
    assert (found.reopened, found.rated, found.satisfaction) == (Share(1, 4), Share(2, 3), 4.5)


def test_without_any_answers_there_is_no_satisfaction() -> None:
    """No answers are not the same as bad ones."""
    assert outcomes([], now=at(0)).satisfaction is None


def test_the_rows_are_written_for_a_spreadsheet() -> None:
    history = (*opened(), did(What.ASSIGNED, 3, "lou"), did(ANSWERED, 5), did(CLOSED, 30))
    head, first, _ = csv_rows(rows(history))
    assert head == COLUMNS
    assert dict(zip(head, first, strict=True)) == {
        "follow_up": "f1",
        "clock": "first_response",
        "state": State.MISSED,
        "tier": "regular",
        "cause": "manual",
        "person": "lou",
        "week": "2026-W10",
        "started": "2026-03-02T09:00:00+00:00",
        "due": "2026-03-02T13:00:00+00:00",
        "stopped": "2026-03-02T14:00:00+00:00",
        "ended_by": "answered",
        "target_s": "14400",
        "spent_s": "18000",
        "wall_s": "18000",
        "late_s": "3600",
        "paused_s": "0",
        "by_owner": "mei:10800 lou:7200",
    }


def test_a_row_that_still_runs_has_no_end() -> None:
    _, first, _ = csv_rows(rows(opened(), now=1))
    assert [first[COLUMNS.index(name)] for name in ("stopped", "ended_by", "state")] == ["", "", "running"]
