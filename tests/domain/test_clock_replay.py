"""Whoever looks, how often, how late and in whatever order: the same clocks, and the same notices, each once."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kept.clients.client import Tier
from kept.errors import Refusal
from kept.follow_up.append_event import recorded
from kept.follow_up.clocks import State, clocks
from kept.follow_up.events import FollowUpEvent, History, Reopening, What, known_at
from kept.follow_up.merging import Party, merged
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import Step
from kept.follow_up.policy import Level, Row, ServicePolicy, Threshold
from kept.follow_up.timeline import ClockNotice, reached, timeline
from kept.timekeeping.business_calendar import BusinessCalendar
from tests.histories import HOUR, MINUTE, MONDAY, a_policy, at, opened

DAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-17:00"))
OFFICE = BusinessCalendar.parse("Europe/Berlin", DAYS)
PLANS = {OpenedBy.MANUAL: (Step("call", 4 * HOUR), Step("check", 3 * HOUR, after=24 * HOUR))}
THRESHOLDS = (Threshold(50), Threshold(90), Threshold(minutes_before=5), Threshold(minutes_after=30))
LEVELS = (Level("assignee"), Level("manager", HOUR), Level("owner", 8 * HOUR))


def version(number: int, vip: float, others: float, **rest: Any) -> ServicePolicy:
    rows = (
        Row(vip * HOUR, vip * HOUR, 9 * vip * HOUR, tier=Tier.VIP),
        Row(others * HOUR, None, 9 * others * HOUR, tier=Tier.REGULAR, calendar="office"),
    )
    how: dict[str, Any] = {"calendars": {"office": OFFICE}, "plans": PLANS, "thresholds": THRESHOLDS}
    return a_policy(number=number, rows=rows, **how, levels=LEVELS, **rest)


POLICIES = {
    1: version(1, 2, 6),
    2: version(2, 1, 3, reopening=Reopening.NEW_CYCLE, next_from_opening=True),
}
NAMED = {
    What.TIER: ["vip", "regular", "prospect"],
    What.PRIORITY: ["urgent", "low"],
    What.POLICY: ["1", "2"],
    What.ASSIGNED: ["lou", "mei"],
    What.STEP_DONE: ["call", "check"],
}
QUARTERS = st.integers(0, 4 * 24 * 4)
"""Of an hour, over four days: so that looks and lines often fall on one instant, and on a due instant."""
happenings = st.sampled_from([what for what in What if what not in (What.OPENED, What.MERGED)])


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Whatever may happen, in order; what is refused did not."""
    lines = opened(tier=draw(st.sampled_from([Tier.VIP, Tier.REGULAR])), policy=draw(st.sampled_from([1, 2])))
    for quarter in sorted(draw(st.lists(QUARTERS, max_size=12))):
        what, when = draw(happenings), at(quarter / 4)
        to = draw(st.sampled_from(NAMED.get(what, [""])))
        until = when + draw(st.integers(1, 99)) * 15 * MINUTE
        event = FollowUpEvent(
            what, when, to=to, why="because", until=until if what in (What.WAITING, What.SNOOZED) else None
        )
        try:
            lines = recorded(lines, event, POLICIES, now=when)
        except Refusal:
            continue
    return lines


@st.composite
def merged_histories(draw: st.DrawFn) -> History:
    """Two of them, of which the later may be the one that is kept."""
    kept, taken = draw(histories()), draw(histories())
    when = max(kept[-1].at, taken[-1].at) + draw(st.integers(0, 20)) * 15 * MINUTE
    try:
        return merged(Party("f1", "ana", kept), Party("f2", "ana", taken), FollowUpEvent(What.MERGED, when))[0]
    except Refusal:
        return kept


instants = QUARTERS.map(lambda quarter: at(quarter / 4))
any_history = st.one_of(histories(), merged_histories())


def told_by(looks: list[datetime], history: History) -> list[ClockNotice]:
    """What a checker tells that sees at each look what was written until then; it never looks back."""
    processed_until = MONDAY
    told: list[ClockNotice] = []
    for now in looks:
        line = timeline(known_at(history, now), POLICIES)
        told += reached(line, processed_until=processed_until, now=now)
        processed_until = max(processed_until, now)
    return told


@given(any_history, st.lists(instants, max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_looks_tell_what_one_look_at_the_end_would(history: History, looks: list[datetime]) -> None:
    """However often and late the checker wakes, nothing is told twice or left out."""
    end = at(200)
    assert told_by([*looks, end], history) == told_by([end], history)


@given(any_history, instants)
@settings(max_examples=30, deadline=None)
def test_what_was_told_stays_true_whatever_happens_later(history: History, now: datetime) -> None:
    """A sweep that was delayed sees lines that are later than its `now`: they change nothing about what was before."""
    early, late = timeline(known_at(history, now), POLICIES), timeline(history, POLICIES)
    assert reached(early, processed_until=MONDAY, now=now) == reached(late, processed_until=MONDAY, now=now)


@given(any_history)
@settings(max_examples=40, deadline=None)
def test_every_notice_is_told_once(history: History) -> None:
    """Nobody gets the same reminder of one deadline twice, whatever happened to it."""
    stages = [notice.stage for notice in timeline(history, POLICIES)]
    assert len(set(stages)) == len(stages)


@given(any_history, instants, instants)
@settings(max_examples=40, deadline=None)
def test_the_clocks_at_an_instant_are_the_same_however_much_later_one_asks(
    history: History, now: datetime, later: datetime
) -> None:
    known = known_at(history, max(now, later))
    assert clocks(known, POLICIES, now) == clocks(history, POLICIES, now)


@given(any_history, instants)
@settings(max_examples=30, deadline=None)
def test_what_a_clock_says_of_itself_agrees(history: History, now: datetime) -> None:
    """What it has spent, what is left and whether it was missed do not contradict each other."""
    for clock in clocks(history, POLICIES, now):
        end = min(now, clock.run.stopped or now)
        counted = [clock.calendar.between(s.begins, min(s.ends or end, end)) for s in clock.spans if s.counts]
        assert clock.spent == sum(counted, timedelta())
        assert clock.spent >= timedelta()
        if clock.state is State.MISSED:
            assert clock.spent >= clock.target
        if clock.due is not None and clock.due <= end:
            assert clock.remaining <= timedelta()
