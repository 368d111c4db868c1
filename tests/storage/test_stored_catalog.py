"""The catalog as it is stored: whole, each business's own, and read anew once in a minute."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Money, Resource
from kept.business.refusals import UnknownBusiness
from kept.business.reminder_stages import Stage
from kept.business.setting_change import SettingChange
from kept.storage import catalogs, policy_versions, setting_changes
from kept.storage.transaction import together
from kept.timekeeping.weekly_hours import Window
from tests import lotus
from tests.builders import BOOKED


def test_everything_is_read_as_it_was_written() -> None:
    salon = lotus.the_salon()
    stage = Stage("a_week", timedelta(days=7), asks=False, unless_confirmed=True)
    rules = AttendanceRules(grace=timedelta(minutes=20), checks_in=False)
    cut = replace(
        salon.services["cut"], price=Money(6800, "CNY"), daily_limit=4, useful=90, stages=(stage,), prepare="洗头"
    )
    mei = replace(salon.staff["mei"], hours=replace(salon.staff["mei"].hours, overrides={date(2026, 3, 9): ()}))
    room = Resource("basin", "Basin", replace(mei.hours, weekly={0: (Window(22 * 60, 26 * 60),)}))
    whole = replace(
        salon,
        business=replace(salon.business, stages=(stage,), attendance=rules),
        services=salon.services | {"cut": cut},  # type: ignore[operator]
        staff=salon.staff | {"mei": mei},  # type: ignore[operator]
        rooms={"basin": room},
    )
    lotus.store(whole)
    assert catalogs.load("lotus") == whole


def test_each_business_has_its_own() -> None:
    lotus.open_both()
    assert list(catalogs.load("garage").services) == ["brakes"]
    with pytest.raises(UnknownBusiness):
        catalogs.load("nobody")


def test_services_without_a_business_are_none() -> None:
    catalogs.put("ghost", [lotus.the_salon().services["cut"]])
    with pytest.raises(UnknownBusiness):
        catalogs.load("ghost")


def test_it_is_trusted_for_a_minute_and_then_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.open_both()
    now = 1000.0
    monkeypatch.setattr(catalogs, "monotonic", lambda: now)
    first = catalogs.load("lotus")
    assert catalogs.load("lotus") is first
    now += catalogs.FRESH
    assert catalogs.load("lotus") is first
    now += 1
    assert catalogs.load("lotus") is not first


def test_whoever_changes_it_sees_it_at_once() -> None:
    lotus.open_both()
    catalogs.load("lotus")
    catalogs.put("lotus", [replace(lotus.the_salon().business, name="Lotus & Sons")])
    assert catalogs.load("lotus").business.name == "Lotus & Sons"


def test_what_clients_accepted_is_read_under_its_number_for_ever() -> None:
    """Also of settings that are in force no more; a number from before they were kept is what is in force."""
    lotus.open_both()
    first = catalogs.load("lotus").business
    second = replace(first, policy_version=first.policy_version + 1, policy_text="Please tell us a day before.")
    with together() as transaction:
        policy_versions.put(second, transaction, before=replace(first, policy_text="Come when you like."))
    assert policy_versions.words_of(second, first.policy_version, "en") == "Come when you like."
    assert policy_versions.words_of(second, second.policy_version, "en") == "Please tell us a day before."
    assert policy_versions.words_of(second, 0, "en") == "Please tell us a day before."


def test_a_setting_that_was_changed_is_found_by_its_line() -> None:
    """As it stands in the history of its business, and in no other's."""
    lotus.open_both()
    wanted = SettingChange("staff", "mei", "jun", BOOKED, was="", now="{}")
    key = setting_changes.put_alone("lotus", wanted)
    assert setting_changes.newest("lotus", limit=9) == [(key, wanted)]
    assert setting_changes.find("lotus", key) == wanted
    assert setting_changes.find("lotus", "2026-01-01T00:00:00.000+00:00#line-0") is None
    assert setting_changes.find("garage", key) is None
