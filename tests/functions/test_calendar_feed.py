"""A private address for the calendar of one of the staff, or of a client: made, replaced, taken back, and asked for."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

import client_pages
import front_desk
from kept import clock
from kept.booking.block import Block
from kept.client_links.tokens import manage_token
from kept.clients.booked_as import booked_as
from kept.clients.client import Client
from kept.clients.held import ContactKind, Held, How
from kept.clients.merging import Merge, merged
from kept.pages.appointment.appointment_page import AppointmentPage
from kept.storage import appointments, calendar_links, catalogs, clients
from kept.storage.tables import CatalogItem, ClientItem, IdempotencyItem, LinkItem
from kept.storage.transaction import Lost, together
from kept.use_cases.booking.calendar_links import make, of_staff
from kept.use_cases.limits import guessing
from tests import lotus
from tests.asked_of_aws import recording
from tests.asking import HERE, Answer, an_http_event, ask
from tests.builders import STARTS, a_client, a_member, an_appointment
from tests.functions.plain_browser import Browser, Form, Page
from tests.refusing import is_problem

PHONE = "+8613812345678"
DAY = timedelta(days=1)
MEI, LI = "/v1/desk/calendars/staff/mei", "/v1/desk/calendars/clients/c-1"
ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na comes to Mei at 17:00, and to Jun on the day after; it is Saturday."""
    at(monkeypatch, lotus.NOW)
    lotus.open_both()
    lotus.known(li())
    lotus.put(visit())
    jun = an_appointment("a-2", starts=STARTS + DAY)
    history = tuple(replace(line, staff="jun") for line in jun.history)
    lotus.put(replace(jun, slot=replace(jun.slot, staff="jun"), history=history))


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def li() -> Client:
    return replace(a_client(), phone=PHONE)


def visit(id: str = "a-1", **how: Any) -> Any:
    return replace(an_appointment(id, **how), booked_as=booked_as(li(), is_first=True), note="peanuts")


def of_mei(method: str = "POST", role: str = "staff", staff: str = "mei", **how: Any) -> Answer:
    body = {"names": how.pop("names", False)} if method == "POST" else None
    return ask(front_desk.handler, f"{method} {MEI}", body, role=role, staff=staff, **how)


def of_li(method: str = "POST", role: str = "staff", **how: Any) -> Answer:
    return ask(front_desk.handler, f"{method} {LI}", role=role, **how)


def path_of(made: Answer) -> str:
    assert made.status == 201, made.body
    return str(made.body["address"]).removeprefix("https://kept.example")


def fetched(path: str, *, known: str = "", network: str = HERE, method: str = "GET") -> dict[str, Any]:
    event = an_http_event(f"{method} {path}") | {"routeKey": "ANY /c/{proxy+}"}
    event["requestContext"]["http"]["sourceIp"] = network
    event["headers"] |= {"if-none-match": known} if known else {}
    answer: dict[str, Any] = client_pages.handler(event, None)
    return answer


def told(path: str) -> list[Any]:
    """Visits."""
    return [event for event in everything(path) if not str(event["uid"]).startswith(("off-", "block-"))]


def everything(path: str) -> list[Any]:
    answer = fetched(path)
    assert answer["statusCode"] == 200, answer["body"]
    return list(Calendar.from_ical(answer["body"]).walk("VEVENT"))


def absences(path: str) -> list[str]:
    return [f"{it['uid']} {it['summary']} {it['dtstart'].dt:%dT%H}" for it in everything(path) if it not in told(path)]


def says(path: str) -> list[str]:
    return [f"{event['uid']} {event['status']} {event['summary']}" for event in told(path)]


# What it tells


def test_staff_get_their_own_visits_with_an_initial_alone() -> None:
    path = path_of(of_mei())
    assert says(path) == ["a-1@lotus.kept CONFIRMED L. – Cut"]
    body = fetched(path)["body"]
    assert "Li Na" not in body
    assert "peanuts" not in body


def test_with_names_where_whoever_made_it_asked_for_them() -> None:
    (event,) = told(path_of(of_mei(names=True)))
    assert (event["summary"], event["description"]) == ("Li Na – Cut", "peanuts")


def test_a_visit_that_kept_no_name_goes_by_the_client_s() -> None:
    lotus.put(an_appointment("a-3", starts=STARTS + 2 * DAY))
    assert says(path_of(of_mei()))[-1] == "a-3@lotus.kept CONFIRMED L. – Cut"


def test_a_client_gets_all_of_theirs_whoever_has_them() -> None:
    assert [str(event["uid"]) for event in told(path_of(of_li()))] == ["a-1@lotus.kept", "a-2@lotus.kept"]


def test_what_was_merged_into_a_client_is_theirs_too() -> None:
    """And the address that one of the two had goes on."""
    lotus.known(replace(a_client(), id="c-2", email="other@example.com"))
    lotus.put(replace(an_appointment("a-3", starts=STARTS + 2 * DAY), client="c-2"))
    old = path_of(ask(front_desk.handler, "POST /v1/desk/calendars/clients/c-2", role="staff"))
    into, gone = clients.load("lotus", "c-1"), clients.load("lotus", "c-2")
    after, before = merged(into, gone, Merge("mei", lotus.NOW))[0], replace(gone, merged_into="c-1", email=None)
    with together() as transaction:
        clients.put(after, transaction)
        clients.put(before, transaction)
    three = ["a-1@lotus.kept", "a-2@lotus.kept", "a-3@lotus.kept"]
    assert [str(event["uid"]) for event in told(old)] == three
    assert of_li("GET").body["made_at"] is not None
    new = path_of(of_li())
    assert fetched(old)["statusCode"] == 410
    assert [str(event["uid"]) for event in told(new)] == three
    of_li("DELETE")
    assert fetched(new)["statusCode"] == 410


def a_block() -> Block:
    earlier = replace(visit().slot, starts=STARTS - 5 * DAY / 24, ends=STARTS - 4 * DAY / 24)
    return lotus.block(Block("lotus", "b-1", earlier, "call Wang back", "mei"))


def test_blocks_and_time_off_stand_in_it_and_say_why_only_where_names_are_told() -> None:
    """What for may be about somebody. A block that is taken away is gone."""
    a_block()
    off = "off-mei-1772499600@lotus.kept"
    path = path_of(of_mei())
    assert absences(path) == ["block-b-1@lotus.kept 不接预约 02T04", f"{off} 休假 03T01"]
    named = path_of(of_mei(names=True))
    assert absences(named) == ["block-b-1@lotus.kept call Wang back 02T04", f"{off} at the dentist's 03T01"]
    mark = fetched(named)["headers"]["ETag"]
    ask(front_desk.handler, "DELETE /v1/desk/blocks/b-1", role="staff", query={"revision": "1"})
    assert fetched(named, known=mark)["statusCode"] == 200
    assert absences(named) == [f"{off} at the dentist's 03T01"]


def test_a_block_given_to_a_colleague_is_in_theirs() -> None:
    """And a client's calendar has neither."""
    a_block()
    change = {"revision": 1, "staff": "jun"}
    assert ask(front_desk.handler, "PATCH /v1/desk/blocks/b-1", change, role="staff").status == 200
    assert absences(path_of(of_mei())) == ["off-mei-1772499600@lotus.kept 休假 03T01"]
    path = "POST /v1/desk/calendars/staff/jun"
    assert absences(path_of(ask(front_desk.handler, path, {}, role="owner"))) == ["block-b-1@lotus.kept 不接预约 02T04"]
    assert absences(path_of(of_li())) == []


def test_time_off_beyond_the_window_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reaches into it is not."""
    path = path_of(of_mei())
    for days, stays in ((32, True), (33, False)):
        at(monkeypatch, datetime.fromisoformat("2026-03-01T12:00:00+08:00") + days * DAY)
        assert bool(absences(path)) is stays, days


# Given to a colleague


def given(to: str, hours: int = 0, id: str = "a-1") -> None:
    starts = (STARTS + timedelta(hours=hours)).isoformat()
    body = {"start": starts, "staff": to, "override": "as agreed"}
    answer = ask(front_desk.handler, f"POST /v1/desk/appointments/{id}/reschedule", body, role="staff")
    assert answer.status == 200, answer.body


def its(path: str, uid: str = "a-1@lotus.kept") -> tuple[str, int, str]:
    (event,) = (it for it in told(path) if it["uid"] == uid)
    return str(event["status"]), int(event["sequence"]), f"{event['dtstart'].dt:%dT%H}"


def of_jun() -> str:
    return path_of(ask(front_desk.handler, "POST /v1/desk/calendars/staff/jun", {}, role="owner"))


def test_what_was_given_to_a_colleague_is_off_in_the_one_and_on_in_the_other() -> None:
    """Under the same name, at the time at which it was theirs, and without the client's note."""
    mei, jun = path_of(of_mei(names=True)), of_jun()
    mark = fetched(mei)["headers"]["ETag"]
    assert its(mei) == ("CONFIRMED", 0, "02T09")
    given("jun", hours=1)
    assert fetched(mei, known=mark)["statusCode"] == 200
    assert (its(mei), its(jun)) == (("CANCELLED", 1, "02T09"), ("CONFIRMED", 1, "02T10"))
    (event,) = (it for it in told(mei) if it["uid"] == "a-1@lotus.kept")
    assert "description" not in event
    assert event["transp"] == "TRANSPARENT"


def test_there_and_back_again_its_number_only_rises() -> None:
    """Whoever gets it again has it on, and the other one off."""
    mei, jun = path_of(of_mei()), of_jun()
    numbers = {mei: [its(mei)[1]], jun: []}
    states = []
    for to in ("jun", "mei", "jun", "mei"):
        given(to)
        for path in (mei, jun):
            numbers[path].append(its(path)[1])
        states.append((its(mei)[0], its(jun)[0]))
    assert states == [("CANCELLED", "CONFIRMED"), ("CONFIRMED", "CANCELLED")] * 2
    assert all(theirs == sorted(set(theirs)) for theirs in numbers.values()), numbers


def test_what_was_given_away_stays_for_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far ahead it is."""
    lotus.put(visit("a-9", starts=STARTS + 60 * DAY))
    path = path_of(of_mei())
    given("jun", hours=60 * 24, id="a-9")
    assert its(path, "a-9@lotus.kept")[0] == "CANCELLED"
    for days, stays in ((30, True), (31, False)):
        at(monkeypatch, lotus.NOW + days * DAY)
        assert ("a-9@lotus.kept" in str(told(path))) is stays


def test_what_becomes_of_it_with_the_colleague_is_not_theirs_to_see() -> None:
    """Moved or cancelled there, it is off here, and no longer than it was."""
    path = path_of(of_mei())
    given("jun")
    given("jun", hours=2)
    assert its(path) == ("CANCELLED", 2, "02T09")
    ask(front_desk.handler, "POST /v1/desk/appointments/a-1/cancel", {"reason": "other"}, role="staff")
    assert its(path)[0] == "CANCELLED"


def test_given_on_by_the_colleague_both_who_had_it_have_it_off() -> None:
    """Bo is booked for nothing, until now."""
    salon = lotus.the_salon()
    catalogs.put("lotus", [replace(salon.services["cut"], staff=("mei", "jun", "bo"))])
    catalogs.forget()
    mei, jun = path_of(of_mei()), of_jun()
    given("jun")
    given("bo")
    assert (its(mei)[0], its(jun)[0]) == ("CANCELLED", "CANCELLED")


def test_who_has_left_had_it_too() -> None:
    """Their calendar is over with them; whoever has it now has it on."""
    jun = of_jun()
    given("jun")
    mei = catalogs.load("lotus").staff["mei"]
    catalogs.give_up("lotus", mei, over=catalogs.revision(mei))
    assert its(jun)[0] == "CONFIRMED"


def test_it_holds_thirty_days_back_and_a_hundred_and_eighty_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the days of the business."""
    path, theirs = path_of(of_mei()), path_of(of_li())
    midnight = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
    for now, count in (
        (midnight + 31 * DAY - timedelta(seconds=1), 1),
        (midnight + 31 * DAY, 0),
        (midnight - 180 * DAY, 1),
        (midnight - 180 * DAY - timedelta(seconds=1), 0),
    ):
        at(monkeypatch, now)
        assert len(told(path)) == count, now
        assert ("a-1@lotus.kept" in str(told(theirs))) is bool(count), now


def test_what_was_cancelled_stays_for_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.put(visit("a-9", starts=STARTS + 60 * DAY))
    paths = path_of(of_mei()), path_of(of_li())
    ask(front_desk.handler, "POST /v1/desk/appointments/a-9/cancel", {"reason": "other"}, role="staff")
    for path in paths:
        event = told(path)[-1]
        assert (event["status"], int(event["sequence"])) == ("CANCELLED", 1)
    for days, stays in ((30, True), (31, False)):
        at(monkeypatch, lotus.NOW + days * DAY)
        for path in paths:
            assert ("a-9@lotus.kept" in str(told(path))) is stays


# Asked again


def test_nothing_is_sent_again_until_something_has_changed() -> None:
    for path in (path_of(of_mei()), path_of(of_li())):
        first = fetched(path)
        mark = first["headers"]["ETag"]
        again = fetched(path, known=f'"other", W/{mark}')
        assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", mark)
        assert fetched(path, known='"other"')["statusCode"] == 200
    ask(front_desk.handler, "POST /v1/desk/appointments/a-1/confirm", {}, role="staff")
    for path in (path_of(of_mei()), path_of(of_li())):
        assert fetched(path, known=mark)["statusCode"] == 200


CHANGED = {
    "cancelled": lambda: ask(
        front_desk.handler, "POST /v1/desk/appointments/a-1/cancel", {"reason": "other"}, role="staff"
    ),
    "service renamed": lambda: catalogs.put("lotus", [replace(lotus.the_salon().services["cut"], name="Trim")]),
    "booked": lambda: lotus.put(visit("a-7", starts=STARTS + 3 * DAY)),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_whatever_it_tells_otherwise_has_another_mark(change: Any) -> None:
    paths = path_of(of_mei()), path_of(of_li())
    marks = [fetched(path)["headers"]["ETag"] for path in paths]
    change()
    catalogs.forget()
    assert [fetched(path, known=mark)["statusCode"] for path, mark in zip(paths, marks, strict=True)] == [200, 200]


def test_an_unchanged_calendar_of_staff_reads_no_visit() -> None:
    path = path_of(of_mei())
    mark = fetched(path)["headers"]["ETag"]
    with recording() as asked:
        assert fetched(path, known=mark)["statusCode"] == 304
    assert not any("BatchGetItem" in str(what) for what in asked["client_pages"])


def test_it_is_kept_by_nobody_else_and_found_by_no_search_engine() -> None:
    headers = fetched(path_of(of_mei()))["headers"]
    assert "private" in headers["Cache-Control"]
    assert "public" not in headers["Cache-Control"]
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_who_asks_for_headers_alone_gets_them_alone() -> None:
    answer = fetched(path_of(of_mei()), method="HEAD")
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert answer["headers"]["ETag"]


# Whose it is


def test_nobody_has_one_until_it_is_made_and_its_address_is_told_once() -> None:
    before = of_mei("GET")
    assert (before.status, before.body["made_at"]) == (200, None)
    made = of_mei(names=True)
    shown = of_mei("GET").body
    assert (shown["made_at"], shown["names"], shown["back"], shown["ahead"]) == (made.body["made_at"], True, 30, 180)
    assert "address" not in shown
    assert made.body["subscribe"] == made.body["address"].replace("https:", "webcal:")


def test_its_address_stands_in_no_table_and_names_nobody() -> None:
    path = path_of(of_mei(key="a-key-of-eight"))
    token = path.removeprefix("/c/").removesuffix(".ics")
    items = [*LinkItem.scan(consistent_read=True), *IdempotencyItem.scan(consistent_read=True)]
    assert items
    assert token not in json.dumps([item.to_simple_dict() for item in items])
    assert not any(word in path for word in ("mei", "lotus", "staff"))


def test_one_act_replaces_it_and_one_takes_it_back() -> None:
    first, second = path_of(of_mei()), path_of(of_mei())
    assert [fetched(path)["statusCode"] for path in (first, second)] == [410, 200]
    assert of_mei("DELETE").body["made_at"] is None
    assert [fetched(path)["statusCode"] for path in (first, second)] == [410, 410]
    assert of_mei("GET").body["made_at"] is None
    assert of_mei("DELETE").status == 200
    assert fetched(path_of(of_mei()))["statusCode"] == 200


def test_a_repeated_request_leaves_one_address_that_works() -> None:
    paths = [path_of(of_mei(key="the-same-key")) for _ in range(2)]
    assert sorted(fetched(path)["statusCode"] for path in paths) == [200, 410]


def test_of_two_who_make_one_at_once_the_second_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever read before the other wrote reads again."""
    put_new, tries = calendar_links.put_new, []

    def raced(*it: Any, **how: Any) -> None:
        tries.append(it)
        if len(tries) == 1:
            make(of_staff("lotus", "mei"), now=lotus.NOW)
        put_new(*it, **how)

    monkeypatch.setattr(calendar_links, "put_new", raced)
    path = path_of(of_mei())
    assert len(tries) == 3
    assert fetched(path)["statusCode"] == 200
    good = [item for item in LinkItem.scan(consistent_read=True) if item.name.startswith("calendar#")]
    assert sorted("ended" in item.body for item in good) == [False, True]


WHO = {
    "nobody": ("", "mei", 401, "sign_in_required"),
    "a colleague": ("staff", "jun", 403, "role_required"),
    "no role": ("guest", "mei", 403, "role_required"),
}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(("role", "staff", "status", "code"), WHO.values(), ids=WHO)
def test_whose_it_is_not_neither_sees_nor_makes_nor_ends_it(
    method: str, role: str, staff: str, status: int, code: str
) -> None:
    path = path_of(of_mei())
    assert is_problem(of_mei(method, role, staff), status, code)
    assert fetched(path)["statusCode"] == 200


@pytest.mark.parametrize("role", ["manager", "owner"])
def test_who_leads_may_for_all(role: str) -> None:
    path = path_of(of_mei(role=role, staff="jun"))
    assert of_mei("GET").body["made_at"]
    of_mei("DELETE", role, "jun")
    assert fetched(path)["statusCode"] == 410


def test_of_another_business_nothing_is_known() -> None:
    """Its manager cannot make one for ours, and theirs who have the same id have a calendar of their own."""
    assert is_problem(of_mei(role="owner", staff="sam", business="garage"), 404, "unknown_staff")
    assert is_problem(of_li(role="owner", staff="sam", business="garage"), 404, "unknown_client")
    path = path_of(of_mei())
    catalogs.put("garage", [a_member("mei")])
    catalogs.forget()
    other = path_of(of_mei(business="garage"))
    assert (len(told(path)), len(told(other))) == (1, 0)
    of_mei("DELETE", business="garage")
    assert len(told(path)) == 1


def test_of_nobody_there_is_none() -> None:
    nobody = ask(front_desk.handler, "POST /v1/desk/calendars/staff/nobody", {}, role="owner")
    assert is_problem(nobody, 404, "unknown_staff")
    assert is_problem(
        ask(front_desk.handler, "POST /v1/desk/calendars/clients/c-9", role="staff"), 404, "unknown_client"
    )


@pytest.mark.parametrize("names", ["yes", 1, None, "true"])
def test_names_are_asked_for_by_a_yes_alone(names: object) -> None:
    assert is_problem(of_mei(names=names), 422, "invalid_request")


# When it is over


def test_who_has_left_has_no_calendar_any_more() -> None:
    path = path_of(of_mei())
    mark = fetched(path)["headers"]["ETag"]
    mei = catalogs.load("lotus").staff["mei"]
    catalogs.give_up("lotus", mei, over=catalogs.revision(mei))
    assert fetched(path)["statusCode"] == fetched(path, known=mark)["statusCode"] == 410
    assert is_problem(of_mei(role="owner", staff="jun"), 404, "unknown_staff")


def test_who_was_forgotten_has_none_either() -> None:
    path = path_of(of_li())
    ClientItem("lotus", "c-1").delete()
    assert fetched(path)["statusCode"] == 410


def test_nor_who_is_to_be_forgotten_and_was_not_swept_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    until = lotus.NOW + 10 * DAY
    typed = replace(a_client(), id="c-5", email="wu@example.com", held=(Held(ContactKind.EMAIL, How.TYPED, until),))
    lotus.known(typed)
    path = path_of(ask(front_desk.handler, "POST /v1/desk/calendars/clients/c-5", role="staff"))
    assert fetched(path)["statusCode"] == 200
    at(monkeypatch, until)
    assert fetched(path)["statusCode"] == 410


def test_a_calendar_that_nobody_asks_for_is_over_and_one_that_is_asked_for_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, used = path_of(of_mei()), path_of(of_li())
    for days in range(0, 181, 20):
        at(monkeypatch, lotus.NOW + days * DAY)
        assert fetched(used)["statusCode"] == 200
    assert fetched(left)["statusCode"] == 410
    assert of_mei("GET").body["made_at"] is None
    assert of_li("GET").body["made_at"]


def test_that_it_was_asked_for_is_written_once_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(of_mei())
    written: list[object] = []
    put = calendar_links.put

    def noted(*it: Any) -> None:
        written.append(it)
        put(*it)

    monkeypatch.setattr(calendar_links, "put", noted)
    for days in range(60):
        at(monkeypatch, lotus.NOW + days * DAY)
        fetched(path)
    assert len(written) == 1


def test_who_takes_it_back_while_it_is_asked_for_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    path, put = path_of(of_mei()), calendar_links.put
    at(monkeypatch, lotus.NOW + 40 * DAY)

    def raced(*it: Any) -> None:
        monkeypatch.setattr(calendar_links, "put", put)
        of_mei("DELETE")
        with pytest.raises(Lost):
            put(*it)
        raise Lost

    monkeypatch.setattr(calendar_links, "put", raced)
    assert fetched(path)["statusCode"] == 200
    assert fetched(path)["statusCode"] == 410


# Who has none

NO_ADDRESSES = {
    "unknown": "a" * 32 + ".ics",
    "unknown without ending": "a" * 32,
    "short": "abc.ics",
    "an appointment's": "m.k1.lotus.a-1.69cceca0.wImnbl56TCjtcIz32eJccQ.ics",
    "ids": "lotus-mei.ics",
    "key of a table": "calendar%23" + "a" * 23,
    "pointer": "calendar-of%23lotus%23staff%23mei",
    "up": "..%2F..%2Fa.ics",
    "emoji": "%F0%9F%93%85" * 8,
}


@pytest.mark.parametrize("name", NO_ADDRESSES.values(), ids=NO_ADDRESSES)
def test_what_nobody_was_given_opens_nothing(name: str) -> None:
    path_of(of_mei())
    assert fetched(f"/c/{name}")["statusCode"] in (308, 403, 404)


@pytest.mark.parametrize("place", "apusfk")
def test_it_opens_nothing_but_the_calendar(place: str) -> None:
    name = path_of(of_mei()).removeprefix("/c/")
    for typed in (name, name.removesuffix(".ics")):
        assert fetched(f"/{place}/{typed}")["statusCode"] == 403


def test_who_tries_letters_is_slowed_down_and_an_address_that_is_over_counts_as_no_guess() -> None:
    """Calendars share their provider's addresses, and go on asking for what was taken back."""
    old, path = path_of(of_mei()), path_of(of_mei())
    for _ in range(guessing.MOST + 2):
        assert fetched(old)["statusCode"] == 410
    assert fetched(path)["statusCode"] == 200
    for n in range(guessing.MOST):
        assert fetched(f"/c/{n:032d}.ics", network=ELSEWHERE)["statusCode"] == 403
    slowed = fetched(path, network=ELSEWHERE)
    assert slowed["statusCode"] == 429
    assert int(slowed["headers"]["Retry-After"]) > 0
    assert fetched(path)["statusCode"] == 200


@pytest.mark.parametrize("behind", [".", "/", ")", "%20", "”"])
def test_what_was_copied_along_leads_to_it(behind: str) -> None:
    path = path_of(of_mei())
    assert fetched(path + behind)["headers"]["Location"] == path


# On the page of an appointment


def page_of(kind: ContactKind | None, id: str = "a-1") -> str:
    return f"/a/{manage_token(appointments.load('lotus', id), sent_to=kind)}"


def seen(path: str, language: str = "en") -> Page:
    return Browser(client_pages.handler).get(f"{path}?lang={language}")


def posted(path: str) -> Page:
    """Without having seen the page."""
    return Browser(client_pages.handler).press(Form(path, "post", buttons=[("", "", "")]))


def address_on(page: Page) -> str:
    (found,) = [its["value"] for tag, its in page.all if tag == "input" and its.get("id") == "address"]
    return found


@pytest.mark.parametrize("kind", [ContactKind.PHONE, ContactKind.EMAIL])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_client_makes_their_own_where_a_link_was_sent(kind: ContactKind, language: str) -> None:
    browser = Browser(client_pages.handler)
    asked = browser.get(seen(page_of(kind), language).link("my calendar" if language == "en" else "我的日历"))
    assert asked.status == 200
    made = browser.press(asked.form("/calendar"))
    address = address_on(made)
    assert made.link("Open in my calendar" if language == "en" else "在我的日历中打开") == address.replace(
        "https", "webcal"
    )
    assert len(told(address.removeprefix("https://kept.example"))) == 2


def test_they_replace_it_and_end_it_themselves() -> None:
    browser = Browser(client_pages.handler)
    path = page_of(ContactKind.PHONE) + "/calendar"
    first = address_on(browser.press(seen(path).form("/calendar")))
    since = seen(path)
    assert "February 28" in since.text
    assert "/c/" not in since.body
    second = address_on(browser.press(since.form("/calendar"), "Make a new address"))
    codes = [fetched(it.removeprefix("https://kept.example"))["statusCode"] for it in (first, second)]
    assert codes == [410, 200]
    ended = browser.press(seen(path).form("/calendar"), "End the address")
    assert "There is no such address any more." in ended.text
    assert fetched(second.removeprefix("https://kept.example"))["statusCode"] == 410


def test_opening_the_page_makes_nothing() -> None:
    seen(page_of(ContactKind.PHONE) + "/calendar")
    assert list(LinkItem.scan(consistent_read=True)) == []


def test_a_link_that_was_only_shown_makes_none() -> None:
    """Whoever booked with another's number has that page, and would see all their visits."""
    path = page_of(None)
    assert "my calendar" not in seen(path).text
    assert seen(path + "/calendar").status == 403
    assert posted(path + "/calendar").status == 403


def test_nor_one_that_was_sent_to_a_contact_that_is_not_the_client_s() -> None:
    """They gave their own address beside a number that is somebody else's."""
    other = booked_as(replace(li(), email="mallory@example.com"), is_first=False)
    lotus.put(replace(an_appointment("a-4", starts=STARTS + 4 * DAY), booked_as=other))
    path = page_of(ContactKind.EMAIL, "a-4") + "/calendar"
    assert seen(path).status == 403
    assert posted(path).status == 403
    assert list(LinkItem.scan(consistent_read=True)) == []


def test_nor_one_that_went_to_a_number_which_was_mended_since() -> None:
    said = replace(visit().booked_as, retyped=(ContactKind.PHONE,))
    lotus.put(replace(visit("a-4", starts=STARTS + 4 * DAY), booked_as=said))
    assert seen(page_of(ContactKind.PHONE, "a-4") + "/calendar").status == 403


def test_it_is_over_with_the_contact_by_which_it_was_asked_for() -> None:
    """Had it been a wrong number, somebody else would go on seeing it; one that the desk gave them stays."""
    browser = Browser(client_pages.handler)
    made = browser.press(seen(page_of(ContactKind.PHONE) + "/calendar").form("/calendar"))
    path = address_on(made).removeprefix("https://kept.example")
    before = clients.load("lotus", "c-1")
    with together() as transaction:
        clients.put_changed(before, replace(before, phone="+8613700001111"), transaction, now=lotus.NOW)
    assert fetched(path)["statusCode"] == 410
    assert fetched(path_of(of_li()))["statusCode"] == 200


@pytest.mark.parametrize("is_proved", [True, False])
def test_what_was_only_typed_makes_an_address_once_the_button_has_proved_it(
    is_proved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number may be somebody else's: where the proof was not written down, nothing is made."""
    record = clients.load("lotus", "c-1")
    clients.put_alone(replace(record, held=(Held(ContactKind.PHONE, How.TYPED),)))
    path = page_of(ContactKind.PHONE) + "/calendar"
    assert seen(path).status == 200
    if not is_proved:
        monkeypatch.setattr(AppointmentPage, "acted", lambda _: None)
    assert posted(path).status == (200 if is_proved else 403)
    assert (list(LinkItem.scan(consistent_read=True)) != []) is is_proved


def test_of_a_business_that_is_gone_its_calendar_is_over() -> None:
    path = path_of(of_li())
    for item in CatalogItem.query("lotus"):
        item.delete()
    catalogs.forget()
    assert fetched(path)["statusCode"] == 410
