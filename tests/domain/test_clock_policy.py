"""Service policies by cases: whose targets are whose, what is refused at save with its field, what re-applying does."""

from datetime import date, timedelta
from typing import Any

import pytest

from kept.clients.client import Tier
from kept.errors import InvalidSetting
from kept.follow_up.events import History, Priority, What
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import DEFAULT_PLANS, Step
from kept.follow_up.policy import WALL_TIME, ClockKind, Level, Row, ServicePolicy, Threshold
from kept.follow_up.reapplying import Effect, effects_on, preview
from kept.timekeeping.business_calendar import BusinessCalendar
from tests.histories import DAY, HOUR, a_policy, at, did, opened

CHRISTMAS_ONLY = BusinessCalendar.parse("UTC", {}, special_days={date(2026, 12, 24): ["09:00-12:00"]})
OFFICE = BusinessCalendar.parse("UTC", {"mon": ["09:00-17:00"]})
NONE = timedelta(0)


@pytest.mark.parametrize(
    ("tier", "hours"), [(Tier.VIP, 24), (Tier.REGULAR, 48), (Tier.PROSPECT, 72)], ids=lambda it: str(it)
)
def test_by_default_each_tier_waits_as_long_as_the_product_says(tier: Tier, hours: int) -> None:
    """A VIP a day, a regular two and a prospect three, round the clock."""
    row = ServicePolicy().row(tier, OpenedBy.MANUAL, Priority.NORMAL)
    assert row is not None
    assert [row.target(kind) for kind in (ClockKind.FIRST, ClockKind.NEXT)] == [hours * HOUR] * 2
    assert ServicePolicy().calendar(row) is WALL_TIME


ROWS = (
    Row(1 * HOUR, cause=OpenedBy.COMPLAINT, tier=Tier.VIP),
    Row(2 * HOUR, cause=OpenedBy.COMPLAINT),
    Row(3 * HOUR, priority=Priority.URGENT),
    Row(4 * HOUR, tier=Tier.VIP),
)


@pytest.mark.parametrize(
    ("tier", "cause", "priority", "hours"),
    [
        pytest.param(Tier.VIP, OpenedBy.COMPLAINT, Priority.URGENT, 1, id="the first that matches, not the last"),
        pytest.param(Tier.REGULAR, OpenedBy.COMPLAINT, Priority.NORMAL, 2, id="any tier of that cause"),
        pytest.param(Tier.VIP, OpenedBy.FORM, Priority.URGENT, 3, id="any cause of that priority"),
        pytest.param(Tier.VIP, OpenedBy.FORM, Priority.LOW, 4, id="any cause of that tier"),
        pytest.param(Tier.REGULAR, OpenedBy.FORM, Priority.LOW, None, id="none: no clocks"),
    ],
)
def test_the_first_row_that_matches_decides(tier: Tier, cause: OpenedBy, priority: Priority, hours: int | None) -> None:
    """The order that was given is all that counts; without a matching row there is no deadline."""
    row = a_policy(rows=ROWS).row(tier, cause, priority)
    assert (row and row.first_response) == (hours and hours * HOUR)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        pytest.param(
            {"rows": (Row(HOUR), Row(NONE, tier=Tier.VIP))}, "rows.1.first_response", id="a target of no time"
        ),
        pytest.param({"rows": (Row(HOUR, -HOUR),)}, "rows.0.next_response", id="a target of less than none"),
        pytest.param({"rows": (Row(resolution=NONE),)}, "rows.0.resolution", id="a resolution of no time"),
        pytest.param({"rows": (Row(HOUR, calendar="night"),)}, "rows.0.calendar", id="a calendar that is not there"),
        pytest.param({"rows": (Row(HOUR), Row(HOUR, tier=Tier.VIP))}, "rows.1", id="a row that is never reached"),
        pytest.param({"calendars": {"xmas": CHRISTMAS_ONLY}}, "calendars.xmas", id="a calendar that ends"),
        pytest.param({"thresholds": (Threshold(50), Threshold(0))}, "thresholds.1", id="no percent"),
        pytest.param({"thresholds": (Threshold(100),)}, "thresholds.0", id="all of it: that is the breach"),
        pytest.param({"thresholds": (Threshold(minutes_before=0),)}, "thresholds.0", id="no minutes"),
        pytest.param({"thresholds": (Threshold(),)}, "thresholds.0", id="a threshold of nothing"),
        pytest.param({"thresholds": (Threshold(50, minutes_after=5),)}, "thresholds.0", id="two in one"),
        pytest.param({"thresholds": (Threshold(50), Threshold(50))}, "thresholds.1", id="the same twice"),
        pytest.param({"levels": ()}, "levels", id="escalation to nobody"),
        pytest.param({"levels": (Level("owner"), Level("janitor"))}, "levels.1.role", id="to a role there is not"),
        pytest.param({"levels": (Level("manager", -HOUR),)}, "levels.0.after", id="before the breach"),
        pytest.param({"levels": (Level("manager", HOUR), Level("owner"))}, "levels.1.after", id="before the one below"),
        pytest.param({"longest_pause": NONE}, "longest_pause", id="no pause at all"),
        pytest.param({"plans": {OpenedBy.FORM: (Step("call", NONE),)}}, "plans.form.0.target", id="a step of no time"),
        pytest.param({"plans": {OpenedBy.FORM: (Step("", HOUR),)}}, "plans.form.0.name", id="a step without a name"),
        pytest.param(
            {"plans": {OpenedBy.FORM: (Step("call", HOUR), Step("call", HOUR))}}, "plans.form.1.name", id="a step twice"
        ),
        pytest.param(
            {"plans": {OpenedBy.FORM: (Step("call", HOUR, -HOUR),)}}, "plans.form.0.after", id="before the one before"
        ),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_its_field(settings: dict[str, Any], field: str) -> None:
    """Whoever saves it is told where and why, in a sentence."""
    with pytest.raises(InvalidSetting) as refused:
        ServicePolicy(**settings)
    assert refused.value.facts["field"] == field
    assert str(refused.value.facts["reason"]).endswith(".")


def test_a_role_that_nobody_holds_cannot_be_told() -> None:
    """Otherwise a missed deadline would be escalated to nobody."""
    policy = ServicePolicy()
    policy.check_roles(frozenset({"manager", "owner", "staff"}))
    with pytest.raises(InvalidSetting) as refused:
        policy.check_roles(frozenset({"owner"}))
    assert refused.value.facts["field"] == "levels.1.role"


def test_the_assignee_needs_no_role() -> None:
    """Whoever has the follow-up can be told whatever roles there are."""
    a_policy(levels=(Level("assignee"),)).check_roles(frozenset())


@pytest.mark.parametrize("cause", list(DEFAULT_PLANS), ids=str)
def test_every_plan_that_ships_makes_sense(cause: OpenedBy) -> None:
    ServicePolicy(plans={cause: DEFAULT_PLANS[cause]})


def test_a_no_show_is_called_offered_times_and_looked_after_in_a_week() -> None:
    """The first two without a wait, the last a week after the one before."""
    steps = DEFAULT_PLANS[OpenedBy.NO_SHOW]
    assert [(step.name, step.after) for step in steps] == [
        ("call", NONE),
        ("offer_times", NONE),
        ("check_back", 7 * DAY),
    ]


VERSIONS = {
    1: a_policy(8 * HOUR, 8 * HOUR),
    2: a_policy(4 * HOUR, 8 * HOUR, number=2),
    3: a_policy(20 * HOUR, 8 * HOUR, 90 * HOUR, number=3),
    4: a_policy(number=4),
}


@pytest.mark.parametrize(
    ("lines", "hours", "number", "expected"),
    [
        pytest.param((), 5, 2, {"first_response": Effect.BREACHES_NOW}, id="over by the new target"),
        pytest.param((), 4, 2, {"first_response": Effect.SOONER}, id="at the new due instant: not yet"),
        pytest.param((), 9, 2, {"first_response": Effect.SOONER}, id="missed by either: by more"),
        pytest.param(
            (), 9, 3, {"first_response": Effect.RELIEVED, "resolution": Effect.ADDED}, id="missed, and no more"
        ),
        pytest.param((), 5, 3, {"first_response": Effect.LATER, "resolution": Effect.ADDED}, id="more time"),
        pytest.param((), 5, 4, {"first_response": Effect.DROPPED}, id="no such clock any more"),
        pytest.param((), 5, 1, {"first_response": Effect.UNCHANGED}, id="the policy it has"),
        pytest.param((did(What.ANSWERED, 3),), 5, 2, {}, id="what has stopped stays as it was"),
    ],
)
def test_reapplying_says_first_what_it_would_do(
    lines: History, hours: float, number: int, expected: dict[str, Effect]
) -> None:
    """A manager sees which clocks would be missed, relieved, added or dropped before it is done."""
    assert effects_on((*opened(), *lines), VERSIONS, number, now=at(hours)) == expected


def test_23_would_breach_now() -> None:
    """Of forty opened ten minutes apart: those older than four hours, and not yet missed at eight."""
    items = {f"f{n}": opened(at(n / 6)) for n in range(40)}
    found = preview(items, VERSIONS, 2, now=at(11) - HOUR / 6)
    assert (found.total, found.words) == (40, "23 would breach now")
    assert found.by_effect[Effect.BREACHES_NOW] == tuple(f"f{n}" for n in range(17, 40))


def test_a_preview_changes_nothing() -> None:
    item = opened()
    preview({"f1": item}, VERSIONS, 2, now=at(5))
    assert item == opened()
