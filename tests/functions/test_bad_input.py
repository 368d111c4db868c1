"""What nobody can mean: answered by a problem document with the right status and a stable code, and nothing changed."""

from dataclasses import dataclass, field
from typing import Any

import pytest

import booking
from kept import clock
from tests import lotus
from tests.asking import an_http_event
from tests.builders import STARTS, an_appointment
from tests.refusing import BOOK, CUT, DESK, HOLD, LI, cut, is_problem, refused, without

FREE = "GET /v1/businesses/lotus/availability"
MONDAY = {"from": "2026-03-02", "to": "2026-03-02", "service": "cut"}
VERY_DEEP = "[" * 8000
VERY_LONG_NUMBER = '{"service": ' + "1" * 5000 + "}"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The salon and the garage, and Li Na's hour with Mei on Monday at 17:00."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


@dataclass(frozen=True)
class Case:
    """A request, and the refusal it gets."""

    id: str
    status: int
    code: str
    route: str
    body: object = None
    asked: dict[str, Any] = field(default_factory=dict)


def free(id: str, status: int, code: str, **query: str) -> Case:
    """Free times on Monday, but for what is changed; `since` stands for "from"."""
    days = {"from": query.pop("since")} if "since" in query else {}
    return Case(id, status, code, FREE, None, {"query": MONDAY | days | query})


def desk(id: str, status: int, code: str, route: str, body: object = None, **query: str) -> Case:
    """Asked by one of the staff."""
    method, _, path = route.partition(" ")
    return Case(id, status, code, f"{method} {DESK}{path}", body, {"role": "staff", "query": query})


def by(**changed: Any) -> dict[str, Any]:
    """A booking by a client who is different in this."""
    return cut(client=LI | changed)


def holding(**changed: Any) -> dict[str, Any]:
    return without("client") | changed


UNKNOWN = [
    Case("a business nobody runs", 404, "unknown_business", "GET /v1/businesses/nobody"),
    Case("booking at a business nobody runs", 404, "unknown_business", BOOK.replace("lotus", "nobody"), CUT),
    Case("a business that is no name", 422, "invalid_request", "GET /v1/businesses/lo%20tus"),
    Case("a service nobody does", 404, "unknown_service", BOOK, cut(service="shave")),
    Case("another business's service", 404, "unknown_service", BOOK, cut(service="brakes")),
    free("free times of a service nobody does", 404, "unknown_service", service="x"),
    Case("a person who is not there", 404, "unknown_staff", BOOK, cut(staff="sam")),
    Case("a person who does not do this", 404, "unknown_staff", HOLD, holding(staff="bo")),
    free("free times of a person who is not there", 404, "unknown_staff", staff="sam"),
    Case("a zone that is none", 422, "unknown_zone", BOOK, by(zone="Mars/Olympus")),
    free("a zone that is a path", 422, "unknown_zone", zone="../../etc/passwd"),
    Case("a zone that is a folder", 422, "unknown_zone", HOLD, holding(zone="America")),
    Case("a route that is none", 404, "unknown_route", "GET /v1/businesses"),
    Case("a method that is none", 404, "unknown_route", "DELETE /v1/businesses/lotus"),
]
TIMES = [
    Case("in the past", 422, "in_the_past", BOOK, cut(start="2026-02-28T16:45:00+08:00")),
    Case("too soon", 422, "too_soon", BOOK, cut(start="2026-02-28T17:45:00+08:00")),
    Case("too far", 422, "too_far", BOOK, cut(start="2026-04-30T09:00:00+08:00")),
    Case("off the step", 422, "not_offered", BOOK, cut(start="2026-03-02T18:35:00+08:00")),
    Case("with seconds", 422, "not_offered", BOOK, cut(start="2026-03-02T18:30:01+08:00")),
    Case("when it is closed", 422, "not_offered", BOOK, cut(start="2026-03-02T20:30:00+08:00")),
    Case("past the end of the day", 422, "not_offered", BOOK, cut(start="2026-03-02T19:15:00+08:00")),
    Case("when she is away", 422, "not_offered", BOOK, cut(start="2026-03-03T09:30:00+08:00", staff="mei")),
    Case("when she is taken", 409, "slot_taken", BOOK, cut(start="2026-03-02T16:30:00+08:00", staff="mei")),
    Case("holding when she is taken", 409, "slot_taken", HOLD, holding(start=STARTS.isoformat(), staff="mei")),
    Case("without an offset", 422, "invalid_request", BOOK, cut(start="2026-03-02T18:30:00")),
    Case("a date that is none", 422, "invalid_request", BOOK, cut(start="2026-02-30T18:30:00+08:00")),
    Case("a time in words", 422, "invalid_request", BOOK, cut(start="tomorrow")),
    Case("before all calendars", 422, "invalid_request", BOOK, cut(start="0001-01-01T00:00:00+14:00")),
    Case("after all calendars", 422, "invalid_request", HOLD, holding(start="9999-12-31T23:59:00-12:00")),
    free("a day that is none", 422, "invalid_request", since="2026-02-30"),
    free("days the wrong way round", 422, "invalid_request", to="2026-03-01"),
    free("too many days", 422, "invalid_request", to="2026-04-02"),
    free("days before all calendars", 422, "invalid_request", since="0001-01-01", to="0001-01-01"),
    free("days after all calendars", 422, "invalid_request", since="9999-12-31", to="9999-12-31"),
]
DETAILS = [
    Case("a telephone number that is none", 422, "invalid_phone", BOOK, by(phone="12345")),
    Case("a telephone number in words", 422, "invalid_phone", BOOK, by(phone="call me")),
    Case("an address that is none", 422, "invalid_email", BOOK, by(email="li at example")),
    Case("no way to reach them", 422, "no_contact", BOOK, by(email=None)),
    Case("no channel agreed to", 422, "consent_required", BOOK, by(agrees_to=[])),
    Case("a channel agreed to that reaches nobody", 422, "consent_required", BOOK, by(agrees_to=["sms"])),
    Case("a channel that this business does not use", 422, "invalid_request", BOOK, by(agrees_to=["whatsapp"])),
    Case("a channel that is none", 422, "invalid_request", BOOK, by(agrees_to=["pigeon"])),
    Case("no name", 422, "invalid_request", BOOK, by(name="  ")),
    Case("a name beyond measure", 422, "invalid_request", BOOK, by(name="x" * 101)),
    Case("a field nobody knows", 422, "invalid_request", BOOK, cut(price=0)),
    Case("no service", 422, "invalid_request", BOOK, without("service")),
    Case("no start", 422, "invalid_request", BOOK, without("start")),
    Case("no client", 422, "invalid_request", BOOK, without("client")),
    Case("no days", 422, "invalid_request", FREE),
    Case("an Idempotency-Key that is too short", 422, "invalid_request", BOOK, CUT, {"key": "short"}),
    Case("an Idempotency-Key that is too long", 422, "invalid_request", BOOK, CUT, {"key": "x" * 256}),
]
BODIES = [
    Case("no body", 400, "malformed_json", BOOK),
    Case("no JSON", 400, "malformed_json", BOOK, "{"),
    Case("a list", 400, "malformed_json", BOOK, [CUT]),
    Case("a text", 400, "malformed_json", BOOK, '"cut"'),
    Case("nothing", 400, "malformed_json", BOOK, "null"),
    Case("very deep JSON", 400, "malformed_json", BOOK, VERY_DEEP),
    Case("a very long number", 400, "malformed_json", BOOK, VERY_LONG_NUMBER),
    Case("more than is ever needed", 413, "body_too_large", BOOK, cut(note="x" * 17_000)),
]
HOLDS = [
    Case("a hold that is no token", 403, "link_invalid", BOOK, cut(hold="h")),
    Case("an override by a client", 422, "invalid_request", BOOK, cut(override="please")),
]
AT_THE_DESK = [
    desk("an appointment that is none", 404, "unknown_appointment", "GET /a-9"),
    desk("the messages of none", 404, "unknown_appointment", "GET /a-9/messages"),
    desk("checking in none", 404, "unknown_appointment", "POST /a-9/check-in", {}),
    desk("a move that is none", 404, "unknown_route", "POST /a-1/dance", {}),
    desk("a day that is none", 422, "invalid_request", "GET", on="today"),
    desk("a day after all calendars", 422, "invalid_request", "GET", on="9999-12-31"),
    desk(
        "over another booking, by hand",
        409,
        "slot_taken",
        "POST",
        cut(start=STARTS.isoformat(), staff="mei", override="for my sister"),
    ),
    desk("out of hours without a reason", 422, "not_offered", "POST", cut(start="2026-03-02T20:30:00+08:00")),
    desk("a reversal without a reason", 422, "invalid_request", "POST /a-1/reverse-no-show", {}),
    desk("a no-show before the start", 409, "move_not_allowed", "POST /a-1/no-show", {}),
    desk("a version that has passed", 409, "outdated", "POST /a-1/check-in", {"version": 2}),
]
ALL = [*UNKNOWN, *TIMES, *DETAILS, *BODIES, *HOLDS, *AT_THE_DESK]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_it_is_refused_and_nothing_has_changed(case: Case) -> None:
    assert is_problem(refused(case.route, case.body, **case.asked), case.status, case.code)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-03-02T18:35:00+08:00", "off_grid"),
        ("2026-03-02T20:30:00+08:00", "closed"),
        ("2026-03-03T09:30:00+08:00", "away"),
    ],
)
def test_a_time_that_is_not_offered_says_why(start: str, reason: str) -> None:
    assert refused(BOOK, cut(start=start, staff="mei")).body["reason"] == reason


def test_each_wrong_field_is_named_with_its_reason_and_not_repeated() -> None:
    fields = refused(BOOK, cut(start="tomorrow", client={"name": "Li Na", "phone": 1})).body["fields"]
    assert [problem["field"] for problem in fields] == ["start", "client.phone"]
    assert not any("tomorrow" in problem["reason"] for problem in fields)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_that_does_not_say_it_is_json_is_refused(kind: str) -> None:
    event = an_http_event(BOOK, CUT)
    event["headers"]["content-type"] = kind
    assert booking.handler(event, None)["statusCode"] == 400


@pytest.mark.parametrize("body", ["!", "/////w=="], ids=["no base64", "no UTF-8"])
def test_a_body_that_cannot_be_decoded_is_refused(body: str) -> None:
    event = an_http_event(BOOK, body) | {"isBase64Encoded": True}
    assert booking.handler(event, None)["statusCode"] == 400
