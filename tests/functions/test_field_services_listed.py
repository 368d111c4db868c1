"""Services are listed in their order under their categories; what is archived is booked by nobody, and what was booked
of it stands as it was, until it is offered again.
"""

from typing import Any

import pytest

import booking
import catalog as settings
import client_pages
import front_desk
from kept import clock
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.builders import an_appointment
from tests.lotus import NOW

CUT: dict[str, Any] = {"name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
PERM: dict[str, Any] = {"name": "Perm", "duration": 90, "staff": ["mei"]}
COLOUR: dict[str, Any] = {"name": "Colour", "duration": 60, "staff": ["mei"], "rooms": ["basin"], "notice": 120}
BOOK = {
    "service": "cut",
    "start": "2026-03-03T15:00:00+08:00",
    "client": {"name": "Wu", "phone": "+8613812345678", "agrees_to": ["sms"]},
}
THEN = {"service": "cut", "from": "2026-03-03", "to": "2026-03-04"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na's cut with Mei on Monday at 17:00."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def save(id: str, told: dict[str, Any]) -> Answer:
    return ask(settings.handler, f"PUT /v1/desk/services/{id}", told, role="manager")


def listed(path: str = "/v1/businesses/lotus") -> list[str]:
    return [it["id"] for it in ask(booking.handler, f"GET {path}").body["services"]]


def at_the_desk() -> list[str]:
    day = ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": "2026-03-02"})
    return [it["id"] for it in day.body["services"]]


def page(language: str = "en") -> str:
    event = an_http_event("GET /b/lotus")
    event["headers"]["accept-language"] = language
    return str(client_pages.handler(event, None)["body"])


def archive() -> None:
    assert save("cut", CUT | {"archived": True}).status == 200


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        pytest.param({}, ["colour", "cut", "perm"], id="none said: by their ids"),
        pytest.param({"perm": 1, "cut": 2, "colour": 3}, ["perm", "cut", "colour"], id="each its own"),
        pytest.param({"cut": 1}, ["colour", "perm", "cut"], id="one behind those that have none"),
        pytest.param({"cut": 5, "colour": 5, "perm": 5}, ["colour", "cut", "perm"], id="the same"),
        pytest.param({"colour": 9999}, ["cut", "perm", "colour"], id="the last there is"),
    ],
)
def test_services_are_listed_in_their_order_wherever_they_are_listed(
    orders: dict[str, int], expected: list[str]
) -> None:
    for id, told in (("cut", CUT), ("perm", PERM), ("colour", COLOUR)):
        save(id, told | {"order": orders.get(id, 0)})
    assert listed() == at_the_desk() == expected
    assert [
        it["id"] for it in ask(settings.handler, "GET /v1/desk/catalog", role="manager").body["services"]
    ] == expected
    said = page()
    assert sorted((said.index(f"service={id}"), id) for id in expected) == [
        (said.index(f"service={id}"), id) for id in expected
    ]


def test_they_stand_under_their_categories_which_are_called_as_the_reader_calls_them() -> None:
    """A category stands where its first service does; what has none has no heading."""
    hair = {"category": "Hair & <more>", "category_names": {"zh-CN": "头发"}}
    save("cut", CUT | {"order": 2} | hair)
    save("perm", PERM | {"order": 3} | hair)
    save("colour", COLOUR | {"order": 1})
    said = page()
    assert "<h2>Hair &amp; &lt;more&gt;</h2>" in said
    assert said.count("<h2>") == 1
    assert said.index("service=colour") < said.index("<h2>") < said.index("service=cut") < said.index("service=perm")
    assert "<h2>头发</h2>" in page("zh-CN")
    found = ask(booking.handler, "GET /v1/businesses/lotus").body["services"]
    assert [it["category"] for it in found] == ["", "Hair & <more>", "Hair & <more>"]


REFUSED_WHEN_ARCHIVED = {
    "booked by a client": lambda: ask(
        booking.handler, "POST /v1/businesses/lotus/appointments", BOOK, key="archived-1"
    ),
    "held": lambda: ask(
        booking.handler, "POST /v1/businesses/lotus/holds", {"service": "cut", "start": BOOK["start"]}, key="archived-2"
    ),
    "its free times": lambda: ask(booking.handler, "GET /v1/businesses/lotus/availability", query=THEN),
    "booked by staff": lambda: ask(
        front_desk.handler,
        "POST /v1/desk/appointments",
        {"service": "cut", "start": BOOK["start"], "client": {"name": "Wu"}},
        role="staff",
        key="archived-3",
    ),
    "its openings": lambda: ask(front_desk.handler, "GET /v1/desk/openings", role="staff", query={"service": "cut"}),
}


@pytest.mark.parametrize("way", REFUSED_WHEN_ARCHIVED)
def test_what_is_archived_can_be_had_in_no_way(way: str) -> None:
    archive()
    answer = REFUSED_WHEN_ARCHIVED[way]()
    assert answer.status == 404, answer.body
    assert answer.code == "unknown_service"


def test_what_is_archived_is_listed_for_its_owner_alone() -> None:
    archive()
    assert "cut" not in listed()
    assert "cut" not in at_the_desk()
    assert "service=cut" not in page()
    told = ask(settings.handler, "GET /v1/desk/catalog", role="manager").body["services"]
    assert [(it["id"], it["archived"]) for it in told] == [("colour", False), ("cut", True)]


def test_what_was_booked_of_it_keeps_its_name_and_can_be_moved() -> None:
    archive()
    found = ask(front_desk.handler, "GET /v1/desk/appointments/a-1", role="staff").body
    assert (found["status"], found["service"]) == ("booked", "cut")
    day = ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": "2026-03-02"}).body
    assert [it["service_name"] for it in day["appointments"]] == ["Cut"]
    moved = ask(
        front_desk.handler,
        "POST /v1/desk/appointments/a-1/reschedule",
        {"start": "2026-03-02T18:00:00+08:00"},
        role="staff",
        key="archived-4",
    )
    assert moved.status == 200, moved.body


def test_whoever_archives_it_is_told_before_who_has_booked_it() -> None:
    told = ask(settings.handler, "POST /v1/desk/services/cut/preview", CUT | {"archived": True}, role="manager")
    assert [(it["id"], it["why"]) for it in told.body["breaks"]["visits"]] == [("a-1", "service_gone")]


def test_it_is_offered_again_as_it_was_and_once_given_up_it_is_in_no_list() -> None:
    before = listed()
    archive()
    assert save("cut", CUT).status == 200
    assert listed() == before
    archive()
    assert ask(settings.handler, "DELETE /v1/desk/services/cut", role="manager").status == 200
    told = ask(settings.handler, "GET /v1/desk/catalog", role="manager").body["services"]
    assert [it["id"] for it in told] == ["colour"]
    assert ask(settings.handler, "DELETE /v1/desk/services/cut", role="manager").status == 404


def test_who_leaves_is_not_kept_by_what_is_archived() -> None:
    """It has to be said anew who does it, before it is offered again."""
    save("perm", PERM | {"archived": True})
    save("colour", COLOUR | {"staff": ["jun"]})
    assert ask(settings.handler, "DELETE /v1/desk/staff/mei", role="manager").status == 200
    again = save("perm", PERM)
    assert (again.status, again.body["field"]) == (422, "staff")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"order": -1}, "order", id="before the first"),
        pytest.param({"order": 10_000}, "order", id="after the last"),
        pytest.param({"category_names": {"en": "Hair"}}, "category_names", id="a name of no category"),
        pytest.param(
            {"category": "Hair", "category_names": {"xx": "Hair"}}, "category_names", id="no language of ours"
        ),
        pytest.param(
            {"category": "Hair", "category_names": {"zh": "发", "zh-Hans": "头发"}}, "category_names", id="named twice"
        ),
    ],
)
def test_a_place_in_the_list_that_makes_no_sense_is_refused(wrong: dict[str, Any], field: str) -> None:
    answer = save("cut", CUT | wrong)
    assert (answer.status, answer.body["field"]) == (422, field)
