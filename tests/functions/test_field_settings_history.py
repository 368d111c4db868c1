"""Each save of a setting is kept once, with who and when and what it changed, and can be put back as it was; what
changed nothing, was refused, or lost a race leaves no line.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import catalog as settings
import follow_up_policy
from kept import clock
from kept.storage import catalogs, follow_up_policies
from tests import lotus
from tests.asking import Answer, ask
from tests.lotus import NOW

WEEK = {day: ["09:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
LOTUS: dict[str, Any] = {
    "name": "Lotus",
    "tz": "Asia/Shanghai",
    "country": "CN",
    "currency": "CNY",
    "locale": "zh-Hans",
}
CUT: dict[str, Any] = {"name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
JUN: dict[str, Any] = {"name": "Jun", "hours": {"weekly": WEEK}}
BASIN: dict[str, Any] = {"name": "Basin"}
TEXT: dict[str, Any] = {"body": "See you soon, {{ client }}."}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request is a minute after the one before."""
    minutes = iter(range(1_000_000))
    monkeypatch.setattr(clock, "now", lambda: NOW + next(minutes) * timedelta(minutes=1))
    lotus.open_both()


def put(path: str, told: dict[str, Any], *, staff: str = "mei", key: str = "") -> Answer:
    return ask(settings.handler, f"PUT /v1/desk/{path}", told, role="manager", staff=staff, key=key)


def asked(route: str, told: object, *, role: str = "manager") -> Answer:
    method, _, path = route.partition(" ")
    return ask(settings.handler, f"{method} /v1/desk/{path}", told, role=role)


def history(business: str = "lotus", **asked: str) -> Any:
    answer = ask(settings.handler, "GET /v1/desk/settings-history", role="manager", business=business, query=asked)
    assert answer.status == 200, answer.body
    return answer.body


def lines(**asked: str) -> list[Any]:
    return list(history(**asked)["changes"])


CHANGES: list[Any] = [
    pytest.param("services/cut", CUT, {"duration": 90}, [("duration", 60, 90)], id="a length"),
    pytest.param(
        "services/cut",
        CUT,
        {"price": {"minor": 100, "currency": "CNY"}},
        [("price", None, {"minor": 100, "currency": "CNY"})],
        id="a price",
    ),
    pytest.param(
        "services/cut",
        CUT,
        {"staff": ["jun"], "after": 5},
        [("staff", ["mei", "jun"], ["jun"]), ("after", 0, 5)],
        id="two at once",
    ),
    pytest.param("services/cut", CUT, {"archived": True}, [("archived", False, True)], id="archived"),
    pytest.param(
        "staff/jun",
        JUN,
        {"hours": {"weekly": WEEK, "overrides": {"2026-03-09": []}}},
        [("hours.overrides", {}, {"2026-03-09": []})],
        id="a date of somebody's hours",
    ),
    pytest.param(
        "staff/jun", JUN, {"email": "jun@lotus.example"}, [("email", "", "jun@lotus.example")], id="an address"
    ),
    pytest.param("rooms/basin", BASIN, {"name": "Sink"}, [("name", "Basin", "Sink")], id="a room's name"),
    pytest.param(
        "business", LOTUS, {"attendance": {"grace": 20}}, [("attendance.grace", 15, 20)], id="one of the rules"
    ),
    pytest.param(
        "business",
        LOTUS,
        {"quiet_hours": {"begins": "22:00"}},
        [("quiet_hours.begins", "21:00", "22:00")],
        id="quiet hours",
    ),
    pytest.param("business", LOTUS, {"day_list": None}, [("day_list", "07:30", None)], id="switched off"),
    pytest.param("texts/en/two_days", TEXT, {"subject": "Soon"}, [("subject", "", "Soon")], id="a text"),
]


@pytest.mark.parametrize(("path", "told", "more", "changed"), CHANGES)
def test_a_change_is_kept_with_who_and_when_and_put_back_as_it_was(
    path: str, told: dict[str, Any], more: dict[str, Any], changed: list[Any]
) -> None:
    first = put(path, told)
    assert first.status == 200, first.body
    assert put(path, told | more, staff="jun").status == 200
    newest = lines()[0]
    assert [(it["at"], it["was"], it["now"]) for it in newest["changed"]] == changed
    assert (newest["by"], newest["by_name"]) == ("jun", "Jun")
    back = put(path, newest["was"])
    assert back.status == 200, back.body
    assert back.body["revision"] == first.body["revision"]
    again = lines()[0]
    assert [(it["at"], it["was"], it["now"]) for it in again["changed"]] == [(at, now, was) for at, was, now in changed]
    assert again["at"] > newest["at"]


NOTHING: dict[str, Callable[[], Answer]] = {
    "what stands there already": lambda: put("services/cut", CUT),
    "what makes no sense": lambda: put("services/cut", CUT | {"duration": 0}),
    "over another's": lambda: put("services/cut", CUT | {"duration": 75, "revision": "old"}),
    "only tried": lambda: ask(
        settings.handler, "POST /v1/desk/services/cut/preview", CUT | {"duration": 75}, role="manager"
    ),
    "by who may not": lambda: asked("PUT services/cut", CUT | {"duration": 75}, role="staff"),
    "taking away what is not there": lambda: asked("DELETE texts/en/two_days", None),
    "the same request again": lambda: put("services/cut", CUT | {"duration": 90}, key="the-same-save"),
}


@pytest.mark.parametrize("act", NOTHING)
def test_what_changed_nothing_leaves_no_line(act: str) -> None:
    put("services/cut", CUT | {"duration": 90}, key="the-same-save")
    if act == "what stands there already":
        put("services/cut", CUT)
    before = lines()
    NOTHING[act]()
    assert lines() == before


def test_who_loses_a_race_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else saves between the reading and the writing: the line goes with the write or not at all."""
    put("services/cut", CUT)
    stands = catalogs._stands

    def overtaken(*asked: Any) -> str:
        found = stands(*asked)
        monkeypatch.setattr(catalogs, "_stands", stands)
        assert put("services/cut", CUT | {"duration": 45}, staff="jun").status == 200
        return found

    monkeypatch.setattr(catalogs, "_stands", overtaken)
    assert put("services/cut", CUT | {"duration": 30}).status == 409
    assert [(it["by"], it["now"]["duration"]) for it in lines(kind="services", id="cut")][:1] == [("jun", 45)]


def test_what_is_new_and_what_is_given_up_are_kept_whole() -> None:
    put("services/perm", CUT | {"name": "Perm"})
    ask(settings.handler, "DELETE /v1/desk/services/perm", role="manager")
    gone, made = lines(kind="services", id="perm")
    assert (made["was"], made["now"]["name"], made["name"]) == (None, "Perm", "Perm")
    assert (gone["was"]["name"], gone["now"], gone["changed"]) == ("Perm", None, [])
    assert put("services/perm", gone["was"]).status == 200


def test_whoever_leaves_is_taken_off_services_and_each_of_that_is_kept() -> None:
    put("staff/jun", JUN | {"email": "j@lotus.example"})
    ask(settings.handler, "DELETE /v1/desk/staff/jun", role="manager")
    told = {(it["kind"], it["id"]): [field["at"] for field in it["changed"]] for it in lines()[:2]}
    assert told == {("staff", "jun"): [], ("services", "cut"): ["staff"]}


def test_of_one_thing_alone_and_in_parts_that_go_on() -> None:
    put("rooms/basin", BASIN | {"name": "Sink"})
    for minutes in range(1, 34):
        put("services/cut", CUT | {"duration": minutes})
    first = history()
    rest = history(before=first["next"])
    assert (len(first["changes"]), len(rest["changes"]), rest["next"]) == (30, 4, None)
    assert [it["kind"] for it in lines(kind="rooms", id="basin")] == ["rooms"]
    assert lines(kind="rooms", id="chair") == []


USUAL = {"levels": [{"role": "assignee"}, {"role": "owner", "after": 60}]}
"""The salon has an owner and no manager."""
SHOP = {"shop": {"tz": "Asia/Shanghai", "weekly": {"mon": ["09:00-18:00"]}, "holidays_of": "CN"}}
STEP = {"name": "call", "target": 60, "after": 0}


def put_policy(told: dict[str, Any], *, staff: str = "mei", role: str = "manager", **asked: Any) -> Answer:
    route = "PUT /v1/desk/follow-up-policy"
    return ask(follow_up_policy.handler, route, USUAL | told, role=role, staff=staff, **asked)


@pytest.mark.parametrize(
    ("more", "at"),
    [
        pytest.param({"rows": [{"first_response": 60}]}, ["rows"], id="a target"),
        pytest.param({"calendars": SHOP}, ["calendars"], id="a calendar"),
        pytest.param(
            {"calendars": SHOP, "rows": [{"tier": "vip", "first_response": 60, "calendar": "shop"}]},
            ["rows", "calendars"],
            id="a calendar and whose clock goes by it",
        ),
        pytest.param({"thresholds": [{"minutes_before": 30}]}, ["thresholds"], id="a reminder"),
        pytest.param({"levels": [{"role": "owner", "after": 5}]}, ["levels"], id="who is told"),
        pytest.param({"pausing": []}, ["pausing"], id="what pauses"),
        pytest.param({"longest_pause": 60}, ["longest_pause"], id="how long it may"),
        pytest.param({"reopening": "new_cycle"}, ["reopening"], id="reopening"),
        pytest.param({"next_from_opening": True}, ["next_from_opening"], id="the next response at once"),
        pytest.param({"assignment": "round_robin"}, ["assignment"], id="whose a new one is"),
        pytest.param({"ladder": {"rungs": [0, 60]}}, ["ladder.rungs"], id="the rungs"),
        pytest.param({"ladder": {"patience": 60}}, ["ladder.patience"], id="the patience"),
        pytest.param({"plans": {"form": [STEP]}}, ["plans"], id="a plan"),
        pytest.param({"plans": {}}, ["plans"], id="no plans"),
        pytest.param({"vip_breach_at_any_hour": True}, ["vip_breach_at_any_hour"], id="VIPs by night"),
    ],
)
def test_every_part_of_the_follow_up_policy_is_kept_and_put_back(more: dict[str, Any], at: list[str]) -> None:
    put_policy({})
    assert put_policy(more, staff="jun").status == 200
    newest = lines(kind="follow_up_policy")[0]
    assert [it["at"] for it in newest["changed"]] == at
    assert (newest["by"], newest["by_name"], newest["id"], newest["kept"]) == ("jun", "Jun", "3", True)
    back = put_policy(newest["was"])
    assert back.status == 200, back.body
    assert back.body["policy"] == newest["was"]
    assert lines()[0]["now"] == newest["was"]
    assert put_policy(newest["now"]).body["policy"] == newest["now"]


NO_POLICY: dict[str, Callable[[], Answer]] = {
    "what is in force already": lambda: put_policy({"assignment": "least_loaded"}),
    "what makes no sense": lambda: put_policy({"longest_pause": 0}),
    "a field that is none": lambda: put_policy({"row": []}),
    "what has no shape": lambda: put_policy({"rows": [{"tier": "gold"}]}),
    "a calendar that opens never": lambda: put_policy({"calendars": {"shop": SHOP["shop"] | {"weekly": {}}}}),
    "a miss told to nobody": lambda: put_policy({"levels": [{"role": "manager"}]}),
    "only tried": lambda: ask(
        follow_up_policy.handler, "POST /v1/desk/follow-up-policy/preview", USUAL | {"plans": {}}, role="manager"
    ),
    "by who may not": lambda: put_policy({"plans": {}}, role="staff"),
    "by nobody": lambda: put_policy({"plans": {}}, role=""),
    "put on what is open": lambda: ask(
        follow_up_policy.handler, "POST /v1/desk/follow-up-policies/2/apply", {"why": "now"}, role="manager"
    ),
    "in another business": lambda: put_policy({"plans": {}}, business="garage"),
}


@pytest.mark.parametrize("act", NO_POLICY)
def test_what_left_the_policy_as_it_was_leaves_no_line(act: str) -> None:
    assert put_policy({"assignment": "least_loaded"}).status == 200
    before = lines()
    NO_POLICY[act]()
    assert lines() == before
    assert len(before) == 1


def test_who_loses_the_race_for_a_policy_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    put_policy({})
    numbers = follow_up_policies.numbers

    def overtaken(business: str) -> tuple[int, ...]:
        monkeypatch.setattr(follow_up_policies, "numbers", numbers)
        found = numbers(business)
        assert put_policy({"longest_pause": 120}, staff="jun").status == 200
        return found

    monkeypatch.setattr(follow_up_policies, "numbers", overtaken)
    assert put_policy({"longest_pause": 60}).status == 409
    assert [(it["by"], it["now"]["longest_pause"]) for it in lines()][:1] == [("jun", 120)]


def test_it_is_nobody_elses() -> None:
    put("services/cut", CUT)
    assert history(business="garage")["changes"] == []
    assert ask(settings.handler, "GET /v1/desk/settings-history", role="staff").status == 403
    assert ask(settings.handler, "GET /v1/desk/settings-history", role="manager", query={"kind": "keys"}).status == 422
