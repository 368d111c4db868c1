"""The queue at the desk: numbers, the way to the chair, what who waits is told, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import front_desk
from kept import clock
from kept.actor import Actor, Change
from kept.booking.states import Status
from kept.business.visit_stages import VisitStage
from kept.storage import appointments, catalogs, clients, facts, tickets
from kept.use_cases.waiting import arrivals, record
from kept.waiting_room.refusals import NotWaiting
from kept.waiting_room.ticket import Ticket
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import an_appointment

QUEUE = "/v1/desk/queue"
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Monday, twelve o'clock in Shanghai; Li Na comes to Mei at two."""
AT_TWO = an_appointment(starts=NOON + timedelta(hours=2))
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)
    lotus.open_both()
    lotus.known()
    lotus.put(AT_TWO)


def at(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + minutes * MINUTE)


def post(path: str = "", key: str = "", **said: Any) -> Answer:
    return ask(front_desk.handler, f"POST {QUEUE}{path}", said, role="staff", key=key)


def comes(name: str = "", **said: Any) -> Any:
    answer = post(**({"service": "cut"} | ({"name": name} if name else {}) | said))
    assert answer.status == 201, answer.body
    return answer.body


def does(act: str, number: Any, **said: Any) -> Any:
    answer = post(f"/{number['id']}/{act}", **said)
    assert answer.status == 200, answer.body
    return answer.body


def line() -> list[Any]:
    answer = ask(front_desk.handler, f"GET {QUEUE}", role="staff")
    assert answer.status == 200, answer.body
    return list(answer.body["numbers"])


def test_an_empty_house_takes_the_first_at_once() -> None:
    one = comes("Wang")
    assert (one["id"], one["number"], one["stage"], one["name"]) == ("2026-03-02-001", 1, "waiting", "Wang")
    assert (one["wait"]["place"], one["wait"]["lower"], one["wait"]["upper"]) == (1, 0, 5)
    assert one["wait"]["is_next"]
    assert one["page"].startswith("https://")


def test_the_way_through_the_house() -> None:
    """To the chair they are booked, now; and the visit is over with the number."""
    one = comes("Wang")
    begun = does("begin", one)
    assert (begun["stage"], begun["wait"]) == ("in_service", None)
    visit = appointments.load("lotus", begun["appointment"])
    assert (visit.status, visit.starts, visit.service) == (Status.IN_SERVICE, NOON, "cut")
    assert does("complete", begun)["stage"] == "done"
    assert appointments.load("lotus", begun["appointment"]).status is Status.COMPLETED


def test_who_waits_is_told_by_the_gaps_before_appointments(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Mei alone: one hour is free before two o'clock for the first, none for the second who walks in."""
    for _ in range(2):
        comes(staff="mei")
    does("begin", line()[0])
    third = comes(staff="mei")
    first, second = (it["wait"] for it in line()[:2])
    assert first["lower"] >= 35
    assert second["lower"] >= first["upper"]
    assert third["wait"]["place"] == 2
    at(monkeypatch, 20)
    later = line()[0]["wait"]
    assert first["lower"] - 20 <= later["lower"] <= first["lower"]


def test_whoever_has_an_appointment_is_not_overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    comes("Wang", staff="mei")
    comes("Zhou", staff="mei")
    does("begin", line()[0])
    at(monkeypatch, 110)
    booked = post(appointment=AT_TWO.id).body
    assert booked["is_booked"]
    assert booked["name"] == "Li Na"
    assert [(it["number"], it["is_booked"]) for it in line()][:2] == [(3, True), (2, False)]
    assert appointments.load("lotus", AT_TWO.id).status is Status.ARRIVED


def test_arriving_twice_is_one_number() -> None:
    first, again = (post(appointment=AT_TWO.id) for _ in range(2))
    assert first.body["id"] == again.body["id"]
    assert len(line()) == 1


def test_one_request_repeated_gives_one_number() -> None:
    first, again = (post(service="cut", key="f3a1c0de-0000-4000-8000-00000000000b") for _ in range(2))
    assert first.body == again.body
    assert len(line()) == 1


def test_begun_or_over_elsewhere_at_the_desk_is_so_in_the_queue() -> None:
    booked = post(appointment=AT_TWO.id).body
    for act, stage in (("begin", "in_service"), ("complete", "done")):
        assert ask(front_desk.handler, f"POST /v1/desk/appointments/{AT_TWO.id}/{act}", {}, role="staff").status == 200
        assert [(it["id"], it["stage"]) for it in line()] == [(booked["id"], stage)]


def test_a_crash_between_the_visit_and_its_number_is_made_good_by_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = comes()
    with monkeypatch.context() as broken:
        broken.setattr(tickets, "put", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            post(f"/{one['id']}/begin")
    begun = does("begin", one)
    assert begun["stage"] == "in_service"
    assert len(lotus.on_page("mei")) + len(lotus.on_page("jun")) == 2


def test_two_numbers_taken_in_the_same_moment_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the same numbers; who writes second reads again."""
    catalog, stale = catalogs.load("lotus"), [tickets.of_day("lotus", NOON.date())]
    read = tickets.of_day
    comes()
    monkeypatch.setattr(tickets, "of_day", lambda *of: stale.pop() if stale else read(*of))
    second = arrivals.walk_in(catalog, "cut", None, "", Change(Actor("staff", "mei"), NOON))
    assert second.number == 2


def test_what_was_told_and_how_it_was_missed_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """It widens what is told from then on."""
    comes(staff="mei")
    does("begin", line()[0])
    waiting = comes(staff="mei")
    at(monkeypatch, 60)
    does("complete", line()[1])
    does("begin", waiting)
    kept = tickets.load("lotus", waiting["id"])
    assert kept.told is not None
    assert kept.missed is not None
    record.forget()
    assert len(record.record(catalogs.load("lotus").business, now=NOON).misses) == 2


def washed_first() -> None:
    """A cut that begins at the basin."""
    stages = (VisitStage("Wash", 10, {"zh-Hans": "洗头"}), VisitStage("Chair", 40), VisitStage("Dry", 10))
    catalogs.put("lotus", [replace(lotus.the_salon().services["cut"], visit_stages=stages)])
    catalogs.forget()


def test_who_is_called_still_waits_and_is_called_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = comes()
    assert one["called_at"] is None
    called = does("call", one)
    at(monkeypatch, 5)
    assert does("call", one)["called_at"] == called["called_at"] == "2026-03-02T12:00:00+08:00"
    assert (called["stage"], called["wait"]["is_next"]) == ("waiting", True)
    assert does("begin", one)["called_at"] is None
    assert post(f"/{one['id']}/call").code == "not_waiting"


def test_the_stages_of_the_service_s_own_are_moved_on_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    washed_first()
    one = comes()
    assert (one["at_stage"], one["stage_at"]) == (None, None)
    begun = does("begin", one)
    assert [(it["name"], it["minutes"]) for it in begun["visit_stages"]] == [("Wash", 10), ("Chair", 40), ("Dry", 10)]
    assert (begun["at_stage"], begun["stage_at"]) == (0, "2026-03-02T12:00:00+08:00")
    at(monkeypatch, 12)
    moved = does("stage", one, stage=1)
    assert (moved["at_stage"], moved["stage_at"]) == (1, "2026-03-02T12:12:00+08:00")
    at(monkeypatch, 15)
    assert does("stage", one, stage=1) == moved
    assert does("stage", one, stage=0)["at_stage"] == 0
    done = does("complete", one)
    assert (done["stage"], done["at_stage"]) == ("done", None)


def test_a_stage_is_moved_of_who_was_begun_elsewhere_at_the_desk() -> None:
    washed_first()
    booked = post(appointment=AT_TWO.id).body
    path = f"POST /v1/desk/appointments/{AT_TWO.id}"
    assert ask(front_desk.handler, f"{path}/begin", {}, role="staff").status == 200
    assert line()[0]["at_stage"] == 0
    assert does("stage", booked, stage=2)["at_stage"] == 2
    assert does("complete", booked)["stage"] == "done"


def test_a_service_that_has_fewer_stages_now_is_at_its_last() -> None:
    washed_first()
    one = does("stage", does("begin", comes()), stage=2)
    catalogs.put("lotus", [replace(lotus.the_salon().services["cut"], visit_stages=(VisitStage("Chair", 60),))])
    catalogs.forget()
    assert line()[0]["at_stage"] == 0
    assert post(f"/{one['id']}/stage", stage=2).code == "unknown_stage"


BACK: dict[str, tuple[list[str], str]] = {
    "called": (["call"], "waiting"),
    "begun": (["begin"], "waiting"),
    "gone": (["leave"], "waiting"),
    "done": (["begin", "complete"], "in_service"),
    "still waiting": ([], "waiting"),
    "still in the chair": (["begin"], "in_service"),
}


@pytest.mark.parametrize("kind", ["a walk-in", "an appointment"])
@pytest.mark.parametrize(("acts", "to"), BACK.values(), ids=BACK)
def test_what_was_done_by_mistake_is_taken_back_once(acts: list[str], to: str, kind: str) -> None:
    """Said twice it is taken back no further, and what follows then is as if it had not been."""
    one = comes("Wang") if kind == "a walk-in" else post(appointment=AT_TWO.id).body
    for act in acts:
        does(act, one)
    for _ in range(2):
        answer = does("back", one, to=to)
        assert (answer["stage"], answer["called_at"]) == (to, None)
        assert (answer["wait"] is not None) is (to == "waiting")
    if answer["appointment"]:
        status = {"waiting": Status.ARRIVED, "in_service": Status.IN_SERVICE}[to]
        assert appointments.load("lotus", answer["appointment"]).status is status
    if to == "waiting":
        assert does("begin", one)["stage"] == "in_service"
    assert does("complete", one)["stage"] == "done"
    assert len(lotus.on_page("mei")) + len(lotus.on_page("jun")) == (2 if kind == "a walk-in" else 1)


def test_who_was_taken_back_elsewhere_at_the_desk_waits_and_may_be_begun_again() -> None:
    one = does("begin", comes("Wang"))
    path = f"POST /v1/desk/appointments/{one['appointment']}/undo"
    assert ask(front_desk.handler, path, {}, role="staff").status == 200
    assert line()[0]["stage"] == "waiting"
    assert line()[0]["wait"]["place"] == 1
    assert does("begin", one)["stage"] == "in_service"
    assert tickets.load("lotus", one["id"]).is_waiting is False


def test_a_crash_before_the_visit_is_taken_back_is_made_good_by_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one = does("begin", comes())
    with monkeypatch.context() as broken:
        broken.setattr(arrivals, "taken_back", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            post(f"/{one['id']}/back", to="waiting")
    assert line()[0]["stage"] == "in_service"
    assert does("back", one, to="waiting")["stage"] == "waiting"


def test_who_left_and_comes_back_with_an_appointment_has_a_number_behind() -> None:
    first = post(appointment=AT_TWO.id).body
    does("leave", first)
    assert post(appointment=AT_TWO.id).body["number"] == 2


def test_who_left_a_number_is_booked_under_it() -> None:
    one = comes(phone="139 1234 5678")
    assert (one["name"], one["phone"]) == ("", "+8613912345678")
    visit = appointments.load("lotus", does("begin", one)["appointment"])
    assert clients.load("lotus", visit.client).phone == "+8613912345678"
    assert line()[0]["name"] == ""


REFUSED: dict[str, tuple[str, dict[str, Any], int, str]] = {
    "of yesterday": ("/2026-03-01-001/begin", {}, 410, "queue_number_over"),
    "of yesterday, left": ("/2026-03-01-001/leave", {}, 410, "queue_number_over"),
    "of yesterday, done": ("/2026-03-01-001/complete", {}, 410, "queue_number_over"),
    "never given": ("/2026-03-02-009/begin", {}, 404, "unknown_queue_number"),
    "no number": ("/nonsense/begin", {}, 404, "unknown_queue_number"),
    "of a day that is none": ("/2026-13-45-001/begin", {}, 404, "unknown_queue_number"),
    "another act": ("/2026-03-02-001/dance", {}, 404, "unknown_route"),
    "done before it was begun": ("/2026-03-02-001/complete", {}, 409, "not_waiting"),
    "with nobody": ("/2026-03-02-001/begin", {"staff": "nobody"}, 404, "unknown_staff"),
    "who does not do it": ("/2026-03-02-001/begin", {"staff": "bo"}, 404, "unknown_staff"),
    "a stage before it was begun": ("/2026-03-02-001/stage", {"stage": 0}, 409, "not_waiting"),
    "a stage that is not said": ("/2026-03-02-001/stage", {}, 422, "invalid_request"),
    "a stage before the first": ("/2026-03-02-001/stage", {"stage": -1}, 422, "invalid_request"),
    "a ninth stage": ("/2026-03-02-001/stage", {"stage": 8}, 422, "invalid_request"),
    "back to nowhere": ("/2026-03-02-001/back", {}, 422, "invalid_request"),
    "back to where nobody can be": ("/2026-03-02-001/back", {"to": "done"}, 422, "invalid_request"),
    "back to a chair they never had": ("/2026-03-02-001/back", {"to": "in_service"}, 409, "not_waiting"),
    "of yesterday, back": ("/2026-03-01-001/back", {"to": "waiting"}, 410, "queue_number_over"),
    "of yesterday, called": ("/2026-03-01-001/call", {}, 410, "queue_number_over"),
    "never given, called": ("/2026-03-02-009/call", {}, 404, "unknown_queue_number"),
    "no telephone number": ("", {"service": "cut", "phone": "call me"}, 422, "invalid_phone"),
    "an appointment with a number": ("", {"appointment": "a-1", "phone": "13912345678"}, 422, "invalid_request"),
    "neither": ("", {}, 422, "invalid_request"),
    "both": ("", {"appointment": "a-1", "service": "cut"}, 422, "invalid_request"),
    "no such service": ("", {"service": "shave"}, 404, "unknown_service"),
    "nobody who does it": ("", {"service": "cut", "staff": "bo"}, 404, "unknown_staff"),
    "no such appointment": ("", {"appointment": "a-9"}, 404, "unknown_appointment"),
    "an appointment of tomorrow": ("", {"appointment": "a-2"}, 409, "not_today"),
    "a name of a thousand letters": ("", {"service": "cut", "name": "x" * 1000}, 422, "invalid_request"),
}


@pytest.mark.parametrize(("path", "said", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_changes_nothing(path: str, said: dict[str, Any], status: int, code: str) -> None:
    catalog, staff = catalogs.load("lotus"), Actor("staff", "mei")
    arrivals.walk_in(catalog, "cut", None, "", Change(staff, NOON - timedelta(days=1)))
    lotus.put(an_appointment("a-2", starts=NOON + timedelta(days=1)))
    comes()
    before = lotus.everything()
    answer = post(path, **said)
    assert (answer.status, answer.code) == (status, code), answer.body
    assert lotus.everything() == before


OTHERS: dict[str, dict[str, Any]] = {"stage": {"stage": 0}, "back": {"to": "waiting"}}


@pytest.mark.parametrize("act", ["call", "begin", "stage", "complete", "leave", "back"])
def test_a_number_of_another_business_is_unknown(act: str) -> None:
    one, said = comes(), OTHERS.get(act, {})
    answer = ask(front_desk.handler, f"POST {QUEUE}/{one['id']}/{act}", said, role="staff", business="garage")
    assert (answer.status, answer.code) == (404, "unknown_queue_number")
    assert line()[0]["stage"] == "waiting"


def test_nobody_free_is_said_with_other_times() -> None:
    for _ in range(3):
        comes()
    for one in line()[:2]:
        does("begin", one)
    answer = post(f"/{line()[0]['id']}/begin")
    assert (answer.status, answer.code) == (409, "slot_taken")
    assert line()[0]["stage"] == "waiting"


def test_who_left_is_out_of_the_queue_and_comes_to_no_chair() -> None:
    one, other = comes(), comes()
    assert does("leave", one)["stage"] == "left"
    assert does("leave", one)["stage"] == "left"
    assert post(f"/{one['id']}/begin").code == "not_waiting"
    assert [it["id"] for it in line()] == [other["id"], one["id"]]


def test_a_day_ends_at_the_business_s_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 12 * 60 - 1)
    one = comes()
    at(monkeypatch, 12 * 60)
    assert line() == []
    assert post(f"/{one['id']}/leave").code == "queue_number_over"
    assert comes()["id"] == "2026-03-03-001"


def test_more_numbers_than_a_day_has_are_refused() -> None:
    new = arrivals.walk_in(catalogs.load("lotus"), "cut", None, "", Change(Actor("staff", "mei"), NOON))
    tickets.put(replace(new, number=500), over=None)
    assert (post(service="cut").status, post(service="cut").code) == (429, "queue_full")


def test_lengths_of_the_last_weeks_are_learnt_from_the_visits_themselves() -> None:
    from kept.insight.fact_of import fact_of_visit

    one = does("begin", comes())
    catalog = catalogs.load("lotus")
    visit = appointments.load("lotus", one["appointment"])
    over = visit.complete(Change(Actor("staff", "mei"), NOON + 45 * MINUTE))
    fact = fact_of_visit(over, catalog)
    assert fact.took == 45
    for number in range(30):
        facts.put("lotus", replace(fact, id=f"f-{number}"))
    record.forget()
    law = record.record(catalog.business, now=NOON).durations.law("cut", visit.slot.staff)
    assert law.usual(60) < 50


def test_a_number_is_begun_once_for_its_visit() -> None:
    """Said again of the same it changes nothing; of another it is refused."""
    begun = Ticket("lotus", NOON.date(), 1, "cut", came_at=NOON).begin("a-1", at=NOON)
    assert begun.begin("a-1", at=NOON + MINUTE) is begun
    with pytest.raises(NotWaiting):
        begun.begin("a-2", at=NOON + MINUTE)
