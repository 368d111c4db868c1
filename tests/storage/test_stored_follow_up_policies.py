"""The versions of a follow-up policy: written once, whole, and read by their number."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kept.errors import InvalidSetting
from kept.follow_up.assignment import Rule
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import Step
from kept.follow_up.policy import ClockKind, Level, Row, ServicePolicy, Threshold
from kept.follow_up.refusals import UnknownPolicy
from kept.storage import catalogs, follow_up_policies
from kept.storage.tables import CatalogItem
from kept.storage.transaction import Lost, together
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.use_cases.business import settings
from tests import lotus

HOUR = timedelta(hours=1)
SHOP = BusinessCalendar.parse(
    "Asia/Shanghai",
    {"mon": ("09:00-12:00", "13:00-24:00")},
    holidays=(date(2026, 10, 1),),
    special_days={date(2026, 10, 5): ("10:00-11:00",), date(2026, 10, 6): ()},
)
OWN = ServicePolicy(
    rows=(Row(4 * HOUR, HOUR, cause=OpenedBy.COMPLAINT, calendar="shop"), Row(8 * HOUR)),
    calendars={"shop": SHOP},
    thresholds=(Threshold(minutes_before=30), Threshold(percent=50)),
    levels=(Level("assignee"), Level("owner", HOUR)),
    pausing=frozenset({ClockKind.NEXT}),
    assignment=Rule.ROUND_ROBIN,
    plans={OpenedBy.FORM: (Step("call", HOUR, after=2 * HOUR),)},
)


@pytest.fixture(autouse=True)
def _open() -> None:
    lotus.open_both()


def saved(policy: ServicePolicy, business: str = "lotus") -> ServicePolicy:
    return settings.save_follow_up_policy(business, policy)


def read(number: int, business: str = "lotus") -> ServicePolicy:
    return follow_up_policies.load(business, [number])[number]


def test_it_comes_back_as_it_was_saved_under_its_number() -> None:
    assert saved(OWN) == replace(OWN, number=2)
    follow_up_policies.forget()
    assert read(2) == replace(OWN, number=2)
    assert read(2).calendars["shop"].special_days[date(2026, 10, 6)] == ()


def test_the_newest_is_in_force_and_those_before_stay_as_they_were() -> None:
    saved(OWN)
    slower = saved(replace(OWN, rows=(Row(9 * HOUR),)))
    assert (slower.number, follow_up_policies.numbers("lotus")) == (3, (1, 2, 3))
    assert catalogs.load("lotus").follow_up_policy == 3
    assert (read(1), read(2).rows) == (ServicePolicy(), OWN.rows)


def test_saving_what_is_in_force_makes_no_new_version() -> None:
    saved(OWN)
    assert (saved(OWN).number, follow_up_policies.numbers("lotus")) == (2, (1, 2))


def test_a_version_carries_all_its_values_so_that_a_later_default_changes_nothing() -> None:
    saved(ServicePolicy(levels=(Level("assignee"), Level("owner"))))
    item = CatalogItem.get("lotus#follow_up_policies", "000002")
    told = json.loads(item.body)
    assert {"rows", "thresholds", "levels", "pausing", "longest_pause", "ladder", "plans", "assignment"} <= told.keys()
    assert told["rows"][0]["first_response"] is not None


def test_a_version_is_written_once() -> None:
    saved(OWN)
    with pytest.raises(Lost), together() as transaction:
        follow_up_policies.put("lotus", replace(OWN, number=2, rows=(Row(HOUR),)), transaction)
    follow_up_policies.forget()
    assert read(2).rows == OWN.rows


def test_where_none_was_saved_the_product_s_own_is_the_first() -> None:
    assert read(1) == ServicePolicy()
    with pytest.raises(UnknownPolicy):
        read(2)


def test_another_business_has_its_own() -> None:
    saved(OWN)
    assert follow_up_policies.numbers("garage") == ()
    assert read(1, "garage") == ServicePolicy()


def test_a_miss_that_would_be_told_to_nobody_is_refused_and_nothing_is_saved() -> None:
    with pytest.raises(InvalidSetting) as refused:
        saved(replace(OWN, levels=(Level("assignee"), Level("manager"))))
    assert refused.value.facts["field"] == "levels.1.role"
    assert follow_up_policies.numbers("lotus") == ()


def test_the_catalog_is_no_longer_for_all_the_versions_there_are() -> None:
    """They are read by number alone: a request that books reads none of them."""
    for hours in range(1, 4):
        saved(replace(OWN, rows=(Row(hours * HOUR),)))
    assert [item.id for item in CatalogItem.query("lotus") if item.id.startswith("policy")] == ["policy#follow_ups"]


def test_the_first_save_of_a_business_writes_down_what_it_promises() -> None:
    business = catalogs.load("lotus").business
    settings.save_business(business, now=lotus.NOW)
    assert follow_up_policies.numbers("lotus") == (1,)
    settings.save_business(business, now=lotus.NOW)
    assert follow_up_policies.numbers("lotus") == (1,)
