"""Facts about business time from the test suites of other systems, as they were found."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kept.errors import InvalidSetting
from kept.timekeeping.business_calendar import BusinessCalendar
from kept.timekeeping.refusals import InvalidDuration

FACTS = json.loads((Path(__file__).parents[1] / "vectors" / "business_time.json").read_text())
REFUSED = {"zero-duration": InvalidDuration, "empty-calendar": InvalidSetting}
"""What others answer with nothing at all is refused here: a target of no time, and a calendar that never opens."""


def kind(fact: dict[str, Any]) -> str:
    return "refused" if REFUSED.keys() & set(fact.get("tags", ())) else str(fact["op"])


def facts(of: str) -> list[Any]:
    return [pytest.param(fact, id=fact["id"]) for fact in FACTS if kind(fact) == of]


@pytest.mark.parametrize("fact", facts("add"))
def test_time_is_added_as_others_add_it(fact: dict[str, Any]) -> None:
    """A deadline falls where the tests of other systems say that it does."""
    assert added(fact) == datetime.fromisoformat(fact["expect"])


@pytest.mark.parametrize("fact", facts("add"))
def test_what_they_add_lies_between(fact: dict[str, Any]) -> None:
    """From a start to the due instant that they tell lies the whole target and no more."""
    start, end = (datetime.fromisoformat(fact[edge]) for edge in ("start", "expect"))
    assert calendar(fact).between(start, end) == timedelta(minutes=fact["minutes"])


@pytest.mark.parametrize("fact", facts("elapsed"))
def test_time_that_has_passed_is_counted_as_others_count_it(fact: dict[str, Any]) -> None:
    assert elapsed(fact) == timedelta(minutes=fact["expect"])


@pytest.mark.parametrize("fact", facts("refused"))
def test_what_means_nothing_is_refused_where_others_answer(fact: dict[str, Any]) -> None:
    """A target of no time and a calendar that never opens are mistakes, and are told as such."""
    (refusal,) = (REFUSED[tag] for tag in fact["tags"])
    with pytest.raises(refusal):
        added(fact) if fact["op"] == "add" else elapsed(fact)


def test_every_fact_is_used() -> None:
    """None of those that were found is left out silently, and only two are refused."""
    assert Counter(map(kind, FACTS)) == {"add": 79, "elapsed": 46, "refused": 2}


def added(fact: dict[str, Any]) -> datetime:
    return calendar(fact).add(datetime.fromisoformat(fact["start"]), timedelta(minutes=fact["minutes"]))


def elapsed(fact: dict[str, Any]) -> timedelta:
    return calendar(fact).between(*(datetime.fromisoformat(fact[edge]) for edge in ("start", "end")))


def calendar(fact: dict[str, Any]) -> BusinessCalendar:
    """Their pairs of times as windows; `extra_hours` are special days."""
    found = fact["calendar"]
    return BusinessCalendar.parse(
        found["tz"],
        {day: _windows(pairs) for day, pairs in found["weekly"].items()},
        map(date.fromisoformat, found["holidays"]),
        {date.fromisoformat(day): _windows(pairs) for day, pairs in found["extra_hours"].items()},
    )


def _windows(pairs: list[list[str]]) -> list[str]:
    return ["-".join(pair) for pair in pairs]
