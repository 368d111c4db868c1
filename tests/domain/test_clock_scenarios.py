"""Scenarios from the test suites of other help desks: their calendars, instants and words, unaltered."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kept.clients.client import Tier
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import FollowUpEvent, History, What
from kept.follow_up.policy import ClockKind, Row, ServicePolicy
from kept.timekeeping.business_calendar import BusinessCalendar
from tests.histories import opened

FILE = Path(__file__).parents[1] / "vectors" / "follow_up_scenarios.json"
SCENARIOS: dict[str, dict[str, Any]] = {scenario["id"]: scenario for scenario in json.loads(FILE.read_text())}
ALL = frozenset({ClockKind.FIRST, ClockKind.NEXT, ClockKind.RESOLUTION})


def scenario_calendar(scenario: dict[str, Any]) -> BusinessCalendar:
    told = scenario["calendar"]
    return BusinessCalendar.parse(
        told["tz"],
        {day: ["-".join(window) for window in windows] for day, windows in told["weekly"].items()},
        map(date.fromisoformat, told["holidays"]),
        {date.fromisoformat(day): ["-".join(w) for w in windows] for day, windows in told["extra_hours"].items()},
    )


def scenario_policy(id: str, *, tier: Tier | None = None, **settings: Any) -> ServicePolicy:
    """The targets that the scenario tells with its due instants, and else those of its words."""
    scenario = SCENARIOS[id]
    targets = {told["clock"]: timedelta(minutes=told["minutes"]) for told in scenario.get("due", ())}
    row = Row(**targets | settings.pop("targets", {}), tier=tier, calendar="theirs")
    return ServicePolicy(rows=(row,), calendars={"theirs": scenario_calendar(scenario)}, **settings)


def pauses(id: str) -> Iterator[FollowUpEvent]:
    for begins, ends in SCENARIOS[id]["pauses"]:
        yield FollowUpEvent(What.WAITING, instant(begins))
        yield FollowUpEvent(What.RESUMED, instant(ends))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def seen(history: History, policy: ServicePolicy, now: datetime) -> dict[str, Clock]:
    """The last clock of each kind."""
    return {clock.run.kind.value: clock for clock in clocks(history, {1: policy}, now)}


def assert_due(id: str, found: dict[str, Clock]) -> None:
    told = SCENARIOS[id]["due"]
    assert [found[due["clock"]].due for due in told] == [instant(due["expect"]) for due in told]


def assert_spent(id: str, found: dict[str, Clock]) -> None:
    told = SCENARIOS[id]["spent"]
    assert [found[s["clock"]].spent for s in told] == [minutes(s["expect_minutes"]) for s in told]


def test_a_priority_that_no_row_matches_takes_every_deadline_away() -> None:
    """scn-17; and the same for one that loses a single target."""
    begins = instant("2013-03-21T10:30:00+01:00")
    policy = scenario_policy("scn-17", tier=Tier.REGULAR)
    assert_due("scn-17", seen(opened(begins), policy, begins))
    assert not seen(
        (*opened(begins), FollowUpEvent(What.TIER, begins + minutes(5), to=Tier.VIP)), policy, begins + minutes(9)
    )


def test_a_late_reply_is_a_fact_and_no_live_deadline() -> None:
    """scn-10: the other clocks are untouched; the one that runs is due when its own target is filled."""
    told = SCENARIOS["scn-10"]["spent"][0]
    begins, reply = instant(told["from"]), instant(told["to"])
    policy = scenario_policy("scn-10", targets={"first_response": minutes(60), "resolution": minutes(120)})
    found = seen((*opened(begins), FollowUpEvent(What.ANSWERED, reply)), policy, reply)
    assert_spent("scn-10", found)
    first, outcome = found["first_response"], SCENARIOS["scn-10"]["outcome"]
    assert (first.state, first.deadline, first.late) == (State.MISSED, None, minutes(outcome["late_min"]))
    assert found["resolution"].deadline == instant(outcome["next_deadline"])


def test_a_pause_is_counted_in_business_time() -> None:
    """scn-29: over a night, a holiday and a weekend."""
    told = SCENARIOS["scn-29"]["spent"][0]
    begins, end = instant(told["from"]), instant(told["to"])
    policy = scenario_policy("scn-29", targets={"resolution": minutes(600)})
    assert_spent("scn-29", seen((*opened(begins), *pauses("scn-29"), FollowUpEvent(What.RESOLVED, end)), policy, end))


def test_three_short_pauses_move_the_resolution_and_not_the_first_response() -> None:
    """scn-44: theirs to take ownership is our first response; a level five minutes before fires on both."""
    begins = instant(SCENARIOS["scn-44"]["due"][0]["start"])
    policy = scenario_policy("scn-44", targets={"first_response": minutes(30)})
    found = seen((*opened(begins), *pauses("scn-44")), policy, instant("2034-06-09T11:35:00Z"))
    assert_due("scn-44", found)
    first, resolution = found["first_response"], found["resolution"]
    outcome = SCENARIOS["scn-44"]["outcome"]
    assert first.due == instant(outcome["ownership_due"] + "+00:00")
    waited = [s.ends - s.begins for s in resolution.spans if not s.counts and s.ends]
    assert sum(waited, timedelta()) == timedelta(seconds=outcome["waiting_s"])
    assert first.reaches(minutes(25)) == instant("2034-06-09T09:11:12Z")
    assert resolution.reaches(minutes(25)) == instant("2034-06-09T11:40:25Z")


def test_a_pause_after_the_reply_changes_nothing_about_it() -> None:
    """scn-26."""
    told = SCENARIOS["scn-26"]["spent"][0]
    begins, reply = instant(told["from"]), instant(told["to"])
    policy = scenario_policy("scn-26", targets={"first_response": minutes(60)})
    closed = FollowUpEvent(What.RESOLVED, begins + minutes(120))
    found = seen((*opened(begins), FollowUpEvent(What.ANSWERED, reply), *pauses("scn-26"), closed), policy, closed.at)
    assert_spent("scn-26", found)
    assert found["first_response"].late == minutes(SCENARIOS["scn-26"]["outcome"]["late_min"])


def test_what_comes_in_on_a_holiday_starts_with_the_next_opening() -> None:
    """scn-20: there the next response runs from the opening on, beside the first."""
    begins = instant(SCENARIOS["scn-20"]["due"][0]["start"])
    assert_due("scn-20", seen(opened(begins), scenario_policy("scn-20", next_from_opening=True), begins))


@pytest.mark.parametrize("early", [False, True], ids=["after the first answer", "from the opening on"])
def test_no_deadline_stands_while_the_client_has_the_turn(*, early: bool) -> None:
    """scn-21: the client's message opens it again and has the next response; the first one stays gone."""
    asked, came_back = map(instant, SCENARIOS["scn-21"]["pauses"][0])
    begins = instant(SCENARIOS["scn-20"]["due"][0]["start"])
    policy = scenario_policy("scn-21", targets={"first_response": minutes(120)}, next_from_opening=early)
    pending = (*opened(begins), FollowUpEvent(What.ANSWERED, asked), FollowUpEvent(What.WAITING, asked))
    assert [c.deadline for c in seen(pending, policy, asked + minutes(10)).values() if c.deadline] == []
    found = seen((*pending, FollowUpEvent(What.CLIENT_WROTE, came_back)), policy, came_back)
    assert_due("scn-21", found)
    assert found["first_response"].deadline is None


def test_where_the_first_response_pauses_too_both_are_later_by_the_pause() -> None:
    """scn-04: by a setting, for ours does not pause before the first reply."""
    begins = instant(SCENARIOS["scn-04"]["due"][0]["start"])
    reply, close = (instant(told["to"]) for told in SCENARIOS["scn-04"]["spent"])
    policy = scenario_policy("scn-04", pausing=ALL)
    paused = (*opened(begins), *pauses("scn-04"))
    assert_due("scn-04", seen(paused, policy, reply))
    found = seen((*paused, FollowUpEvent(What.ANSWERED, reply), FollowUpEvent(What.RESOLVED, close)), policy, close)
    assert_spent("scn-04", found)
    spare = SCENARIOS["scn-04"]["outcome"]
    assert found["first_response"].remaining == minutes(spare["first_response_spare_min"])
    assert found["resolution"].remaining == minutes(spare["resolution_spare_min"])


def test_a_pause_and_a_closed_span_are_both_taken_out() -> None:
    """scn-01: closed and reopened without an answer; the first response pauses by the setting."""
    begins = instant(SCENARIOS["scn-01"]["due"][0]["start"])
    (wait, back), (closed, again) = (map(instant, pause) for pause in SCENARIOS["scn-01"]["pauses"])
    lines = (FollowUpEvent(What.WAITING, wait), FollowUpEvent(What.RESUMED, back), FollowUpEvent(What.RESOLVED, closed))
    policy = scenario_policy("scn-01", pausing=ALL)
    assert_due("scn-01", seen((*opened(begins), *lines, FollowUpEvent(What.REOPENED, again)), policy, again))


def test_every_scenario_is_used() -> None:
    named = [line for line in Path(__file__).read_text().splitlines() if line.lstrip().startswith('"""scn-')]
    assert len(named) == len(SCENARIOS)
