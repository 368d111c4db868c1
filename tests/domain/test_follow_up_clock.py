"""The clock: every notice acts once, however late, often or concurrently it is looked at."""

from datetime import datetime, timedelta

import pytest

from kept.booking.history import Actor, Cause
from kept.follow_up.clock import (
    Kind,
    State,
    explain,
    is_pointless,
    looked_at,
    next_due,
    overtaken_at,
    owed,
    reached,
    timeline,
)
from kept.follow_up.follow_up import FollowUp
from tests.builders import STARTS as OPENED
from tests.builders import a_follow_up

HOUR = timedelta(hours=1)
JUST_AFTER = timedelta(seconds=1)
LINE = [
    ("follow_up_reminder_50", 12 * HOUR),
    ("follow_up_reminder_75", 18 * HOUR),
    ("follow_up_reminder_90", 21.6 * HOUR),
    ("follow_up_breached", 24 * HOUR),
    ("follow_up_escalated_1", 24 * HOUR),
    ("follow_up_escalated_2", 48 * HOUR),
]


def at(hours: float) -> datetime:
    return OPENED + hours * HOUR


def answered(hours: float, follow_up: FollowUp | None = None) -> FollowUp:
    return (follow_up or a_follow_up()).answer(Cause(by=Actor("staff", "mei"), at=at(hours)))


def sent(follow_up: FollowUp, now: datetime) -> list[str]:
    return [notice.stage for notice in owed(follow_up, now=now)]


def missed(follow_up: FollowUp, now: datetime) -> list[str]:
    return [n.stage for n in reached(follow_up, now=now) if is_pointless(n, follow_up, now=now)]


def test_the_line_has_three_reminders_a_breach_and_two_levels() -> None:
    assert [(n.stage, n.at - OPENED) for n in timeline(a_follow_up())] == LINE


def test_the_assignee_hears_of_the_breach_and_the_roles_above_of_the_escalation() -> None:
    assert [n.to for n in timeline(a_follow_up())] == ["assignee"] * 4 + ["manager", "owner"]


def test_at_the_breach_there_is_one_breach_and_one_escalation() -> None:
    kinds = [n.kind for n in owed(a_follow_up(), now=at(24) + JUST_AFTER)]
    assert (kinds.count(Kind.BREACH), kinds.count(Kind.ESCALATION)) == (1, 1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(11.9), []),
        (at(12), []),
        (at(12) + JUST_AFTER, ["follow_up_reminder_50"]),
        (at(19), ["follow_up_reminder_75"]),
        (at(22), ["follow_up_reminder_90"]),
        (at(24), ["follow_up_reminder_90"]),
        (at(25), ["follow_up_breached", "follow_up_escalated_1"]),
        (at(80), ["follow_up_breached", "follow_up_escalated_1", "follow_up_escalated_2"]),
    ],
    ids=[
        "before half",
        "at half, half-open",
        "just after half",
        "slept over half",
        "slept over three quarters",
        "at the due instant nothing is breached",
        "slept past the due instant",
        "slept for days: every level once",
    ],
)
def test_a_first_look_finds_what_is_still_useful(now: datetime, expected: list[str]) -> None:
    assert sent(a_follow_up(), now) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [(at(13), []), (at(22), LINE[:2]), (at(80), LINE[:3])],
    ids=["on time", "slept to 90 %", "slept past the breach"],
)
def test_a_reminder_that_was_overtaken_is_missed(now: datetime, expected: list[tuple[str, timedelta]]) -> None:
    assert missed(a_follow_up(), now) == [stage for stage, _ in expected]


@pytest.mark.parametrize(
    "looks",
    [
        [at(h) for h in range(60)],
        [at(h / 7) for h in range(420)],
        [at(12) + JUST_AFTER] * 5 + [at(60)],
        [at(12), at(18), at(21.6), at(24), at(48), at(49)],
        [at(30), at(20), at(30), at(60), at(60)],
        [at(60)],
    ],
    ids=["hourly", "often", "again and again", "at every instant exactly", "a clock that went back", "once, late"],
)
def test_every_notice_is_sent_or_missed_exactly_once(looks: list[datetime]) -> None:
    follow_up, seen = a_follow_up(), []
    for now in looks:
        seen += [n.stage for n in reached(follow_up, now=now)]
        follow_up = looked_at(follow_up, now=now)
    assert sorted(seen) == sorted(stage for stage, _ in LINE)
    assert next_due(follow_up) is None


def test_two_checkers_at_once_find_the_same_messages() -> None:
    follow_up = a_follow_up()
    assert sent(follow_up, at(25)) == sent(follow_up, at(25) + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("looked", "due"),
    [(0, 12), (12, 12), (13, 18), (22, 24), (24, 24), (25, 48)],
    ids=["fresh", "at half not yet acted on", "after half", "before due", "at due not yet acted on", "after breach"],
)
def test_the_next_due_instant_is_the_first_not_looked_at(looked: float, due: float) -> None:
    assert next_due(a_follow_up().looked(at(looked))) == at(due)


@pytest.mark.parametrize("hours", [1, 12], ids=["long before", "at the threshold"])
def test_an_answer_silences_what_was_to_come(hours: float) -> None:
    assert next_due(answered(hours)) is None
    assert reached(answered(hours), now=at(80)) == ()


def test_an_answer_at_the_due_instant_leaves_no_breach_behind() -> None:
    done = answered(24, a_follow_up().looked(at(22)))
    assert next_due(done) is None
    assert explain(done, now=at(80)).state is State.MET


def test_a_late_answer_while_the_checker_slept_is_missed_once_and_nobody_is_told_in_vain() -> None:
    late = answered(26)
    assert next_due(late) == at(12)
    assert sent(late, at(40)) == []
    assert missed(late, at(40)) == [stage for stage, _ in LINE[:5]]
    done = looked_at(looked_at(late, now=at(40)), now=at(41))
    assert [(e.what, e.at) for e in done.history if "missed" in e.what] == [("first response missed", at(24))]
    assert explain(done, now=at(41)).state is State.MISSED
    assert next_due(done) is None


def test_the_breach_is_dated_at_its_own_instant_not_at_the_look() -> None:
    looked = looked_at(a_follow_up(), now=at(40))
    assert (looked.history[-1].what, looked.history[-1].at) == ("first response missed", at(24))


def test_only_a_reminder_is_overtaken() -> None:
    follow_up = a_follow_up()
    assert [overtaken_at(n, follow_up) for n in timeline(follow_up)] == [at(18), at(21.6), at(24), None, None, None]


@pytest.mark.parametrize(
    ("follow_up", "now", "state", "spent", "remaining"),
    [
        (a_follow_up(), at(6), State.RUNNING, 6, 18),
        (a_follow_up(), at(24), State.RUNNING, 24, 0),
        (a_follow_up(), at(30), State.MISSED, 30, -6),
        (answered(6), at(30), State.MET, 6, 18),
        (answered(24), at(30), State.MET, 24, 0),
        (answered(26), at(30), State.MISSED, 26, -2),
    ],
    ids=["running", "at the due instant", "overdue", "answered", "answered at the due instant", "answered late"],
)
def test_a_deadline_explains_itself(
    follow_up: FollowUp, now: datetime, state: State, spent: float, remaining: float
) -> None:
    told = explain(follow_up, now=now)
    assert (told.started, told.due, told.target) == (OPENED, at(24), 24 * HOUR)
    assert (told.state, told.spent, told.remaining) == (state, spent * HOUR, remaining * HOUR)
