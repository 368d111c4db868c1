"""Figures of follow-ups: each share with its denominator, worked out by hand, for the days of the business's zone."""

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import follow_up_policy
from kept import clock
from kept.actor import Actor, Change
from kept.clients.client import Tier
from kept.follow_up.clock_metrics import COLUMNS
from kept.follow_up.events import FollowUpEvent, HowItEnded, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.merging import Party, merged
from kept.follow_up.opened_by import OpenedBy
from kept.insight.fact_of import fact_of_follow_up
from kept.storage import follow_ups
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.builders import STARTS as OPENED
from tests.builders import a_client, a_follow_up

FIGURES = "/v1/desk/follow-up-figures"
HOUR = 3600
NOTHING = {"part": 0, "whole": 0, "ratio": None}
MONDAY = {"from": "2026-03-02", "to": "2026-03-02"}
"""From 16:00 UTC on Sunday to 16:00 UTC on Monday."""


@pytest.fixture(autouse=True)
def _three_days_later(monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.open_both()
    monkeypatch.setattr(clock, "now", lambda: at(72))


def at(hours: float) -> datetime:
    """So many hours after Monday, 2 March 2026, 09:00 UTC."""
    return OPENED + timedelta(hours=hours)


def did(what: What, hours: float, to: str = "", *, until: float | None = None) -> FollowUpEvent:
    change = Change(Actor("staff", "mei"), at(hours), "")
    return line(what, change, to=to, until=None if until is None else at(until))


def opened(
    id: str,
    *lines: FollowUpEvent,
    hours: float = 0,
    tier: Tier = Tier.VIP,
    assignee: str = "mei",
    cause: OpenedBy = OpenedBy.MISSED_CALL,
    business: str = "lotus",
) -> FollowUp:
    """By the usual policy: a VIP's first response within 24 hours, a regular's within 48, and no steps."""
    client = replace(a_client(tier), business=business)
    change = Change(Actor("kept"), at(hours))
    new = open_for(client, id, cause=cause, assignee=assignee, policy=1, change=change)
    return lotus.open_follow_up(replace(new, history=(*new.history, *lines)))


def the_three() -> None:
    """f-1: answered after 2 hours, waited from the third to the ninth, settled after 10, five stars.
    f-2: Jun's, answered after 30 hours, 6 too late, settled after 40, two stars, reopened after 50.
    f-3: a regular's form, never answered: its 48 hours are over by 24."""
    opened(
        "f-1",
        did(What.ANSWERED, 2),
        did(What.WAITING, 3, until=9),
        did(What.RESOLVED, 10, HowItEnded.SETTLED),
        did(What.SURVEYED, 11, "5"),
    )
    opened(
        "f-2",
        did(What.ANSWERED, 30),
        did(What.RESOLVED, 40, HowItEnded.SETTLED),
        did(What.SURVEYED, 41, "2"),
        did(What.REOPENED, 50, "continues"),
        assignee="jun",
    )
    opened("f-3", tier=Tier.REGULAR, cause=OpenedBy.FORM)


def figures(path: str = "", *, role: str = "manager", business: str = "lotus", **query: str) -> Answer:
    asked = MONDAY | {name.rstrip("_"): value for name, value in query.items()}
    return ask(follow_up_policy.handler, f"GET {FIGURES}{path}", role=role, business=business, query=asked)


def file(*, role: str = "manager", **query: str) -> dict[str, Any]:
    event = an_http_event(f"GET {FIGURES}.csv", query=MONDAY | query)
    claims = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": f"[{role}]", "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    return follow_up_policy.handler(event, None)


def lines(answer: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(str(answer["body"]).splitlines()))


def share(part: int, whole: int) -> dict[str, Any]:
    return {"part": part, "whole": whole, "ratio": pytest.approx(part / whole)}


def test_the_figures_are_those_worked_out_by_hand() -> None:
    """First response: f-1 of three in time; those answered took 2 and 30 hours. Resolution: f-1 alone is decided, after
    3 + 1 counted hours and 10 by the wall clock; f-2 and f-3 still run. Of two that were closed one was reopened, and
    both were rated: (5 + 2) / 2."""
    the_three()
    told = figures().body
    assert (told["first_day"], told["last_day"], told["follow_ups"]) == ("2026-03-02", "2026-03-02", 3)
    first, resolution = (told["total"]["clocks"][kind] for kind in ("first_response", "resolution"))
    assert first["attainment"] == share(1, 3)
    assert first["business"] == first["wall"] == {"count": 2, "median": 16 * HOUR, "p90": 30 * HOUR}
    assert resolution["attainment"] == share(1, 1)
    assert resolution["business"] == {"count": 1, "median": 4 * HOUR, "p90": 4 * HOUR}
    assert resolution["wall"] == {"count": 1, "median": 10 * HOUR, "p90": 10 * HOUR}
    assert told["total"]["running"] == 2
    assert told["total"]["clocks"]["step"]["attainment"] == NOTHING
    assert (told["total"]["reopened"], told["total"]["rated"]) == (share(1, 2), share(2, 2))
    assert told["total"]["satisfaction"] == pytest.approx(3.5)
    assert (told["by"], told["groups"]) == (None, {})


@pytest.mark.parametrize(
    ("by", "first", "rated"),
    [
        pytest.param("tier", {"vip": share(1, 2), "regular": share(0, 1)}, {"vip": 2, "regular": 0}, id="tier"),
        pytest.param(
            "cause", {"missed_call": share(1, 2), "form": share(0, 1)}, {"missed_call": 2, "form": 0}, id="cause"
        ),
        pytest.param("person", {"mei": share(1, 2), "jun": share(0, 1)}, {"mei": 1, "jun": 1}, id="person"),
        pytest.param("week", {"2026-W10": share(1, 3)}, {"2026-W10": 2}, id="week"),
    ],
)
def test_they_are_split_by_what_is_asked_for(by: str, first: dict[str, Any], rated: dict[str, int]) -> None:
    the_three()
    told = figures(by=by).body
    assert told["by"] == by
    assert {name: it["clocks"]["first_response"]["attainment"] for name, it in told["groups"].items()} == first
    assert {name: it["rated"]["part"] for name, it in told["groups"].items()} == rated
    assert figures().body["total"] == told["total"]


def test_a_week_is_that_of_the_business_s_zone() -> None:
    """Due at 18:00 UTC on Sunday, which is Monday's in Shanghai: the eleventh week. Closed there on that Monday too."""
    closed = (did(What.ANSWERED, 6 * 24 + 10), did(What.RESOLVED, 6 * 24 + 11, HowItEnded.SETTLED))
    opened("f-1", *closed, hours=5 * 24 + 9)
    with pytest.MonkeyPatch.context() as later:
        later.setattr(clock, "now", lambda: at(300))
        told = figures(by="week", to="2026-03-31").body["groups"]
    assert list(told) == ["2026-W11"]
    assert told["2026-W11"]["rated"] == {"part": 0, "whole": 1, "ratio": 0.0}


def test_a_day_without_any_has_no_ratio_and_not_one_of_nothing() -> None:
    the_three()
    told = figures(from_="2026-03-03", to="2026-03-03", by="tier").body
    assert (told["follow_ups"], told["groups"]) == (0, {})
    for kind in told["total"]["clocks"].values():
        assert kind["attainment"] == NOTHING
        assert kind["business"] == kind["wall"] == {"count": 0, "median": None, "p90": None}
    assert told["total"]["reopened"] == told["total"]["rated"] == NOTHING
    assert (told["total"]["running"], told["total"]["satisfaction"]) == (0, None)


def test_of_those_who_were_asked_the_silent_ones_are_in_the_denominator_alone() -> None:
    """One of three gave four stars; a ghosted one was never asked."""
    settled = did(What.RESOLVED, 2, HowItEnded.SETTLED)
    opened("f-1", settled, did(What.SURVEYED, 3, "4"))
    opened("f-2", settled)
    opened("f-3", settled)
    opened("f-4", did(What.RESOLVED, 2, HowItEnded.GHOSTED))
    told = figures().body["total"]
    assert (told["rated"], told["satisfaction"], told["reopened"]["whole"]) == (share(1, 3), 4.0, 4)


def test_two_that_were_merged_count_once_from_the_earlier_opening() -> None:
    """Opened an hour apart and merged after another; answered 3 hours after the first was opened."""
    first, second = opened("f-1"), opened("f-2", hours=1)
    kept, taken = (Party(it.id, it.client, it.history) for it in (second, first))
    both, closed = merged(kept, taken, did(What.MERGED, 2, "f-1"))
    lotus.open_follow_up(replace(second, history=(*both, did(What.ANSWERED, 3))))
    lotus.open_follow_up(replace(first, history=closed))
    told = figures(by="person").body
    assert told["follow_ups"] == 1
    assert told["total"]["clocks"]["first_response"]["attainment"] == share(1, 1)
    assert told["total"]["clocks"]["first_response"]["wall"]["median"] == 3 * HOUR
    assert told["total"]["reopened"] == NOTHING
    assert list(told["groups"]) == ["mei"]
    assert {row["follow_up"] for row in lines(file())} == {"f-2"}


@pytest.mark.parametrize(
    ("when", "days", "count"),
    [
        pytest.param("2026-03-01T15:59:59.5+00:00", MONDAY, 0, id="just before midnight"),
        pytest.param("2026-03-01T16:00:00+00:00", MONDAY, 1, id="at midnight"),
        pytest.param("2026-03-02T15:59:59.5+00:00", MONDAY, 1, id="just before the next"),
        pytest.param("2026-03-02T16:00:00+00:00", MONDAY, 0, id="at the next midnight"),
    ],
)
def test_a_day_is_from_midnight_to_midnight_where_the_business_is(when: str, days: dict[str, str], count: int) -> None:
    opened("f-1", hours=(datetime.fromisoformat(when) - OPENED) / timedelta(hours=1))
    assert figures(from_=days["from"], to=days["to"]).body["follow_ups"] == count


def test_a_large_board_is_read_in_pages_without_losing_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kept.use_cases.follow_ups.figures.PAGE", 2)
    for n in range(5):
        opened(f"f-{n}")
    assert figures().body["follow_ups"] == 5


# The misses


def test_the_misses_come_most_late_first_each_with_its_explanation() -> None:
    the_three()
    told = figures("/misses").body
    found = [(miss["follow_up"], miss["clock"], miss["person"], miss["late"]) for miss in told["misses"]]
    assert found == [("f-3", "first_response", "mei", 24 * HOUR), ("f-2", "first_response", "jun", 6 * HOUR)]
    assert told["total"] == 2
    assert told["misses"][1]["stopped"] == at(30).isoformat().replace("+00:00", "Z")
    assert all(miss["explained"] and miss["left_out"] == 0 for miss in told["misses"])


def test_an_explanation_is_in_the_business_s_language_and_by_its_clock() -> None:
    """Monday 04:00 in New York to Tuesday 04:00; by Thursday 04:00 two days over."""
    opened("f-1", business="garage", assignee="sam")
    (miss,) = figures("/misses", business="garage").body["misses"]
    assert miss["explained"][0].startswith("First response: was due Tue, Mar 3, 4:00")
    assert "is missed. The target was 24 h" in miss["explained"][0]
    assert miss["explained"][0].endswith("48 h over by now.")
    assert len(miss["explained"]) == 3


def test_of_what_takes_too_long_to_tell_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kept.api.follow_ups.figures_answers.MOST_SENTENCES", 1)
    monkeypatch.setattr("kept.api.follow_ups.figures_answers.MOST_MISSES", 1)
    the_three()
    told = figures("/misses").body
    assert (told["total"], len(told["misses"])) == (2, 1)
    assert (len(told["misses"][0]["explained"]), told["misses"][0]["left_out"]) == (1, 2)


# The file


def test_the_file_has_a_line_for_each_clock() -> None:
    the_three()
    answer = file()
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-disposition"] == 'attachment; filename="follow-ups_2026-03-02_2026-03-02.csv"'
    assert str(answer["body"]).splitlines()[0] == ",".join(COLUMNS)
    found = {(row["follow_up"], row["clock"]): (row["state"], row["spent_s"], row["late_s"]) for row in lines(answer)}
    assert found["f-1", "resolution"] == ("met", str(4 * HOUR), "0")
    assert found["f-2", "first_response"] == ("missed", str(30 * HOUR), str(6 * HOUR))
    assert found["f-3", "first_response"] == ("missed", str(72 * HOUR), str(24 * HOUR))


def test_no_cell_is_a_formula() -> None:
    opened("f-1", assignee="-2+3")
    (first, _) = lines(file())
    assert (first["person"], first["by_owner"]) == ("'-2+3", f"'-2+3:{72 * HOUR}")


def test_of_no_days_there_are_the_names_of_the_columns() -> None:
    assert str(file()["body"]).splitlines() == [",".join(COLUMNS)]


def test_a_file_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kept.api.follow_ups.figures_answers.LARGEST_FILE", 300)
    assert file()["statusCode"] == 200
    the_three()
    answer = file()
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (422, "invalid_request")


# What is refused

PATHS = pytest.mark.parametrize("path", ["", "/misses", ".csv"])


@PATHS
@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param({"from": "2026-03-03"}, "to", id="backwards"),
        pytest.param({"from": "2025-03-01"}, "to", id="367 days"),
        pytest.param({"from": "2026-02-30"}, "from", id="no such day"),
        pytest.param({"to": "today"}, "to", id="in words"),
        pytest.param({"to": "9999-12-31"}, "to", id="the last day there is"),
        pytest.param({"from": ""}, "from", id="nothing"),
    ],
)
def test_days_that_make_no_sense_are_refused(path: str, query: dict[str, str], field: str) -> None:
    asked = MONDAY | query
    answer = ask(follow_up_policy.handler, f"GET {FIGURES}{path}", role="manager", query=asked)
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert [told["field"] for told in answer.body["fields"]] == [field]


@PATHS
def test_both_days_have_to_be_named(path: str) -> None:
    answer = ask(follow_up_policy.handler, f"GET {FIGURES}{path}", role="manager")
    assert sorted(told["field"] for told in answer.body["fields"]) == ["from", "to"]


def test_a_year_and_a_day_is_the_most() -> None:
    assert figures(from_="2025-03-02").status == 200
    assert figures(from_="2025-03-01").status == 422


def test_a_split_by_something_else_is_refused() -> None:
    assert (figures(by="weather").status, figures(by="weather").code) == (422, "invalid_request")


@PATHS
def test_of_too_many_there_are_no_figures(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A median cannot be added up from parts, and one of a part would mislead."""
    monkeypatch.setattr("kept.use_cases.follow_ups.figures.MOST", 3)
    monkeypatch.setattr("kept.use_cases.follow_ups.figures.PAGE", 2)
    the_three()
    assert figures().status == 200
    opened("f-4")
    answer = ask(follow_up_policy.handler, f"GET {FIGURES}{path}", role="manager", query=MONDAY)
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert "fewer days" in answer.body["fields"][0]["reason"]


@PATHS
def test_figures_are_for_those_who_lead_the_business(path: str) -> None:
    the_three()
    assert figures(path, role="").code == "sign_in_required"
    assert figures(path, role="staff").code == "role_required"
    assert figures(path, business="nobody").code == "unknown_business"


def test_another_business_s_follow_ups_are_in_no_figures() -> None:
    the_three()
    assert figures(business="garage").body["follow_ups"] == 0
    assert figures("/misses", business="garage").body["misses"] == []


def test_to_look_changes_nothing() -> None:
    the_three()
    before = lotus.everything()
    for answer in (figures(by="week"), figures("/misses")):
        assert answer.status == 200
    assert file()["statusCode"] == 200
    assert lotus.everything() == before


def test_one_that_another_took_in_is_no_fact_of_its_own() -> None:
    """It is counted in the other, from the earlier opening."""
    kept, taken = (replace(a_follow_up(opened=OPENED), id=id) for id in ("f-1", "f-2"))
    both, closed = merged(
        Party("f-1", "c-1", kept.history),
        Party("f-2", "c-1", taken.history),
        FollowUpEvent(What.MERGED, OPENED + timedelta(hours=2)),
    )
    zone = ZoneInfo("Asia/Shanghai")
    assert fact_of_follow_up(replace(taken, history=closed), {}, zone) is None
    assert fact_of_follow_up(replace(kept, history=both), follow_ups.policies(kept), zone)
