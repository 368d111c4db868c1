"""What saving a setting would do is told by the same body before it is saved: whom it affects, or why it is refused, as
saving says it; nothing is changed by asking.
"""

from typing import Any

import pytest

import catalog as settings
from kept import clock
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import an_appointment
from tests.lotus import NOW

WEEK = {day: ["09:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
MEI: dict[str, Any] = {"name": "Mei", "email": "mei@lotus.example", "hours": {"weekly": WEEK}}
AWAY = {"starts": "2026-03-02T16:00:00+08:00", "ends": "2026-03-02T18:00:00+08:00", "reason": "school"}
CUT: dict[str, Any] = {"name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
LOTUS: dict[str, Any] = {
    "name": "Lotus",
    "tz": "Asia/Shanghai",
    "country": "CN",
    "currency": "CNY",
    "locale": "zh-Hans",
    "closes_on_holidays": False,
}
BASIN: dict[str, Any] = {"name": "Basin"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na's hour with Mei on Monday at 17:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def would(path: str, body: object, *, role: str = "manager", business: str = "lotus", language: str = "") -> Answer:
    route = f"POST /v1/desk/{path}/preview"
    return ask(settings.handler, route, body, role=role, business=business, key="would-be-1", language=language)


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        pytest.param("staff/mei", MEI | {"hours": {"weekly": WEEK, "time_off": [AWAY]}}, "away", id="time off over it"),
        pytest.param("staff/mei", MEI | {"hours": {"weekly": WEEK | {"mon": []}}}, "closed", id="a day off"),
        pytest.param(
            "staff/mei", MEI | {"hours": {"weekly": WEEK | {"mon": ["09:00-17:30"]}}}, "closed", id="home in the middle"
        ),
        pytest.param(
            "staff/mei",
            MEI | {"hours": {"weekly": WEEK | {"mon": ["09:00-17:30", "17:45-20:00"]}}},
            "closed",
            id="a break",
        ),
        pytest.param(
            "staff/mei",
            MEI | {"hours": {"weekly": WEEK, "overrides": {"2026-03-02": []}}},
            "closed",
            id="shut",
        ),
        pytest.param("services/cut", CUT | {"staff": ["jun"]}, "not_by_them", id="not by her"),
        pytest.param("services/cut", CUT | {"rooms": ["basin"]}, "needs_a_room", id="in a room"),
        pytest.param("services/cut", CUT | {"duration": 240}, "closed", id="beyond closing"),
        pytest.param("staff/mei", MEI, None, id="the same hours"),
        pytest.param("staff/mei", MEI | {"name": "Mei Lin"}, None, id="another name"),
        pytest.param("staff/jun", MEI | {"hours": {"weekly": {"sun": ["09:00-10:00"]}}}, None, id="a colleague"),
        pytest.param("staff/new", MEI, None, id="somebody new"),
        pytest.param("services/new", CUT, None, id="something new"),
        pytest.param("rooms/basin", BASIN, None, id="a room"),
        pytest.param("business", LOTUS, None, id="the business as it is"),
    ],
)
def test_whom_a_change_affects_is_told_before_it_is_saved(path: str, body: dict[str, Any], why: str | None) -> None:
    before = lotus.everything()
    answer = would(path, body)
    assert answer.status == 200, answer.body
    assert [(it["id"], it["client_name"], it["why"]) for it in answer.body["breaks"]["visits"]] == (
        [("a-1", "Li Na", why)] if why else []
    )
    assert answer.body["breaks"]["total"] == bool(why)
    assert lotus.everything() == before
    saved = ask(settings.handler, f"PUT /v1/desk/{path}", body, role="manager")
    assert saved.body["breaks"] == answer.body["breaks"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        pytest.param("staff/mei", MEI | {"hours": {"weekly": {}}}, "hours", id="an empty calendar"),
        pytest.param(
            "staff/mei", MEI | {"hours": {"weekly": {"mon": ["18:00-09:00"]}}}, "hours.weekly.mon", id="ends first"
        ),
        pytest.param("staff/mei", MEI | {"stand_in": "mei"}, "stand_in", id="stands in for herself"),
        pytest.param("services/cut", CUT | {"staff": []}, "staff", id="done by nobody"),
        pytest.param("services/cut", CUT | {"staff": ["ghost"]}, "staff", id="done by a ghost"),
        pytest.param("services/cut", CUT | {"duration": 0}, "duration", id="takes no time"),
        pytest.param("rooms/basin", BASIN | {"hours": {"weekly": {}}}, "hours", id="a room that is never open"),
        pytest.param("business", LOTUS | {"currency": "GLD"}, "currency", id="no currency"),
        pytest.param("business", LOTUS | {"tz": "Asia/Nowhere"}, "tz", id="no zone"),
        pytest.param("business", LOTUS | {"phone": "12"}, "phone", id="no number"),
        pytest.param("business", LOTUS | {"email": "desk@lotus"}, "email", id="no address"),
        pytest.param("business", LOTUS | {"country": "ZZ"}, "country", id="no country"),
        pytest.param("business", LOTUS | {"contact": {"holiday_days": 15}}, "contact.holiday_days", id="no day left"),
    ],
)
def test_what_would_be_refused_is_refused_with_its_field(path: str, body: dict[str, Any], field: str) -> None:
    answer = would(path, body)
    saved = ask(settings.handler, f"PUT /v1/desk/{path}", body, role="manager")
    assert (answer.status, answer.body["field"]) == (422, field)
    assert answer.body == saved.body
    in_chinese = would(path, body, language="zh-CN").body["reason"]
    assert not in_chinese.isascii(), in_chinese


def test_another_place_is_told_as_well() -> None:
    answer = would("business", LOTUS | {"address": "9 Plum Lane"})
    assert [(it["id"], it["place"]) for it in answer.body["places"]["visits"]] == [("a-1", "9 Plum Lane")]


def test_who_has_not_seen_the_newest_is_told_so() -> None:
    answer = would("staff/mei", MEI | {"revision": "0000"})
    assert (answer.status, answer.code) == (409, "outdated")


@pytest.mark.parametrize(("role", "business", "status"), [("staff", "lotus", 403), ("manager", "nobody", 404)])
def test_only_whoever_leads_the_business_may_ask(role: str, business: str, status: int) -> None:
    assert would("rooms/basin", BASIN, role=role, business=business).status == status


def test_every_default_is_told_as_it_can_be_sent() -> None:
    """Of each field that has one; the channels as is usual in the country."""
    told = ask(settings.handler, "GET /v1/desk/catalog", role="manager").body["defaults"]
    assert told["services"]["notice"] == 60
    assert told["business"]["quiet_hours"] == {"begins": "21:00", "ends": "08:00"}
    assert told["business"]["channels"][0] == "wechat"
    assert "name" not in told["business"]
    assert "revision" not in told["services"]
    sent = ask(settings.handler, "PUT /v1/desk/business", LOTUS | told["business"], role="manager")
    assert sent.status == 200, sent.body
    sent = ask(settings.handler, "PUT /v1/desk/services/cut", CUT | told["services"], role="manager")
    assert sent.status == 200, sent.body
