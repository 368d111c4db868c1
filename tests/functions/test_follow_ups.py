"""The follow-ups' routes: a board in order of what is due, and answers that count once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

import follow_ups
from kept.booking.history import Actor, Cause
from kept.clients.client import Tier
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.storage import follow_ups as stored
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS as OPENED
from tests.builders import a_client, a_follow_up, an_appointment

BOARD = "/v1/desk/follow-ups"
KEY = "a key that was drawn once"
ACTS = {
    "answer": {"note": "Called her; she comes on Friday."},
    "note": {"note": "Line busy."},
    "resolve": {"outcome": "Booked again."},
    "reassign": {"to": "jun"},
}


@pytest.fixture(autouse=True)
def _open() -> None:
    """Mei's follow-up of Li Na, a VIP, opened on Monday at 9:00 UTC and due a day later."""
    lotus.open_both()
    lotus.known()
    lotus.open_follow_up(a_follow_up())


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


def post(path: str, body: object, *, hours: float = 1, **asked: Any) -> Answer:
    with time_machine.travel(at(hours), tick=False):
        return ask(follow_ups.handler, f"POST {BOARD}{path}", body, **{"role": "staff"} | asked)


def get(path: str = "", *, hours: float = 1, **asked: Any) -> Answer:
    with time_machine.travel(at(hours), tick=False):
        return ask(follow_ups.handler, f"GET {BOARD}{path}", **{"role": "staff"} | asked)


def on_board(**query: str) -> list[str]:
    return [line["id"] for line in get(query=query).body["follow_ups"]]


def now(id: str = "f-1") -> FollowUp:
    return stored.load("lotus", id)


def opened(id: str, *, hours: float = 0, tier: Tier = Tier.VIP) -> FollowUp:
    return lotus.open_follow_up(replace(a_follow_up(opened=at(hours), tier=tier), id=id))


def test_the_board_shows_what_is_due_first_and_how_its_clock_runs() -> None:
    opened("f-2", tier=Tier.REGULAR)
    opened("f-0", hours=-2)
    answer = get(hours=23)
    assert [line["id"] for line in answer.body["follow_ups"]] == ["f-0", "f-1", "f-2"]
    assert answer.body["next"] is None
    assert answer.body["follow_ups"][0]["clock"] == {
        "state": "missed",
        "started": "2026-03-02T07:00:00Z",
        "target": 24 * 3600,
        "due": "2026-03-03T07:00:00Z",
        "stopped": None,
        "spent": 25 * 3600,
        "remaining": -3600,
    }
    assert [line["clock"]["state"] for line in answer.body["follow_ups"]] == ["missed", "running", "running"]


def test_what_is_answered_stands_on_its_own_board_and_what_is_resolved_on_none() -> None:
    post("/f-1/answer", ACTS["answer"])
    assert (on_board(), on_board(status="answered")) == ([], ["f-1"])
    post("/f-1/resolve", ACTS["resolve"])
    assert (on_board(), on_board(status="answered")) == ([], [])
    assert stored.board("lotus", FollowUpStatus.RESOLVED).follow_ups == ()
    assert get("/f-1").body["status"] == "resolved"


def test_a_long_board_is_read_in_pages_and_each_line_stands_on_one() -> None:
    ids = ["f-1", *(f"g-{number:02}" for number in range(54))]
    for id in ids[1:]:
        opened(id, hours=1)
    first = get().body
    rest = get(query={"after": first["next"]}).body
    assert [len(page["follow_ups"]) for page in (first, rest)] == [50, 5]
    seen = [line["id"] for page in (first, rest) for line in page["follow_ups"]]
    assert (sorted(seen), seen[0], rest["next"]) == (ids, "f-1", None)


def test_one_in_full_says_whom_to_reach_and_what_was_done() -> None:
    post("/f-1/note", ACTS["note"], hours=2)
    post("/f-1/answer", ACTS["answer"], hours=20)
    body = get("/f-1", hours=30).body
    assert (body["client_name"], body["client_email"], body["appointment"]) == ("Li Na", "li@example.com", "a-1")
    assert [(line["what"], line["by"]) for line in body["history"]] == [
        ("opened", "kept"),
        ("note", "staff:mei"),
        ("answered", "staff:mei"),
    ]
    assert (body["clock"]["state"], body["clock"]["spent"]) == ("met", 20 * 3600)


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        pytest.param(24, "met", id="at the due instant"),
        pytest.param(24 + 1 / 3600, "missed", id="a second later"),
    ],
)
def test_an_answer_is_in_time_up_to_the_due_instant(hours: float, state: str) -> None:
    post("/f-1/answer", ACTS["answer"], hours=hours)
    assert get("/f-1", hours=50).body["clock"]["state"] == state


def test_a_note_stops_no_clock() -> None:
    post("/f-1/note", ACTS["note"])
    assert (now().status, now().stopped_at) == (FollowUpStatus.OPEN, None)


def test_it_is_handed_on_to_somebody_of_the_staff() -> None:
    assert post("/f-1/reassign", {"to": "jun", "why": "Mei is away."}).status == 200
    assert get("/f-1").body["assignee"] == "jun"


@pytest.mark.parametrize("act", ACTS)
def test_a_repeat_under_the_same_key_is_answered_as_the_first_time(act: str) -> None:
    first = post(f"/f-1/{act}", ACTS[act], hours=1, key=KEY)
    again = post(f"/f-1/{act}", ACTS[act], hours=9, key=KEY)
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert len(now().history) == 2


@pytest.mark.parametrize("act", ACTS)
def test_a_repeat_that_says_something_else_is_refused(act: str) -> None:
    post(f"/f-1/{act}", ACTS[act], key=KEY)
    other = post("/f-1/note", {"note": "Something else."}, key=KEY)
    assert (other.status, other.code, len(now().history)) == (422, "idempotency_key_reused", 2)


@pytest.mark.parametrize("act", ["answer", "resolve", "reassign"])
def test_what_is_resolved_takes_no_more(act: str) -> None:
    post("/f-1/resolve", ACTS["resolve"])
    answer = post(f"/f-1/{act}", ACTS[act])
    assert (answer.status, answer.code) == (409, "follow_up_closed")
    assert len(now().history) == 2


def test_what_somebody_else_wrote_in_the_meantime_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "put_alone", _after(lambda: _answered_by("jun"), stored.put_alone, monkeypatch))
    assert post("/f-1/note", ACTS["note"]).status == 200
    assert [event.what for event in now().history] == ["opened", "answered", "note"]


def test_one_is_opened_by_hand_for_whoever_opens_it() -> None:
    made = post("", {"client": "c-1", "cause": "missed_call", "note": "She called twice."})
    assert (made.status, made.body["what"], made.body["due"]) == (201, "opened", "2026-03-03T10:00:00Z")
    body = get(f"/{made.body['id']}").body
    assert (body["cause"], body["assignee"], body["tier"], body["status"]) == ("missed_call", "mei", "vip", "open")
    assert body["history"][0]["why"] == "She called twice."


@pytest.mark.parametrize(
    ("said", "by", "assignee"),
    [
        pytest.param({"assignee": "jun"}, "mei", "jun", id="for somebody else"),
        pytest.param({}, "u-77", "", id="by somebody who is not booked"),
    ],
)
def test_whose_it_is(said: dict[str, Any], by: str, assignee: str) -> None:
    made = post("", {"client": "c-1"} | said, staff=by)
    assert now(made.body["id"]).assignee == assignee


def test_opened_twice_under_one_key_it_is_one() -> None:
    first, again = (post("", {"client": "c-1"}, hours=hours, key=KEY) for hours in (1, 2))
    assert (again.status, again.body) == (201, first.body)
    assert len(on_board()) == 2
    assert post("", {"client": "c-1", "cause": "form"}, key=KEY).code == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({"client": "c-9"}, 404, "unknown_client", id="an unknown client"),
        pytest.param({"client": "c-1", "assignee": "x"}, 404, "unknown_staff", id="an unknown assignee"),
        pytest.param({"client": "c-1", "appointment": "a-9"}, 404, "unknown_appointment", id="an unknown appointment"),
        pytest.param({"client": "c-2", "appointment": "a-1"}, 404, "unknown_appointment", id="another's appointment"),
        pytest.param({"client": "c-1", "cause": "no_show"}, 422, "invalid_request", id="a cause that Kept finds"),
        pytest.param({"client": "c-1", "cause": "boredom"}, 422, "invalid_request", id="a cause that is none"),
        pytest.param({}, 422, "invalid_request", id="no client"),
        pytest.param("{", 400, "malformed_json", id="no JSON"),
    ],
)
def test_one_that_cannot_be_opened_is_refused(body: object, status: int, code: str) -> None:
    lotus.put(an_appointment())
    lotus.known(replace(a_client(), id="c-2", email="wang@example.com"))
    before = lotus.everything()
    answer = post("", body)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        pytest.param("/f-9/answer", ACTS["answer"], 404, "unknown_follow_up", id="an unknown one"),
        pytest.param("/f-1/reassign", {"to": "x"}, 404, "unknown_staff", id="to nobody we know"),
        pytest.param("/f-1/resolve", {"outcome": "  "}, 422, "invalid_request", id="resolved without a word"),
        pytest.param("/f-1/note", {"note": ""}, 422, "invalid_request", id="an empty note"),
        pytest.param("/f-1/note", {"note": "x" * 501}, 422, "invalid_request", id="a note too long"),
        pytest.param("/f-1/forget", {}, 404, "unknown_route", id="an act that is none"),
    ],
)
def test_what_cannot_be_done_is_refused(path: str, body: object, status: int, code: str) -> None:
    before = lotus.everything()
    answer = post(path, body)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


@pytest.mark.parametrize("after", ["x", "1", "1.", ".f-1", "²3.f-1", "1" * 13 + ".f-1"])
def test_a_cursor_that_is_none_is_refused(after: str) -> None:
    assert get(query={"after": after}).code == "invalid_request"


@pytest.mark.parametrize("status", ["resolved", "held", ""])
def test_there_is_no_board_of_that(status: str) -> None:
    assert get(query={"status": status}).code == "invalid_request"


def test_another_business_sees_and_does_nothing() -> None:
    assert get(business="garage").body["follow_ups"] == []
    assert get("/f-1", business="garage").code == "unknown_follow_up"
    for act, body in ACTS.items():
        assert post(f"/f-1/{act}", body, business="garage", staff="sam").status == 404
    assert post("", {"client": "c-1"}, business="garage").code == "unknown_client"
    assert len(now().history) == 1


def test_nobody_is_let_in_without_a_role() -> None:
    assert (get(role="").status, get(role="client").status) == (401, 403)
    assert (post("/f-1/answer", {}, role="").status, post("/f-1/answer", {}, role="client").status) == (401, 403)


def _answered_by(person: str) -> None:
    stored.put_alone(now().answer(Cause(by=Actor("staff", person), at=at(1))))


def _after(first: Callable[[], None], then: Callable[[FollowUp], FollowUp], patch: pytest.MonkeyPatch) -> Any:
    """Somebody else is quicker, once."""

    def put(follow_up: FollowUp) -> FollowUp:
        patch.undo()
        first()
        return then(follow_up)

    return put
