"""Other terms are tried on the past by whoever leads the business: by the days of its calendar, with the list behind
each number, as a file, and nothing is written by asking."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import figures
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.block import Block
from kept.booking.states import Status
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRules, Terms
from kept.clients.booked_as import BookedAs
from kept.clients.client import Tier
from kept.use_cases.policy import dry_run as use_case
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.builders import STARTS, an_appointment

NOW = STARTS + timedelta(days=1)
"""Tuesday 3 March 2026, 17:00 in Shanghai."""
HOUR = timedelta(hours=1)
STRICT: dict[str, Any] = {"free_until": 4320, "late_fee": {"percent": 50}, "missed_fee": {"minor": 8000}}
TERMS = Terms(24 * HOUR, timedelta(minutes=15), late_fee=1000, currency="CNY")


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()


def a_visit(id: str = "a-1", *, starts: datetime = STARTS, business: str = "lotus") -> Appointment:
    it = an_appointment(id, starts=starts)
    booked_at = starts - timedelta(days=10)
    line = replace(it.history[0], at=booked_at)
    price = Money(9800, "CNY")
    return replace(
        it, business=business, booked_at=booked_at, history=(line,), accepted=TERMS, tier=Tier.REGULAR, price=price
    )


def cancelled(it: Appointment, *, hours: float = 48) -> Appointment:
    return it.cancel(Change(CLIENT, it.starts - hours * HOUR), rules=ChangeRules())


def missed(it: Appointment) -> Appointment:
    return it.mark_no_show(Change(Actor("kept"), it.starts + HOUR), evidence=())


def tried(changes: object = None, *, role: str = "manager", business: str = "lotus", **more: object) -> Answer:
    body = {"changes": STRICT if changes is None else changes, **more}
    return ask(figures.handler, "POST /v1/desk/terms/dry-run", body, role=role, business=business)


def numbers(answer: Answer, breach: str = "late_cancellation") -> tuple[tuple[int, int, list[int]], ...]:
    """Then and now: how many, how many of them cost something, and how much."""
    its = answer.body["breaches"][breach]
    return tuple(
        (one["count"], one["charged"], [it["minor"] for it in one["sums"]]) for one in (its["then"], its["would"])
    )


def test_whom_it_would_have_hit_stands_beside_what_really_happened() -> None:
    lotus.put(cancelled(a_visit()))
    lotus.put(cancelled(a_visit("a-2", starts=STARTS - timedelta(days=3)), hours=2))
    lotus.put(missed(a_visit("a-3", starts=STARTS - timedelta(days=4))))
    lotus.put(a_visit("a-4", starts=STARTS - timedelta(days=5)))
    before = lotus.everything()
    answer = tried()
    assert answer.status == 200, answer.body
    assert numbers(answer) == ((1, 1, [1000]), (2, 2, [9800]))
    assert numbers(answer, "missed") == ((1, 0, []), (1, 1, [8000]))
    assert numbers(answer, "late_move") == ((0, 0, []), (0, 0, []))
    body = answer.body
    assert (body["first_day"], body["last_day"], body["visits"]) == ("2025-12-04", "2026-03-03", 4)
    assert (body["left_out"], body["clients"], body["count"]) == (0, 1, 3)
    line = body["lines"][0]
    assert (line["appointment"], line["client_name"], line["start"]) == ("a-1", "Li Na", "2026-03-02T17:00:00+08:00")
    assert line["then"] == {"counts": False, "cost": None, "deposit": None}
    assert line["would"] == {"counts": True, "cost": {"minor": 4900, "currency": "CNY"}, "deposit": None}
    assert lotus.everything() == before, "nothing is written by asking"


def test_of_an_empty_business_there_is_nothing() -> None:
    """And no error."""
    answer = tried()
    assert (answer.status, answer.body["visits"], answer.body["lines"]) == (200, 0, [])


def test_another_business_s_visits_are_not_seen() -> None:
    """Whoever asks, of their own alone."""
    lotus.put(cancelled(a_visit()))
    assert tried(business="garage").body["visits"] == 0


@pytest.mark.parametrize(
    ("starts", "seen"),
    [
        pytest.param(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), False, id="the last second before its first day"),
        pytest.param(datetime(2026, 3, 1, 16, tzinfo=UTC), True, id="its first"),
        pytest.param(datetime(2026, 3, 2, 15, 59, tzinfo=UTC), True, id="its last minute"),
        pytest.param(datetime(2026, 3, 2, 16, tzinfo=UTC), False, id="the midnight after"),
    ],
)
def test_days_are_those_of_the_business_s_calendar(starts: datetime, seen: bool) -> None:
    """From the midnight before to the midnight after, in its zone."""
    lotus.put(missed(a_visit(starts=starts)))
    assert tried(**{"from": "2026-03-02", "to": "2026-03-02"}).body["visits"] == seen


@pytest.mark.parametrize(
    ("span", "field"),
    [
        pytest.param({"from": "2026-03-02", "to": "2026-03-01"}, "to", id="reversed"),
        pytest.param({"from": "2026-03-04"}, "to", id="from tomorrow"),
        pytest.param({"to": "2026-03-04"}, "to", id="up to tomorrow"),
        pytest.param({"from": "2027-01-01", "to": "2027-02-01"}, "to", id="all of it to come"),
        pytest.param({"from": "2025-01-27"}, "to", id="401 days"),
        pytest.param({"from": "1970-01-02", "to": "2026-03-02"}, "to", id="ages"),
        pytest.param({"from": "yesterday"}, "from", id="no day"),
        pytest.param({"since": "2026-03-01"}, "since", id="a field that there is not"),
    ],
)
def test_a_span_that_makes_no_sense_is_refused_with_its_field(span: dict[str, str], field: str) -> None:
    """Days to come are none of the past."""
    answer = tried(**span)
    assert (answer.status, answer.body["fields"][0]["field"]) == (422, field)


def test_400_days_are_few_enough() -> None:
    assert tried(**{"from": "2025-01-28"}).status == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"late_fee": {"minor": -1}}, "changes.late_fee.minor", id="negative money"),
        pytest.param({"missed_fee": {"percent": 101}}, "changes.missed_fee.percent", id="more than all of it"),
        pytest.param({"late_fee": {"minor": 1, "percent": 1}}, "changes.late_fee", id="a sum and a share"),
        pytest.param(
            {"rows": [{"service": "perm", "late_fee": {"minor": 1}}]}, "changes.rows.0.service", id="nobody's"
        ),
        pytest.param({"rows": [{"tier": "vip"}]}, "changes.rows.0", id="a row that changes nothing"),
        pytest.param({"grace": 1441}, "changes.grace", id="a grace of more than a day"),
    ],
)
def test_rules_that_could_not_be_saved_are_not_tried(changes: object, field: str) -> None:
    """With the field that saving would name."""
    answer = tried(changes)
    assert (answer.status, answer.code, answer.body["field"]) == (422, "invalid_setting", field)


@pytest.mark.parametrize("money", [1.5, "100", True, None], ids=["a fraction", "a text", "yes", "nothing"])
def test_money_is_whole(money: object) -> None:
    assert tried({"late_fee": {"minor": money}}).status == 422


@pytest.mark.parametrize("path", ["dry-run", "dry-run.csv"])
@pytest.mark.parametrize(("role", "status"), [("", 401), ("staff", 403)])
def test_it_is_for_those_who_lead_alone(path: str, role: str, status: int) -> None:
    assert ask(figures.handler, f"POST /v1/desk/terms/{path}", {"changes": {}}, role=role).status == status


def test_what_is_no_visit_is_not_tried() -> None:
    """A block stands in the same index."""
    slot = replace(an_appointment().slot, staff="jun")
    lotus.block(Block("lotus", "b-1", slot, "a course", "staff:jun"))
    assert tried().body["visits"] == 0


def test_of_too_many_the_latest_are_tried_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many were left out, and from when on it tells."""
    monkeypatch.setattr(use_case, "MOST", 2)
    for n in range(5):
        lotus.put(cancelled(a_visit(f"a-{n}", starts=STARTS - timedelta(days=n))))
    answer = tried()
    assert (answer.body["visits"], answer.body["left_out"]) == (2, 3)
    assert answer.body["since"] == "2026-03-01T17:00:00+08:00"
    assert [it["appointment"] for it in answer.body["lines"]] == ["a-0", "a-1"]


def test_who_was_forgotten_has_no_name_and_is_counted() -> None:
    """Numbers stay true."""
    lotus.put(replace(cancelled(a_visit()), client="c-gone"))
    answer = tried()
    assert (answer.body["clients"], answer.body["lines"][0]["client_name"]) == (1, "")


def test_what_was_taken_back_is_not_counted() -> None:
    """Neither then nor by the other rules."""
    back = cancelled(a_visit(), hours=2).undo(Change(Actor("staff", "mei"), STARTS - HOUR))
    assert back.status is Status.BOOKED
    lotus.put(back)
    assert numbers(tried()) == ((0, 0, []), (0, 0, []))


def test_the_file_has_every_line_and_nothing_that_a_spreadsheet_reckons_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, whatever the answer shows."""
    monkeypatch.setattr("kept.api.policy.dry_run_routes.MOST_LINES", 1)
    named = replace(cancelled(a_visit()), booked_as=BookedAs('=HYPERLINK("x")', "en"))
    lotus.put(named)
    lotus.put(missed(a_visit("a-2", starts=STARTS - HOUR * 2)))
    assert (len(tried().body["lines"]), tried().body["count"], tried().body["most"]) == (1, 2, 1)
    event = an_http_event("POST /v1/desk/terms/dry-run.csv", {"changes": STRICT, "from": "2026-03-02"})
    claims = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[manager]", "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    answer = figures.handler(event, None)
    assert answer["headers"]["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["headers"]["Content-Disposition"] == 'attachment; filename="dry-run_2026-03-02_2026-03-03.csv"'
    assert answer["body"].startswith("\ufeffstart,client,")
    rows = list(csv.DictReader(io.StringIO(answer["body"].removeprefix("\ufeff"))))
    assert [(it["appointment"], it["would_cost"], it["currency"], it["counted_then"]) for it in rows] == [
        ("a-1", "4900", "CNY", "no"),
        ("a-2", "8000", "CNY", "yes"),
    ]
    assert rows[0]["client"] == '\'=HYPERLINK("x")'
