"""Which follow-up policies are refused, and what the default one promises."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.clients.client import Tier
from kept.errors import InvalidSetting
from kept.follow_up.targets import FirstResponse, FollowUpPolicy, Level, due_after

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("tier", "target"),
    [(Tier.VIP, 24 * HOUR), (Tier.REGULAR, 48 * HOUR), (Tier.PROSPECT, 72 * HOUR)],
    ids=str,
)
def test_each_tier_has_its_own_first_response(tier: Tier, target: timedelta) -> None:
    assert FollowUpPolicy().first_response.target(tier) == target


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("target", [timedelta(0), -HOUR], ids=["zero", "negative"])
def test_a_target_of_nothing_is_refused_and_named(tier: Tier, target: timedelta) -> None:
    with pytest.raises(InvalidSetting) as refused:
        FirstResponse(**{tier.value: target})
    assert refused.value.facts["field"] == f"first_response.{tier}"


@pytest.mark.parametrize(
    "thresholds",
    [(0,), (100,), (-5, 50), (50, 50), (75, 50), (50, 75, 100)],
    ids=["zero", "the whole", "negative", "twice the same", "falling", "last is the whole"],
)
def test_thresholds_rise_within_1_to_99(thresholds: tuple[int, ...]) -> None:
    with pytest.raises(InvalidSetting) as refused:
        FollowUpPolicy(thresholds=thresholds)
    assert refused.value.facts["field"] == "thresholds"
    assert refused.value.facts["reason"]


@pytest.mark.parametrize("thresholds", [(), (1,), (99,), (1, 99)], ids=str)
def test_any_number_of_rising_thresholds_is_accepted(thresholds: tuple[int, ...]) -> None:
    assert FollowUpPolicy(thresholds=thresholds).thresholds == thresholds


@pytest.mark.parametrize(
    "levels",
    [
        (),
        (Level("manager", -HOUR),),
        (Level("manager", 4 * HOUR), Level("owner", HOUR)),
        (Level("boss", HOUR),),
    ],
    ids=["none", "before the breach", "owner before manager", "no such role"],
)
def test_levels_rise_from_the_breach(levels: tuple[Level, ...]) -> None:
    with pytest.raises(InvalidSetting) as refused:
        FollowUpPolicy(levels=levels)
    assert refused.value.facts["field"] == "levels"


@pytest.mark.parametrize(
    "evening",
    [datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN), datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN)],
    ids=["the night an hour is lost", "the night an hour is gained"],
)
def test_a_day_of_wall_time_is_24_real_hours(evening: datetime) -> None:
    assert due_after(evening, 24 * HOUR) - evening.astimezone(UTC) == 24 * HOUR
