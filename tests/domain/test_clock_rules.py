"""The clocks of a follow-up by cases: what starts and stops each, what is cut out, what moves its target."""

from datetime import UTC, datetime, timedelta

import pytest

from kept.clients.client import Tier
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import FollowUpEvent, History, Reopening, What
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import Step
from kept.follow_up.policy import ClockKind, Row, ServicePolicy
from kept.timekeeping.business_calendar import BusinessCalendar
from tests.histories import DAY, HOUR, MINUTE, a_policy, at, clock, did, opened

OFFICE = BusinessCalendar.parse("UTC", dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",)))
JUST_AFTER = timedelta(microseconds=1)
POLICY = a_policy(4 * HOUR, 2 * HOUR, 24 * HOUR)


def office_hours(first_response: timedelta) -> ServicePolicy:
    return a_policy(rows=(Row(first_response, calendar="office"),), calendars={"office": OFFICE})


def first(history: History, now: float, policy: ServicePolicy = POLICY) -> Clock:
    return clock(history, policy, at(now))


def exchanges(history: History, now: float, policy: ServicePolicy = POLICY) -> list[tuple[datetime, datetime | None]]:
    found = clocks(history, {1: policy}, at(now))
    return [(c.run.started, c.run.stopped) for c in found if c.run.kind is ClockKind.NEXT]


@pytest.mark.parametrize(
    ("events", "now", "state"),
    [
        pytest.param((), 3, State.RUNNING, id="before it is due"),
        pytest.param((), 4, State.RUNNING, id="at the due instant"),
        pytest.param((), 4.01, State.MISSED, id="after it, whoever looked"),
        pytest.param((did(What.ANSWERED, 4),), 9, State.MET, id="answered at the due instant"),
        pytest.param((did(What.ANSWERED, 4.01),), 9, State.MISSED, id="answered late"),
        pytest.param((did(What.ANSWERED, 4.01),), 4, State.RUNNING, id="what comes later is not known yet"),
        pytest.param((did(What.NOTED, 1),), 5, State.MISSED, id="a note is no answer"),
        pytest.param((did(What.TRIED, 1, "call"),), 5, State.MISSED, id="nor is a call that reached nobody"),
        pytest.param((did(What.RESOLVED, 3),), 9, State.MET, id="closed without an answer in time"),
        pytest.param((did(What.RESOLVED, 5),), 9, State.MISSED, id="closed without an answer too late"),
        pytest.param((did(What.WAITING, 1, until=9),), 2, State.RUNNING, id="it does not wait for the client"),
    ],
)
def test_the_first_response(events: tuple[FollowUpEvent, ...], now: float, state: State) -> None:
    """An answer or closing ends it, in time up to the due instant itself; a note or a vain call does not."""
    assert first((*opened(), *events), now).state is state


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param((did(What.CLIENT_WROTE, 1),), [], id="before the first answer there is none"),
        pytest.param((did(What.ANSWERED, 1),), [], id="nor without a message"),
        pytest.param((did(What.DISMISSED, 1), did(What.CLIENT_WROTE, 2)), [], id="nor after a dismissal alone"),
        pytest.param((did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2)), [(2, None)], id="it awaits an answer"),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.CLIENT_WROTE, 3)),
            [(2, None)],
            id="the oldest message owns it",
        ),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.NOTED, 3)),
            [(2, None)],
            id="a note ends nothing",
        ),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.ANSWERED, 3), did(What.CLIENT_WROTE, 4)),
            [(2, 3), (4, None)],
            id="one for each exchange",
        ),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.DISMISSED, 3)), [(2, 3)], id="thanks, dismissed"
        ),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.RESOLVED, 3)), [(2, 3)], id="closed unanswered"
        ),
        pytest.param(
            (did(What.ANSWERED, 1), did(What.CLIENT_WROTE, 2), did(What.RESOLVED, 3), did(What.REOPENED, 4)),
            [(2, None)],
            id="closed unanswered and reopened: it goes on",
        ),
    ],
)
def test_the_next_response_of_each_exchange(
    events: tuple[FollowUpEvent, ...], expected: list[tuple[float, float | None]]
) -> None:
    """It runs from the client's oldest unanswered message: writing again does not put it off."""
    instants = [(at(asked), None if end is None else at(end)) for asked, end in expected]
    assert exchanges((*opened(), *events), 9) == instants


@pytest.mark.parametrize(
    ("events", "due", "spent"),
    [
        pytest.param((), 24, 20, id="without a pause"),
        pytest.param((did(What.WAITING, 2), did(What.RESUMED, 5)), 27, 17, id="waiting for the client"),
        pytest.param((did(What.WAITING, 2), did(What.CLIENT_WROTE, 5)), 27, 17, id="until the client writes"),
        pytest.param(
            (did(What.WAITING, 2), did(What.ANSWERED, 4), did(What.RESUMED, 5)), 27, 17, id="answered meanwhile"
        ),
        pytest.param((did(What.SNOOZED, 2, until=5),), 27, 17, id="put off, until its end"),
        pytest.param((did(What.SNOOZED, 2, until=50),), 72, 2, id="put off beyond now: the due instant is known"),
        pytest.param(
            (did(What.WAITING, 2, until=9), did(What.WAITING, 5, until=6)), 28, 16, id="waiting anew replaces it"
        ),
        pytest.param((did(What.WAITING, 2),), None, 2, id="waiting without an end: no due instant"),
        pytest.param((did(What.WAITING, 0), did(What.RESUMED, 0)), 24, 20, id="a pause of no time"),
        pytest.param((did(What.RESOLVED, 3), did(What.REOPENED, 7)), 28, 16, id="closed for a while"),
        pytest.param(
            (did(What.WAITING, 1), did(What.RESOLVED, 3), did(What.REOPENED, 7), did(What.RESOLVED, 8)),
            30,
            2,
            id="paused then closed: the pause is not lost",
        ),
    ],
)
def test_the_resolution_runs_while_it_is_our_turn(
    events: tuple[FollowUpEvent, ...], due: float | None, spent: float
) -> None:
    """What waits for the client, is put off or is closed for a while costs no time."""
    found = clock((*opened(), *events), POLICY, at(20), ClockKind.RESOLUTION)
    assert (found.due, found.spent) == (None if due is None else at(due), spent * HOUR)


def test_a_pause_is_state_paused_and_no_live_deadline() -> None:
    """Nobody is pressed while it is the client's turn; what is left stays known."""
    waiting = clock((*opened(), did(What.WAITING, 2, until=8)), POLICY, at(3), ClockKind.RESOLUTION)
    assert (waiting.state, waiting.deadline, waiting.due) == (State.PAUSED, None, at(30))
    assert waiting.remaining == 22 * HOUR


@pytest.mark.parametrize(
    ("hours", "state"), [(1.9, State.RUNNING), (2, State.PAUSED), (8, State.RUNNING)], ids=["before", "begins", "ends"]
)
def test_a_pause_is_half_open(hours: float, state: State) -> None:
    """It is paused from the instant it begins, and runs again at the instant it ends."""
    found = clock((*opened(), did(What.WAITING, 2, until=8)), POLICY, at(hours), ClockKind.RESOLUTION)
    assert found.state is state


def test_closed_without_an_answer_and_reopened_the_first_response_goes_on_without_the_closed_time() -> None:
    """The client is still owed it."""
    found = first((*opened(), did(What.RESOLVED, 1), did(What.REOPENED, 3)), 4)
    assert (found.due, found.spent) == (at(6), 2 * HOUR)


def test_an_answer_after_closing_time_is_late_though_no_business_time_was_lost() -> None:
    """By instants: an exact fill ends at closing."""
    policy = office_hours(8 * HOUR)
    answered = first((*opened(), did(What.ANSWERED, 8.5)), 9, policy)
    assert (answered.due, answered.spent, answered.late, answered.state) == (at(8), 8 * HOUR, 0 * HOUR, State.MISSED)


def test_a_day_when_the_clocks_change_counts_its_real_hours() -> None:
    """The hour that the clock skips is not counted."""
    nights = BusinessCalendar.parse("Europe/Berlin", {"sun": ["00:00-06:00"]})
    policy = a_policy(rows=(Row(5 * HOUR, calendar="nights"),), calendars={"nights": nights})
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert clock(opened(spring), policy, spring).due == datetime(2026, 3, 29, 4, tzinfo=UTC)


TIERS = a_policy(rows=(Row(2 * HOUR, resolution=10 * HOUR, tier=Tier.VIP), Row(8 * HOUR, resolution=30 * HOUR)))


@pytest.mark.parametrize(
    ("events", "now", "due", "state"),
    [
        pytest.param((did(What.TIER, 1, "vip"),), 1, 10, State.RUNNING, id="from creation, not from the change"),
        pytest.param((did(What.TIER, 12, "vip"),), 12, 10, State.MISSED, id="a target already over"),
        pytest.param(
            (did(What.TIER, 1, "vip"), did(What.TIER, 12, "regular")),
            12,
            30,
            State.RUNNING,
            id="a longer one revives it",
        ),
        pytest.param((did(What.WAITING, 2, until=5), did(What.TIER, 3, "vip")), 3, 13, State.PAUSED, id="in mid-pause"),
        pytest.param((did(What.RESOLVED, 12), did(What.TIER, 13, "vip")), 14, 30, State.MET, id="after it has stopped"),
        pytest.param((did(What.PRIORITY, 1, "urgent"),), 1, 30, State.RUNNING, id="a priority that no row asks about"),
    ],
)
def test_a_change_of_tier_counts_anew_from_the_beginning(
    events: tuple[FollowUpEvent, ...], now: float, due: float, state: State
) -> None:
    """As if it had been so from the start; what has stopped keeps its result."""
    found = clock((*opened(), *events), TIERS, at(now), ClockKind.RESOLUTION)
    assert (found.due, found.state) == (at(due), state)


def test_an_edit_of_the_policy_touches_nothing_that_is_open_until_it_is_reapplied() -> None:
    """What was promised at the opening holds."""
    versions = {1: a_policy(4 * HOUR), 2: a_policy(1 * HOUR, number=2)}
    (before,) = clocks(opened(), versions, at(2))
    (after,) = clocks((*opened(), did(What.POLICY, 2, "2")), versions, at(2))
    assert (before.due, before.state, after.due, after.state) == (at(4), State.RUNNING, at(1), State.MISSED)


WEEK_LATER = (did(What.ANSWERED, 2), did(What.RESOLVED, 6))


def test_reopened_after_a_week_the_clocks_go_on_without_it() -> None:
    """The answer that was given stays given, and the target is not begun anew."""
    again = (*opened(), *WEEK_LATER, did(What.REOPENED, 174, Reopening.CONTINUES))
    found = {c.run.name: c for c in clocks(again, {1: POLICY}, at(175))}
    assert found.keys() == {"first_response", "resolution"}
    assert (found["first_response"].run.stopped, found["first_response"].state) == (at(2), State.MET)
    assert (found["resolution"].due, found["resolution"].spent) == (at(24 + 168), 7 * HOUR)


def test_reopened_after_a_week_to_begin_anew_there_is_a_second_set_of_clocks() -> None:
    """The first set stays as it ended, and each new one has its whole target."""
    again = (*opened(), *WEEK_LATER, did(What.REOPENED, 174, Reopening.NEW_CYCLE))
    found = {c.run.name: (c.run.started, c.run.stopped, c.due) for c in clocks(again, {1: POLICY}, at(175))}
    assert found == {
        "first_response": (at(0), at(2), at(4)),
        "resolution": (at(0), at(6), at(24)),
        "first_response_cycle_2": (at(174), None, at(178)),
        "resolution_cycle_2": (at(174), None, at(198)),
    }


PLAN = (Step("call", 4 * HOUR), Step("offer", 8 * HOUR), Step("check", 2 * HOUR, after=7 * DAY))


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        pytest.param((), 1, [("step_call", 0, None, 4)], id="it begins with the first"),
        pytest.param(
            (did(What.STEP_DONE, 3, "call"),), 3, [("step_call", 0, 3, 4), ("step_offer", 3, None, 11)], id="one by one"
        ),
        pytest.param(
            (did(What.STEP_DONE, 3, "call"), did(What.STEP_DONE, 5, "offer")),
            6,
            [("step_call", 0, 3, 4), ("step_offer", 3, 5, 11), ("step_check", 173, None, 175)],
            id="the last begins a week after the one before",
        ),
        pytest.param(
            (did(What.STEP_DONE, 3, "call"), did(What.RESOLVED, 5)),
            9,
            [("step_call", 0, 3, 4), ("step_offer", 3, 5, 11)],
            id="closing stops the step that was due and begins no more",
        ),
        pytest.param(
            (did(What.STEP_DONE, 3, "call"), did(What.RESOLVED, 3)),
            9,
            [("step_call", 0, 3, 4)],
            id="nor at the very instant of closing",
        ),
    ],
)
def test_a_plan_has_a_clock_for_each_step_it_has_come_to(
    events: tuple[FollowUpEvent, ...], now: float, expected: list[tuple[str, float, float | None, float]]
) -> None:
    """A step begins when the one before is done, or its wait is over; closing stops it."""
    policy = a_policy(4 * HOUR, plans={OpenedBy.NO_SHOW: PLAN})
    found = clocks((*opened(cause=OpenedBy.NO_SHOW), *events), {1: policy}, at(now))
    told = [(c.run.name, c.run.started, c.run.stopped, c.due) for c in found if c.run.kind is ClockKind.STEP]
    assert told == [(name, at(a), None if b is None else at(b), at(due)) for name, a, b, due in expected]


def test_the_plan_stays_the_one_that_was_begun_when_another_policy_is_applied() -> None:
    """Steps are not exchanged under the hands of those who do them."""
    versions = {n: a_policy(n * HOUR, number=n, plans={OpenedBy.NO_SHOW: PLAN[n - 1 :]}) for n in (1, 2)}
    again = (*opened(cause=OpenedBy.NO_SHOW), did(What.POLICY, 0.5, "2"))
    found = clocks(again, versions, at(0.5))
    assert [(c.run.name, c.due) for c in found] == [("first_response", at(2)), ("step_call", at(4))]


def test_a_step_that_has_not_begun_has_spent_nothing() -> None:
    policy = a_policy(4 * HOUR, plans={OpenedBy.NO_SHOW: (Step("ask", HOUR, after=DAY),)})
    step = clock(opened(cause=OpenedBy.NO_SHOW), policy, at(1), ClockKind.STEP)
    assert (step.spent, step.state, step.remaining) == (0 * HOUR, State.RUNNING, HOUR)


def test_a_step_done_before_it_begins_has_spent_nothing() -> None:
    policy = a_policy(4 * HOUR, plans={OpenedBy.NO_SHOW: (Step("ask", HOUR, after=DAY),)})
    early = (*opened(cause=OpenedBy.NO_SHOW), did(What.STEP_DONE, 1, "ask"))
    step = clock(early, policy, at(99), ClockKind.STEP)
    assert (step.spent, step.state, step.run.stopped) == (0 * HOUR, State.MET, at(1))


def test_closed_and_reopened_to_begin_anew_at_one_instant_counts_each_time() -> None:
    twice = 2 * (did(What.RESOLVED, 1), did(What.REOPENED, 1, Reopening.NEW_CYCLE))
    names = [c.run.name for c in clocks((*opened(), *twice), {1: POLICY}, at(2)) if c.run.kind is ClockKind.FIRST]
    assert names == ["first_response", "first_response_cycle_2", "first_response_cycle_3"]


def test_before_anything_was_written_there_is_no_clock() -> None:
    assert clocks(opened(), {1: POLICY}, at(0) - JUST_AFTER) == ()


def test_time_is_asked_in_any_zone() -> None:
    berlin = datetime.fromisoformat("2026-03-02T10:30:00+01:00")
    assert clock(opened(berlin), POLICY, berlin + 5 * MINUTE).spent == 5 * MINUTE
