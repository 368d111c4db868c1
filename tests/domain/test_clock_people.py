"""Whose a follow-up is: by rule, in an absence, at a reassignment; what comes next; who is asked how it went."""

from datetime import timedelta

import pytest

from kept.errors import InvalidSetting
from kept.follow_up.assignment import Absence, Colleague, Rule, assignee, handed_over, standing_in
from kept.follow_up.events import FollowUpEvent, History, HowItEnded, What
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.ownership import answerable, owner_at, time_by_owner
from kept.follow_up.personal_queue import queue
from kept.follow_up.phases import Phase
from kept.follow_up.policy import ClockKind
from kept.follow_up.survey import is_asked
from tests.histories import HOUR, a_policy, at, clock, did, opened

AWAY = Absence(at(0), at(10))
TEAM = (Colleague("ana", load=3), Colleague("bo", load=1), Colleague("cy", load=1), Colleague("di", 0, (AWAY,)))


@pytest.mark.parametrize(
    ("rule", "owner", "last", "hours", "expected"),
    [
        pytest.param(Rule.LEAST_LOADED, "", "", 5, "bo", id="the least loaded who is there, by the team's order"),
        pytest.param(Rule.LEAST_LOADED, "", "", 10, "di", id="back at the very instant the absence ends"),
        pytest.param(Rule.OWNER, "ana", "", 5, "ana", id="the client's own person, however loaded"),
        pytest.param(Rule.OWNER, "di", "", 5, "bo", id="who is away with no stand-in: the least loaded"),
        pytest.param(Rule.OWNER, "", "", 5, "bo", id="a client without one"),
        pytest.param(Rule.OWNER, "gone", "", 5, "bo", id="one who has left"),
        pytest.param(Rule.ROUND_ROBIN, "", "", 5, "ana", id="round robin begins with the first"),
        pytest.param(Rule.ROUND_ROBIN, "", "ana", 5, "bo", id="the next one"),
        pytest.param(Rule.ROUND_ROBIN, "", "cy", 5, "ana", id="past who is away, round"),
        pytest.param(Rule.ROUND_ROBIN, "", "gone", 5, "ana", id="after one who has left: from the first"),
    ],
)
def test_the_rule_says_whose_it_is(rule: Rule, owner: str, last: str, hours: float, expected: str) -> None:
    """Nobody gets one who is away or has left: it goes to the next or the least loaded who is there."""
    assert assignee(rule, TEAM, owner=owner, last=last, now=at(hours)) == expected


@pytest.mark.parametrize("rule", Rule, ids=str)
def test_with_nobody_there_it_is_whoever_opens_it(rule: Rule) -> None:
    """It is not given to somebody away only because a rule would name them."""
    assert assignee(rule, TEAM[3:], owner="di", now=at(1)) == ""
    assert assignee(rule, (), now=at(1)) == ""


def away(id: str, stand_in: str) -> Colleague:
    return Colleague(id, 0, (Absence(at(0), at(10), stand_in),))


@pytest.mark.parametrize(
    ("team", "expected"),
    [
        pytest.param((away("di", "bo"), Colleague("bo")), "bo", id="the stand-in"),
        pytest.param((away("di", "bo"), away("bo", "cy"), Colleague("cy")), "cy", id="the stand-in's stand-in"),
        pytest.param((away("di", "bo"), away("bo", "di")), "", id="two for each other, both away"),
        pytest.param((away("di", "di"),), "", id="one for themselves"),
        pytest.param((away("di", "gone"),), "", id="one who has left"),
    ],
)
def test_someone_away_passes_theirs_on(team: tuple[Colleague, ...], expected: str) -> None:
    """Along the chain to one who is there; a circle, or one who has left, leads to nobody."""
    assert standing_in("di", team, now=at(1)) == expected


def test_without_a_stand_in_the_least_loaded_share_what_is_left_behind() -> None:
    """Nobody gets all of it: each one given counts before the next."""
    found = handed_over("di", ["f1", "f2", "f3", "f4"], TEAM, now=at(1))
    assert found == {"f1": "bo", "f2": "cy", "f3": "bo", "f4": "cy"}


def test_nothing_is_handed_over_by_one_who_is_there_nor_to_nobody() -> None:
    """Who is there keeps theirs, and with nobody to take it, it stays where it is."""
    assert handed_over("ana", ["f1"], TEAM, now=at(1)) == {}
    assert handed_over("di", ["f1"], TEAM[3:], now=at(1)) == {}


def test_an_absence_ends_after_it_starts() -> None:
    with pytest.raises(InvalidSetting) as refused:
        Absence(at(1), at(1))
    assert refused.value.facts["field"] == "absence.ends"


POLICY = a_policy(8 * HOUR, 8 * HOUR, 40 * HOUR)


def test_the_time_is_split_by_owner() -> None:
    """Mei had it for 5 of the 7 hours that counted, and Lou for 2: the pause is nobody's."""
    history = (*opened(to="mei"), did(What.WAITING, 3, until=5), did(What.ASSIGNED, 7, "lou"), did(What.RESOLVED, 9))
    found = clock(history, POLICY, at(20), ClockKind.RESOLUTION)
    assert time_by_owner(found, history, at(20)) == {"mei": 5 * HOUR, "lou": 2 * HOUR}
    assert sum(time_by_owner(found, history, at(20)).values(), timedelta()) == found.spent


def test_given_back_the_time_of_both_turns_is_one_person_s() -> None:
    """Each hour is put down to whoever had it then, however often it was handed on."""
    history = (*opened(to="mei"), did(What.ASSIGNED, 1, "lou"), did(What.ASSIGNED, 3, "mei"))
    assert time_by_owner(clock(history, POLICY, at(6)), history, at(6)) == {"mei": 4 * HOUR, "lou": 2 * HOUR}


@pytest.mark.parametrize(
    ("lines", "hours", "expected"),
    [
        pytest.param((did(What.ASSIGNED, 7, "lou"),), 20, "lou", id="handed on before it was due"),
        pytest.param(
            (did(What.ASSIGNED, 8, "lou"),), 20, "mei", id="at the due instant: the miss stays with the first"
        ),
        pytest.param((did(What.ASSIGNED, 9, "lou"),), 20, "mei", id="after it"),
        pytest.param(
            (did(What.ASSIGNED, 8, "lou"), did(What.ANSWERED, 8)), 20, "lou", id="answered at that very instant"
        ),
        pytest.param((did(What.ANSWERED, 3), did(What.ASSIGNED, 4, "lou")), 20, "mei", id="after it was answered"),
        pytest.param((did(What.ASSIGNED, 4, "lou"),), 5, "lou", id="while it runs: whose it is now"),
    ],
)
def test_who_answers_for_it(lines: History, hours: float, expected: str) -> None:
    """Whoever had it when it was answered or ran out: handing on a missed one hands on no blame."""
    history = (*opened(to="mei"), *lines)
    assert answerable(clock(history, POLICY, at(hours)), history, at(hours)) == expected


def test_from_the_instant_of_a_reassignment_on_it_is_the_new_one_s() -> None:
    history = (*opened(to="mei"), did(What.ASSIGNED, 8, "lou"))
    assert [owner_at(history, at(hours)) for hours in (0, 7.9, 8, 9)] == ["mei", "mei", "lou", "lou"]


def test_a_queue_begins_with_what_is_due_first() -> None:
    """Paused ones come last with the time they are back, closed ones not at all."""
    items = {
        "fresh": opened(at(9)),
        "missed": opened(at(0)),
        "soon": opened(at(3)),
        "back soon": (*opened(at(0)), did(What.ANSWERED, 1), did(What.SNOOZED, 2, until=12)),
        "back later": (*opened(at(0)), did(What.ANSWERED, 1), did(What.WAITING, 2, until=30)),
        "back now": (*opened(at(5)), did(What.WAITING, 6, until=10)),
        "closed": (*opened(at(0)), did(What.RESOLVED, 1)),
    }
    found = queue(items, {1: POLICY}, now=at(10))
    assert [place.id for place in found] == ["missed", "soon", "back now", "fresh", "back soon", "back later"]
    assert [place.due for place in found[:3]] == [at(8), at(11), at(13)]
    assert [(place.phase, place.back) for place in found[-2:]] == [(Phase.SNOOZED, at(12)), (Phase.WAITING, at(30))]


def test_what_has_no_deadline_comes_after_what_has_one() -> None:
    by_tier = a_policy(None, None, None)
    assert [place.due for place in queue({"b": opened(), "a": opened()}, {1: by_tier}, now=at(1))] == [None, None]


SETTLED, GHOSTED = did(What.RESOLVED, 5, HowItEnded.SETTLED), did(What.RESOLVED, 5, HowItEnded.GHOSTED)
AGAIN = did(What.REOPENED, 6)


def opened_by(by: str, cause: OpenedBy) -> History:
    first, *rest = opened(cause=cause)
    return (FollowUpEvent(What.OPENED, first.at, by=by, to=cause), *rest)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param((*opened_by("client", OpenedBy.FORM), SETTLED), True, id="settled"),
        pytest.param(opened_by("client", OpenedBy.FORM), False, id="still open"),
        pytest.param((*opened_by("kept", OpenedBy.NO_SHOW), GHOSTED), False, id="ghosted"),
        pytest.param((*opened_by("kept", OpenedBy.NO_SHOW), SETTLED), True, id="a no-show that was spoken about"),
        pytest.param(
            (*opened_by("kept", OpenedBy.NO_SHOW), did(What.RESOLVED, 5, HowItEnded.LAPSED)), False, id="taken back"
        ),
        pytest.param(
            (*opened_by("kept", OpenedBy.ATTENDANCE_QUESTION), SETTLED), False, id="a question that staff were asked"
        ),
        pytest.param((*opened_by("kept", OpenedBy.CALL), SETTLED), False, id="a call on the staff's list"),
        pytest.param(
            (*opened_by("client", OpenedBy.FORM), did(What.RESOLVED, 5, HowItEnded.MERGED, why="f2")),
            False,
            id="merged",
        ),
        pytest.param((*opened_by("staff:mei", OpenedBy.MANUAL), SETTLED), False, id="what staff opened for themselves"),
        pytest.param(
            (*opened_by("staff:mei", OpenedBy.COMPLAINT), SETTLED), True, id="a complaint that staff took down"
        ),
        pytest.param((*opened_by("client", OpenedBy.FORM), SETTLED, AGAIN), False, id="reopened"),
        pytest.param(
            (*opened_by("client", OpenedBy.FORM), SETTLED, AGAIN, did(What.RESOLVED, 7)),
            False,
            id="settled again: once",
        ),
        pytest.param(
            (*opened_by("client", OpenedBy.FORM), GHOSTED, AGAIN, did(What.RESOLVED, 7)),
            True,
            id="settled after a ghosting",
        ),
    ],
)
def test_the_client_is_asked_once_how_it_went(history: History, expected: bool) -> None:
    """Only of what was settled with them; not of what staff opened for themselves or gave up."""
    assert is_asked(history) is expected


@pytest.mark.parametrize("behind", [0.001, 5, 60, 3600], ids=lambda it: f"{it} s")
def test_what_another_machine_opened_by_a_later_clock_is_in_the_queue(behind: float) -> None:
    history = (*opened(), did(What.SNOOZED, 2, until=5))
    (open_yet,) = queue({"a": opened()}, {1: POLICY}, now=at(0) - timedelta(seconds=behind))
    (put_off,) = queue({"a": history}, {1: POLICY}, now=at(2) - timedelta(seconds=behind))
    assert (open_yet.phase, put_off.phase, put_off.back) == (Phase.OPEN, Phase.SNOOZED, at(5))
