"""The public API on an ordinary day: what is free, holding, booking, and asking twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import booking
import my_appointment
from kept import clock
from kept.clients.client import Tier
from kept.due_work import queues
from kept.storage import appointments, clients, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment
from tests.refusing import BOOK, CUT, EVENING, HOLD, LI, MINE, cut, without

FREE = "GET /v1/businesses/lotus/availability"
MONDAY = {"from": "2026-03-02", "to": "2026-03-02", "service": "cut"}
KEY = "f3a1c0de-0000-4000-8000-000000000001"
Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na has an hour with Mei on Monday at 17:00."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def later(monkeypatch: pytest.MonkeyPatch, **passed: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(**passed))


def book(key: str = "", **changed: Any) -> Answer:
    return ask(booking.handler, BOOK, cut(**changed), key=key)


def free(**query: str) -> list[str]:
    return [slot["start"] for slot in ask(booking.handler, FREE, query=MONDAY | query).body["slots"]]


def test_a_business_says_what_it_offers_and_by_whom() -> None:
    answer = ask(booking.handler, "GET /v1/businesses/lotus").body
    assert (answer["name"], answer["zone"], answer["locale"]) == ("Lotus", "Asia/Shanghai", "zh-Hans")
    assert {service["id"]: service["staff"] for service in answer["services"]} == {
        "cut": {"mei": "Mei", "jun": "Jun"},
        "colour": {"mei": "Mei"},
    }


def test_free_times_are_told_in_the_zone_that_is_asked_for() -> None:
    here, there = free(staff="mei"), free(staff="mei", zone="Asia/Tokyo")
    assert (here[0], there[0]) == ("2026-03-02T09:00:00+08:00", "2026-03-02T10:00:00+09:00")
    assert len(here) == len(there)


def test_an_hour_that_is_booked_is_not_free_with_her_and_is_with_him() -> None:
    assert STARTS.astimezone(lotus.the_salon().business.zone).isoformat() not in free(staff="mei")
    slots = {slot["start"]: slot["staff"] for slot in ask(booking.handler, FREE, query=MONDAY).body["slots"]}
    assert slots["2026-03-02T17:00:00+08:00"] == ["jun"]


def test_a_booking_is_in_the_book_with_its_client_and_its_confirmation(queued: Queued) -> None:
    answer = book(client={"name": "Wang Wei", "phone": "13812345678", "agrees_to": ["sms"]}, staff="jun")
    made = appointments.load("lotus", answer.body["id"])
    client = clients.load("lotus", made.client)
    assert (client.name, client.phone, client.tier) == ("Wang Wei", "+8613812345678", Tier.PROSPECT)
    assert [entry.ref for entry in lotus.on_page("jun")] == [made.id]
    (confirmation,) = messages.about("lotus", made.id)
    assert (confirmation.stage, confirmation.channel, confirmation.recipient) == ("confirmation", "sms", client.id)
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == [confirmation.id]
    assert answer.body["start"] == EVENING
    assert ask(my_appointment.handler, f"GET {MINE}", bearer=answer.body["link"]).body["id"] == made.id


def test_a_client_who_is_known_is_not_made_anew() -> None:
    made = appointments.load("lotus", book().body["id"])
    assert made.client == "c-1"


def test_anybody_is_whoever_has_the_least_that_day() -> None:
    assert book().body["staff"] == "jun"
    assert book(start="2026-03-02T12:00:00+08:00", staff="jun").status == 201
    assert book(start="2026-03-02T10:00:00+08:00").body["staff"] == "mei"


def test_a_service_that_needs_a_room_takes_it_for_as_long() -> None:
    assert book(service="colour").body["room"] == "basin"
    assert book(service="colour", start="2026-03-02T19:00:00+08:00").status == 409


def test_whoever_comes_second_is_told_the_three_nearest_times() -> None:
    answer = book(start="2026-03-02T17:15:00+08:00", staff="mei")
    assert answer.code == "slot_taken"
    assert answer.body["alternatives"] == [
        {"start": "2026-03-02T16:00:00+08:00", "end": "2026-03-02T17:00:00+08:00", "staff": ["mei"]},
        {"start": "2026-03-02T18:00:00+08:00", "end": "2026-03-02T19:00:00+08:00", "staff": ["mei"]},
        {"start": "2026-03-02T18:15:00+08:00", "end": "2026-03-02T19:15:00+08:00", "staff": ["mei"]},
    ]


def test_alternatives_are_told_in_the_zone_of_whoever_asks() -> None:
    answer = book(start="2026-03-02T17:15:00+08:00", staff="mei", client=LI | {"zone": "Asia/Tokyo"})
    assert answer.body["alternatives"][0]["start"] == "2026-03-02T17:00:00+09:00"


def hold(**changed: Any) -> dict[str, Any]:
    answer = ask(booking.handler, HOLD, without("client") | {"staff": "mei"} | changed)
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body


def test_a_held_slot_is_hidden_from_others_and_booked_by_its_holder() -> None:
    held = hold()
    assert EVENING not in free(staff="mei")
    assert book(staff="mei").code == "slot_taken"
    assert book(hold=held["hold"]).status == 201
    assert [entry.hold_until for entry in lotus.on_page()] == [None, None]


def test_a_hold_lasts_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hold()["until"] == "2026-02-28T09:05:00Z"
    later(monkeypatch, minutes=5)
    assert EVENING in free(staff="mei")
    assert book(staff="mei").status == 201


def test_asking_again_under_the_same_key_books_once_and_answers_the_same(queued: Queued) -> None:
    first, again = book(KEY), book(KEY)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert len(queued("MESSAGES_QUEUE")) == 1
    assert [entry.ref for entry in lotus.on_page("jun")] == [first.body["id"]]


def test_the_first_answer_is_given_again_though_much_has_happened_since(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moved inside the notice, and cancelled: the first answer knows of neither."""
    first = book(KEY)
    later(monkeypatch, hours=40)
    moved = {"start": "2026-03-05T10:00:00+08:00"}
    assert ask(my_appointment.handler, f"POST {MINE}/reschedule", moved, bearer=first.body["link"]).body["late"]
    assert ask(my_appointment.handler, f"POST {MINE}/cancel", {}, bearer=first.body["link"]).status == 200
    before = lotus.everything()
    assert book(KEY).body == first.body
    assert lotus.everything() == before


def test_a_used_hold_under_the_same_key_answers_as_the_first_time() -> None:
    held = hold()["hold"]
    assert book(KEY, hold=held).body == book(KEY, hold=held).body


def test_without_a_key_two_requests_are_two_bookings() -> None:
    assert book().body["id"] != book(start="2026-03-02T10:00:00+08:00").body["id"]


def test_a_queue_that_is_away_costs_nothing_but_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is owed and stands in its lane, where the sweep finds it."""

    def refuse(*_: object) -> int:
        raise queues.QueueRefused("away")

    monkeypatch.setattr(queues, "send", refuse)
    answer = book()
    assert answer.status == 201
    (confirmation,) = messages.about("lotus", answer.body["id"])
    assert confirmation.is_owed


@pytest.mark.parametrize("days", [0, 30])
def test_up_to_a_month_is_told_at_once(days: int) -> None:
    first = lotus.NOW.date()
    query = {"service": "cut", "from": first.isoformat(), "to": (first + timedelta(days=days)).isoformat()}
    assert ask(booking.handler, FREE, query=query).status == 200


def test_the_words_of_a_client_go_with_the_booking() -> None:
    answer = ask(booking.handler, BOOK, CUT | {"note": "  短一点  "})
    assert appointments.load("lotus", answer.body["id"]).note == "短一点"
