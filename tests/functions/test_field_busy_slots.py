"""The rule: whoever looks for a time is told how busy its hour is, by one read more and by that business alone, and
may have the calm ones first; nothing else about a time changes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from pynamodb.connection.base import Connection

import booking
import client_pages
from kept import clock
from kept.booking.busy_hours import UsualHours
from kept.insight.fact import Outcome, Source, VisitFact
from kept.storage import facts, figure_days, usual_hours
from kept.storage.figure_days import Night
from kept.use_cases.insight import adding_up
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.functions.conftest import cloud, made
from tests.functions.plain_browser import Browser

__all__ = ["cloud", "made"]

FREE = "GET /v1/businesses/lotus/availability"
MONDAY = {"service": "cut", "staff": "mei", "from": "2026-03-02", "to": "2026-03-02"}
PAGE = "/b/lotus?service=cut&staff=mei&day=2026-03-02"
FULL_MORNINGS = UsualHours({"mei": dict.fromkeys((9, 10, 11), (480, 480))})
"""On Mondays."""


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def told(**asked: str) -> dict[str, str]:
    """By the local time of the start."""
    return {
        slot["start"][11:16]: slot["busy"] for slot in ask(booking.handler, FREE, query=MONDAY | asked).body["slots"]
    }


def test_each_free_time_says_how_busy_its_hour_is() -> None:
    """Mei is booked on Monday from 17:00 to 18:00; half of the hour from 18:00 on is taken by nobody."""
    lotus.put(an_appointment(starts=STARTS + timedelta(minutes=30)))
    assert {at: its for at, its in told().items() if its != "quiet"} == {"18:30": "normal", "18:45": "normal"}


def test_what_is_usual_of_a_weekday_counts_days_before() -> None:
    usual_hours.put("lotus", FULL_MORNINGS)
    assert {at[:2] for at, its in told().items() if its == "peak"} == {"09", "10", "11"}
    assert set(told(**{"from": "2026-03-04", "to": "2026-03-04"}).values()) == {"quiet"}


def test_what_is_usual_elsewhere_is_nobody_elses() -> None:
    usual_hours.put("garage", FULL_MORNINGS)
    assert set(told().values()) == {"quiet"}


def test_whoever_is_asked_for_is_as_busy_as_they_are_and_no_more() -> None:
    """Mei is full on Monday mornings and Jun is not: together they are half full."""
    usual_hours.put("lotus", UsualHours({**FULL_MORNINGS.staff, "jun": {9: (480, 0), 10: (480, 0), 11: (480, 0)}}))
    anybody = {slot["busy"] for slot in ask(booking.handler, FREE, query=MONDAY | {"staff": "jun"}).body["slots"]}
    assert (anybody, told()["10:00"]) == ({"quiet"}, "peak")


@pytest.mark.parametrize("days", [1, 31])
def test_it_costs_one_item_more_to_read(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the facts' table; the whole request reads the catalog and a person's pages, however many days there are."""
    told()
    asked, call = list[tuple[str, str]](), Connection._make_api_call

    def count(self: Connection, name: str, arguments: dict[str, Any], *more: Any) -> Any:
        asked.append((name, str(arguments["TableName"]).rpartition("-")[2]))
        return call(self, name, arguments, *more)

    monkeypatch.setattr(Connection, "_make_api_call", count)
    told(to=str(date(2026, 3, 1) + timedelta(days=days)))
    assert sorted(asked) == [("GetItem", "facts"), ("Query", "day_pages")]


def a_fact(day: date, id: str, minute: int) -> VisitFact:
    return VisitFact(id, day, 1, Outcome.CAME, "cut", "mei", "email", Source.ONLINE, "regular", minute, 60, lead=60)


def test_the_night_tells_what_is_usual_by_eight_weeks() -> None:
    """Of Mei's Mondays at ten all were full; a ninth, before those, is left out."""
    mondays = [date(2026, 3, 2) - timedelta(weeks=n) for n in range(1, 10)]
    for day in mondays:
        facts.put("lotus", a_fact(day, f"a-{day}", 10 * 60))
    adding_up.add_days(lotus.the_salon(), [mondays[0] + timedelta(days=n) for n in range(5)], now=lotus.NOW)
    adding_up.add_days(lotus.the_salon(), mondays[1:], now=lotus.NOW)
    now = lotus.NOW + timedelta(hours=12)
    figure_days.put_night(Night("lotus", date(2026, 2, 27), now), of=None)
    adding_up.add_up("lotus", figure_days.NIGHT, now=now)
    usual = usual_hours.load("lotus").staff["mei"]
    assert (usual[10], usual[11]) == ((8 * 60, 8 * 60), (8 * 60, 0))
    assert told()["10:00"] == "peak"


def browser(language: str = "en") -> Browser:
    return Browser(client_pages.handler, language)


def shown(path: str = PAGE, language: str = "en") -> str:
    return browser(language).get(path).body


@pytest.mark.parametrize(("language", "calm", "busy"), [("en", "calm", "busy"), ("zh-Hans", "空闲", "较忙")])
def test_the_page_says_which_are_calm_and_which_are_busy(language: str, calm: str, busy: str) -> None:
    usual_hours.put("lotus", FULL_MORNINGS)
    words = re.findall(r'<small class="(quiet|peak)">([^<]+)</small>', shown(language=language))
    assert set(words) == {("quiet", calm), ("peak", busy)}


def test_where_all_is_alike_nothing_is_said_and_nothing_is_to_choose() -> None:
    page = shown()
    assert "<small class=" not in page
    assert "calm" not in page


def test_calm_ones_come_first_where_the_client_wishes_and_all_the_others_after() -> None:
    """By a plain link, that goes along from day to day; every time is there once, in either order."""
    usual_hours.put("lotus", FULL_MORNINGS)
    by_time = shown()
    (link,) = re.findall(r'href="([^"]+calm=1[^"]*)#times"', by_time)
    calm = shown(link.replace("&amp;", "&"))
    every, calm_first = (re.findall(r'name="start" value="([^"]+)"', page) for page in (by_time, calm))
    assert sorted(calm_first) == every
    assert calm_first == sorted(calm_first, key=lambda at: (at[11:13] in ("09", "10", "11"), at))
    assert calm.index('id="calm"') < calm.index('id="morning"')
    assert re.search(r'href="[^"]*day=2026-03-03[^"]*calm=1|href="[^"]*calm=1[^"]*day=2026-03-03', calm)


@pytest.mark.parametrize("value", ["", "0", "x" * 200, "<script>"])
def test_whatever_is_asked_for_in_its_place_is_harmless(value: str) -> None:
    usual_hours.put("lotus", FULL_MORNINGS)
    page = browser().ask(f"GET {PAGE}&calm={value}")
    assert page["statusCode"] == 200
    assert "<script>" not in str(page["body"])
