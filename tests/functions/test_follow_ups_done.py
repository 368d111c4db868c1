"""What was said and done about a follow-up: each a line of its history, written once, or refused and nothing."""

from typing import Any

import pytest

from kept.follow_up.events import What
from kept.follow_up.phases import Phase
from tests import lotus
from tests.builders import a_follow_up
from tests.functions.following_up import KEY, at, get, meanwhile, moment, now, post, refused, said

ACTS: dict[str, dict[str, Any]] = {
    "answer": {"note": "Called her; she comes on Friday."},
    "note": {"note": "Line busy."},
    "message": {"words": "Could I come on Friday?"},
    "tried": {"channel": "call", "note": "No answer."},
    "wait": {"until": moment(40), "why": "She asks at work."},
    "snooze": {"until": moment(40), "why": "She is on a plane."},
    "step": {"step": "call", "outcome": "Reached her."},
}
"""What can be done to one that was just opened."""
LATER: dict[str, dict[str, Any]] = {"resume": {"why": "She is back."}, "dismiss": {"why": "Thanks."}}
"""And what needs something before it."""
ALL = ACTS | LATER


@pytest.fixture(autouse=True)
def _open() -> None:
    """Mei's follow-up of Li Na, a VIP, opened on Monday at 9:00 UTC and due a day later."""
    lotus.open_both()
    lotus.known()
    lotus.open_follow_up(a_follow_up())


def state(clock: str, *, hours: float) -> str:
    (found,) = [it for it in get("/f-1", hours=hours).body["clocks"] if it["name"].startswith(clock)]
    return str(found["state"])


def asked_back() -> None:
    """She was answered and wrote again."""
    post("/f-1/answer", ACTS["answer"], hours=1)
    post("/f-1/message", {"words": "Thanks!"}, hours=2)


@pytest.mark.parametrize(
    ("act", "line"),
    [
        ("answer", {"what": "answered", "to": "", "why": "Called her; she comes on Friday.", "until": None}),
        ("note", {"what": "noted", "to": "", "why": "Line busy.", "until": None}),
        ("message", {"what": "client_wrote", "to": "", "why": "Could I come on Friday?", "until": None}),
        ("tried", {"what": "tried", "to": "call", "why": "No answer.", "until": None}),
        ("wait", {"what": "waiting", "to": "", "why": "She asks at work.", "until": "2026-03-04T01:00:00Z"}),
        ("snooze", {"what": "snoozed", "to": "", "why": "She is on a plane.", "until": "2026-03-04T01:00:00Z"}),
        ("step", {"what": "step_done", "to": "call", "why": "Reached her.", "until": None}),
    ],
)
def test_what_is_done_is_a_line_of_the_history(act: str, line: dict[str, Any]) -> None:
    done = post(f"/f-1/{act}", ACTS[act])
    told = {name: done.body[name] for name in line}
    assert (done.status, told, done.body["by"], done.body["at"]) == (200, line, "staff:mei", "2026-03-02T10:00:00Z")
    assert get("/f-1").body["history"][5:] == [{k: v for k, v in done.body.items() if k not in ("id", "answer_by")}]


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        pytest.param(24, "met", id="at the due instant"),
        pytest.param(24 + 1 / 3600, "missed", id="a second later"),
    ],
)
def test_an_answer_is_in_time_up_to_the_due_instant(hours: float, found: str) -> None:
    post("/f-1/answer", ACTS["answer"], hours=hours)
    assert state("first_response", hours=50) == found


@pytest.mark.parametrize("act", ["note", "tried", "wait", "snooze", "message", "step"])
def test_nothing_but_an_answer_stops_the_first_clock(act: str) -> None:
    post(f"/f-1/{act}", ACTS[act])
    assert state("first_response", hours=2) in ("running", "paused")


def test_what_is_done_says_what_is_to_be_kept_next() -> None:
    done = post("/f-1/step", ACTS["step"])
    assert done.body["answer_by"] == "2026-03-03T09:00:00Z"
    assert post("/f-1/answer", {}, hours=2).body["answer_by"] == "2026-03-03T10:00:00Z"


def test_an_answer_that_was_given_earlier_counts_from_when_it_was() -> None:
    """It is written down by the clock of nobody in particular."""
    done = post("/f-1/answer", {"note": "Met her in the street.", "at": "2026-03-03T16:30:00+08:00"}, hours=30)
    assert done.body["at"] == "2026-03-03T08:30:00Z"
    assert state("first_response", hours=31) == "met"
    assert now().last.at == at(23.5)


def test_a_message_owns_the_next_clock_from_when_it_came() -> None:
    post("/f-1/answer", {}, hours=1)
    post("/f-1/message", {"words": "And on Saturday?", "at": moment(2)}, hours=5)
    asked = get("/f-1", hours=6).body["clocks"][1]
    assert (asked["kind"], asked["started"], asked["state"]) == ("next_response", "2026-03-02T11:00:00Z", "running")
    post("/f-1/dismiss", {"why": "Said to somebody else."}, hours=7)
    assert state("next_response", hours=8) == "met"


def test_a_pause_without_an_end_has_that_of_the_policy_and_one_can_be_ended_before_it() -> None:
    done = post("/f-1/wait", {})
    assert done.body["until"] == "2026-03-16T10:00:00Z"
    assert now().phase(at(2)) is Phase.WAITING
    assert post("/f-1/resume", {"why": "She is back."}, hours=3).status == 200
    assert (now().phase(at(3)), said()) == (Phase.OPEN, ["waiting", "resumed"])


def test_to_end_a_pause_that_is_none_changes_nothing() -> None:
    assert post("/f-1/resume", {}).status == 200
    assert said() == []


@pytest.mark.parametrize("act", ACTS)
def test_a_repeat_under_the_same_key_is_answered_as_the_first_time(act: str) -> None:
    """Also where something was done in between that moves its deadlines."""
    first = post(f"/f-1/{act}", ACTS[act], hours=1, key=KEY)
    post("/f-1/resolve", {"outcome": "Booked again."}, hours=2)
    again = post(f"/f-1/{act}", ACTS[act], hours=9, key=KEY)
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert len(said()) == 2


@pytest.mark.parametrize("act", LATER)
def test_so_is_one_that_needs_something_before_it(act: str) -> None:
    asked_back()
    post("/f-1/wait", ACTS["wait"], hours=3)
    first, again = (post(f"/f-1/{act}", LATER[act], hours=hours, key=KEY) for hours in (4, 5))
    assert (first.status, again.body, len(said())) == (200, first.body, 4)


@pytest.mark.parametrize("act", ACTS)
def test_a_repeat_that_says_something_else_is_refused(act: str) -> None:
    post(f"/f-1/{act}", ACTS[act], key=KEY)
    other = refused("/f-1/note", {"note": "Something else."}, key=KEY)
    assert (other.status, other.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("act", sorted(ALL.keys() - {"note"}))
def test_what_is_closed_takes_nothing_but_notes(act: str) -> None:
    post("/f-1/resolve", {"outcome": "Booked again."})
    answer = refused(f"/f-1/{act}", ALL[act], hours=2)
    assert (answer.status, answer.code) == (409, "follow_up_closed")
    assert post("/f-1/note", ACTS["note"], hours=2).status == 200


@pytest.mark.parametrize(
    ("act", "body", "status", "code"),
    [
        pytest.param("answer", {"at": moment(1 + 1 / 3600)}, 422, "in_the_future", id="an answer still to come"),
        pytest.param("message", {"words": "?", "at": moment(2)}, 422, "in_the_future", id="a message still to come"),
        pytest.param("answer", {"at": moment(-0.1)}, 409, "out_of_order", id="an answer before it was opened"),
        pytest.param("message", {"words": "?", "at": moment(-1)}, 409, "out_of_order", id="a message before it"),
        pytest.param("wait", {"until": moment(1)}, 422, "invalid_pause", id="a pause of no time"),
        pytest.param("wait", {"until": moment(0)}, 422, "invalid_pause", id="a pause that is over"),
        pytest.param("wait", {"until": moment(1 + 24 * 14 + 0.01)}, 422, "invalid_pause", id="a pause too long"),
        pytest.param("wait", {"until": "8999-12-31T00:00:00Z"}, 422, "invalid_pause", id="a pause of an age"),
        pytest.param("snooze", {"until": moment(999), "why": "x"}, 422, "invalid_pause", id="put off too long"),
        pytest.param("dismiss", LATER["dismiss"], 409, "nothing_to_dismiss", id="nothing to dismiss"),
        pytest.param("step", {"step": "offer_times", "outcome": "x"}, 409, "step_not_due", id="a step too early"),
        pytest.param("step", {"step": "dance", "outcome": "x"}, 409, "step_not_due", id="a step of no plan"),
    ],
)
def test_what_makes_no_sense_now_is_refused(act: str, body: object, status: int, code: str) -> None:
    answer = refused(f"/f-1/{act}", body)
    assert (answer.status, answer.code) == (status, code)


def test_what_happened_before_the_last_line_is_refused_and_says_since_when() -> None:
    post("/f-1/note", ACTS["note"], hours=5)
    answer = refused("/f-1/answer", {"at": moment(4)}, hours=6)
    assert (answer.code, answer.body["not_before"]) == ("out_of_order", "2026-03-02T14:00:00+00:00")


@pytest.mark.parametrize(
    ("act", "body"),
    [
        pytest.param("note", {"note": ""}, id="an empty note"),
        pytest.param("note", {"note": "x" * 501}, id="a note too long"),
        pytest.param("answer", {"note": "x" * 501}, id="an answer too long"),
        pytest.param("answer", {"at": "2026-03-02T09:30:00"}, id="a time without a zone"),
        pytest.param("answer", {"at": "9999-12-31T23:59:59-12:00"}, id="a time that is in no calendar"),
        pytest.param("answer", {"when": moment(1)}, id="a field that is none"),
        pytest.param("message", {"words": "  "}, id="a message without words"),
        pytest.param("message", {"words": "x" * 2001}, id="a message too long"),
        pytest.param("tried", {"channel": "pigeon"}, id="a channel that is none"),
        pytest.param("tried", {}, id="no channel"),
        pytest.param("snooze", {"until": moment(9)}, id="put off without a reason"),
        pytest.param("snooze", {"until": moment(9), "why": " "}, id="put off with an empty reason"),
        pytest.param("snooze", {"why": "later"}, id="put off until never"),
        pytest.param("dismiss", {}, id="dismissed without a reason"),
        pytest.param("step", {"step": "call", "outcome": ""}, id="a step without an outcome"),
        pytest.param("step", {"step": "x" * 65, "outcome": "x"}, id="a step with a name too long"),
    ],
)
def test_what_is_not_well_said_is_refused(act: str, body: object) -> None:
    answer = refused(f"/f-1/{act}", body)
    assert (answer.status, answer.code) == (422, "invalid_request")


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
def test_what_is_no_object_is_refused(body: str) -> None:
    assert refused("/f-1/answer", body).code == "malformed_json"


@pytest.mark.parametrize("act", ALL)
def test_an_unknown_one_and_one_of_another_business_is_not_found(act: str) -> None:
    body = ALL[act]
    unknown, elsewhere = refused(f"/f-9/{act}", body), refused(f"/f-1/{act}", body, business="garage", staff="sam")
    assert [(it.status, it.code) for it in (unknown, elsewhere)] == [(404, "unknown_follow_up")] * 2


@pytest.mark.parametrize("act", ALL)
def test_nobody_does_anything_without_a_role(act: str) -> None:
    body = ALL[act]
    answers = [refused(f"/f-1/{act}", body, role=role) for role in ("", "client")]
    assert [(it.status, it.code) for it in answers] == [(401, "sign_in_required"), (403, "role_required")]


def test_an_act_that_is_none_is_refused() -> None:
    assert refused("/f-1/forget", {}).code == "unknown_route"


def test_what_somebody_else_wrote_in_the_meantime_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(What.ANSWERED, monkeypatch)
    assert post("/f-1/note", ACTS["note"]).status == 200
    assert said() == ["answered", "noted"]


def test_an_answer_can_be_the_step_that_was_due() -> None:
    """Mei calls, as the plan says, and reaches her: one request, one write, both clocks."""
    asked = {"note": "Reached her; she comes on Friday.", "step": "call"}
    first = post("/f-1/answer", asked, key=KEY)
    assert (first.status, first.body["what"], first.body["why"]) == (200, "answered", asked["note"])
    assert [(it["name"], it["state"]) for it in get("/f-1").body["clocks"]][:1] == [("first_response", "met")]
    assert [(it["step"], it["state"], it["outcome"]) for it in get("/f-1").body["plan"]][:2] == [
        ("call", "done", asked["note"]),
        ("offer_times", "next", ""),
    ]
    again = post("/f-1/answer", asked, hours=9, key=KEY)
    assert (again.status, again.body, said()) == (200, first.body, ["step_done", "answered"])


def test_an_answer_that_names_a_step_that_is_not_due_is_refused_whole() -> None:
    answer = refused("/f-1/answer", {"note": "Called.", "step": "offer_times"})
    assert (answer.status, answer.code) == (409, "step_not_due")
