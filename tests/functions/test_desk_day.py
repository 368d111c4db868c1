"""The desk's day in one request: everybody and everything on it, and a mark by which an unchanged day costs nothing."""

import base64
import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import booking
import front_desk
from kept import clock
from kept.booking.appointment import Appointment, Slot
from kept.reminders.timeline import next_due
from kept.storage import appointments, catalogs, clients
from kept.storage.transaction import together
from tests import lotus
from tests.asked_of_aws import recording
from tests.asking import Answer, an_http_event, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import DESK

DAY = "GET /v1/desk/day"
MONDAY = {"on": "2026-03-02"}
MEI = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[staff]", "sub": "u-1"}


@pytest.fixture(autouse=True)
def _booked(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, minutes=-10)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    """So long after the visit begins."""
    monkeypatch.setattr(clock, "now", lambda: STARTS + timedelta(**passed))


def asked(mark: str = "", *, accept: str = "", on: str = "2026-03-02") -> dict[str, Any]:
    """As Lambda answers, with the headers of a browser."""
    event = an_http_event(DAY, query={"on": on})
    event["headers"] |= {"if-none-match": mark, "accept-encoding": accept}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": MEI, "scopes": None}}
    answer: dict[str, Any] = front_desk.handler(event, None)
    return answer


def day(**query: str) -> Any:
    return ask(front_desk.handler, DAY, role="staff", query=MONDAY | query).body


def mark() -> str:
    told: str = asked()["headers"]["ETag"]
    return told


def does(act: str, body: object = None) -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body or {}, role="staff")


def test_one_request_draws_the_whole_day() -> None:
    told = day()
    assert (told["on"], told["zone"], told["now"]) == ("2026-03-02", "Asia/Shanghai", "2026-03-02T16:50:00+08:00")
    assert told["checks_in"] is True
    assert [it["id"] for it in told["staff"]] == ["bo", "jun", "mei"]
    assert told["staff"][2]["hours"] == [{"start": "2026-03-02T09:00:00+08:00", "end": "2026-03-02T20:00:00+08:00"}]
    assert told["rooms"] == [{"id": "basin", "name": "Basin"}]
    assert told["services"][1] == {"id": "cut", "name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
    (visit,) = told["appointments"]
    assert visit == {
        "id": "a-1",
        "version": 1,
        "status": "booked",
        "service": "cut",
        "service_name": "Cut",
        "staff": "mei",
        "room": None,
        "start": "2026-03-02T17:00:00+08:00",
        "end": "2026-03-02T18:00:00+08:00",
        "before": 0,
        "after": 0,
        "client": "c-1",
        "client_name": "Li Na",
        "record_name": None,
        "tier": "vip",
        "note": "",
        "at_risk": False,
        "late": False,
        "waits_until": None,
        "released": False,
        "acts": ["check-in", "confirm", "cancel"],
        "alerts": [],
        "phone": False,
    }


def test_what_is_cancelled_stays_on_the_day() -> None:
    does("cancel")
    assert [(it["id"], it["status"]) for it in day()["appointments"]] == [("a-1", "cancelled")]


def test_gaps_are_what_is_free_from_now_on_and_long_enough_for_something() -> None:
    """Mei is free for ten minutes before her visit, which is nothing, and for two hours after it."""
    gaps = [(it["staff"], it["start"][11:16], it["end"][11:16]) for it in day()["gaps"]]
    assert gaps == [("jun", "16:50", "20:00"), ("mei", "18:00", "20:00")]


def what_fits() -> dict[str, dict[str, str]]:
    """By who is free from when: each service with its first start."""
    return {
        f"{it['staff']} {it['start'][11:16]}": {fit["service"]: fit["start"][11:16] for fit in it["fits"]}
        for it in day()["gaps"]
    }


def test_each_gap_says_what_fits_and_from_when() -> None:
    """Colouring keeps five minutes before it, and Jun does none."""
    assert what_fits() == {"jun 16:50": {"cut": "17:00"}, "mei 18:00": {"colour": "18:15", "cut": "18:00"}}


def test_a_gap_shorter_than_a_service_finds_useful_is_none_for_it() -> None:
    salon = lotus.the_salon()
    catalogs.put("lotus", [replace(salon.services["cut"], useful=121), replace(salon.services["colour"], useful=120)])
    catalogs.forget()
    assert what_fits() == {"jun 16:50": {"cut": "17:00"}, "mei 18:00": {"colour": "18:15"}}


def test_a_room_that_another_person_has_is_not_free_for_what_needs_it() -> None:
    """The one basin is taken until 19:10, beside Jun; what is left of the evening is too short for a colour."""
    slot = Slot(STARTS + timedelta(hours=1), STARTS + timedelta(hours=2), "jun", "basin", 5, 10)
    lotus.put(replace(an_appointment("a-9"), slot=slot, service="colour"))
    assert what_fits()["mei 18:00"] == {"cut": "18:00"}


def test_time_off_is_told_with_its_reason() -> None:
    mei = day(on="2026-03-03")["staff"][2]
    assert [it["start"][11:16] for it in mei["hours"]] == ["12:00"]
    assert [(it["start"][11:16], it["end"][11:16], it["why"]) for it in mei["off"]] == [
        ("09:00", "12:00", "at the dentist's")
    ]


def test_a_hold_is_shown_with_its_room_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, hours=-6)
    held = {"service": "colour", "start": "2026-03-02T14:00:00+08:00"}
    assert ask(booking.handler, "POST /v1/businesses/lotus/holds", held).status == 201
    assert day()["holds"] == [
        {
            "staff": "mei",
            "room": "basin",
            "start": "2026-03-02T14:00:00+08:00",
            "end": "2026-03-02T15:00:00+08:00",
            "until": "2026-03-02T11:05:00+08:00",
            "offered_to": [],
        }
    ]
    at(monkeypatch, hours=-5)
    assert day()["holds"] == []


def test_who_has_left_is_shown_on_the_days_they_have_visits_on() -> None:
    salon = lotus.the_salon()
    member = salon.staff["mei"]
    catalogs.give_up("lotus", member, over=catalogs.revision(member))
    assert [it["id"] for it in day()["staff"]] == ["bo", "jun", "mei"]
    assert [it["id"] for it in day(on="2026-03-05")["staff"]] == ["bo", "jun"]


def test_an_unchanged_day_is_answered_without_a_body_by_one_query() -> None:
    known = mark()
    with recording() as asked_of:
        answer = asked(known)
    assert (answer["statusCode"], answer["body"], answer["headers"]["ETag"]) == (304, "", known)
    assert list(asked_of["front_desk"]) == [("dynamodb:Query", "appointments/index/by_start")]


def test_a_mark_is_known_among_others_and_as_a_weak_one() -> None:
    assert asked(f'"other", W/{mark()}')["statusCode"] == 304


@pytest.mark.parametrize(
    "act",
    ["confirm", "check-in", "cancel", "risk", "reschedule"],
)
def test_whatever_somebody_does_is_seen(act: str) -> None:
    known = mark()
    assert does(act, {"start": "2026-03-02T18:30:00+08:00"} if act == "reschedule" else None).status == 200
    assert asked(known)["statusCode"] == 200


def test_a_booking_is_seen_and_so_is_one_moved_away() -> None:
    known = mark()
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(hours=1)))
    fuller = mark()
    assert known != fuller
    moved = {"start": "2026-03-04T10:00:00+08:00"}
    assert ask(front_desk.handler, f"POST {DESK}/a-2/reschedule", moved, role="staff").status == 200
    assert mark() == known


def test_reminders_and_clocks_change_no_mark_and_write_no_index() -> None:
    known, before = mark(), appointments.load("lotus", "a-1")
    _write(before.looked(STARTS - timedelta(hours=3)))
    assert asked(known)["statusCode"] == 304


def test_changed_settings_are_seen() -> None:
    known = mark()
    salon = lotus.the_salon()
    catalogs.put("lotus", [replace(salon.services["cut"], name="Cut and wash")])
    assert asked(known)["statusCode"] == 200


def test_what_may_be_done_changes_when_a_visit_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the midst of the five minutes after which all is told anew anyway."""
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(minutes=122)))
    at(monkeypatch, minutes=121)
    known = mark()
    at(monkeypatch, minutes=121, seconds=59)
    assert asked(known)["statusCode"] == 304
    at(monkeypatch, minutes=122)
    assert asked(known)["statusCode"] == 200


def test_the_day_is_told_anew_after_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client's name and a hold stand in no index."""
    at(monkeypatch, minutes=-10)
    known = mark()
    at(monkeypatch, minutes=-5)
    assert asked(known)["statusCode"] == 200


def test_it_is_compressed_for_whoever_can_read_that() -> None:
    plain, packed = asked(), asked(accept="br, gzip")
    assert plain["isBase64Encoded"] is False
    assert (packed["isBase64Encoded"], packed["headers"]["Content-Encoding"]) == (True, "gzip")
    assert json.loads(gzip.decompress(base64.b64decode(packed["body"]))) == json.loads(plain["body"])
    assert plain["headers"]["Vary"] == "Accept-Encoding"
    unchanged = asked(mark(), accept="gzip")
    assert (unchanged["statusCode"], unchanged["body"]) == (304, "")


def test_a_name_that_the_client_does_not_have_is_told_beside_theirs() -> None:
    record = clients.load("lotus", "c-1")
    clients.put_alone(replace(record, phone="+8613800001111"))
    visit = day()["appointments"][0]
    assert (visit["client_name"], visit["record_name"], visit["phone"]) == ("Li Na", None, True)


def test_the_day_of_another_business_is_empty() -> None:
    told = ask(front_desk.handler, DAY, role="owner", business="garage", query=MONDAY).body
    assert (told["appointments"], [it["id"] for it in told["staff"]]) == ([], ["sam"])


def _write(visit: Appointment) -> None:
    with together() as transaction:
        appointments.put(visit, next_due(visit, catalogs.load("lotus")), transaction)
