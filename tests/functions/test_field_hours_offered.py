"""The rule: an hour is offered when somebody works and is free for it. What a calendar of their own takes is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kept import clock
from kept.booking.busy_times import by_day
from kept.business.catalog import Catalog
from kept.insight.fact_of import fact_of_visit
from kept.insight.sums import GroupBy
from kept.storage import busy_days, facts
from kept.timekeeping.local_time import minute_after
from kept.timekeeping.weekly_hours import Span
from kept.use_cases.booking.open_times import staff_key
from kept.use_cases.insight import adding_up, reading
from kept.use_cases.insight.offering import hours_offered, offered_on
from kept.use_cases.insight.reading import Period
from tests import lotus, made_year
from tests.builders import an_appointment
from tests.functions.conftest import cloud, made, queued

__all__ = ["cloud", "made", "queued"]

MONDAY, OFF = date(2026, 3, 2), date(2026, 3, 3)
WHOLE = 11 * 60
"""Mei's Monday: 9:00 to 20:00 in Shanghai."""


@pytest.fixture(autouse=True)
def _open() -> None:
    lotus.open_both()


def span(starts: str, ends: str) -> Span:
    return minute_after(datetime.fromisoformat(starts)), minute_after(datetime.fromisoformat(ends))


def busy(*spans: Span, staff: str = "mei", business: str = "lotus") -> None:
    busy_days.put(business, staff_key(staff), by_day(spans), first=date(2026, 1, 1))


def offered(day: date = MONDAY, staff: str = "mei") -> dict[int, int]:
    return dict(hours_offered(lotus.the_salon(), day).get(staff, {}))


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([("2026-03-02T10:00+08:00", "2026-03-02T11:00+08:00")], {10: 0}, id="an hour"),
        pytest.param([("2026-03-02T10:45+08:00", "2026-03-02T11:20+08:00")], {10: 45, 11: 40}, id="over the hour"),
        pytest.param([("2026-03-02T06:00+08:00", "2026-03-02T09:00+08:00")], {}, id="before they open"),
        pytest.param([("2026-03-02T08:30+08:00", "2026-03-02T09:10+08:00")], {9: 50}, id="over the opening"),
        pytest.param([("2026-03-02T19:59+08:00", "2026-03-02T23:00+08:00")], {19: 59}, id="over the closing"),
        pytest.param(
            [
                ("2026-03-02T10:00+08:00", "2026-03-02T10:40+08:00"),
                ("2026-03-02T10:20+08:00", "2026-03-02T11:00+08:00"),
            ],
            {10: 0},
            id="two that overlap count once",
        ),
        pytest.param([("2026-03-01T12:00+08:00", "2026-03-02T10:00+08:00")], {9: 0}, id="since the day before"),
        pytest.param([("2026-03-02T19:00+08:00", "2026-03-05T08:00+08:00")], {19: 0}, id="for days"),
        pytest.param([("2026-03-03T10:00+08:00", "2026-03-03T11:00+08:00")], {}, id="on another day"),
        pytest.param(
            [("2026-03-02T00:00+00:00", "2026-03-02T01:30+00:00")], {9: 30}, id="under another date of UTC or zone"
        ),
        pytest.param([("2026-03-02T10:00+08:00", "2026-03-02T10:00:30+08:00")], {10: 59}, id="a part of a minute"),
    ],
)
def test_what_their_own_calendar_takes_is_not_offered(spans: list[tuple[str, str]], left: dict[int, int]) -> None:
    busy(*(span(*it) for it in spans))
    usual = dict.fromkeys(range(9, 20), 60)
    assert offered() == {hour: many for hour, many in (usual | left).items() if many}


def test_a_day_that_is_taken_whole_is_none_of_theirs_and_the_others_are_as_they_were() -> None:
    busy(span("2026-03-02T00:00+08:00", "2026-03-03T00:00+08:00"))
    found = hours_offered(lotus.the_salon(), MONDAY)
    assert {id: sum(hours.values()) for id, hours in found.items()} == {"jun": WHOLE}


def test_time_off_and_a_calendar_that_says_so_too_take_the_hour_once() -> None:
    """At the dentist's from 9:00 to 12:00, and by her own calendar until 13:00."""
    busy(span("2026-03-03T09:00+08:00", "2026-03-03T13:00+08:00"))
    assert sum(offered(OFF).values()) == WHOLE - 4 * 60


def test_another_s_calendar_and_another_business_s_take_nothing() -> None:
    whole = span("2026-03-02T00:00+08:00", "2026-03-03T00:00+08:00")
    busy(whole, staff="bo")
    busy(whole, business="garage")
    assert sum(offered().values()) == WHOLE


@pytest.mark.parametrize(
    ("day", "minutes"),
    [pytest.param("2026-03-08", 22 * 60, id="an hour short"), pytest.param("2026-11-01", 24 * 60, id="an hour long")],
)
def test_on_a_day_on_which_the_clock_changes_real_minutes_are_taken(day: str, minutes: int) -> None:
    """Dov works round the clock in New York; one hour of it, real, is another's."""
    catalog = made_year.the_business()
    at = datetime.fromisoformat(f"{day}T06:30+00:00")
    busy((minute_after(at), minute_after(at + timedelta(hours=1))), staff="dov")
    assert sum(hours_offered(catalog, date.fromisoformat(day))["dov"].values()) == minutes


def test_of_several_days_each_is_told_as_alone() -> None:
    friday = span("2026-03-06T09:00+08:00", "2026-03-06T09:30+08:00")
    busy(span("2026-03-02T19:00+08:00", "2026-03-04T10:00+08:00"), friday)
    catalog = lotus.the_salon()
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    assert list(offered_on(catalog, days[0], days[-1])) == [hours_offered(catalog, day) for day in days]


def test_what_was_offered_on_a_day_that_is_over_stays_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written down with what was known then; what a calendar says afterwards changes nothing of it."""
    now = datetime(2026, 3, 3, 20, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    catalog = lotus.the_salon()
    busy(span("2026-03-02T09:00+08:00", "2026-03-02T10:00+08:00"))
    adding_up.add_days(catalog, [MONDAY], now=now)
    busy(span("2026-03-02T09:00+08:00", "2026-03-02T15:00+08:00"))
    adding_up.add_days(catalog, [MONDAY], now=now)
    assert _filled(catalog) == 2 * WHOLE - 60


def _filled(catalog: Catalog) -> int:
    found = reading.read(catalog, MONDAY, MONDAY, Period.DAY, GroupBy.ALL)
    return sum(found.total.offered.values())


def test_of_a_day_to_come_it_is_what_the_calendar_says_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    catalog = lotus.the_salon()
    facts.put("lotus", fact_of_visit(replace(an_appointment(), revision=1), catalog))
    assert _filled(catalog) == 2 * WHOLE
    busy(span("2026-03-02T09:00+08:00", "2026-03-02T10:00+08:00"))
    assert _filled(catalog) == 2 * WHOLE - 60
