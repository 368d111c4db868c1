"""What staff decide about follow-ups: that there is one, how urgent, whose, part of which, and that it is over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from kept.clients.client import Tier
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUpStatus
from kept.messaging.message import MessageStatus
from kept.storage import catalogs, follow_ups, messages
from kept.use_cases.follow_ups import handing_over
from kept.use_cases.follow_ups.handing_over import AT_ONCE
from tests import lotus
from tests.asking import Answer
from tests.builders import a_client, a_follow_up, a_member, an_appointment
from tests.functions.following_up import KEY, at, get, meanwhile, moment, now, of_wang, opened, post, refused, said

STAFF = "/v1/desk/staff"
ACTS: dict[str, dict[str, Any]] = {
    "priority": {"priority": "urgent", "why": "She was hurt."},
    "tier": {"tier": "regular"},
    "reassign": {"to": "jun"},
    "resolve": {"outcome": "Booked again."},
    "merge": {"taken": "f-2"},
}


@pytest.fixture(autouse=True)
def _open() -> None:
    """Mei's follow-up of Li Na, a VIP, opened on Monday at 9:00 UTC and due a day later."""
    lotus.open_both()
    lotus.known()
    lotus.open_follow_up(a_follow_up())


def hand_over(body: object, *, member: str = "mei", role: str = "manager", **asked: Any) -> Answer:
    return post(f"/{member}/hand-over", body, under=STAFF, role=role, **asked)


def told_of(id: str) -> dict[str, MessageStatus]:
    return {f"{it.detail[0]} {it.detail[1]}": it.status for it in messages.about("lotus", id)}


def test_one_is_opened_by_hand_for_whoever_opens_it() -> None:
    made = post("", {"client": "c-1", "cause": "missed_call", "note": "She called twice."})
    assert (made.status, made.body["what"], made.body["answer_by"]) == (201, "opened", "2026-03-03T10:00:00Z")
    body = get(f"/{made.body['id']}").body
    assert (body["cause"], body["assignee"], body["tier"], body["status"]) == ("missed_call", "mei", "vip", "open")
    assert body["history"][0]["why"] == "She called twice."


@pytest.mark.parametrize(
    ("said", "by", "assignee"),
    [
        pytest.param({"assignee": "jun"}, "mei", "jun", id="for somebody else"),
        pytest.param({}, "u-77", "bo", id="by somebody who is not booked, for whoever has least"),
    ],
)
def test_whose_it_is(said: dict[str, Any], by: str, assignee: str) -> None:
    made = post("", {"client": "c-1"} | said, staff=by)
    assert now(made.body["id"]).assignee == assignee


def test_opened_twice_under_one_key_it_is_one() -> None:
    first, again = (post("", {"client": "c-1"}, hours=hours, key=KEY) for hours in (1, 2))
    assert (again.status, again.body) == (201, first.body)
    assert len(get().body["follow_ups"]) == 2
    assert refused("", {"client": "c-1", "cause": "form"}, key=KEY).code == "idempotency_key_reused"


def test_a_repeat_of_the_opening_is_answered_the_same_when_an_older_one_has_become_part_of_it() -> None:
    first = post("", {"client": "c-1"}, key=KEY)
    assert post(f"/{first.body['id']}/merge", {"taken": "f-1"}, hours=2).status == 200
    assert post("", {"client": "c-1"}, hours=3, key=KEY).body == first.body


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
    answer = refused("", body)
    assert (answer.status, answer.code) == (status, code)


def test_another_tier_moves_its_targets_from_the_beginning() -> None:
    done = post("/f-1/tier", {"tier": "regular", "why": "No longer a member."}, hours=30)
    assert (done.body["what"], done.body["to"]) == ("tier", "regular")
    first = get("/f-1", hours=31).body["clocks"][0]
    assert (first["state"], first["due"]) == ("running", "2026-03-04T09:00:00Z")
    assert now().tier is Tier.REGULAR


def test_another_priority_is_a_line_and_the_same_again_is_none() -> None:
    assert post("/f-1/priority", ACTS["priority"]).body["to"] == "urgent"
    assert post("/f-1/priority", ACTS["priority"], hours=2).status == 200
    assert said() == ["priority"]


def test_it_is_handed_on_to_somebody_of_the_staff() -> None:
    assert post("/f-1/reassign", {"to": "jun", "why": "Mei is away."}).status == 200
    assert get("/f-1").body["assignee"] == "jun"
    assert [line["id"] for line in get("/mine", staff="jun").body["follow_ups"]] == ["f-1"]


@pytest.mark.parametrize(
    ("ended", "to"),
    [
        pytest.param({}, "settled", id="settled, if nothing is said"),
        pytest.param({"as": "settled"}, "settled", id="settled"),
        pytest.param({"as": "ghosted"}, "ghosted", id="ghosted"),
    ],
)
def test_it_is_resolved_and_says_how(ended: dict[str, str], to: str) -> None:
    done = post("/f-1/resolve", {"outcome": "Nothing more to do."} | ended)
    assert (done.body["what"], done.body["to"], done.body["why"]) == ("resolved", to, "Nothing more to do.")
    assert (now().status, done.body["answer_by"]) == (FollowUpStatus.RESOLVED, None)


def test_what_was_not_over_after_all_is_open_again_and_its_clocks_go_on() -> None:
    post("/f-1/resolve", ACTS["resolve"], hours=2)
    done = post("/f-1/reopen", {"why": "She called again."}, hours=5)
    assert (done.body["what"], done.body["to"]) == ("reopened", "continues")
    body = get("/f-1", hours=6).body
    assert (body["status"], body["clocks"][0]["spent"]) == ("open", 3 * 3600)
    assert [line["id"] for line in get().body["follow_ups"]] == ["f-1"]


def test_two_about_one_thing_become_one_and_each_reminder_is_told_once(
    queued: Callable[[str], list[dict[str, Any]]],
) -> None:
    """What either was to tell until then is told with it."""
    opened("f-2", hours=6)
    post("/f-2/message", {"words": "Hello?"}, hours=7)
    done = post("/f-1/merge", {"taken": "f-2", "why": "The same visit."}, hours=12.1)
    assert (done.body["what"], done.body["to"], done.body["why"]) == ("merged", "f-2", "The same visit.")
    assert (now("f-2").status, now("f-2").last.why, now().opened_at.hour) == (FollowUpStatus.RESOLVED, "f-1", 9)
    assert [line["id"] for line in get(hours=13).body["follow_ups"]] == ["f-1"]
    assert {line["thread"] for line in get("/f-1").body["history"]} == {"", "f-2"}
    assert told_of("f-1") == {"first_response 50": MessageStatus.QUEUED}
    with time_machine.travel(at(12.2), tick=False):
        assert len(queued("MESSAGES_QUEUE")) == 1


@pytest.mark.parametrize(
    ("taken", "status", "code"),
    [
        pytest.param("f-1", 409, "cannot_merge", id="itself"),
        pytest.param("f-wang", 409, "cannot_merge", id="another client's"),
        pytest.param("f-over", 409, "follow_up_closed", id="one that is closed"),
        pytest.param("f-9", 404, "unknown_follow_up", id="an unknown one"),
        pytest.param("f 9", 422, "invalid_request", id="what cannot be one"),
    ],
)
def test_what_cannot_become_part_of_it_is_refused(taken: str, status: int, code: str) -> None:
    of_wang("f-wang")
    opened("f-over")
    post("/f-over/resolve", ACTS["resolve"])
    answer = refused("/f-1/merge", {"taken": taken}, hours=2)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("act", ACTS)
def test_a_repeat_under_the_same_key_is_answered_as_the_first_time(act: str) -> None:
    opened("f-2")
    first = post(f"/f-1/{act}", ACTS[act], hours=1, key=KEY)
    written = len(now().history)
    again = post(f"/f-1/{act}", ACTS[act], hours=9, key=KEY)
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert len(now().history) == written
    assert refused("/f-1/tier", {"tier": "prospect"}, hours=9, key=KEY).code == "idempotency_key_reused"


@pytest.mark.parametrize("act", ACTS)
def test_what_is_closed_can_only_be_reopened(act: str) -> None:
    opened("f-2")
    post("/f-1/resolve", ACTS["resolve"])
    answer = refused(f"/f-1/{act}", ACTS[act], hours=2)
    assert (answer.status, answer.code) == (409, "follow_up_closed")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        pytest.param("/f-1/reopen", {"why": "x"}, 409, "follow_up_open", id="reopened while it is open"),
        pytest.param("/f-1/reopen", {"why": ""}, 422, "invalid_request", id="reopened without a reason"),
        pytest.param("/f-1/reassign", {"to": "x"}, 404, "unknown_staff", id="to nobody we know"),
        pytest.param("/f-1/reassign", {}, 422, "invalid_request", id="to nobody"),
        pytest.param("/f-1/resolve", {"outcome": "  "}, 422, "invalid_request", id="resolved without a word"),
        pytest.param("/f-1/resolve", {"outcome": "x", "as": "merged"}, 422, "invalid_request", id="resolved as merged"),
        pytest.param("/f-1/resolve", {"outcome": "x" * 501}, 422, "invalid_request", id="resolved with too many words"),
        pytest.param("/f-1/priority", {"priority": "high"}, 422, "invalid_request", id="a priority that is none"),
        pytest.param("/f-1/tier", {"tier": "gold"}, 422, "invalid_request", id="a tier that is none"),
        pytest.param("/f-1/tier", {"tier": "vip", "why": "x" * 501}, 422, "invalid_request", id="too long a reason"),
    ],
)
def test_what_cannot_be_decided_is_refused(path: str, body: object, status: int, code: str) -> None:
    answer = refused(path, body)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("act", ACTS)
def test_an_unknown_one_and_one_of_another_business_is_not_found(act: str) -> None:
    body = {"to": "sam"} if act == "reassign" else ACTS[act]
    elsewhere = refused(f"/f-1/{act}", body, business="garage", staff="sam")
    assert (elsewhere.status, elsewhere.code) == (404, "unknown_follow_up")
    assert refused(f"/f-9/{act}", ACTS[act]).code == "unknown_follow_up"
    assert refused("", {"client": "c-1"}, business="garage", staff="sam").code == "unknown_client"


@pytest.mark.parametrize("path", ["", *(f"/f-1/{act}" for act in ACTS)])
def test_nobody_decides_without_a_role(path: str) -> None:
    body = ACTS.get(path.rpartition("/")[2], {"client": "c-1"})
    answers = [refused(path, body, role=role) for role in ("", "client")]
    assert [(it.status, it.code) for it in answers] == [(401, "sign_in_required"), (403, "role_required")]


def test_all_that_is_somebody_s_goes_to_whom_they_name() -> None:
    opened("f-2")
    opened("f-jun", assignee="jun")
    opened("f-over")
    post("/f-over/resolve", ACTS["resolve"])
    done = hand_over({"to": "bo", "why": "She is ill."}, hours=2)
    assert (done.status, done.body) == (200, {"given": {"f-1": "bo", "f-2": "bo"}, "left": 0})
    last = now().last
    assert (last.what, last.to, last.why, last.by) == (What.ASSIGNED, "bo", "She is ill.", "staff:mei")
    assert (now("f-jun").assignee, now("f-over").assignee) == ("jun", "mei")


def test_without_a_name_it_goes_to_whoever_stands_in_for_them() -> None:
    """Whether or not it is entered that they are away."""
    catalogs.put("lotus", [replace(a_member("mei"), stand_in="bo")])
    opened("f-2")
    assert hand_over({}).body == {"given": {"f-1": "bo", "f-2": "bo"}, "left": 0}


def test_where_nobody_stands_in_each_goes_to_whoever_has_least() -> None:
    opened("f-jun", assignee="jun")
    for id in ("f-2", "f-3", "f-4"):
        opened(id)
    given = hand_over({}).body["given"]
    assert (given["f-1"], sorted(given.values())) == ("bo", ["bo", "bo", "bo", "jun"])


def test_what_nobody_can_take_stays_with_them() -> None:
    lotus.store(replace(lotus.the_salon(), staff={it: a_member(it, email=it == "mei") for it in ("mei", "jun", "bo")}))
    assert hand_over({}).body == {"given": {}, "left": 1}
    assert now().assignee == "mei"


def test_it_is_done_in_parts_and_says_how_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_over, "AT_ONCE", 2)
    for id in ("f-2", "f-3"):
        opened(id, hours=0.5)
    first, second = (hand_over({"to": "jun"}, hours=hours).body for hours in (1, 2))
    assert first == {"given": {"f-1": "jun", "f-2": "jun"}, "left": 1}
    assert second == {"given": {"f-3": "jun"}, "left": 0}
    assert AT_ONCE == 100


@pytest.mark.parametrize("body", [{"to": "jun"}, {}], ids=["to one who is named", "by the rule"])
def test_a_repeat_of_the_hand_over_gives_nothing_twice(body: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as one request may hand over are handed over under one key."""
    monkeypatch.setattr(handing_over, "AT_ONCE", 2)
    for id in ("f-2", "f-3"):
        opened(id, hours=0.5)
    first = hand_over(body, key=KEY)
    before = lotus.everything()
    again = hand_over(body, key=KEY, hours=3)
    assert (again.status, again.body, first.body["left"]) == (200, first.body, 1)
    assert lotus.everything() == before
    other = refused("/mei/hand-over", {"to": "jun", "why": "Other."}, under=STAFF, role="owner", key=KEY)
    assert other.code == "idempotency_key_reused"


def test_one_that_is_closed_at_that_moment_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    opened("f-2", hours=0.5)
    meanwhile(What.RESOLVED, monkeypatch, to="settled")
    assert hand_over({"to": "jun"}).body["given"] == {"f-2": "jun"}
    assert said() == ["resolved"]


def test_what_the_index_still_shows_as_theirs_is_not_taken_from_whom_it_belongs_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post("/f-1/reassign", {"to": "jun"})
    late = follow_ups.Page((now(),), None)
    monkeypatch.setattr(follow_ups, "queue", lambda *_, **__: late)
    assert hand_over({"to": "bo"}, hours=2).body["given"] == {}


@pytest.mark.parametrize(
    ("member", "body", "status", "code"),
    [
        pytest.param("x", {}, 404, "unknown_staff", id="of nobody we know"),
        pytest.param("mei", {"to": "x"}, 404, "unknown_staff", id="to nobody we know"),
        pytest.param("mei", {"to": "sam"}, 404, "unknown_staff", id="to one of another business"),
        pytest.param("mei", {"to": "mei"}, 422, "invalid_request", id="to themselves"),
        pytest.param("mei", {"why": "x" * 501}, 422, "invalid_request", id="too long a reason"),
    ],
)
def test_a_hand_over_that_makes_no_sense_is_refused(member: str, body: object, status: int, code: str) -> None:
    answer = refused(f"/{member}/hand-over", body, under=STAFF, role="manager")
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("role", "status"),
    [("", 401), ("client", 403), ("staff", 403), ("manager", 200), ("owner", 200)],
)
def test_only_who_leads_the_business_hands_over_what_is_another_s(role: str, status: int) -> None:
    assert hand_over({"to": "jun"}, member="mei", role=role, staff="bo").status == status


@pytest.mark.parametrize("body", [{"to": "jun", "why": "I go home."}, {"to": "bo"}, {}], ids=["why", "to", "by rule"])
def test_everybody_hands_over_what_is_their_own(body: dict[str, str]) -> None:
    answer = hand_over(body, member="mei", role="staff", staff="mei", hours=2)
    assert (answer.status, list(answer.body["given"])) == (200, ["f-1"])
    assert now().assignee != "mei"


@pytest.mark.parametrize("member", ["mei", "Jun", "jun ", "%6aun", "x", "sam"])
def test_nobody_hands_over_what_is_another_s_by_another_spelling(member: str) -> None:
    """Nor is told who works there."""
    answer = refused(f"/{member}/hand-over", {"to": "bo"}, under=STAFF, role="staff", staff="jun")
    assert answer.status in (403, 404, 422)
    assert answer.code != "unknown_staff"


def test_another_business_s_people_are_not_found() -> None:
    answer = refused("/mei/hand-over", {"to": "sam"}, under=STAFF, role="owner", business="garage", staff="sam")
    assert answer.code == "unknown_staff"


def test_what_is_to_wait_still_waits_with_whom_it_is_handed_to() -> None:
    post("/f-1/wait", {"until": moment(40)})
    hand_over({"to": "jun"}, hours=2)
    (line,) = get("/mine", staff="jun", hours=3).body["follow_ups"]
    assert (line["id"], line["phase"]) == ("f-1", "waiting")
