"""Saving a setting tells the owner what it does to visits to come: a corrected zone, which would be moved or noted; a
moved place, whose visit is elsewhere than they were told. Nothing is done to them by that, and nobody is told.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import catalog as settings
import front_desk
from kept import clock
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import Status
from kept.business.catalog import Mode
from kept.storage import appointments, catalogs, day_pages
from kept.storage.transaction import together
from kept.use_cases.booking import local_times
from kept.use_cases.business import moved_places
from kept.use_cases.business.settings import OLD_SETTINGS
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.lotus import NOW

HOUR = timedelta(hours=1)
LOTUS: dict[str, Any] = {
    "name": "Lotus",
    "tz": "Asia/Shanghai",
    "country": "CN",
    "currency": "CNY",
    "locale": "en",
    "address": "8 Willow Lane",
    "closes_on_holidays": False,
}
CUT: dict[str, Any] = {"name": "Cut", "duration": 60, "staff": ["mei", "jun"]}
COLOUR: dict[str, Any] = {"name": "Colour", "duration": 60, "staff": ["mei"], "rooms": ["basin"]}
HERE = "8 Willow Lane"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na's cut on Monday, and a talk by video with a link of its own."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    lotus.known()
    catalog = catalogs.load("lotus")
    video = replace(catalog.services["cut"], id="talk", mode=Mode.VIDEO, where="https://meet.example/lotus")
    away = replace(catalog.services["cut"], id="visit", where="At your home")
    catalogs.put("lotus", [video, away])
    save(**LOTUS)
    lotus.put(a_visit("a-1", "cut"))
    lotus.put(a_visit("a-2", "talk", 2))
    lotus.put(a_visit("a-3", "visit", 4))


def a_visit(id: str, service: str, hours: int = 0) -> Appointment:
    """As it is written today, with its local time."""
    starts = STARTS + hours * HOUR
    visit = an_appointment(id, starts=starts)
    return replace(visit, service=service, slot=replace(visit.slot, tz="Asia/Shanghai", offset=480))


def save(**changes: Any) -> Answer:
    answer = ask(settings.handler, "PUT /v1/desk/business", LOTUS | changes, role="owner")
    assert answer.status == 200, answer.body
    return answer


def save_service(id: str, told: dict[str, Any], **changes: Any) -> Answer:
    answer = ask(settings.handler, f"PUT /v1/desk/services/{id}", told | changes, role="owner")
    assert answer.status == 200, answer.body
    return answer


def try_only(keep: str = "time") -> Answer:
    body = {"keep": keep, "try_only": True}
    return ask(front_desk.handler, "POST /v1/desk/local-times", body, role="owner")


ZONES = [
    pytest.param("UTC", {"moved"}, id="eight hours later"),
    pytest.param("America/New_York", {"moved"}, id="the other side of the world"),
    pytest.param("Asia/Singapore", {"noted"}, id="another name for the same clock"),
    pytest.param("Asia/Hong_Kong", {"noted"}, id="the same clock next door"),
    pytest.param("Australia/Perth", {"noted"}, id="the same clock far away"),
    pytest.param("Asia/Kathmandu", {"moved"}, id="a quarter of an hour"),
    pytest.param("Asia/Tokyo", {"moved"}, id="an hour earlier"),
    pytest.param("Pacific/Kiritimati", {"moved"}, id="a day ahead"),
    pytest.param("Pacific/Niue", {"moved"}, id="a day behind"),
    pytest.param("Etc/GMT-8", {"noted"}, id="a zone that is no place"),
]


@pytest.mark.parametrize(("tz", "done"), ZONES)
def test_a_corrected_zone_tells_what_keeping_the_time_would_do(tz: str, done: set[str]) -> None:
    told = save(tz=tz).body["local_times"]
    assert {it["id"] for it in told["visits"]} == {"a-1", "a-2", "a-3"}
    assert ({it["done"] for it in told["visits"]}, told["complete"]) == (done, True)
    assert told == try_only().body
    assert {appointments.load("lotus", id).starts for id in ("a-1",)} == {STARTS}


def test_it_tells_the_same_when_it_is_saved_again_and_nothing_once_it_is_decided() -> None:
    first = save(tz="UTC").body["local_times"]
    assert save(tz="UTC", phone="+8613800138000").body["local_times"] == first
    assert ask(front_desk.handler, "POST /v1/desk/local-times", {"keep": "instant"}, role="owner").status == 200
    assert save(tz="UTC").body["local_times"] == {"visits": [], "complete": True}


def test_put_back_at_once_it_does_nothing() -> None:
    save(tz="UTC")
    assert save().body["local_times"]["visits"] == []


def test_other_settings_read_no_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the zone was corrected some time ago."""
    save(tz="UTC")
    monkeypatch.setattr(clock, "now", lambda: NOW + OLD_SETTINGS)
    monkeypatch.setattr(day_pages, "between", lambda *_: pytest.fail("it reads the book"))
    save(tz="UTC", phone="+8613800138000")


def test_of_very_many_it_tells_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_times, "LOOKED_AT", 2)
    told = save(tz="UTC").body["local_times"]
    assert (len(told["visits"]), told["complete"]) == (2, False)


def moved(answer: Answer) -> dict[str, tuple[str, str]]:
    told = answer.body["places"]
    assert (told["total"], told["complete"]) == (len(told["visits"]), True)
    return {it["id"]: (it["was"], it["place"]) for it in told["visits"]}


NEW = "1 Bund"
PLACES = [
    pytest.param(lambda: save(address=NEW), {"a-1": (HERE, NEW)}, id="the business moves"),
    pytest.param(lambda: save(address=""), {"a-1": (HERE, "")}, id="its address is taken out"),
    pytest.param(lambda: save(address=f"{HERE}, 2F"), {"a-1": (HERE, f"{HERE}, 2F")}, id="another floor"),
    pytest.param(lambda: save(phone="+8613800138000"), {}, id="another number"),
    pytest.param(lambda: save(tz="UTC"), {}, id="another zone"),
    pytest.param(lambda: save(), {}, id="saved as it is"),
    pytest.param(lambda: save_service("cut", CUT, where=NEW), {"a-1": (HERE, NEW)}, id="a service moves"),
    pytest.param(lambda: save_service("cut", CUT, where=HERE), {}, id="the same place said by the service"),
    pytest.param(lambda: save_service("cut", CUT, mode="phone"), {"a-1": (HERE, "")}, id="by telephone now"),
    pytest.param(
        lambda: save_service("cut", CUT, mode="video", where="https://meet.example/x"),
        {"a-1": (HERE, "https://meet.example/x")},
        id="by video now",
    ),
    pytest.param(
        lambda: save_service("talk", CUT, mode="video", where="https://meet.example/new"),
        {"a-2": ("https://meet.example/lotus", "https://meet.example/new")},
        id="another link of a call",
    ),
    pytest.param(
        lambda: save_service("visit", CUT), {"a-3": ("At your home", HERE)}, id="no place of its own any more"
    ),
    pytest.param(lambda: save_service("cut", CUT, prepare="Wash"), {}, id="another text"),
    pytest.param(lambda: save_service("colour", COLOUR, where=NEW), {}, id="a service nobody has booked"),
]


@pytest.mark.parametrize(("change", "expected"), PLACES)
def test_a_moved_place_tells_whose_visit_is_elsewhere(change: Any, expected: dict[str, tuple[str, str]]) -> None:
    before = {id: appointments.load("lotus", id) for id in ("a-1", "a-2", "a-3")}
    assert moved(change()) == expected
    assert {id: appointments.load("lotus", id) for id in before} == before


def test_it_says_when_with_whom_and_whose() -> None:
    (told,) = save(address=NEW).body["places"]["visits"]
    assert (told["start"], told["staff"], told["client_name"]) == ("2026-03-02T17:00:00+08:00", "mei", "Li Na")


def test_what_is_over_or_cancelled_is_nobody_s_concern() -> None:
    with together() as transaction:
        cancelled = replace(appointments.load("lotus", "a-1"), status=Status.CANCELLED)
        appointments.put(cancelled, None, transaction)
    lotus.put(replace(a_visit("a-4", "cut"), slot=Slot(NOW - 2 * HOUR, NOW - HOUR, "mei")))
    assert moved(save(address=NEW)) == {}


def test_visits_with_somebody_who_left_and_of_a_service_given_up_are_among_them() -> None:
    ask(settings.handler, "DELETE /v1/desk/services/cut", role="owner")
    catalogs.put("lotus", [replace(catalogs.load("lotus").services["colour"], staff=("jun",))])
    ask(settings.handler, "DELETE /v1/desk/staff/mei", role="owner")
    assert moved(save(address=NEW)) == {"a-1": (HERE, NEW)}


def test_of_very_many_it_lists_the_soonest(monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.put(a_visit("a-5", "cut", 72))
    monkeypatch.setattr(moved_places, "LISTED", 1)
    told = save(address=NEW).body["places"]
    assert (told["total"], [it["id"] for it in told["visits"]]) == (2, ["a-1"])
    monkeypatch.setattr(moved_places, "LOOKED_AT", 1)
    assert save(address=HERE).body["places"]["complete"] is False
